//! Claimcheck: which GitLab CI jobs may assume which AWS role.

pub mod document;
pub mod pattern;
pub mod text;
