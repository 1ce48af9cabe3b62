//! Files from a setup. Each is a function of the setup alone: same setup, same bytes.

mod trust_policy;

pub use trust_policy::trust_policy;

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The trust policy of a role.
    TrustPolicy,
    /// The inline permissions of a role.
    Permissions,
    /// Terraform.
    Terraform,
    /// The CI job.
    GitlabCi,
}

use crate::setup::{Role, Setup};

impl Kind {
    /// Whether there is one for each role.
    pub fn is_per_role(self) -> bool {
        matches!(self, Self::TrustPolicy | Self::Permissions)
    }
}

/// A file.
pub struct File {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// One file; none where there is nothing to write.
pub fn render(setup: &Setup, kind: Kind, role: &Role) -> Option<String> {
    match kind {
        Kind::TrustPolicy => Some(trust_policy(setup, role)),
        _ => None,
    }
}

/// Every file.
pub fn files(setup: &Setup) -> Vec<File> {
    setup
        .roles()
        .iter()
        .map(|it| File { name: format!("trust-policy-{}.json", it.name), text: trust_policy(setup, it) })
        .collect()
}
