//! `cargo xtask bench`: what the page weighs and how fast both faces are, against their budgets.
//!
//! Each figure is measured on what is shipped: the release build of the page in a real browser, the native command as a
//! program. What cannot be measured is said with its reason; a budget that was not measured counts as not kept.

mod browser;
mod machine;
mod readme;
mod sizes;
mod verdicts;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::{page, say, setup};

/// What happens to the table of figures in the README.
#[derive(PartialEq)]
pub(crate) enum Readme {
    /// It stays as it is.
    Leave,
    /// It gets today's figures.
    Write,
}

/// One line of the result.
pub(crate) struct Figure {
    /// What was measured, for the README.
    measured: String,
    /// The figure, or the reason why there is none.
    figure: Result<String, String>,
    /// The budget in words, where there is one, and whether it was kept.
    budget: Option<(String, bool)>,
}

/// Measures everything.
pub(crate) fn run(project: &Project, readme: Readme) -> Result<()> {
    let started = Instant::now();
    setup::page(project)?;
    let chromium = setup::browser(project)?;
    let chromium = chromium.as_path();

    say::heading("What is measured");
    page::build(project)?;
    browser::build_empty_page(project)?;
    page::native_command(project)?;

    let machine = machine::describe(project, chromium)?;
    say::heading("Machine");
    say::note(&machine.to_string());
    if let Some(load) = machine.load() {
        say::note(&load);
    }

    let mut figures = vec![sizes::measure(project)?];
    figures.push(browser::first_usable_page(project, chromium)?);
    figures.extend(browser::key_presses(project, chromium)?);
    figures.push(verdicts::measure(project)?);

    say::heading(&format!("Summary after {}", say::duration(started.elapsed())));
    for figure in &figures {
        let value = match &figure.figure {
            Ok(value) => value.clone(),
            Err(reason) => format!("not measured: {reason}"),
        };
        say::note(&format!("{}: {value}", figure.measured));
        if let Some((budget, kept)) = &figure.budget {
            let verdict = match (&figure.figure, kept) {
                (Err(_), _) => "NOT MEASURED",
                (Ok(_), true) => "kept",
                (Ok(_), false) => "NOT KEPT",
            };
            say::note(&format!("  budget {budget}: {verdict}"));
        }
    }
    if readme == Readme::Write {
        readme::write(project, &figures, &machine)?;
    }
    let broken = figures.iter().filter(|figure| matches!(figure.budget, Some((_, false)))).count();
    match broken {
        0 => Ok(()),
        1 => bail!("one budget is not shown to be kept"),
        broken => bail!("{broken} budgets are not shown to be kept"),
    }
}
