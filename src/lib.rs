//! Claimcheck: which GitLab CI jobs may assume which AWS role.

pub mod aws;
pub mod document;
pub mod gitlab;
pub mod pattern;
pub mod text;
