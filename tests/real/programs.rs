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
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools/venv/bin");
    let on_path = env::var_os("PATH").map(|it| env::split_paths(&it).collect::<Vec<PathBuf>>()).unwrap_or_default();
    let found = std::iter::once(own).chain(on_path).map(|it| it.join(name)).find(|it| it.is_file());
    if found.is_none() {
        assert!(env::var_os("CI").is_none(), "`{name}` is not installed, and in CI every real program has to run");
        let said = format!("\nNOT RUN: `{name}` is not installed (`cargo xtask test` installs what it can)\n");
        let _ = std::io::stderr().write_all(said.as_bytes());
    }
    found.map(Command::new)
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
