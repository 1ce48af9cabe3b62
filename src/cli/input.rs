//! Reading files, and the one message that a command ends with when it cannot go on.

use std::io::Read;

use crate::setup::{Setup, file};
use crate::text::Diagnostic;

/// Why a command could not go on; it ends with status 2.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) message: String,
    pub(super) is_closed_pipe: bool,
}

impl Problem {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), is_closed_pipe: false }
    }

    /// A message about the text of a file.
    pub(super) fn of(name: &str, text: &str, diagnostic: &Diagnostic) -> Self {
        Self::new(format!("{name}: {}", diagnostic.one_line(text)))
    }

    /// What was printed could not be written.
    #[expect(clippy::needless_pass_by_value, reason = "used as a function of `map_err`")]
    pub(super) fn output(error: std::io::Error) -> Self {
        let is_closed_pipe = error.kind() == std::io::ErrorKind::BrokenPipe;
        Self { message: format!("cannot write the answer: {error}"), is_closed_pipe }
    }
}

/// The name of a file in messages.
pub(super) fn shown(path: &str) -> &str {
    if path == "-" { "standard input" } else { path }
}

/// A whole file as text; `-` is standard input.
pub(super) fn read(path: &str) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let outcome = if path == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(path).map(|it| bytes = it)
    };
    outcome.map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
    let text =
        String::from_utf8(bytes).map_err(|_| Problem::new(format!("{}: this is not UTF-8 text", shown(path))))?;
    // Editors on Windows put a byte order mark before JSON.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// A file, line by line; `-` is standard input.
pub(super) fn lines(path: &str) -> Result<Box<dyn std::io::BufRead>, Problem> {
    if path == "-" {
        return Ok(Box::new(std::io::BufReader::new(std::io::stdin())));
    }
    let file = std::fs::File::open(path).map_err(|error| Problem::new(format!("cannot read {path}: {error}")))?;
    Ok(Box::new(std::io::BufReader::new(file)))
}

/// A setup file; all that is wrong with it in one message.
pub(super) fn read_setup(path: &str) -> Result<Setup, Problem> {
    let text = read(path)?;
    file::read(&text).map_err(|wrong| {
        let lines: Vec<String> = wrong.iter().map(|it| format!("{}: {}", shown(path), it.one_line(&text))).collect();
        Problem::new(lines.join("\n"))
    })
}
