//! What may be there or not: the two sides of a conditional of which the condition is not known, as one value.
//!
//! In such a value a member whose key is written out and still has references in `unknown` may be there or not, and a list's element of
//! which that is so has a mark among its members. [`Perhaps::settle`] puts both where they keep a verdict open: into the keys of
//! conditions. Whatever it does not know is left as it is, so that reading the policy refuses it by its name.

use std::collections::BTreeSet;

use crate::document::json::{Member, Node, Piece, Value};
use crate::text::Span;

/// The names that may stand for nothing at all, or for several values.
#[derive(Debug, Default)]
pub(super) struct Perhaps {
    names: BTreeSet<String>,
}

/// What is not known.
pub(super) struct Case {
    /// The name of the whole value.
    pub(super) whole: String,
    /// The name of what decides whether it is there.
    pub(super) on: String,
    pub(super) span: Span,
}

impl Case {
    fn open(&self) -> Value {
        Value::Template(vec![Piece::Unknown(self.whole.clone())])
    }
}

impl Perhaps {
    pub(super) fn add(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    /// Whether an element may be there or not, or stand for several.
    pub(super) fn has(&self, node: &Node) -> bool {
        match &node.value {
            Value::Template(_) => self.name_of(node).is_some(),
            Value::Object(members) => members.iter().any(is_mark),
            _ => false,
        }
    }

    /// Whether the places of a list's elements are not known.
    pub(super) fn is_loose(&self, list: &Node) -> bool {
        list.as_array().is_some_and(|items| items.iter().any(|it| self.has(it)))
    }

    fn name_of<'n>(&self, node: &'n Node) -> Option<&'n str> {
        unknown_of(node).filter(|it| self.names.contains(*it))
    }

    /// One of two values, it is not known which.
    pub(super) fn either(&mut self, sides: [Node; 2], case: &Case) -> Node {
        let span = case.span;
        let [one, other] = sides;
        if same(&one, &other) {
            return one;
        }
        let is_open = [&one, &other].into_iter().any(is_nothing);
        let value = match (one.value, other.value) {
            (Value::Object(one), Value::Object(other)) => Value::Object(self.members(one, other, case)),
            (Value::Object(it), Value::Null) | (Value::Null, Value::Object(it)) => {
                Value::Object(self.members(it, Vec::new(), case))
            }
            (Value::Array(one), Value::Array(other)) if one.iter().chain(&other).any(|it| it.as_object().is_some()) => {
                Value::Array(one.into_iter().chain(other).map(|it| self.optional(it, case)).collect())
            }
            (Value::Array(it), Value::Null) | (Value::Null, Value::Array(it))
                if it.iter().any(|it| it.as_object().is_some()) =>
            {
                Value::Array(it.into_iter().map(|it| self.optional(it, case)).collect())
            }
            _ => {
                if is_open {
                    self.add(&case.whole);
                }
                case.open()
            }
        };
        Node { span, value }
    }

    fn members(&mut self, one: Vec<Member>, other: Vec<Member>, case: &Case) -> Vec<Member> {
        let mut found: Vec<Member> = Vec::new();
        let mut others = last_of_each(other);
        for mut member in last_of_each(one) {
            match others.iter().position(|it| it.key == member.key) {
                Some(at) => {
                    let other = others.remove(at);
                    member.value = self.either([member.value, other.value], case);
                    add_names(&mut member.unknown, &other.unknown);
                }
                None => add_names(&mut member.unknown, std::slice::from_ref(&case.on)),
            }
            found.push(member);
        }
        for mut member in others {
            add_names(&mut member.unknown, std::slice::from_ref(&case.on));
            found.push(member);
        }
        found
    }

    /// An element of a list that may be there or not.
    pub(super) fn optional(&mut self, mut item: Node, case: &Case) -> Node {
        if let Value::Object(members) = &mut item.value {
            let mark = Member {
                key: format!("${{{}}}", case.on),
                unknown: vec![case.on.clone()],
                key_span: case.span,
                value: Node { span: case.span, value: Value::Null },
            };
            if !members.iter().any(|it| it.key == mark.key) {
                members.push(mark);
            }
            return item;
        }
        self.add(&case.whole);
        Node { span: item.span, value: case.open() }
    }

    /// The last of each key of several objects. One that may be there takes the place of another perhaps. None where one is no object.
    pub(super) fn merged(&mut self, objects: &[Node]) -> Option<Vec<Member>> {
        let mut found: Vec<Member> = Vec::new();
        for object in objects {
            if object.value == Value::Null {
                continue;
            }
            for member in object.as_object()? {
                let mut member = member.clone();
                if let Some(at) = found.iter().position(|it| it.key == member.key) {
                    let before = found.remove(at);
                    if is_perhaps(&member) {
                        let on = member.unknown.join(", ");
                        let case = Case { whole: on.clone(), on, span: member.value.span };
                        member.value = self.either([before.value, member.value], &case);
                        member.unknown = if before.unknown.is_empty() {
                            Vec::new()
                        } else {
                            [before.unknown, member.unknown].concat()
                        };
                    }
                }
                found.push(member);
            }
        }
        Some(found)
    }

    /// A document of which every part that may be there or not keeps the verdict open.
    pub(super) fn settle(&self, document: &mut Node) {
        let Value::Object(top) = &mut document.value else { return };
        let mut open = Vec::new();
        for it in top.iter_mut().filter(|it| is_perhaps(it)) {
            open.extend(std::mem::take(&mut it.unknown).into_iter().map(|name| (name, it.key_span)));
        }
        for it in top.iter_mut().filter(|it| it.key.eq_ignore_ascii_case("Statement")) {
            match &mut it.value.value {
                Value::Array(items) => items.iter_mut().for_each(|it| self.statement(it, &open)),
                _ => self.statement(&mut it.value, &open),
            }
        }
    }

    fn statement(&self, node: &mut Node, around: &[(String, Span)]) {
        let span = node.span;
        let Value::Object(members) = &mut node.value else { return };
        let mut open = around.to_vec();
        let mut take = |it: &mut Member| {
            open.extend(std::mem::take(&mut it.unknown).into_iter().map(|name| (name, it.key_span)));
        };
        members.retain_mut(|it| {
            let is_mark = is_mark(it);
            if is_mark {
                take(it);
            }
            !is_mark
        });
        for it in members.iter_mut() {
            if it.key.eq_ignore_ascii_case("Condition") {
                let names = if is_perhaps(it) { std::mem::take(&mut it.unknown) } else { Vec::new() };
                self.conditions(&mut it.value, &names);
                continue;
            }
            if is_perhaps(it) {
                take(it);
            }
            if let Value::Object(kinds) = &mut it.value.value {
                kinds.iter_mut().filter(|it| is_perhaps(it)).for_each(&mut take);
            }
        }
        for (name, at) in open {
            add_condition(members, name, at, span);
        }
    }

    /// What stands behind `Condition`, all of it under the names that decide whether it is there.
    fn conditions(&self, node: &mut Node, names: &[String]) {
        let span = node.span;
        if let Some(open) = self.opened(node, names) {
            let member = Member { key_span: span, ..Member::new("StringEquals", open) };
            *node = Node { span, value: Value::Object(vec![member]) };
            return;
        }
        let Value::Object(operators) = &mut node.value else { return };
        for operator in operators {
            let mut names = names.to_vec();
            if is_perhaps(operator) {
                names.append(&mut operator.unknown);
            }
            if let Some(open) = self.opened(&operator.value, &names) {
                operator.value = open;
                continue;
            }
            let Value::Object(keys) = &mut operator.value.value else { continue };
            for key in keys {
                add_names(&mut key.unknown, &names);
                if let Some(name) = self.nothing_but(&key.value) {
                    add_names(&mut key.unknown, &[name.to_owned()]);
                }
            }
        }
    }

    /// For what may stand for any number of keys: one that is not known.
    fn opened(&self, node: &Node, names: &[String]) -> Option<Node> {
        let name = if names.is_empty() { self.name_of(node)? } else { unknown_of(node)? };
        let mut member = unknown_key(name.to_owned(), node.span);
        add_names(&mut member.unknown, names);
        Some(Node { span: node.span, value: Value::Object(vec![member]) })
    }

    /// The name of values that may be none at all.
    fn nothing_but<'n>(&self, values: &'n Node) -> Option<&'n str> {
        match &values.value {
            Value::Array(items) if items.iter().all(|it| self.name_of(it).is_some()) => self.name_of(items.first()?),
            _ => self.name_of(values),
        }
    }
}

