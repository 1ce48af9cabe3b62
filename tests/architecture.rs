//! The walls of the house: which module may use which, read off the sources.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Each module of `src`, and the modules of this crate that it may use.
const ALLOWED: [(&str, &[&str]); 17] = [
    ("text", &[]),
    ("time", &[]),
    ("pattern", &[]),
    ("document", &["text"]),
    ("print", &["document", "pattern", "text"]),
    ("aws", &["document", "pattern", "text"]),
    ("gitlab", &["aws", "document", "pattern", "text"]),
    ("setup", &["aws", "document", "gitlab", "pattern", "print", "text"]),
    ("generate", &["aws", "document", "gitlab", "pattern", "print", "setup", "text"]),
    ("verdict", &["aws", "document", "gitlab", "pattern", "text", "time"]),
    ("source", &["aws", "document", "gitlab", "print", "text", "time", "verdict"]),
    ("doctor", &["aws", "text", "time", "verdict"]),
    ("lint", &["aws", "document", "gitlab", "pattern", "print", "setup", "source", "text", "verdict"]),
    ("mend", &["aws", "document", "gitlab", "lint", "pattern", "print", "source", "text", "verdict"]),
    (
        "playground",
        &[
            "aws", "doctor", "document", "generate", "gitlab", "lint", "mend", "pattern", "print", "setup", "source",
            "text", "time", "verdict",
        ],
    ),
    (
        "cli",
        &[
            "aws",
            "doctor",
            "document",
            "generate",
            "lint",
            "mend",
            "playground",
            "print",
            "setup",
            "source",
            "text",
            "time",
            "verdict",
        ],
    ),
    (
        "ui",
        &[
            "aws",
            "doctor",
            "document",
            "generate",
            "gitlab",
            "lint",
            "mend",
            "pattern",
            "playground",
            "print",
            "setup",
            "source",
            "text",
            "time",
            "verdict",
        ],
    ),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
}

fn all() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    sources(&root, &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
            let module = inside.split(['/', '.']).next().unwrap_or("").to_owned();
            let text = fs::read_to_string(&path).expect("a source");
            (module, path, text)
        })
        .collect()
}

/// The engine's part of a file: what is above its tests.
fn engine(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text)
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut uses = 0;
    for (module, path, text) in all() {
        if matches!(module.as_str(), "lib" | "main") || path.ends_with("tests.rs") {
            continue;
        }
        let allowed =
            ALLOWED.iter().find(|it| it.0 == module).unwrap_or_else(|| panic!("{module} has no row in the table")).1;
        for part in engine(&text).split("crate::").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            uses += 1;
            assert!(
                name == module || allowed.contains(&name.as_str()),
                "{}: `{module}` may not use `{name}`",
                path.display()
            );
        }
    }
    assert!(uses > 100, "the sources were read");
}

#[test]
fn the_engine_reads_no_clock_no_file_and_no_network() {
    for (module, path, text) in all() {
        if matches!(module.as_str(), "cli" | "ui" | "main") {
            continue;
        }
        for word in [
            "std::fs",
            "std::net",
            "std::env",
            "std::time",
            "std::io",
            "std::process",
            "web_sys",
            "js_sys",
            "yew::",
            "gloo",
        ] {
            assert!(!engine(&text).contains(word), "{}: `{word}`", path.display());
        }
    }
}

/// The page's program is compiled without `Debug`: what it printed would be empty there.
#[test]
fn nothing_that_a_person_reads_is_printed_by_debug() {
    for (_, path, text) in all().into_iter().filter(|it| !it.1.ends_with("tests.rs")) {
        for form in [":?}", ":#?}", "dbg!"] {
            assert!(!engine(&text).contains(form), "{}: `{form}`", path.display());
        }
    }
}

#[test]
fn every_file_says_first_what_it_is() {
    for (_, path, text) in all() {
        let lines = text.lines().take_while(|it| it.starts_with("//!")).count();
        assert!((1..=12).contains(&lines), "{}: begins with {lines} lines of `//!`", path.display());
    }
}
