//! GitLab's side: instances, project paths, refs, the `sub` claim, and the ID tokens that jobs get.
//!
//! Every fact about GitLab stands here once, with its source. Nothing here knows what AWS does with a token.

pub mod ci;
mod instance;
pub mod job;
pub mod neighbours;
mod project;
mod reference;
mod subject;
pub mod token;

pub use instance::{InstanceUrl, IssuerUrl, Version};
pub use project::ProjectPattern;
pub use reference::{RefPattern, RefType};
pub use subject::{Component, OF_JOB, Segment, SubjectFormat, segments};
