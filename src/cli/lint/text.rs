//! Findings for people: the place, the line with carets under it, and what to do.

use std::io::{Result, Write};

use super::snippet::{Snippet, snippet};
use crate::lint::{File, Finding, Severity, trust_policies};
use crate::source::Kind;
use crate::text::Span;

/// All findings, and a line that says how many of what was read.
pub(super) fn report(out: &mut dyn Write, files: &[File], findings: &[Finding]) -> Result<()> {
    for it in findings {
        finding(out, files, it)?;
        writeln!(out)?;
    }
    writeln!(out, "{}: {}", read(files), found(findings))
}

fn finding(out: &mut dyn Write, files: &[File], it: &Finding) -> Result<()> {
    writeln!(out, "{}[{}]: {}", it.rule.severity.as_str(), it.rule.id.as_str(), visible(&it.message))?;
    let margin = place(out, files, "-->", it.file, it.span, "")?;
    if !it.path.is_empty() {
        writeln!(out, "{margin} = at {}", visible(&it.path))?;
    }
    if let Some(witness) = &it.witness {
        writeln!(out, "{margin} = gets in: {}", visible(witness.subject()))?;
    }
    if !it.help.is_empty() {
        writeln!(out, "{margin} = help: {}", visible(&it.help))?;
    }
    if let Some(fix) = &it.fix {
        writeln!(out, "{margin} = fix: {}", visible(&fix.title))?;
    }
    it.related.iter().try_for_each(|it| place(out, files, ":::", it.file, it.span, &it.note).map(|_| ()))
}

/// The place and its line; answers with the margin in which the line's number stands.
fn place(out: &mut dyn Write, files: &[File], arrow: &str, file: usize, span: Span, note: &str) -> Result<String> {
    let (name, text) = files.get(file).map_or(("", ""), |it| (it.name.as_str(), it.text.as_str()));
    if files.get(file).is_some_and(is_jwt) {
        let note = if note.is_empty() { String::new() } else { format!(": {}", visible(note)) };
        writeln!(out, " {arrow} {}{note}", visible(name))?;
        return Ok(" ".to_owned());
    }
    let Snippet { at, line, carets } = snippet(text, span);
    let number = at.line.to_string();
    let margin = " ".repeat(number.len());
    writeln!(out, "{margin}{arrow} {}:{}:{}", visible(name), at.line, at.column)?;
    writeln!(out, "{margin} |")?;
    writeln!(out, "{number} | {line}")?;
    let note = if note.is_empty() { String::new() } else { format!(" {}", visible(note)) };
    writeln!(out, "{margin} | {carets}{note}")?;
    Ok(margin)
}

/// Whether the text is a signed token, of which no part is ever repeated.
fn is_jwt(file: &File) -> bool {
    file.source.kind == Kind::Token && !file.text.trim_start().starts_with('{')
}

/// What was read, in numbers.
fn read(files: &[File]) -> String {
    let sum = |of: fn(&File) -> usize| files.iter().map(of).sum::<usize>();
    let parts = [
        (files.len(), "file", "files"),
        (sum(|it| trust_policies(it).count()), "trust policy", "trust policies"),
        (sum(|it| it.source.providers.len()), "provider", "providers"),
        (sum(|it| it.source.ci.as_ref().map_or(0, |it| it.jobs.len())), "CI job", "CI jobs"),
        (sum(|it| usize::from(!it.source.problems.is_empty())), "not read whole", "not read whole"),
    ];
    let parts = parts.iter().filter(|it| it.0 > 0);
    parts
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect::<Vec<_>>()
        .join(", ")
}

/// How many of which severity, worst first.
fn found(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "no findings".to_owned();
    }
    let of = |severity: Severity| findings.iter().filter(|it| it.rule.severity == severity).count();
    let parts: Vec<String> =
        Severity::ALL.into_iter().filter(|it| of(*it) > 0).map(|it| format!("{} {}", of(it), it.as_str())).collect();
    let noun = if findings.len() == 1 { "finding" } else { "findings" };
    format!("{} {noun} ({})", findings.len(), parts.join(", "))
}

/// A text on a terminal: whatever would be invisible there or move its cursor is written out.
fn visible(text: &str) -> String {
    crate::text::visible(text, &[])
}
