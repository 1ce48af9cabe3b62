//! The functions of Terraform that are evaluated: those that people need to put a provider's host and a list of subjects together.
//!
//! Source: the Terraform language, "Functions". Every other call stays unknown by its own text.

use std::collections::HashSet;

use super::value::{BYTES, Scope, in_order, pieces_of, weight};
use crate::document::hcl::Expr;
use crate::document::json::{Member, Node, Piece, Value};
use crate::print::json::compact;
use crate::source::embedded::{mark, pieces};
use crate::text::Span;

/// How many steps an element counts for that a function gives.
const ELEMENT: usize = 4;

impl Scope<'_> {
    /// What a call comes to.
    pub(super) fn call(&mut self, name: &str, arguments: &[Expr], span: Span) -> Node {
        let values: Vec<Node> = arguments.iter().map(|it| self.value(it)).collect();
        // Elsewhere the number and the places of elements count.
        const OF_ELEMENTS: [&str; 12] = [
            "concat",
            "flatten",
            "distinct",
            "compact",
            "setunion",
            "toset",
            "tolist",
            "sort",
            "nonsensitive",
            "sensitive",
            "coalesce",
            "jsonencode",
        ];
        if !OF_ELEMENTS.contains(&name) && values.iter().any(|it| self.perhaps.is_loose(it)) {
            return self.open(span);
        }
        if let Some(value) = self.of_lists(name, &values, span) {
            // A list of lists grows by copies, and each element costs whoever judges it more than an expression does.
            let (nodes, bytes) = weight(&value);
            self.steps += nodes * ELEMENT;
            self.bytes += bytes;
            return if self.is_exhausted() { self.open(span) } else { value };
        }
        let pieces = match (name, values.as_slice()) {
            ("replace", [text, from, to]) => replaced(text, from, to),
            ("trimprefix", [text, prefix]) => {
                trimmed(text, prefix, |it| it.first_mut(), |it, end| it.strip_prefix(end))
            }
            ("trimsuffix", [text, suffix]) => trimmed(text, suffix, |it| it.last_mut(), |it, end| it.strip_suffix(end)),
            ("lower", [text]) => each_character(text, char::to_lowercase),
            ("upper", [text]) => each_character(text, char::to_uppercase),
            ("trimspace", [text]) => text.as_str().map(|it| vec![Piece::Text(it.trim().to_owned())]),
            ("format", [pattern, values @ ..]) => formatted(pattern, values),
            ("join", [separator, lists @ ..]) => joined(separator, lists),
            ("jsonencode", [one]) => encoded(one),
            _ => None,
        };
        match pieces {
            Some(pieces) => Node { span, value: self.joined(pieces) },
            None => self.open(span),
        }
    }

    /// What a function comes to that takes or gives lists and objects, or gives one of its arguments.
    fn of_lists(&mut self, name: &str, values: &[Node], span: Span) -> Option<Node> {
        let list = |items: Vec<Node>| Some(Node { span, value: Value::Array(items) });
        match (name, values) {
            ("tostring", [one]) => pieces_of(one).map(|_| one.clone()),
            ("tolist" | "nonsensitive" | "sensitive", [one]) => Some(one.clone()),
            ("toset" | "sort", [one]) => Some(ordered(one.clone(), name == "toset")),
            ("split", [separator, text]) => list(split(separator, text, span)?),
            ("element", [list, at]) => element(list, at).cloned(),
            ("formatlist", [pattern, values @ ..]) => list(self.formatted_each(pattern, values, span)?),
            ("concat" | "flatten" | "distinct" | "compact", lists) => {
                let mut items: Vec<Node> = lists.iter().flat_map(|it| items(it, name == "flatten")).collect();
                let mut seen = HashSet::new();
                items.retain(|it| match name {
                    "compact" => !matches!(&it.value, Value::Null) && it.as_str() != Some(""),
                    "distinct" => it.as_str().is_none_or(|it| seen.insert(it.to_owned())),
                    _ => true,
                });
                list(items)
            }
            ("setunion", lists) => Some(ordered(list(lists.iter().flat_map(|it| items(it, false)).collect())?, true)),
            ("merge", objects) => {
                // What is not known may take the place of everything.
                if let Some(open) = objects.iter().find(|it| matches!(it.value, Value::Template(_))) {
                    if let Value::Template(pieces) = &open.value
                        && let [Piece::Unknown(name)] = pieces.as_slice()
                    {
                        self.perhaps.add(name);
                    }
                    return Some(open.clone());
                }
                Some(Node { span, value: Value::Object(self.perhaps.merged(objects)?) })
            }
            ("lookup", [object, key, default @ ..]) => found(object, key, default.first()),
            ("coalesce", values) => coalesced(values),
            ("keys", [object]) => {
                let key = |it: Member| Node { span: it.key_span, value: Value::String(it.key) };
                list(members(object)?.into_iter().map(key).collect())
            }
            ("values", [object]) => list(members(object)?.into_iter().map(|it| it.value).collect()),
            ("length", [one]) => Some(Node { span, value: Value::Number(length(one)?.to_string()) }),
            ("contains", [list, wanted]) => Some(Node { span, value: Value::Bool(contains(list, wanted)?) }),
            _ => None,
        }
    }

    /// A text for each element of the lists, which are of one length.
    fn formatted_each(&mut self, pattern: &Node, values: &[Node], span: Span) -> Option<Vec<Node>> {
        let count = values.iter().find_map(Node::as_array)?.len();
        let each = (0..count).map(|at| {
            (!self.is_exhausted()).then_some(())?;
            let of = |it: &Node| it.as_array().map_or(Some(it), |items| items.get(at)).cloned();
            let pieces = formatted(pattern, &values.iter().map(of).collect::<Option<Vec<_>>>()?)?;
            Some(Node { span, value: self.joined(pieces) })
        });
        each.collect()
    }
}

