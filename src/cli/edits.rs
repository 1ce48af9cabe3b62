//! Under a denial by a person's own policy: the edits of its text that would admit the token, and the nearest token that gets in.

use std::io::{Result, Write};

use crate::document::json::{Node, Value};
use crate::mend::Mending;
use crate::text::{Position, position, quoted};

/// For people.
pub(super) fn write(out: &mut dyn Write, text: &str, it: &Mending) -> Result<()> {
    for edit in &it.edits {
        let kind = if edit.is_caution { "with care" } else { "an edit" };
        writeln!(out, "\nremedy, {kind}: {}\n  {}", edit.title, edit.text())?;
        for change in &edit.edits {
            let old = change.span.of(text);
            let at = position(text, change.span.start);
            match (old.is_empty(), change.text.is_empty()) {
                (true, _) => writeln!(out, "  {at}: insert {}", change.text.trim_end())?,
                (_, true) => writeln!(out, "  {at}: delete {}", old.trim())?,
                _ => writeln!(out, "  {at}: {old} becomes {}", change.text)?,
            }
        }
    }
    if let Some(why) = &it.why_none {
        writeln!(out, "\nno edit: {why}")?;
    }
    if let Some(token) = &it.token {
        writeln!(out, "\nthe nearest token that this policy admits:")?;
        for change in &token.changes {
            let from = change.from.as_deref().map_or("nothing".to_owned(), quoted);
            writeln!(out, "  {} is {} where {from} came", change.claim, quoted(&change.to))?;
        }
    }
    Ok(())
}

/// For programs: each edit with its places in the policy's text.
pub(super) fn json(text: &str, it: &Mending) -> (Node, Node) {
    let strings = |all: &[String]| Node::array(all.iter().map(Node::text).collect());
    let edits = it.edits.iter().map(|edit| {
        let changes = edit.edits.iter().map(|it| {
            let Position { line, column } = position(text, it.span.start);
            Node::object(vec![
                ("start", Node::number(it.span.start)),
                ("end", Node::number(it.span.end)),
                ("line", Node::number(line)),
                ("column", Node::number(column)),
                ("text", Node::text(&it.text)),
            ])
        });
        Node::object(vec![
            ("title", Node::text(&edit.title)),
            ("text", Node::text(edit.text())),
            ("caution", Node::new(Value::Bool(edit.is_caution))),
            ("lets_in", strings(&edit.lets_in)),
            ("shuts_out", strings(&edit.shuts_out)),
            ("changes", Node::array(changes.collect())),
        ])
    });
    let token = it.token.as_ref().map_or_else(|| Node::new(Value::Null), |it| it.claims.clone());
    (Node::array(edits.collect()), token)
}
