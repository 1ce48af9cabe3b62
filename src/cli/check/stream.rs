//! Many tokens or many cases, one a line: one verdict a line, in order, as the lines come.

use std::io::{BufRead, Write};

use super::{Now, Trouble, clock, exit, judge_evidence};
use crate::aws::AccountId;
use crate::aws::policy::read as read_policy;
use crate::cli::arguments::Format;
use crate::cli::input::{Problem, lines, shown};
use crate::cli::visible::Visible;
use crate::cli::{Exit, report};
use crate::document::json::{self, Node, Value};
use crate::print::json::compact;
use crate::text::{Diagnostic, position, quoted};
use crate::verdict::{Circumstances, Evidence, Verdict, evidence_of, malformed, read_evidence, to_json};

/// The longest line of a stream that is read, in bytes; the rest of a longer one is passed over.
const LINE_MOST: u64 = 4 * 1024 * 1024;

/// One verdict for each line, in order, as the lines come.
pub(super) fn stream(
    path: &str,
    format: Format,
    policy_text: &str,
    out: &mut dyn Write,
    mut judged: impl FnMut(&str) -> (Node, Result<(Verdict, Evidence, Circumstances), Trouble>),
) -> Result<Exit, Problem> {
    let mut input = lines(path)?;
    let mut worst = Exit::Yes;
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let read = std::io::Read::take(&mut input, LINE_MOST).read_until(b'\n', &mut bytes);
        let length = read.map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
        if length == 0 {
            break;
        }
        let too_long = u64::try_from(length).unwrap_or(LINE_MOST) == LINE_MOST && bytes.last() != Some(&b'\n');
        if too_long {
            pass_over(&mut input).map_err(|error| Problem::new(format!("cannot read {}: {error}", shown(path))))?;
        }
        let (id, outcome) = if too_long {
            let message = format!("this line has more than {LINE_MOST} bytes");
            (Node::new(Value::Null), Err(Trouble::in_token(Diagnostic::new(message))))
        } else {
            match std::str::from_utf8(&bytes) {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => judged(line.trim_end_matches(['\n', '\r'])),
                Err(_) => {
                    (Node::new(Value::Null), Err(Trouble::in_token(Diagnostic::new("this line is not UTF-8 text"))))
                }
            }
        };
        let line = std::str::from_utf8(&bytes).unwrap_or("");
        let exit = match outcome {
            Ok((verdict, _, _)) => {
                match format {
                    Format::Json => {
                        let text = if policy_text.is_empty() { line } else { policy_text };
                        writeln!(out, "{}", compact(&to_json(id, &verdict, text, None)))
                    }
                    Format::Text => report::one_line(&mut Visible(out), number, &id, &verdict),
                }
                .map_err(Problem::output)?;
                exit(&verdict)
            }
            Err(Trouble { diagnostic, in_token }) => {
                let column = diagnostic
                    .span
                    .filter(|_| in_token || policy_text.is_empty())
                    .map_or(1, |it| position(line, it.start).column);
                let message = diagnostic.one_line("");
                let message = Diagnostic { span: None, ..diagnostic }.one_line(&message);
                match format {
                    Format::Json => {
                        let unreadable = Node::object(vec![
                            ("message", Node::text(&message)),
                            ("line", Node::number(number)),
                            ("column", Node::number(column)),
                        ]);
                        let answer = Node::object(vec![("id", id), ("unreadable", unreadable)]);
                        writeln!(out, "{}", compact(&answer))
                    }
                    Format::Text => writeln!(Visible(out), "{number}: unreadable at column {column}: {message}"),
                }
                .map_err(Problem::output)?;
                Exit::Bad
            }
        };
        worst = worst.worse(exit);
    }
    Ok(worst)
}

/// Reads to the end of the line and forgets it.
fn pass_over(input: &mut dyn BufRead) -> std::io::Result<()> {
    loop {
        let chunk = input.fill_buf()?;
        let (used, done) = match chunk.iter().position(|it| *it == b'\n') {
            Some(at) => (at + 1, true),
            None => (chunk.len(), chunk.is_empty()),
        };
        input.consume(used);
        if done {
            return Ok(());
        }
    }
}

