//! Writes the figures into the README, between two markers, so that nobody copies them by hand.

use anyhow::{Context, Result, bail};

use super::Figure;
use super::machine::Machine;
use crate::project::Project;
use crate::say;

const START: &str = "<!-- bench:start -->";
const END: &str = "<!-- bench:end -->";

/// Replaces the table.
pub(super) fn write(project: &Project, figures: &[Figure], machine: &Machine) -> Result<()> {
    let path = project.root.join("README.md");
    let text = std::fs::read_to_string(&path).context("cannot read README.md")?;
    let Some(text) = replaced(&text, &table(figures, &machine.to_string())) else {
        bail!("README.md has no place for the figures: a line `{START}` and after it a line `{END}`");
    };
    std::fs::write(&path, text).context("cannot write README.md")?;
    say::note("README.md has these figures now");
    Ok(())
}

fn table(figures: &[Figure], machine: &str) -> String {
    let mut text = "| measured | figure | budget |\n|---|---|---|\n".to_owned();
    for Figure { measured, figure, budget } in figures {
        let figure = match figure {
            Ok(figure) => figure.clone(),
            Err(reason) => format!("not measured: {reason}"),
        };
        let budget = match budget {
            Some((budget, true)) => budget.clone(),
            Some((budget, false)) => format!("{budget} (not shown to be kept)"),
            None => String::new(),
        };
        text.push_str(&format!("| {measured} | {figure} | {budget} |\n"));
    }
    text.push_str(&format!("\nMeasured by `cargo xtask bench --write-readme`: {machine}."));
    text
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let text = format!("a\n{START}\nold\n{END}\nb\n");
        assert_eq!(replaced(&text, "new"), Some(format!("a\n{START}\nnew\n{END}\nb\n")));
        assert_eq!(replaced("no markers", "new"), None);
    }

    #[test]
    fn a_figure_that_is_missing_says_why() {
        let figure = Figure {
            measured: "x".to_owned(),
            figure: Err("no such field".to_owned()),
            budget: Some(("16 ms".to_owned(), false)),
        };
        assert!(
            table(&[figure], "here").contains("| x | not measured: no such field | 16 ms (not shown to be kept) |")
        );
    }
}
