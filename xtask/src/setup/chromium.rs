//! The browser that the tests drive: `$CHROMIUM`, one on `PATH`, or Debian's package.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::run::watched;

/// Names under which systems install it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const HOW: &str = "The browser tests need Chromium: install it (Debian: `apt-get install chromium`; macOS: `brew install \
    --cask chromium`) or set CHROMIUM to the program of a Chromium or Chrome that you have.";

/// Answers the browser's program.
pub(super) fn find_or_install(project: &Project) -> Result<PathBuf> {
    if let Some(given) = std::env::var_os("CHROMIUM") {
        let given = PathBuf::from(given);
        if given.is_file() {
            return Ok(given);
        }
        bail!("CHROMIUM names `{}`, which is no file", given.display());
    }
    if let Some(found) = on_path(project) {
        return Ok(found);
    }
    if project.program("apt-get").is_none() {
        bail!(HOW);
    }
    if project.answer("id", &["-u"]).as_deref() != Some("0") {
        bail!("Chromium is not installed, and only root can install it here. {HOW}");
    }
    let apt = |name: &str, usual: &str, arguments: &[&str]| {
        let mut command = project.command("apt-get")?;
        watched(project, name, usual, command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt("list of Debian's packages", "10 s", &["update"])?;
    apt("chromium", "1 to 2 min", &["install", "--yes", "--no-install-recommends", "chromium"])?;
    match on_path(project) {
        Some(found) => Ok(found),
        None => bail!("apt-get installed chromium, and it is not on PATH. {HOW}"),
    }
}

fn on_path(project: &Project) -> Option<PathBuf> {
    NAMES.iter().find_map(|name| project.program(name))
}
