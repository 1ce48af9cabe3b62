//! Finding a real program, and running it.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program: from the project's own environment, else from `PATH`. None where it is missing, which is said on standard error
/// past the test harness's capture.
///
/// # Panics
/// Where it is missing in CI.
pub(crate) fn program(name: &str) -> Option<Command> {
    let found = path_of(name);
    if found.is_none() {
        say_missing(name);
    }
    found.map(Command::new)
}

/// Where it is.
pub(crate) fn path_of(name: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/venv/bin");
    let on_path = env::var_os("PATH").map(|it| env::split_paths(&it).collect::<Vec<PathBuf>>()).unwrap_or_default();
    std::iter::once(own).chain(on_path).map(|it| it.join(name)).find(|it| it.is_file())
}

/// gitlab-ci-local, on whatever Node.js is here.
///
/// # Panics
/// Where it is missing in CI.
pub(crate) fn gitlab_ci_local() -> Option<Command> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real");
    let script = folder.join("node_modules/gitlab-ci-local/dist/index.js");
    if !script.is_file() {
        say_missing("gitlab-ci-local");
        return None;
    }
    let mut node = program("node")?;
    node.arg("--require").arg(folder.join("set-union.cjs")).arg(script);
    Some(node)
}

fn say_missing(name: &str) {
    assert!(env::var_os("CI").is_none(), "`{name}` is not installed, and in CI every real program has to run");
    let said = format!("\nNOT RUN: `{name}` is not installed (`cargo xtask test` installs what it can)\n");
    let _ = std::io::stderr().write_all(said.as_bytes());
}

/// What the program says on standard output.
///
/// # Panics
/// With all that it said, where it fails.
pub(crate) fn answer(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}
