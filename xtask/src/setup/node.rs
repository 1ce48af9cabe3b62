//! Node's side of the set-up: wasm-opt and esbuild, the packages of the browser tests, and gitlab-ci-local.
//!
//! All from lock files with hashes. Trunk and Playwright would download binaries of their own; neither is let.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{is_installed, mark_installed};
use crate::project::Project;
use crate::run::watched;
use crate::say;

/// As `wasm-opt --version` says it, and as Trunk.toml asks for it.
const WASM_OPT: &str = "wasm-opt version 132 (version_132)";
/// As `esbuild --version` says it.
const ESBUILD: &str = "0.28.2";
const OLDEST_NODE: u32 = 20;

/// wasm-opt and esbuild, from the packages `binaryen` and `esbuild`, which carry them compiled.
pub(super) fn page_tools(project: &Project) -> Result<()> {
    node(project)?;
    let folder = project.tools().join("npm");
    let lists = project.root.join("xtask/npm");
    let (wanted, stamp) = (lists.join("package-lock.json"), folder.join("node_modules/.installed-from"));
    if !is_installed(&wanted, &stamp) {
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        for list in ["package.json", "package-lock.json"] {
            let from = lists.join(list);
            std::fs::copy(&from, folder.join(list)).with_context(|| format!("cannot copy {}", from.display()))?;
        }
        install(project, "wasm-opt 132 and esbuild (npm)", "5 s", &folder)?;
        mark_installed(&wanted, &stamp)?;
    }
    for (program, wanted) in [("wasm-opt", WASM_OPT), ("esbuild", ESBUILD)] {
        match project.answer(program, &["--version"]) {
            Some(answer) if answer == wanted => {}
            answer => bail!("expected `{wanted}`, found {}", answer.as_deref().unwrap_or("nothing")),
        }
    }
    Ok(())
}

/// Playwright and axe.
pub(super) fn browser_packages(project: &Project) -> Result<()> {
    packages(project, "tests/browser", "10 s")
}

/// gitlab-ci-local, which the tests start by its path. It is asked for no version: it is the one of the lock file.
pub(super) fn real_packages(project: &Project) -> Result<()> {
    packages(project, "tests/real", "3 s")?;
    let list = project.root.join("tests/real/package.json");
    let text = std::fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let list: Value = serde_json::from_str(&text).context("cannot read tests/real/package.json")?;
    let dependencies = list.get("dependencies").and_then(Value::as_object).into_iter().flatten();
    for (name, version) in dependencies {
        say::note(&format!("{name} {}", version.as_str().unwrap_or("of unknown version")));
    }
    Ok(())
}

/// What the lock file in that folder lists.
fn packages(project: &Project, folder: &str, usual: &str) -> Result<()> {
    node(project)?;
    let name = format!("packages of {folder}, npm");
    let folder = project.root.join(folder);
    let list = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.installed-from");
    if is_installed(&list, &stamp) {
        return Ok(());
    }
    install(project, &name, usual, &folder)?;
    mark_installed(&list, &stamp)
}

fn node(project: &Project) -> Result<()> {
    let how = format!(
        "Node.js {OLDEST_NODE} or newer with npm is needed for wasm-opt, gitlab-ci-local and the browser tests: https://nodejs.org or your system's packages"
    );
    let version = project.answer("node", &["--version"]).with_context(|| how.clone())?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < OLDEST_NODE) {
        bail!("found Node.js {version}. {how}");
    }
    match project.program("npm") {
        Some(_) => Ok(()),
        None => bail!("found Node.js without npm. {how}"),
    }
}

fn install(project: &Project, name: &str, usual: &str, folder: &Path) -> Result<()> {
    let mut command = project.command("npm")?;
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir(folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    watched(project, name, usual, &mut command)
}