/// A text in the other case, a character for a character, as Terraform has it; none where one would become several.
fn each_character<I: ExactSizeIterator<Item = char>>(text: &Node, case: impl Fn(char) -> I) -> Option<Vec<Piece>> {
    let one = |c: char| {
        let mut mapped = case(c);
        mapped.next().filter(|_| mapped.len() == 0)
    };
    Some(vec![Piece::Text(text.as_str()?.chars().map(one).collect::<Option<String>>()?)])
}

/// As JSON, keys in their order; what is not known in it stays so, in its quotes.
fn encoded(node: &Node) -> Option<Vec<Piece>> {
    let (mut node, mut names) = (node.clone(), Vec::new());
    marked(&mut node, &mut names)?;
    // Terraform writes these, which stand in strings alone, by their code points.
    let mut text = compact(&node);
    for c in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
        text = text.replace(c, &format!("\\u{:04x}", u32::from(c)));
    }
    Some(pieces(&text, &names))
}

/// How many elements there are, where each is known: what is not may stand for more than one.
fn length(node: &Node) -> Option<usize> {
    match &node.value {
        Value::Array(items) => items.iter().all(|it| !matches!(it.value, Value::Template(_))).then_some(items.len()),
        _ => members(node).map(|it| it.len()),
    }
}

/// The strings of a list in order, each once if it becomes a set; as they are where one is not known.
fn ordered(mut list: Node, is_set: bool) -> Node {
    if let Value::Array(items) = &mut list.value
        && items.iter().all(|it| it.as_str().is_some())
    {
        items.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
        if is_set {
            items.dedup_by(|a, b| a.as_str() == b.as_str());
        }
    }
    list
}

/// The members of an object whose keys are known, in their order.
fn members(object: &Node) -> Option<Vec<Member>> {
    in_order(object.as_object()?.to_vec())
}

/// The value of a key, or what stands for one that is not there.
fn found(object: &Node, key: &Node, default: Option<&Node>) -> Option<Node> {
    let (members, key) = (members(object)?, key.as_str()?);
    members.into_iter().find(|it| it.key == key).map(|it| it.value).or_else(|| default.cloned())
}

