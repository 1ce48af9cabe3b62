//! Installs what is missing, pinned, in `.tools/` beside the project.
//!
//! What is there is recognised by asking it for its version or by a copy of the list it was installed from, never by
//! asking the network: with everything in place a second run is a matter of a second and works offline. Of the system,
//! only rustup's components and, for the browser, Debian's package manager are used.

mod chromium;
mod node;
mod python;
mod rust;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::project::Project;
use crate::say;

pub(crate) use rust::has_library_source;

/// What building the page needs.
pub(crate) fn page(project: &Project) -> Result<()> {
    say::heading("Set-up");
    rust::crates(project)?;
    rust::wasm_target(project)?;
    rust::library_source(project)?;
    rust::trunk(project)?;
    rust::wasm_bindgen(project)?;
    node::page_tools(project)
}

/// What formatting, clippy and the native tests need, besides the page. Answers what is missing.
pub(crate) fn native(project: &Project) -> Result<Vec<String>> {
    rust::components(project)?;
    node::real_packages(project)?;
    python::environment(project)
}

/// What the browser tests need, besides the page. Answers the browser.
pub(crate) fn browser(project: &Project) -> Result<PathBuf> {
    node::browser_packages(project)?;
    chromium::find_or_install(project)
}

/// `cargo xtask setup`: all of it.
pub(crate) fn run(project: &Project) -> Result<()> {
    page(project)?;
    let missing = native(project)?;
    let chromium = browser(project)?;
    say::note(&format!("browser: {}", chromium.display()));
    for what in &missing {
        say::note(&format!("missing: {what}"));
    }
    if missing.is_empty() {
        say::note("everything is in place");
    }
    Ok(())
}

/// Whether `stamp` holds exactly what `list` holds: the mark that the list was installed to its end.
fn is_installed(list: &Path, stamp: &Path) -> bool {
    match (std::fs::read(list), std::fs::read(stamp)) {
        (Ok(list), Ok(stamp)) => list == stamp,
        _ => false,
    }
}

/// Marks `list` as installed.
fn mark_installed(list: &Path, stamp: &Path) -> Result<()> {
    std::fs::copy(list, stamp).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(())
}
