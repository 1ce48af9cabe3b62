//! Rust's side of the set-up: crates, the wasm32 target, clippy and rustfmt, Trunk, wasm-bindgen.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::run::watched;
use crate::say;

/// The newest Trunk that this Rust can compile: 0.22 wants 1.96.
const TRUNK: &str = "0.21.14";
/// The Rust whose library is known to compile with the switches of `page::build`: they are not yet stable.
const LIBRARY_TRIED_WITH: &str = "1.95";
const TARGET: &str = "wasm32-unknown-unknown";

/// Everything in `Cargo.lock`, for the host and for the page.
pub(super) fn crates(project: &Project) -> Result<()> {
    if project.answer("cargo", &["fetch", "--locked", "--offline", "--quiet"]).is_some() {
        return Ok(());
    }
    watched(project, "crates of Cargo.lock", "20 s", project.command("cargo")?.args(["fetch", "--locked"]))
}

/// The compiler's library for the page. Looked for in the compiler's own folder, as not every Rust comes by rustup.
pub(super) fn wasm_target(project: &Project) -> Result<()> {
    let sysroot = project.answer("rustc", &["--print", "sysroot"]).context("cannot run rustc")?;
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    if project.program("rustup").is_none() {
        bail!(
            "this Rust cannot compile for {TARGET}, and there is no rustup to add it: install Rust from https://rustup.rs"
        );
    }
    watched(project, TARGET, "15 s", project.command("rustup")?.args(["target", "add", TARGET]))
}

/// Where the source of Rust's own library is or would be; none for a Rust with which it was not tried.
fn library(project: &Project) -> Option<PathBuf> {
    let version = project.answer("rustc", &["--version"])?;
    let sysroot = project.answer("rustc", &["--print", "sysroot"])?;
    let is_tried = version.starts_with(&format!("rustc {LIBRARY_TRIED_WITH}."));
    is_tried.then(|| Path::new(&sysroot).join("lib/rustlib/src/rust/library"))
}

/// Whether the page can be built with Rust's own library compiled from its source, as [`library_source`] left it.
pub(crate) fn has_library_source(project: &Project) -> bool {
    library(project).is_some_and(|it| it.is_dir())
}

/// The source of Rust's own library, from which the page's is compiled without what only a terminal shows. Without it the page is built
/// with the library as it comes, and is larger.
pub(super) fn library_source(project: &Project) -> Result<()> {
    let Some(library) = library(project) else {
        say::note(&format!(
            "the small library is tried with Rust {LIBRARY_TRIED_WITH} alone, so the page is built without it"
        ));
        return Ok(());
    };
    if !library.is_dir() {
        let add =
            || watched(project, "rust-src", "10 s", project.command("rustup")?.args(["component", "add", "rust-src"]));
        if let Err(error) = add() {
            say::note(&format!("{error:#}"));
            say::note("without the source of Rust's library the page is about 16 KB larger");
            return Ok(());
        }
    }
    let manifest = library.join("Cargo.toml");
    let fetch = |more: &[&str]| -> Result<std::process::Command> {
        let mut cargo = project.command("cargo")?;
        cargo.args(["fetch", "--locked", "--manifest-path"]).arg(&manifest).args(more);
        // The library says of itself that it wants features which a released compiler keeps locked.
        cargo.env("RUSTC_BOOTSTRAP", "1");
        Ok(cargo)
    };
    if !fetch(&["--offline", "--quiet"])?.output().is_ok_and(|it| it.status.success()) {
        watched(project, "crates of Rust's library", "5 s", &mut fetch(&[])?)?;
    }
    Ok(())
}

/// clippy and rustfmt.
pub(super) fn components(project: &Project) -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if project.answer("cargo", &[subcommand, "--version"]).is_some() {
            continue;
        }
        if project.program("rustup").is_none() {
            bail!(
                "`cargo {subcommand}` is not installed, and there is no rustup to add it: install Rust from https://rustup.rs"
            );
        }
        watched(project, component, "15 s", project.command("rustup")?.args(["component", "add", component]))?;
    }
    Ok(())
}

/// Trunk, which builds the page.
pub(super) fn trunk(project: &Project) -> Result<()> {
    if project.answer("trunk", &["--version"]).is_some_and(|answer| answer == format!("trunk {TRUNK}")) {
        return Ok(());
    }
    let features = ["--no-default-features", "--features", "rustls"];
    install(project, "trunk", TRUNK, "3 to 4 min", &features, Locked::Always)
}

/// wasm-bindgen's command. Its version has to be that of the library in `Cargo.lock`, to the digit.
pub(super) fn wasm_bindgen(project: &Project) -> Result<()> {
    let version = project.locked_version("wasm-bindgen")?;
    let expected = format!("wasm-bindgen {version}");
    if project.answer("wasm-bindgen", &["--version"]).is_some_and(|answer| answer == expected) {
        return Ok(());
    }
    install(project, "wasm-bindgen-cli", &version, "1 min", &[], Locked::IfPossible)
}

/// Whether a tool is compiled with the lock file that it was published with.
#[derive(PartialEq)]
enum Locked {
    Always,
    /// A locked dependency may be newer than what a mirror of the registry serves: then without.
    IfPossible,
}

fn install(project: &Project, name: &str, version: &str, usual: &str, more: &[&str], locked: Locked) -> Result<()> {
    let attempt = |lock: &[&str]| -> Result<()> {
        let mut command = project.command("cargo")?;
        command.args(["install", &format!("{name}@{version}"), "--debug", "--force", "--root"]).arg(project.tools());
        // Debug builds compile twice as fast, and without debug information they are a tenth of the size. They build in
        // a folder of their own, so that the project's target folder holds the project.
        command.args(more).args(lock).env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
        watched(project, &format!("{name} {version}"), usual, &mut command)
    };
    match attempt(&["--locked"]) {
        Err(error) if locked == Locked::IfPossible => {
            say::note(&format!("{error:#}"));
            say::note("once more with the newest dependencies that the registry serves");
            attempt(&[])
        }
        result => result,
    }
}
