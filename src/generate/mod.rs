//! Files from a setup. Each is a function of the setup alone: same setup, same bytes.

mod trust_policy;

pub use trust_policy::trust_policy;
