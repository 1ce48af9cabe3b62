//! The functions of Terraform that are evaluated: those that people need to put a provider's host and a list of subjects together.
//!
//! Source: the Terraform language, "Functions". Every other call stays unknown by its own text.

use super::value::{BYTES, Scope, pieces_of};
use crate::document::hcl::Expr;
use crate::document::json::{Member, Node, Piece, Value};
use crate::print::json::compact;
use crate::text::Span;

impl Scope<'_> {
    /// What a call comes to.
    pub(super) fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Node {
        let values: Vec<Node> = arguments.iter().map(|it| self.value(it)).collect();
        let value = match (name, values.as_slice()) {
            ("tostring" | "tolist" | "toset" | "sort" | "nonsensitive" | "sensitive", [one])
                if name != "tostring" || pieces_of(one).is_some() =>
            {
                return one.clone();
            }
            ("replace", [text, from, to]) => replaced(text, from, to),
            ("trimprefix", [text, prefix]) => {
                trimmed(text, prefix, |it| it.first_mut(), |it, end| it.strip_prefix(end))
            }
            ("trimsuffix", [text, suffix]) => trimmed(text, suffix, |it| it.last_mut(), |it, end| it.strip_suffix(end)),
            ("lower", [text]) => text.as_str().map(|it| vec![Piece::Text(it.to_lowercase())]),
            ("upper", [text]) => text.as_str().map(|it| vec![Piece::Text(it.to_uppercase())]),
            ("trimspace", [text]) => text.as_str().map(|it| vec![Piece::Text(it.trim().to_owned())]),
            ("format", [pattern, values @ ..]) => formatted(pattern, values),
            ("join", [separator, lists @ ..]) => joined(separator, lists),
            ("jsonencode", [one]) if is_known(one) => Some(vec![Piece::Text(compact(one))]),
            ("concat" | "setunion" | "flatten" | "distinct" | "compact", lists) => {
                let items = lists.iter().flat_map(|it| items(it, name == "flatten")).collect();
                return Node { span, value: Value::Array(items) };
            }
            ("merge", objects) => match merged(objects) {
                Some(members) => return Node { span, value: Value::Object(members) },
                None => None,
            },
            _ => None,
        };
        match value {
            Some(pieces) => Node { span, value: self.joined(pieces) },
            None => self.open(span),
        }
    }
}

/// Whether all of it is known.
fn is_known(node: &Node) -> bool {
    match &node.value {
        Value::Template(_) => false,
        Value::Array(items) => items.iter().all(is_known),
        Value::Object(members) => members.iter().all(|it| it.unknown.is_empty() && is_known(&it.value)),
        _ => true,
    }
}

/// The elements of a list, of the lists in it too where it is to be flattened; what is unknown counts as one.
fn items(node: &Node, is_flattened: bool) -> Vec<Node> {
    match &node.value {
        Value::Array(inner) if is_flattened => inner
            .iter()
            .flat_map(|it| match &it.value {
                Value::Array(items) => items.clone(),
                _ => vec![it.clone()],
            })
            .collect(),
        Value::Array(items) => items.clone(),
        _ => vec![node.clone()],
    }
}

/// The last of each key.
fn merged(objects: &[Node]) -> Option<Vec<Member>> {
    let mut members: Vec<Member> = Vec::new();
    for object in objects {
        for member in object.as_object()? {
            members.retain(|it| it.key != member.key);
            members.push(member.clone());
        }
    }
    Some(members)
}

/// Where the text is not known as a whole, only what it begins with can be replaced: the rest might hold it too, or not.
fn replaced(text: &Node, from: &Node, to: &Node) -> Option<Vec<Piece>> {
    let (from, to) = (from.as_str()?, to.as_str()?);
    if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
        return None;
    }
    if let Some(it) = text.as_str() {
        if it.matches(from).count().saturating_mul(to.len()) > BYTES {
            return None;
        }
        return Some(vec![Piece::Text(it.replace(from, to))]);
    }
    let mut pieces = pieces_of(text)?;
    let Some(Piece::Text(first)) = pieces.first_mut() else { return None };
    *first = format!("{to}{}", first.strip_prefix(from)?);
    Some(pieces)
}

/// A text without its beginning or its end, where that end is known.
fn trimmed(
    text: &Node,
    end: &Node,
    piece: impl Fn(&mut Vec<Piece>) -> Option<&mut Piece>,
    strip: impl for<'s> Fn(&'s str, &str) -> Option<&'s str>,
) -> Option<Vec<Piece>> {
    let end = end.as_str()?;
    let mut pieces = pieces_of(text)?;
    match piece(&mut pieces) {
        Some(Piece::Text(it)) => *it = strip(it, end).unwrap_or(it).to_owned(),
        Some(Piece::Unknown(_)) => return None,
        None => {}
    }
    Some(pieces)
}

/// `%s`, `%d` and `%v` in order, and `%%`.
fn formatted(pattern: &Node, values: &[Node]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut values = values.iter();
    let mut rest = pattern.as_str()?;
    while let Some((before, after)) = rest.split_once('%') {
        pieces.push(Piece::Text(before.to_owned()));
        let mut characters = after.chars();
        match characters.next()? {
            '%' => pieces.push(Piece::Text("%".to_owned())),
            's' | 'd' | 'v' => pieces.extend(pieces_of(values.next()?)?),
            _ => return None,
        }
        rest = characters.as_str();
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Some(pieces)
}

fn joined(separator: &Node, lists: &[Node]) -> Option<Vec<Piece>> {
    let separator = separator.as_str()?;
    let mut pieces = Vec::new();
    for list in lists {
        let Value::Array(items) = &list.value else { return None };
        if items.len().saturating_mul(separator.len()) > BYTES {
            return None;
        }
        for item in items {
            if !pieces.is_empty() {
                pieces.push(Piece::Text(separator.to_owned()));
            }
            pieces.extend(pieces_of(item)?);
        }
    }
    Some(pieces)
}
