//! The trust policy of one role, as JSON: what `setup::trust_policy` says, printed.

use super::{File, Generator, Kind, Language};
use crate::setup::{self, Role, Setup};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::TrustPolicy,
    title: "Trust policy",
    language: Language::Json,
    per_role: true,
    files: |setup| {
        let file = |role| trust_policy_file(role, trust_policy(setup, role));
        setup.roles().iter().map(file).collect()
    },
};

/// The trust policy of `role` as text.
pub fn trust_policy(setup: &Setup, role: &Role) -> String {
    crate::print::json::pretty(&setup::trust_policy(setup, role))
}

/// The file of a trust policy that was printed already.
pub fn trust_policy_file(role: &Role, text: String) -> File {
    File::of_role("trust-policy", role, Kind::TrustPolicy, text)
}
