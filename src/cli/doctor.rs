//! `claimcheck doctor`, and `check --log`: what a job's log says went wrong, and which cause it is.

use std::io::{Result, Write};

use super::Exit;
use super::arguments::{Doctor, Format};
use super::input::{Problem, read, shown};
use super::visible::Visible;
use crate::doctor::{Beside, Complaint, Holds, Sure, diagnose, read as read_log};
use crate::document::json::{Node, Value};
use crate::print::json::pretty;
use crate::text::position;

pub(super) fn run(it: &Doctor, out: &mut dyn Write) -> std::result::Result<Exit, Problem> {
    let log = read(&it.log)?;
    let complaints = complaints(&it.log, &log)?;
    match it.format {
        Format::Json => write!(out, "{}", pretty(&Node::object(vec![("errors", json(&log, &complaints, None))]))),
        Format::Text => text(&mut Visible(out), &log, &complaints, None).and_then(|()| {
            if !complaints.iter().any(|it| it.known.causes.iter().any(|it| it.stage.is_some())) {
                return Ok(());
            }
            writeln!(
                Visible(out),
                "\nwhich of them it is: claimcheck check --policy FILE --token FILE --log {}",
                it.log
            )
        }),
    }
    .map_err(Problem::output)?;
    Ok(Exit::No)
}

/// The errors of a log; none is a problem, as there is nothing to say.
pub(super) fn complaints(path: &str, log: &str) -> std::result::Result<Vec<Complaint>, Problem> {
    let found = read_log(log);
    if found.is_empty() {
        let message = format!("{}: no error that is known here (`claimcheck explain` lists them)", shown(path));
        return Err(Problem::new(message));
    }
    Ok(found)
}

/// For people.
pub(super) fn text(out: &mut dyn Write, log: &str, complaints: &[Complaint], beside: Option<Beside<'_>>) -> Result<()> {
    for (at, it) in complaints.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let known = it.known;
        let line = position(log, it.span.start).line;
        let code = it.code_before();
        let code = if code.is_empty() { String::new() } else { format!("{code}: ") };
        writeln!(out, "{}, line {line}\n  {code}{}", known.id, it.message())?;
        writeln!(out, "  said by {}: {}", known.speaker.words(), known.says)?;
        if !known.stages.is_empty() {
            let stages: Vec<&str> = known.stages.iter().map(|it| it.as_str()).collect();
            writeln!(out, "  arises at: {}", stages.join(", "))?;
        }
        let diagnosis = diagnose(it, beside);
        if let Some(compared) = &diagnosis.compared {
            writeln!(out, "  beside the policy and the token: {compared}")?;
        }
        for it in &diagnosis.causes {
            let sign = match it.holds {
                Holds::Yes => "yes",
                Holds::No => "no ",
                Holds::Open => "?  ",
            };
            let doubt = if it.cause.sure == Sure::Unconfirmed { " (AWS has not confirmed this)" } else { "" };
            writeln!(out, "  {sign} {}{doubt}", it.cause.what)?;
            if !it.why.is_empty() {
                writeln!(out, "      {}", it.why)?;
            }
            if it.holds != Holds::No {
                writeln!(out, "      what to do: {}", it.cause.remedy)?;
            }
        }
    }
    Ok(())
}

/// For programs.
pub(super) fn json(log: &str, complaints: &[Complaint], beside: Option<Beside<'_>>) -> Node {
    let truth = |it: Holds| match it {
        Holds::Yes => Value::Bool(true),
        Holds::No => Value::Bool(false),
        Holds::Open => Value::Null,
    };
    let all = complaints.iter().map(|it| {
        let known = it.known;
        let at = position(log, it.span.start);
        let diagnosis = diagnose(it, beside);
        let compared = diagnosis.compared.map_or_else(|| Node::new(Value::Null), Node::text);
        let causes = diagnosis.causes.into_iter().map(|it| {
            Node::object(vec![
                ("holds", Node::new(truth(it.holds))),
                ("what", Node::text(it.cause.what)),
                ("why", Node::text(it.why)),
                ("remedy", Node::text(it.cause.remedy)),
                ("confirmed", Node::new(Value::Bool(it.cause.sure == Sure::Confirmed))),
            ])
        });
        Node::object(vec![
            ("id", Node::text(known.id)),
            ("code", Node::text(known.code)),
            ("message", Node::text(it.message())),
            ("line", Node::number(at.line)),
            ("column", Node::number(at.column)),
            ("speaker", Node::text(known.speaker.words())),
            ("stages", Node::array(known.stages.iter().map(|it| Node::text(it.as_str())).collect())),
            ("says", Node::text(known.says)),
            ("compared", compared),
            ("causes", Node::array(causes.collect())),
        ])
    });
    Node::array(all.collect())
}
