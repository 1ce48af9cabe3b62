//! `claimcheck generate` as people call it, on files: one setup or several, a folder or the archive.

#![expect(clippy::unwrap_used, reason = "a test's own data")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use claimcheck::generate::{archive, files};

mod common;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generate").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn setup(name: &str) -> String {
    format!("{}/tests/setups/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

/// Exit status, standard output, standard error.
fn generate(arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_claimcheck")).arg("generate").args(arguments).output().unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_folder_and_the_archive_hold_what_the_page_shows() {
    let folder = folder("one");
    let here = folder.join("files");
    let zip = folder.join("a.zip");
    let made = common::setups().into_iter().find(|it| it.0 == "inline-permissions").unwrap().1;
    for out in [&here, &zip] {
        let (status, _, said) = generate(&[&setup("inline-permissions"), "--out", out.to_str().unwrap()]);
        assert_eq!(status, Some(0), "{said}");
    }
    for file in files(&made) {
        assert_eq!(fs::read_to_string(here.join(&file.name)).unwrap(), file.text, "{}", file.name);
    }
    assert_eq!(fs::read(zip).unwrap(), archive(&made).bytes);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(here.join(name)).unwrap().permissions().mode();
        assert_ne!(mode("create-roles.sh") & 0o100, 0);
        assert_eq!(mode("main.tf") & 0o111, 0);
    }
}

#[test]
fn several_setups_go_into_one_folder() {
    let folder = folder("several");
    let out = folder.to_str().unwrap();
    let (first, second) = (setup("existing-provider"), setup("one-scope"));
    let (status, said, wrong) = generate(&[&first, &second, "--out", out]);
    assert_eq!(status, Some(0), "{wrong}");
    assert_eq!(said.lines().count(), 1 + 7 + 7, "{said}");
    let ci = fs::read_to_string(folder.join(".gitlab-ci.yml")).unwrap();
    assert_eq!(generate(&[&first, &second, "--only", "gitlab-ci"]).1, ci);
    assert!(folder.join("123456789012/main.tf").is_file() && folder.join("000000000012/README.md").is_file());
    // Nothing is overwritten unasked, in any of the folders.
    fs::write(folder.join("000000000012/main.tf"), "mine").unwrap();
    let (status, _, said) = generate(&[&first, &second, "--out", out]);
    assert_eq!(status, Some(1));
    assert!(said.contains("000000000012/main.tf") && said.contains("--force"), "{said}");
    assert_eq!(generate(&[&first, &second, "--out", out, "--force"]).0, Some(0));
}

#[test]
fn what_cannot_be_done_is_status_2_and_says_why() {
    let (first, second) = (setup("one-scope"), setup("existing-provider"));
    for (arguments, words) in [
        (vec![first.as_str(), &second, "--only", "terraform"], "only `gitlab-ci` is one file"),
        (vec![&first, &second, "--out", "x.zip"], "an archive is of one setup"),
        (vec![&first, &first, "--out", "x"], "both make the provider of the account 000000000012"),
        (vec![&first, &setup("self-managed-path"), "--out", "x"], "one CI file is for one GitLab"),
        (vec!["-", "-", "--out", "x"], "standard input"),
        (vec!["--out", "x"], "SETUP"),
        (vec![&first, "--only", "helm"], "cloudformation, aws-cli, audit, readme"),
    ] {
        let (status, _, said) = generate(&arguments);
        assert_eq!(status, Some(2), "{said}");
        assert!(said.contains(words), "{words}\n{said}");
    }
}
