//! Every generated file of every setup in `tests/setups`, as it stands in `tests/golden`: what people read, and what a change changes.
//!
//! `UPDATE_GOLDENS=1 cargo test --test goldens` writes them anew. A golden that nothing makes any more is an error too.

#![expect(clippy::unwrap_used, reason = "a test's own files")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use claimcheck::generate::{GENERATORS, Kind, files, render};

mod common;

fn golden_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Everything that should be in `tests/golden`, by path.
fn wanted() -> BTreeMap<String, String> {
    let mut wanted = BTreeMap::new();
    for (name, setup) in common::setups() {
        for file in files(&setup) {
            let old = wanted.insert(format!("{name}/{}", file.name), file.text);
            assert!(old.is_none(), "{name}: two files are named {}", file.name);
        }
    }
    wanted
}

fn present() -> BTreeMap<String, String> {
    let mut present = BTreeMap::new();
    for folder in fs::read_dir(golden_folder()).into_iter().flatten().flatten() {
        for file in fs::read_dir(folder.path()).unwrap().flatten() {
            let path = format!("{}/{}", folder.file_name().display(), file.file_name().display());
            present.insert(path, fs::read_to_string(file.path()).unwrap());
        }
    }
    present
}

#[test]
fn generated_files_are_the_golden_ones() {
    let wanted = wanted();
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let _ = fs::remove_dir_all(golden_folder());
        for (path, text) in &wanted {
            let path = golden_folder().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        return;
    }
    let present = present();
    let mut wrong: Vec<String> = Vec::new();
    for (path, text) in &wanted {
        match present.get(path) {
            None => wrong.push(format!("{path}: is missing")),
            Some(golden) if golden != text => wrong.push(format!("{path}: {}", first_difference(golden, text))),
            Some(_) => {}
        }
    }
    wrong.extend(present.keys().filter(|it| !wanted.contains_key(*it)).map(|it| format!("{it}: nothing makes it")));
    assert!(wrong.is_empty(), "UPDATE_GOLDENS=1 writes them anew:\n{}", wrong.join("\n"));
}

fn first_difference(golden: &str, text: &str) -> String {
    let differs = golden.lines().zip(text.lines()).enumerate().find(|(_, (a, b))| a != b);
    match differs {
        Some((at, (a, b))) => format!("line {} was `{a}` and is `{b}`", at + 1),
        None => "one is longer".to_owned(),
    }
}

#[test]
fn every_file_has_the_name_of_the_contract_and_can_be_asked_for_alone() {
    let setups = common::setups();
    assert!(setups.len() >= 12);
    for (name, setup) in setups {
        let all = files(&setup);
        assert_eq!(all, files(&setup), "{name}: same setup, same bytes");
        assert_eq!(all[0].name, "claimcheck.json");
        for file in &all[1..] {
            let kind = file.kind.unwrap();
            assert_eq!(render(&setup, kind, file.role.as_deref()).as_ref(), Some(file), "{name}: {}", file.name);
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        let one_role = setup.roles().len() == 1;
        for generator in GENERATORS {
            let alone = render(&setup, generator.kind, None);
            let has_one = all.iter().filter(|it| it.kind == Some(generator.kind)).count() == 1;
            assert_eq!(alone.is_some(), has_one && (one_role || !generator.per_role), "{name}: {:?}", generator.kind);
            assert_eq!(render(&setup, generator.kind, Some("no-such-role")).is_some(), !generator.per_role);
        }
    }
    assert_eq!(Kind::parse("helm"), None);
}
