//! AWS's side: accounts, partitions, providers, roles, the condition keys of web identity, limits, and what STS says.
//!
//! Every fact about AWS stands here once, in one table, with its source. Nothing here evaluates a policy.

mod account;
mod arn;
pub mod keys;
pub mod limits;
pub mod policy;
mod provider;
mod role;
pub mod sts;

pub use account::{AccountId, Partition, Region, is_of_own_account};
pub use arn::Arn;
pub use provider::{Audience, provider_arn};
pub use role::{ManagedPolicyArn, RoleName, RolePath};
