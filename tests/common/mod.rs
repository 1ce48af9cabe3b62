//! What several tests share: the setups in `tests/setups`, random scopes, and how GitLab reads an expression of `rules`.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::string_slice,
    clippy::allow_attributes,
    reason = "a test's own data, of which each test uses its part"
)]

pub(crate) mod ci_expression;
pub(crate) mod random;

use std::fs;
use std::path::Path;

use claimcheck::setup::Setup;
use claimcheck::setup::file;

/// Every setup of `tests/setups` by its name, in order.
pub(crate) fn setups() -> Vec<(String, Setup)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setups");
    let mut setups: Vec<(String, Setup)> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| {
            let path = entry.path();
            let text = fs::read_to_string(&path).unwrap();
            let setup = file::read(&text).unwrap_or_else(|wrong| {
                let wrong: Vec<String> = wrong.iter().map(|it| it.one_line(&text)).collect();
                panic!("{}:\n{}", path.display(), wrong.join("\n"))
            });
            (path.file_stem().unwrap().to_string_lossy().into_owned(), setup)
        })
        .collect();
    setups.sort_by(|a, b| a.0.cmp(&b.0));
    setups
}
