//! Findings as SARIF 2.1.0, for code scanners and editors.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0",
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>. Only the rules that found something are described in it.

use crate::document::json::Node;
use crate::lint::{Confidence, File, Finding, Fix, Rule, Severity};
use crate::text::{Span, position};

/// Where the format is written down for programs.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// SARIF has three levels; `security-severity`, which GitHub reads, tells more.
fn level(it: Severity) -> (&'static str, &'static str) {
    match it {
        Severity::Critical => ("error", "9.5"),
        Severity::High => ("error", "8.0"),
        Severity::Medium => ("warning", "5.5"),
        Severity::Low => ("warning", "3.0"),
        Severity::Info => ("note", "0.0"),
    }
}

fn precision(it: Confidence) -> &'static str {
    match it {
        Confidence::High => "very-high",
        Confidence::Medium => "high",
        Confidence::Low => "medium",
    }
}

/// The log, with one run.
pub(super) fn report(files: &[File], findings: &[Finding], fingerprints: &[String]) -> Node {
    let mut rules: Vec<&Rule> = Vec::new();
    let mut results = Vec::new();
    for (it, fingerprint) in findings.iter().zip(fingerprints) {
        let index = rules.iter().position(|rule| rule.id.as_str() == it.rule.id.as_str()).unwrap_or_else(|| {
            rules.push(it.rule);
            rules.len() - 1
        });
        results.push(result(files, it, index, fingerprint));
    }
    let driver = Node::object(vec![
        ("name", Node::text("Claimcheck")),
        ("version", Node::text(env!("CARGO_PKG_VERSION"))),
        ("rules", Node::array(rules.into_iter().map(rule).collect())),
    ]);
    let run = Node::object(vec![
        ("tool", Node::object(vec![("driver", driver)])),
        ("columnKind", Node::text("unicodeCodePoints")),
        ("results", Node::array(results)),
    ]);
    Node::object(vec![
        ("$schema", Node::text(SCHEMA)),
        ("version", Node::text("2.1.0")),
        ("runs", Node::array(vec![run])),
    ])
}

fn message(text: impl Into<String>) -> Node {
    Node::object(vec![("text", Node::text(text))])
}

fn rule(it: &Rule) -> Node {
    let (level, security) = level(it.severity);
    let help = Node::object(vec![("text", Node::text(it.explanation)), ("markdown", Node::text(it.explanation))]);
    Node::object(vec![
        ("id", Node::text(it.id.as_str())),
        ("shortDescription", message(it.summary)),
        ("help", help),
        ("defaultConfiguration", Node::object(vec![("level", Node::text(level))])),
        (
            "properties",
            Node::object(vec![
                ("security-severity", Node::text(security)),
                ("precision", Node::text(precision(it.confidence))),
                ("tags", Node::array(vec![Node::text("security")])),
            ]),
        ),
    ])
}

fn result(files: &[File], it: &Finding, index: usize, fingerprint: &str) -> Node {
    let text = if it.help.is_empty() { it.message.clone() } else { format!("{} ({})", it.message, it.help) };
    let mut location = vec![("physicalLocation", place(files, it.file, it.span))];
    if !it.path.is_empty() {
        let logical = Node::object(vec![("fullyQualifiedName", Node::text(&it.path))]);
        location.push(("logicalLocations", Node::array(vec![logical])));
    }
    let mut members = vec![
        ("ruleId", Node::text(it.rule.id.as_str())),
        ("ruleIndex", Node::number(index)),
        ("level", Node::text(level(it.rule.severity).0)),
        ("message", message(text)),
        ("locations", Node::array(vec![Node::object(location)])),
        ("partialFingerprints", Node::object(vec![("claimcheck/v1", Node::text(fingerprint))])),
    ];
    if !it.related.is_empty() {
        let related = it.related.iter().enumerate().map(|(at, it)| {
            Node::object(vec![
                ("id", Node::number(at + 1)),
                ("message", message(&it.note)),
                ("physicalLocation", place(files, it.file, it.span)),
            ])
        });
        members.push(("relatedLocations", Node::array(related.collect())));
    }
    if let Some(it) = &it.fix {
        members.push(("fixes", Node::array(vec![fix(files, it)])));
    }
    if let Some(witness) = &it.witness {
        members.push(("properties", Node::object(vec![("witness", witness.token().clone())])));
    }
    Node::object(members)
}

/// A fix: for each file that it touches, what goes and what comes.
fn fix(files: &[File], it: &Fix) -> Node {
    let mut touched: Vec<usize> = it.edits.iter().map(|it| it.file).collect();
    touched.sort_unstable();
    touched.dedup();
    let changes = touched.into_iter().map(|file| {
        let replacements = it.edits.iter().filter(|it| it.file == file).map(|it| {
            Node::object(vec![("deletedRegion", region(files, file, it.span)), ("insertedContent", message(&it.text))])
        });
        Node::object(vec![
            ("artifactLocation", artifact(files, file)),
            ("replacements", Node::array(replacements.collect())),
        ])
    });
    Node::object(vec![("description", message(&it.title)), ("artifactChanges", Node::array(changes.collect()))])
}

fn place(files: &[File], file: usize, span: Span) -> Node {
    Node::object(vec![("artifactLocation", artifact(files, file)), ("region", region(files, file, span))])
}

fn artifact(files: &[File], file: usize) -> Node {
    let name = files.get(file).map_or("", |it| it.name.as_str());
    Node::object(vec![("uri", Node::text(uri(&super::in_repository(name))))])
}

/// Lines and columns from 1; the end is the column after the last character.
fn region(files: &[File], file: usize, span: Span) -> Node {
    let text = files.get(file).map_or("", |it| it.text.as_str());
    let (start, end) = (position(text, span.start), position(text, span.end.max(span.start)));
    Node::object(vec![
        ("startLine", Node::number(start.line)),
        ("startColumn", Node::number(start.column)),
        ("endLine", Node::number(end.line)),
        ("endColumn", Node::number(end.column)),
    ])
}

/// A path as a reference of RFC 3986: relative as it is, absolute with its scheme.
fn uri(path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_path_is_a_uri() {
        for (path, uri) in [
            ("a/b.json", "a/b.json"),
            ("a b#c?d%.tf", "a%20b%23c%3Fd%25.tf"),
            ("/etc/x:y", "file:///etc/x%3Ay"),
            ("ü", "%C3%BC"),
        ] {
            assert_eq!(super::uri(path), uri);
        }
    }
}