/// Whether a member may be there or not: its key is known, and a reference decides.
fn is_perhaps(it: &Member) -> bool {
    !it.unknown.is_empty() && !it.key.contains("${")
}

/// Whether it says of the object around it that this may be there or not.
pub(super) fn is_mark(it: &Member) -> bool {
    it.value.value == Value::Null && matches!(it.unknown.as_slice(), [on] if it.key == format!("${{{on}}}"))
}

/// Whether a value is null or empty.
pub(super) fn is_nothing(it: &Node) -> bool {
    match &it.value {
        Value::Null => true,
        Value::String(it) => it.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// The name of what is not known as a whole.
fn unknown_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Template(pieces) => match pieces.as_slice() {
            [Piece::Unknown(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two values are the same, wherever they stand.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|it| same(it.0, it.1))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_same = |a: &Member, b: &Member| a.key == b.key && a.unknown == b.unknown && same(&a.value, &b.value);
            one.len() == other.len() && one.iter().zip(other).all(|it| is_same(it.0, it.1))
        }
        (one, other) => one == other,
    }
}

fn last_of_each(members: Vec<Member>) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    for it in members {
        found.retain(|before| before.key != it.key);
        found.push(it);
    }
    found
}

fn add_names(names: &mut Vec<String>, more: &[String]) {
    for it in more {
        if !names.contains(it) {
            names.push(it.clone());
        }
    }
}

/// A key and a value that are not known, so that nothing is decided by them.
fn unknown_key(name: String, span: Span) -> Member {
    let value = Node { span, value: Value::Template(vec![Piece::Unknown(name.clone())]) };
    Member { key: format!("${{{name}}}"), unknown: vec![name], key_span: span, value }
}

/// One condition more that is not known.
fn add_condition(members: &mut Vec<Member>, name: String, at: Span, statement: Span) {
    let object = |span| Node { span, value: Value::Object(Vec::new()) };
    if !members.iter().any(|it| it.key.eq_ignore_ascii_case("Condition")) {
        members.push(Member { key_span: at, ..Member::new("Condition", object(statement)) });
    }
    let condition = members.iter_mut().rev().find(|it| it.key.eq_ignore_ascii_case("Condition"));
    let Some(Member { value: Node { value: Value::Object(operators), .. }, .. }) = condition else { return };
    let operator = "StringEquals";
    if !operators.iter().any(|it| it.key == operator && it.value.as_object().is_some()) {
        operators.push(Member { key_span: at, ..Member::new(operator, object(at)) });
    }
    let keys = operators.iter_mut().find(|it| it.key == operator && it.value.as_object().is_some());
    if let Some(Member { value: Node { value: Value::Object(keys), .. }, .. }) = keys {
        let key = unknown_key(name, at);
        if !keys.iter().any(|it| it.key == key.key) {
            keys.push(key);
        }
    }
}
