//! A verdict for people.

use std::io::{Result, Write};

use crate::document::json::{Node, Value, parse};
use crate::playground::Remedy;
use crate::print::json::compact;
use crate::setup::{check, file};
use crate::text::position;
use crate::time::utc;
use crate::verdict::{ConditionTrace, Evidence, KeyState, Stage, StatementTrace, Verdict};

/// The whole verdict of the policy `text`; `now` is when it was judged, in seconds since 1970.
pub(super) fn verdict(out: &mut dyn Write, it: &Verdict, evidence: &Evidence, text: &str, now: i64) -> Result<()> {
    writeln!(out, "{}", headline(it))?;
    if let Some(failure) = &it.failure {
        writeln!(out, "  {}", answer(failure.error.code, &failure.error.message))?;
        writeln!(out, "  {}", failure.why)?;
    }
    for key in &it.depends_on {
        // What no value can be given to: how often a block is there, and a function of the template.
        if key.starts_with("dynamic ") || key.starts_with('!') {
            writeln!(out, "  it depends on `{key}`, which is not evaluated")?;
            continue;
        }
        let is_name = !key.contains("::") && !key.contains(|it: char| it.is_whitespace() || "\"[](){}".contains(it));
        let way = if is_name && key.contains(':') { "context" } else { "var" };
        writeln!(out, "  it depends on `{key}`, which was not given; give it with --{way} {key}=VALUE")?;
    }
    for what in &it.unconfirmed {
        writeln!(out, "  not confirmed by AWS: {what}")?;
    }
    for failure in &it.also {
        writeln!(
            out,
            "  also at {}: {}; {}",
            failure.stage.as_str(),
            answer(failure.error.code, &failure.error.message),
            failure.why
        )?;
    }
    if !it.also.is_empty() {
        writeln!(out, "  (AWS has not confirmed the order of its checks)")?;
    }
    for refusal in &it.refused_by_iam {
        let at = position(text, refusal.span.start);
        writeln!(out, "  IAM would refuse to save this policy today ({at}, {}): {}", refusal.known, refusal.message)?;
    }
    for statement in &it.statements {
        writeln!(out)?;
        self::statement(out, statement, text)?;
    }
    writeln!(out)?;
    match evidence {
        Evidence::Token(_) => {
            writeln!(out, "judged as of {}; only AWS verifies the token's signature", utc(now))
        }
        Evidence::Record(record) => {
            if record.of > 1 {
                writeln!(out, "judged is the first of {} calls that these records tell of", record.of)?;
            }
            writeln!(
                out,
                "of a token a CloudTrail record shows `sub` and `aud` alone; the call had passed every stage before the trust policy"
            )?;
            for key in record.tells(it) {
                writeln!(
                    out,
                    "`{key}` is what the record says; AWS documents the key for every request, and for trust policies nobody is known to have tried it"
                )?;
            }
            Ok(())
        }
    }
}

/// What would let the token in.
pub(super) fn remedies(out: &mut dyn Write, all: &[Remedy]) -> Result<()> {
    for it in all {
        let kind = match (&it.edit, it.is_caution) {
            (None, _) => "instead of an edit",
            (_, true) => "with care",
            _ => "an edit",
        };
        writeln!(out, "\nremedy, {kind}: {}\n  {}", it.title, it.text)?;
    }
    Ok(())
}

/// The same for programs: each with the setup as it would be, or null where it is advice.
pub(super) fn remedies_json(all: &[Remedy]) -> Node {
    let setup =
        |it: &Remedy| it.edit.as_ref().and_then(|it| check(it).ok()).and_then(|it| parse(&file::write(&it)).ok());
    Node::array(
        all.iter()
            .map(|it| {
                Node::object(vec![
                    ("title", Node::text(&it.title)),
                    ("text", Node::text(&it.text)),
                    ("caution", Node::new(Value::Bool(it.is_caution))),
                    ("setup", setup(it).unwrap_or_else(|| Node::new(Value::Null))),
                ])
            })
            .collect(),
    )
}

fn answer(code: &str, message: &str) -> String {
    if message.is_empty() { format!("{code} (AWS's wording is not known)") } else { format!("{code}: {message}") }
}

fn headline(it: &Verdict) -> String {
    match (it.allowed, it.stage) {
        (Some(true), _) => "ALLOWED: STS hands out credentials".to_owned(),
        (None, _) if it.unconfirmed.is_empty() => "IT DEPENDS on what was not given".to_owned(),
        (None, _) => "IT CANNOT BE KNOWN: AWS has not confirmed what decides here".to_owned(),
        (Some(false), Stage::Policy) => "DENIED: IAM would not store this policy".to_owned(),
        (Some(false), stage) => format!("DENIED at {}", stage.as_str()),
    }
}

fn statement(out: &mut dyn Write, it: &StatementTrace, text: &str) -> Result<()> {
    let sid = it.sid.as_ref().map(|it| format!(" `{it}`")).unwrap_or_default();
    let line = position(text, it.span.start).line;
    let matched = match it.matched {
        Some(true) => "applies",
        Some(false) => "does not apply",
        None => "is undecided",
    };
    writeln!(out, "statement {}{sid}, {}, line {line}: {matched}", it.index + 1, it.effect.as_str())?;
    let principal = it.principal.actual.as_deref().unwrap_or("a provider of an account that was not given");
    writeln!(out, "  {} Principal: {principal}", mark(it.principal.matched))?;
    writeln!(out, "  {} Action: sts:AssumeRoleWithWebIdentity", mark(it.action_matched))?;
    for condition in &it.conditions {
        self::condition(out, condition, text)?;
    }
    for what in &it.unconfirmed {
        writeln!(out, "  ?   not confirmed by AWS: {what}")?;
    }
    Ok(())
}

fn condition(out: &mut dyn Write, it: &ConditionTrace, text: &str) -> Result<()> {
    let line = position(text, it.key_span.start).line;
    writeln!(out, "  {} {} {}, line {line}: {}", mark(it.matched), it.operator, it.key, it.why)?;
    if it.matched == Some(true) {
        return Ok(());
    }
    for (wanted, _) in &it.wanted {
        writeln!(out, "      wanted {wanted}")?;
    }
    match &it.actual {
        KeyState::Known(values) => values.iter().try_for_each(|it| writeln!(out, "      came   {it}")),
        KeyState::Absent(_) => writeln!(out, "      came   nothing"),
        KeyState::Unknown(..) => writeln!(out, "      came   unknown"),
    }
}

fn mark(matched: Option<bool>) -> &'static str {
    match matched {
        Some(true) => "yes",
        Some(false) => "no ",
        None => "?  ",
    }
}

/// One line of a stream.
pub(super) fn one_line(out: &mut dyn Write, number: usize, id: &Node, it: &Verdict) -> Result<()> {
    let name = match &id.value {
        Value::Null => number.to_string(),
        Value::String(it) => it.clone(),
        _ => compact(id),
    };
    let why = it.failure.as_ref().map(|it| format!(": {}", it.why)).unwrap_or_default();
    let open: Vec<&str> = it.depends_on.iter().chain(&it.unconfirmed).map(String::as_str).collect();
    let keys = if open.is_empty() { String::new() } else { format!(": {}", open.join(", ")) };
    writeln!(out, "{name}: {}{why}{keys}", headline(it))
}
