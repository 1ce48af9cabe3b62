//! `cargo xtask`: the one place that knows the tools.
//!
//! Each command first sets up what it needs and does not find (pinned, in `.tools/` beside the project), then does its
//! work. What is there is not fetched again, so a second run needs no network. Nothing here is part of the product.

mod bench;
mod page;
mod project;
mod run;
mod say;
mod serve;
mod setup;
mod verify;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::Project;

const USAGE: &str = "\
usage: cargo xtask COMMAND

  serve [--port N]        build the page and serve it on 127.0.0.1
  build                   build the page into dist/
  test                    everything: format, clippy, tests, docs, page, browser tests
  ready                   the same without the browser tests, for daily use
  bench [--write-readme]  sizes, first usable page, key presses, verdicts a second, against their budgets
  look [DIR [--states]]   pictures of the built page in its sizes and themes, or in every state, to be looked at
  walk                    the pictures of docs/walk.md
  setup                   install everything that is missing, and nothing else";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::failure(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(words: &[&str]) -> Result<()> {
    match words {
        ["serve"] => serve::run(&Project::find()?, None),
        ["serve", "--port", port] => match port.parse() {
            Ok(port) => serve::run(&Project::find()?, Some(port)),
            Err(_) => bail!("`{port}` is not a port: expected a number up to 65535"),
        },
        ["build"] => page::run(&Project::find()?),
        ["test"] => verify::run(&Project::find()?, verify::Extent::Everything),
        ["ready"] => verify::run(&Project::find()?, verify::Extent::WithoutBrowser),
        ["bench"] => bench::run(&Project::find()?, bench::Readme::Leave),
        ["bench", "--write-readme"] => bench::run(&Project::find()?, bench::Readme::Write),
        ["look"] => page::pictures(&Project::find()?, &["tests/browser/look.mjs", "tests/browser/shots"]),
        ["look", dir] => page::pictures(&Project::find()?, &["tests/browser/look.mjs", dir]),
        ["look", dir, "--states"] => page::pictures(&Project::find()?, &["tests/browser/look.mjs", dir, "--states"]),
        ["walk"] => page::pictures(&Project::find()?, &["tests/browser/walk.mjs", "docs/walk"]),
        ["setup"] => setup::run(&Project::find()?),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        [] => bail!("no command given\n\n{USAGE}"),
        _ => bail!("unknown command `{}`\n\n{USAGE}", words.join(" ")),
    }
}
