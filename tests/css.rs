//! Classes: each that the page uses is styled, and each that is styled is used.
//!
//! In `src/ui` a class stands in a literal `class="…"`, or, where it is chosen at run time, in any literal that holds `__`. In the
//! style sheets, every `.name` of a selector counts.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() { sources(&path, found) } else { found.push(path) }
    }
}

fn read(paths: &[PathBuf]) -> String {
    paths.iter().map(|it| fs::read_to_string(it).expect("a file")).collect::<Vec<_>>().join("\n")
}

/// The texts of the page: its sources, its shell and its loader.
fn page() -> String {
    let mut paths = vec![root().join("index.html"), root().join("static/boot.js")];
    sources(&root().join("src/ui"), &mut paths);
    read(&paths)
}

/// Every string literal, as far as quotes tell.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    text.lines().flat_map(|line| line.split('"').skip(1).step_by(2))
}

fn used() -> BTreeSet<String> {
    let text = page();
    let named = text.split("class=\"").skip(1).filter_map(|it| it.split('"').next());
    let chosen = literals(&text).filter(|it| it.contains("__"));
    named
        .chain(chosen)
        .flat_map(str::split_whitespace)
        .filter(|it| it.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-')))
        .map(str::to_owned)
        .collect()
}

fn styled() -> BTreeSet<String> {
    let mut paths = Vec::new();
    sources(&root().join("static/css"), &mut paths);
    let text = read(&paths);
    let plain: String = text.split("/*").enumerate().fold(String::new(), |mut plain, (at, part)| {
        plain.push_str(if at == 0 { part } else { part.split_once("*/").map_or("", |it| it.1) });
        plain
    });
    // What stands before a `{` is a selector; what stands before a `}` is its declarations.
    let selectors = plain.split('{').map(|it| it.rsplit('}').next().unwrap_or(""));
    selectors
        .filter(|it| !it.trim_start().starts_with('@'))
        .flat_map(|it| it.split('.').skip(1))
        .map(|it| it.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
        .collect()
}

#[test]
fn what_is_used_is_styled_and_what_is_styled_is_used() {
    let (used, styled) = (used(), styled());
    assert!(used.len() > 80 && styled.len() > 80, "{} used, {} styled", used.len(), styled.len());
    let missing: Vec<_> = used.difference(&styled).collect();
    assert!(missing.is_empty(), "used, but in no style sheet: {missing:?}");
    let dead: Vec<_> = styled.difference(&used).collect();
    assert!(dead.is_empty(), "in a style sheet, but never used: {dead:?}");
}

#[test]
fn no_markup_carries_a_style_of_its_own() {
    let text = page();
    for forbidden in ["style=", "inner_html", "from_html_unchecked", "VRaw"] {
        assert!(!text.contains(forbidden), "the page's policy blocks `{forbidden}`");
    }
}
