//! Edits of a document's text that keep its formatting: a value more in a list, a member less, an operator changed.
//!
//! Works on JSON and on what reads like it (Terraform's `jsonencode`); whether an edit did what it should is seen by reading again.

use crate::document::json::{Member, Node, Value};
use crate::lint::Edit;
use crate::print::json::{compact, pretty};
use crate::source::Kind;
use crate::text::Span;

/// Writes into one text.
pub(super) struct Writer<'t> {
    pub(super) text: &'t str,
    pub(super) document: &'t Node,
    pub(super) kind: Kind,
}

impl Writer<'_> {
    /// The edit of a span.
    pub(super) fn put(&self, span: Span, text: impl Into<String>) -> Edit {
        Edit { file: 0, span, text: text.into() }
    }

    /// A string as the text's language quotes it.
    pub(super) fn quote(&self, value: &str) -> String {
        self.escaped(&compact(&Node::text(value)))
    }

    /// In Terraform, `${` and `%{` begin a template.
    fn escaped(&self, json: &str) -> String {
        if self.kind == Kind::Terraform { json.replace("${", "$${").replace("%{", "%%{") } else { json.to_owned() }
    }

    /// Whether a quoted string stands there, so that another may take its place.
    pub(super) fn is_string(&self, span: Span) -> bool {
        let text = span.of(self.text);
        text.len() >= 2 && text.starts_with('"') && text.ends_with('"')
    }

    /// Whether the document is written out as an object.
    pub(super) fn is_object(&self) -> bool {
        self.document.span.of(self.text).starts_with('{')
    }

    /// Another string in the place of one.
    pub(super) fn replace(&self, span: Span, value: &str) -> Option<Vec<Edit>> {
        self.is_string(span).then(|| vec![self.put(span, self.quote(value))])
    }

    /// One string more beside these, which are the values of one key.
    pub(super) fn add(&self, values: &[Span], value: &str) -> Option<Vec<Edit>> {
        let (first, last) = (*values.first()?, *values.last()?);
        if !self.is_string(first) || !self.is_string(last) {
            return None;
        }
        let quoted = self.quote(value);
        let before = self.text.get(..first.start)?.trim_end();
        if !before.ends_with('[') {
            return Some(vec![
                self.put(Span::new(first.start, first.start), "["),
                self.put(Span::new(first.end, first.end), format!(", {quoted}]")),
            ]);
        }
        let between =
            if self.begins_line(last.start) { format!(",\n{}", self.indent(last.start)) } else { ", ".to_owned() };
        Some(vec![self.put(Span::new(last.end, last.end), format!("{between}{quoted}"))])
    }

    /// One of several values less.
    pub(super) fn drop_value(&self, values: &[Span], at: usize) -> Option<Vec<Edit>> {
        let here = *values.get(at)?;
        let span = match (values.get(at + 1), at.checked_sub(1).and_then(|it| values.get(it))) {
            (Some(next), _) => Span::new(here.start, next.start),
            (None, Some(before)) => Span::new(before.end, here.end),
            (None, None) => return None,
        };
        Some(vec![self.put(span, "")])
    }

    /// The member with this key less; what holds nothing but it goes too.
    pub(super) fn drop_member(&self, key: Span) -> Option<Vec<Edit>> {
        match removal(self.document, key).filter(|_| self.is_object())? {
            Removal::Part(span) => Some(vec![self.put(span, "")]),
            Removal::Whole => None,
        }
    }

    /// Puts a key with its values under another operator: the operator itself is changed where it has no other key, else the key
    /// moves into a block of its own.
    pub(super) fn move_to(&self, operator: Span, key: Span, is_alone: bool, to: &str) -> Option<Vec<Edit>> {
        if is_alone {
            return self.replace(operator, to);
        }
        let block = member(self.document, operator).filter(|_| self.is_object())?;
        let moved = member(self.document, key)?;
        let mut edits = self.drop_member(key)?;
        let shown = Span::new(moved.key_span.start, moved.value.span.end).of(self.text);
        let end = block.value.span.end;
        let text = if self.begins_line(operator.start) {
            let indent = self.indent(operator.start);
            let inner = self.indent(key.start);
            let inner = if inner.len() > indent.len() { inner.to_owned() } else { format!("{indent}  ") };
            format!(",\n{indent}{}: {{\n{inner}{shown}\n{indent}}}", self.quote(to))
        } else {
            format!(", {}: {{{shown}}}", self.quote(to))
        };
        edits.push(self.put(Span::new(end, end), text));
        Some(edits)
    }

    /// One statement more, after the one that stands at `span`.
    pub(super) fn add_statement(&self, span: Span, statement: &Node) -> Option<Vec<Edit>> {
        if !self.is_object() {
            return None;
        }
        let indent = self.indent(span.start);
        let lines = self.escaped(pretty(statement).trim_end()).replace('\n', &format!("\n{indent}"));
        let is_list = self.text.get(..span.start)?.trim_end().ends_with(['[', ',']);
        let end = Span::new(span.end, span.end);
        if is_list {
            let between = if self.begins_line(span.start) { format!(",\n{indent}") } else { ", ".to_owned() };
            return Some(vec![self.put(end, format!("{between}{lines}"))]);
        }
        Some(vec![self.put(Span::new(span.start, span.start), "["), self.put(end, format!(", {lines}]"))])
    }

    /// Whether nothing but space stands before it on its line.
    fn begins_line(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        before.contains('\n') && before.rsplit('\n').next().is_some_and(|it| it.trim().is_empty())
    }

    /// The space that its line begins with.
    fn indent(&self, at: usize) -> &str {
        let line = self.text.get(..at).unwrap_or("").rsplit('\n').next().unwrap_or("");
        line.get(..line.len() - line.trim_start().len()).unwrap_or("")
    }
}

/// The member whose key stands at `key`.
fn member(node: &Node, key: Span) -> Option<&Member> {
    match &node.value {
        Value::Array(items) => items.iter().find_map(|it| member(it, key)),
        Value::Object(members) => {
            members.iter().find_map(|it| if it.key_span == key { Some(it) } else { member(&it.value, key) })
        }
        _ => None,
    }
}

enum Removal {
    /// Nothing is left of the object that held it.
    Whole,
    Part(Span),
}

fn removal(node: &Node, key: Span) -> Option<Removal> {
    match &node.value {
        Value::Array(items) => items.iter().find_map(|it| match removal(it, key)? {
            Removal::Whole => None,
            part => Some(part),
        }),
        Value::Object(members) => members.iter().enumerate().find_map(|(at, it)| {
            let goes = it.key_span == key || matches!(removal(&it.value, key)?, Removal::Whole);
            if !goes {
                return removal(&it.value, key);
            }
            let before = at.checked_sub(1).and_then(|it| members.get(it));
            Some(match (members.get(at + 1), before) {
                (Some(next), _) => Removal::Part(Span::new(it.key_span.start, next.key_span.start)),
                (None, Some(before)) => Removal::Part(Span::new(before.value.span.end, it.value.span.end)),
                (None, None) => Removal::Whole,
            })
        }),
        _ => None,
    }
}