/// The first value that is neither null nor empty.
fn coalesced(values: &[Node]) -> Option<Node> {
    let first = values.iter().find(|it| !matches!(it.value, Value::Null) && it.as_str() != Some(""))?;
    (!matches!(first.value, Value::Template(_))).then(|| first.clone())
}

/// Whether a known text is in a list of known ones.
fn contains(list: &Node, wanted: &Node) -> Option<bool> {
    let (items, wanted) = (list.as_array()?, wanted.as_str()?);
    let has = items.iter().any(|it| it.as_str() == Some(wanted));
    (has || items.iter().all(|it| it.as_str().is_some())).then_some(has)
}

fn marked(node: &mut Node, names: &mut Vec<String>) -> Option<()> {
    match &mut node.value {
        Value::Template(parts) => {
            let mut text = String::new();
            for it in parts {
                match it {
                    Piece::Text(it) => text.push_str(it),
                    Piece::Unknown(it) => {
                        text.push(mark(names.len()));
                        names.push(it.clone());
                    }
                }
            }
            node.value = Value::String(text);
            Some(())
        }
        Value::Array(items) => items.iter_mut().try_for_each(|it| marked(it, names)),
        Value::Object(members) => {
            *members = in_order(std::mem::take(members))?;
            members.iter_mut().try_for_each(|it| marked(&mut it.value, names))
        }
        _ => Some(()),
    }
}

fn split(separator: &Node, text: &Node, span: Span) -> Option<Vec<Node>> {
    let separator = separator.as_str().filter(|it| !it.is_empty())?;
    Some(text.as_str()?.split(separator).map(|it| Node { span, value: Value::String(it.to_owned()) }).collect())
}

/// The element at an index, which begins anew behind the last.
fn element<'n>(list: &'n Node, at: &Node) -> Option<&'n Node> {
    let (items, Value::Number(at)) = (list.as_array()?, &at.value) else { return None };
    items.get(at.parse::<usize>().ok()?.checked_rem(items.len())?)
}

/// The elements of a list, of the lists in it too where it is to be flattened; what is unknown counts as one.
fn items(node: &Node, is_flattened: bool) -> Vec<Node> {
    match &node.value {
        Value::Array(inner) if is_flattened => inner
            .iter()
            .flat_map(|it| match &it.value {
                Value::Array(_) => items(it, true),
                _ => vec![it.clone()],
            })
            .collect(),
        Value::Array(items) => items.clone(),
        _ => vec![node.clone()],
    }
}

/// Where the text is not known as a whole, only what it begins with can be replaced: the rest might hold it too, or not.
fn replaced(text: &Node, from: &Node, to: &Node) -> Option<Vec<Piece>> {
    let (from, to) = (from.as_str()?, to.as_str()?);
    if let Some(it) = from.strip_prefix('/').and_then(|it| it.strip_suffix('/')) {
        return if to.is_empty() { without(text, it) } else { None };
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

/// Without what a regular expression matches, for those that people take a provider's host out of its URL or its ARN with.
fn without(text: &Node, expression: &str) -> Option<Vec<Piece>> {
    let mut pieces = pieces_of(text)?;
    match expression.replace(['\\', '^', '(', ')'], "").as_str() {
        "https?://" | "https://" | "http[s]?://" => {
            let Some(Piece::Text(first)) = pieces.first_mut() else { return None };
            let scheme = ["https://", "http://"].into_iter().find_map(|it| first.strip_prefix(it));
            *first = scheme.unwrap_or(first).to_owned();
        }
        ".*provider/" | ".*oidc-provider/" => {
            let end = |it: &Piece| match it {
                Piece::Text(it) => it.rsplit_once("provider/").map(|it| it.1.to_owned()),
                Piece::Unknown(_) => None,
            };
            let (at, rest) = pieces.iter().enumerate().rev().find_map(|(at, it)| Some((at, end(it)?)))?;
            pieces.drain(..at);
            *pieces.first_mut()? = Piece::Text(rest);
        }
        _ => return None,
    }
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
