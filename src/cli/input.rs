//! Reading files, and the one message that a command ends with when it cannot go on.

use std::io::Read;

use crate::aws::AccountId;
use crate::setup::{Setup, file};
use crate::text::{Diagnostic, quoted};

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

/// The most bytes of a file that are held at all, far above what any reader takes.
const MOST: u64 = 64 * 1024 * 1024;

/// A whole file as text; `-` is standard input.
pub(super) fn read(path: &str) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    let outcome = if path == "-" {
        std::io::stdin().lock().take(MOST + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|it| it.take(MOST + 1).read_to_end(&mut bytes))
    };
    let length = outcome.map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
    if u64::try_from(length).unwrap_or(MOST + 1) > MOST {
        return Err(Problem::new(format!("{}: at most {MOST} bytes are read", shown(path))));
    }
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

/// The request keys of `--context`, each with its values.
pub(super) fn context(pairs: &[String]) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let mut context: Vec<(String, Vec<String>)> = Vec::new();
    for pair in pairs {
        let (key, value) = pair.split_once('=').ok_or_else(|| {
            Problem::new(format!("--context wants KEY=VALUE, for example aws:SourceIp=203.0.113.7; this is `{pair}`"))
        })?;
        match context.iter_mut().find(|it| it.0.eq_ignore_ascii_case(key)) {
            Some((_, values)) => values.push(value.to_owned()),
            None => context.push((key.to_owned(), vec![value.to_owned()])),
        }
    }
    Ok(context)
}

/// The account of `--account`.
pub(super) fn account(text: Option<&str>) -> Result<Option<AccountId>, Problem> {
    text.map(|text| AccountId::parse(text).map_err(|it| Problem::of("--account", "", &it))).transpose()
}

/// A client ID of `--audience`.
pub(super) fn audience(text: &str) -> Result<String, Problem> {
    match text {
        "" => Err(Problem::new("--audience wants one of the provider's client IDs; this is empty".to_owned())),
        text => Ok(text.to_owned()),
    }
}

/// The URL of a provider of `--provider`; without its scheme, as IAM prints it, too.
pub(super) fn provider(text: &str) -> Result<String, Problem> {
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    match url.strip_prefix("https://") {
        Some("") | None => {
            Err(Problem::new(format!("--provider wants a URL that begins with `https://`; this is {}", quoted(text))))
        }
        Some(_) => Ok(url),
    }
}

/// `--var NAME=VALUE`, each.
pub(super) fn variables(pairs: &[String]) -> Result<Vec<(String, String)>, Problem> {
    let pair = |it: &String| {
        let (name, value) = it.split_once('=').ok_or_else(|| {
            Problem::new(format!("--var wants NAME=VALUE, for example account_id=123456789012; this is `{it}`"))
        })?;
        Ok((name.to_owned(), value.to_owned()))
    };
    pairs.iter().map(pair).collect()
}
