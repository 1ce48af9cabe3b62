//! `cargo xtask test` and `ready`: every check, as numbered steps with a summary.
//!
//! A step that fails does not stop the others, so that one run tells everything; what cannot run because of it is named
//! and counts as failed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{page, run, say, setup};

/// How much is checked.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Extent {
    /// All of it.
    Everything,
    /// All but the browser tests.
    WithoutBrowser,
}

/// Runs the checks.
pub(crate) fn run(project: &Project, extent: Extent) -> Result<()> {
    let started = Instant::now();
    setup::page(project)?;
    let missing = setup::native(project)?;
    let chromium = if extent == Extent::Everything { Some(setup::browser(project)?) } else { None };
    let count = if chromium.is_some() { 8 } else { 6 };
    let mut steps = Steps { count, done: Vec::new() };

    steps.step("format", || cargo(project, &["fmt", "--all", "--check"], &[]));
    let clippy = ["clippy", "--locked", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    steps.step("clippy, native", || cargo(project, &clippy, &[]));
    let wasm = ["--package", "claimcheck", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
    steps.step("clippy, wasm32", || cargo(project, &[&["clippy", "--locked", "--quiet"][..], &wasm].concat(), &[]));
    steps.step("native tests", || cargo(project, &["test", "--locked", "--quiet", "--workspace"], &[]));
    let docs = ["doc", "--locked", "--quiet", "--workspace", "--no-deps", "--document-private-items"];
    steps.step("documentation", || cargo(project, &docs, &[("RUSTDOCFLAGS", "-D warnings")]));
    let page_is_built = steps.step("release build of the page", || page::build(project));
    if let Some(chromium) = chromium {
        let command_is_built = steps.step("native command", || page::native_command(project).map(drop));
        steps.step("browser tests", || {
            if !(page_is_built && command_is_built) {
                bail!("not run: they compare the built page with the native command, and one of them was not built");
            }
            browser_tests(project, &chromium)
        });
    }
    steps.summary(started.elapsed(), &missing, extent)
}

fn cargo(project: &Project, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    let mut command = project.command("cargo")?;
    run::streamed(command.args(arguments).envs(variables.iter().copied()))
}

fn browser_tests(project: &Project, chromium: &Path) -> Result<()> {
    let mut node = project.command("node")?;
    node.args(["node_modules/@playwright/test/cli.js", "test"]).current_dir(project.root.join("tests/browser"));
    run::streamed(node.env("CHROMIUM", chromium).env("CLAIMCHECK_BIN", project.native_command()))
}

/// The steps that were done, in order.
struct Steps {
    count: usize,
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    took: Duration,
    error: Option<String>,
}

impl Steps {
    /// Runs one step and answers whether it went well.
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        say::heading(&format!("{} of {}  {name}", self.done.len() + 1, self.count));
        let started = Instant::now();
        let error = work().err().map(|error| format!("{error:#}"));
        let took = started.elapsed();
        match &error {
            None => say::note(&format!("ok, {}", say::duration(took))),
            Some(error) => say::failure(error),
        }
        let went_well = error.is_none();
        self.done.push(Done { name, took, error });
        went_well
    }

    fn summary(&self, took: Duration, missing: &[String], extent: Extent) -> Result<()> {
        say::heading(&format!("Summary after {}", say::duration(took)));
        for (index, step) in self.done.iter().enumerate() {
            let verdict = if step.error.is_none() { "ok    " } else { "FAILED" };
            say::note(&format!("{}  {verdict}  {:<28}{}", index + 1, step.name, say::duration(step.took)));
        }
        for name in missing {
            say::note(&format!("not tested: {name}"));
        }
        if extent == Extent::WithoutBrowser {
            say::note("left out: the browser tests (`cargo xtask test` runs them)");
        }
        let failed = self.done.iter().filter(|step| step.error.is_some()).count();
        println!("steps: {} passed, {failed} failed", self.done.len() - failed);
        match (failed, missing) {
            (0, []) => Ok(()),
            (0, [..]) if !say::is_ci() => Ok(()),
            (0, missing) => {
                bail!("in continuous integration nothing may be left out, and this was: {}", missing.join("; "))
            }
            (1, _) => bail!("one step failed"),
            (failed, _) => bail!("{failed} steps failed"),
        }
    }
}