pub(super) fn cases(path: &str, format: Format, out: &mut dyn Write) -> Result<Exit, Problem> {
    let now = clock();
    stream(path, format, "", out, |line| match json::parse(line) {
        Ok(root) => (root.member("id").cloned().unwrap_or_else(|| Node::new(Value::Null)), case(line, &root, now)),
        Err(error) => (Node::new(Value::Null), Err(Trouble::in_token(error))),
    })
}

/// One line of `--cases`.
fn case(line: &str, root: &Node, clock: i64) -> Result<(Verdict, Evidence, Circumstances), Trouble> {
    const KNOWN: [&str; 8] = ["id", "policy", "token", "audiences", "providers", "account", "now", "context"];
    let wrong = |node: &Node, message: String| Trouble::in_token(Diagnostic::new(message).at(node.span));
    let Some(members) = root.as_object() else {
        return Err(wrong(root, format!("a case is a JSON object, not {}", root.kind())));
    };
    if let Some(member) = members.iter().find(|it| !KNOWN.contains(&it.key.as_str())) {
        let message = format!("a case has no field {}", quoted(&member.key));
        return Err(Trouble::in_token(
            Diagnostic::new(message).at(member.key_span).help(format!("known: {}", KNOWN.join(", "))),
        ));
    }
    let required = |name: &str| root.member(name).ok_or_else(|| wrong(root, format!("this case has no `{name}`")));
    let policy = read_policy(required("policy")?).map_err(|it| malformed(&it));
    let token = required("token")?;
    let evidence = match &token.value {
        Value::String(text) => read_evidence(text).map_err(|it| wrong(token, it.message))?,
        Value::Object(_) => evidence_of(token).map_err(Trouble::in_token)?,
        _ => return Err(wrong(token, format!("`token` is a payload or a JWT, not {}", token.kind()))),
    };
    let strings = |name: &str| -> Result<Option<Vec<String>>, Trouble> {
        let Some(node) = root.member(name) else { return Ok(None) };
        let list = match &node.value {
            Value::Array(items) => items.iter().map(|it| it.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>(),
            Value::Null => return Ok(None),
            _ => None,
        };
        list.map(Some).ok_or_else(|| wrong(node, format!("`{name}` is a list of strings")))
    };
    let account = match root.member("account").map(|it| (it, it.as_str())) {
        None | Some((Node { value: Value::Null, .. }, _)) => None,
        Some((node, text)) => Some(AccountId::parse(text.unwrap_or("")).map_err(|it| wrong(node, it.message))?),
    };
    let now = match root.member("now") {
        None | Some(Node { value: Value::Null, .. }) => Now::At(clock),
        Some(node) => match &node.value {
            Value::Number(text) => {
                Now::At(text.parse().map_err(|_| wrong(node, "`now` is a whole number of seconds".to_owned()))?)
            }
            Value::String(text) if text == "issued" => Now::Issued(None),
            _ => return Err(wrong(node, "`now` is a number of seconds since 1970, or `issued`".to_owned())),
        },
    };
    let circumstances = Circumstances {
        account,
        partition: None,
        audiences: strings("audiences")?,
        client_ids: Vec::new(),
        providers: strings("providers")?,
        now: 0,
        context: context(root, &wrong)?,
    };
    judge_evidence(line, &policy, evidence, circumstances, now)
}

fn context(root: &Node, wrong: &dyn Fn(&Node, String) -> Trouble) -> Result<Vec<(String, Vec<String>)>, Trouble> {
    let Some(node) = root.member("context") else { return Ok(Vec::new()) };
    let Some(members) = node.as_object() else { return Err(wrong(node, "`context` is an object".to_owned())) };
    members
        .iter()
        .map(|member| {
            let values = match &member.value.value {
                Value::String(it) | Value::Number(it) => Some(vec![it.clone()]),
                Value::Bool(it) => Some(vec![it.to_string()]),
                Value::Array(items) => items.iter().map(|it| it.as_str().map(str::to_owned)).collect(),
                _ => None,
            };
            let values = values.ok_or_else(|| {
                wrong(&member.value, "a value of `context` is a string or a list of strings".to_owned())
            })?;
            Ok((member.key.clone(), values))
        })
        .collect()
}
