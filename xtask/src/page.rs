//! Building what a person gets: the page, and the native command.

use std::path::PathBuf;

use anyhow::Result;

use crate::project::Project;
use crate::{run, say, setup};

/// `cargo xtask build`.
pub(crate) fn run(project: &Project) -> Result<()> {
    setup::page(project)?;
    say::heading("Page");
    build(project)?;
    say::note(&format!("built into {}", project.shown(&project.dist())));
    Ok(())
}

/// The release build of the page into `dist/`.
pub(crate) fn build(project: &Project) -> Result<()> {
    let mut trunk = project.command("trunk")?;
    trunk.args(["build", "--release"]);
    run::watched(
        project,
        "release build of the page",
        "1 to 2 min the first time, 20 s later",
        &mut trunk,
    )
}

/// The native command as it is shipped. Answers its place.
pub(crate) fn native_command(project: &Project) -> Result<PathBuf> {
    let mut cargo = project.command("cargo")?;
    cargo.args([
        "build",
        "--locked",
        "--profile",
        "native",
        "--package",
        "claimcheck",
        "--bin",
        "claimcheck",
    ]);
    run::streamed(&mut cargo)?;
    Ok(project.native_command())
}

/// `cargo xtask look`: pictures of the built page.
pub(crate) fn look(project: &Project, dir: &str) -> Result<()> {
    setup::page(project)?;
    let chromium = setup::browser(project)?;
    say::heading("Pictures");
    build(project)?;
    let mut node = project.command("node")?;
    run::streamed(
        node.args(["tests/browser/look.mjs", dir])
            .env("CHROMIUM", chromium),
    )
}
