//! Claimcheck: which GitLab CI jobs may assume which AWS role.

pub mod aws;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod doctor;
pub mod document;
pub mod generate;
pub mod gitlab;
pub mod lint;
pub mod mend;
pub mod pattern;
pub mod playground;
pub mod print;
pub mod setup;
pub mod source;
pub mod text;
pub mod time;
#[cfg(target_arch = "wasm32")]
pub mod ui;
pub mod verdict;
