//! The command: the engine's answers for pipelines and terminals. The only part of the engine's crate that reads files, the clock
//! and standard input.
//!
//! Exit status: 0 yes, 1 a definite no, 2 bad usage or unreadable input, 3 it depends on something that was not given.

mod arguments;
mod check;
mod doctor;
mod edits;
mod explain;
mod generate;
mod input;
mod lint;
mod presets;
mod report;
mod visible;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::playground::share;
use arguments::{Arguments, Command};
use input::{Problem, read_setup};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Yes,
    No,
    Bad,
    Depends,
}

impl Exit {
    /// The worse of two lines of a stream: unreadable, then depends, then no, then yes.
    fn worse(self, other: Self) -> Self {
        let rank = |it| match it {
            Self::Bad => 3,
            Self::Depends => 2,
            Self::No => 1,
            Self::Yes => 0,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

/// Runs the command with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::new(out.lock());
    let ended = match &arguments.command {
        Command::Generate(it) => generate::run(it, &mut out),
        Command::Check(it) => check::run(it, &mut out),
        Command::Doctor(it) => doctor::run(it, &mut out),
        Command::Lint(it) => lint::run(it, &mut out),
        Command::Explain(it) => explain::run(it, &mut out),
        Command::Share(it) => read_setup(&it.setup).and_then(|setup| {
            let link = format!("{}{}", it.base.as_deref().unwrap_or(""), share::write(&setup));
            writeln!(out, "{link}").map_err(Problem::output)?;
            Ok(Exit::Yes)
        }),
        Command::Open(it) => share::read(&it.link).map_err(|it| Problem::of("the link", "", &it)).and_then(|link| {
            write!(out, "{}", crate::setup::file::write(&link.setup)).map_err(Problem::output)?;
            Ok(Exit::Yes)
        }),
        Command::Presets(it) => presets::run(it, &mut out),
    };
    let ended = ended.and_then(|exit| out.flush().map(|()| exit).map_err(Problem::output));
    let exit = ended.unwrap_or_else(|problem| {
        // A reader that has enough closes the pipe; that is no mistake of anybody's.
        if !problem.is_closed_pipe {
            eprintln!("claimcheck: {}", visible::visible(&problem.message));
        }
        Exit::Bad
    });
    match exit {
        Exit::Yes => ExitCode::from(0),
        Exit::No => ExitCode::from(1),
        Exit::Bad => ExitCode::from(2),
        Exit::Depends => ExitCode::from(3),
    }
}
