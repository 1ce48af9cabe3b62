//! Findings as JSON, for programs: the contract's fields, all always there.

use crate::document::json::{Node, Value};
use crate::lint::{File, Finding, Fix, Place, trust_policies};
use crate::text::{Span, position};

/// The whole answer: what was read, and what was found.
pub(super) fn report(files: &[File], findings: &[Finding]) -> Node {
    let read = files.iter().map(|it| {
        Node::object(vec![
            ("file", Node::text(&it.name)),
            ("kind", Node::text(it.source.kind.as_str())),
            ("policies", Node::number(trust_policies(it).count())),
            ("providers", Node::number(it.source.providers.len())),
            ("jobs", Node::number(it.source.ci.as_ref().map_or(0, |it| it.jobs.len()))),
        ])
    });
    Node::object(vec![
        ("files", Node::array(read.collect())),
        ("findings", Node::array(findings.iter().map(|it| finding(files, it)).collect())),
    ])
}

/// One finding, as it also stands in a verdict.
pub(super) fn finding(files: &[File], it: &Finding) -> Node {
    let mut members = vec![
        ("rule", Node::text(it.rule.id.as_str())),
        ("severity", Node::text(it.rule.severity.as_str())),
        ("confidence", Node::text(it.rule.confidence.as_str())),
        ("message", Node::text(&it.message)),
        ("help", Node::text(&it.help)),
        ("path", Node::text(&it.path)),
    ];
    members.extend(place(files, it.file, it.span));
    members.push(("witness", it.witness.as_ref().map_or(null(), |it| it.token().clone())));
    members.push(("fix", it.fix.as_ref().map_or(null(), |it| fix(files, it))));
    members.push(("related", Node::array(it.related.iter().map(|it| related(files, it)).collect())));
    Node::object(members)
}

fn null() -> Node {
    Node::new(Value::Null)
}

/// File, first line and column, and the line and column after the last character.
fn place(files: &[File], file: usize, span: Span) -> Vec<(&'static str, Node)> {
    let (name, text) = files.get(file).map_or(("", ""), |it| (it.name.as_str(), it.text.as_str()));
    let (start, end) = (position(text, span.start), position(text, span.end));
    vec![
        ("file", Node::text(name)),
        ("line", Node::number(start.line)),
        ("column", Node::number(start.column)),
        ("end_line", Node::number(end.line)),
        ("end_column", Node::number(end.column)),
    ]
}

fn fix(files: &[File], it: &Fix) -> Node {
    let edits = it.edits.iter().map(|it| {
        let mut members = place(files, it.file, it.span);
        members.push(("text", Node::text(&it.text)));
        Node::object(members)
    });
    Node::object(vec![("title", Node::text(&it.title)), ("edits", Node::array(edits.collect()))])
}

fn related(files: &[File], it: &Place) -> Node {
    let mut members = place(files, it.file, it.span);
    members.push(("note", Node::text(&it.note)));
    Node::object(members)
}
