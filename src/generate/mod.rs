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
