//! What an expression of Terraform comes to, as far as the text tells: literals, locals, defaults of variables, references to what
//! stands in the same text, a few functions. What it does not tell stays a named unknown. Bounded in depth, steps and size, so
//! that locals that refer to each other end.

use crate::document::hcl::{Block, Body, Expr, For, Part, Step, Value as Hcl};
use crate::document::json::{self, Member, Node, Piece, Value};
use crate::source::Unknown;
use crate::source::perhaps::{Case, Perhaps, is_nothing};
use crate::text::{Diagnostic, Span};

/// How many references may lead to each other.
const DEPTH: usize = 40;
/// How many expressions are evaluated, and how many bytes of text are made.
const STEPS: usize = 200_000;
pub(super) const BYTES: usize = 4 * 1024 * 1024;

/// How many instances of a block are read one by one.
const INSTANCES: usize = 100;

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) enum Target<'a> {
    Local(&'a Expr),
    Block(&'a Block),
}

/// The names of one text, and what was met while they were followed.
pub(super) struct Scope<'a> {
    pub(super) text: &'a str,
    /// In the order of the names: `local.x`, `var.x`, `aws_iam_role.x`, `data.aws_iam_policy_document.x`.
    names: Vec<(String, Target<'a>)>,
    variables: &'a [(String, String)],
    /// What the names of the `for` around stand for, the innermost last.
    bound: Vec<(String, Node)>,
    pub(super) unknown: Vec<Unknown>,
    /// What was decided for the reader.
    pub(super) notes: Vec<Diagnostic>,
    /// What may stand for nothing at all.
    pub(super) perhaps: Perhaps,
    /// Whether what is evaluated is the condition of a conditional.
    compares: bool,
    depth: usize,
    pub(super) steps: usize,
    pub(super) bytes: usize,
}

impl<'a> Scope<'a> {
    pub(super) fn new(text: &'a str, body: &'a Body, variables: &'a [(String, String)]) -> Self {
        let mut names = Vec::new();
        for block in &body.blocks {
            let labels: Vec<&str> = block.labels.iter().map(|it| it.value.as_str()).collect();
            match (block.kind.value.as_str(), labels.as_slice()) {
                ("locals", _) => names.extend(
                    block
                        .body
                        .attributes
                        .iter()
                        .map(|it| (format!("local.{}", it.name.value), Target::Local(&it.value))),
                ),
                ("variable", [name]) => names.push((format!("var.{name}"), Target::Block(block))),
                ("resource", [kind, name]) => names.push((format!("{kind}.{name}"), Target::Block(block))),
                ("data", [kind, name]) => names.push((format!("data.{kind}.{name}"), Target::Block(block))),
                _ => {}
            }
        }
        names.sort_by(|a, b| a.0.cmp(&b.0));
        Self {
            text,
            names,
            variables,
            bound: Vec::new(),
            unknown: Vec::new(),
            notes: Vec::new(),
            perhaps: Perhaps::default(),
            compares: false,
            depth: 0,
            steps: 0,
            bytes: 0,
        }
    }

    /// Whether the limits were reached, so that something was not followed to its end.
    pub(super) fn is_exhausted(&self) -> bool {
        self.steps >= STEPS || self.bytes >= BYTES
    }

    /// Why there is nothing more to be read, once that is so. What was left open then is no one's value.
    pub(super) fn exhausted(&self, span: Span) -> Option<Diagnostic> {
        let message = "the references in this text lead to more than is followed here";
        self.is_exhausted().then(|| Diagnostic::new(message).at(span))
    }

    pub(super) fn target(&self, name: &str) -> Option<Target<'a>> {
        let at = self.names.partition_point(|it| it.0.as_str() < name);
        self.names.get(at).filter(|it| it.0 == name).map(|it| it.1)
    }

    pub(super) fn block(&self, name: &str) -> Option<&'a Block> {
        match self.target(name) {
            Some(Target::Block(it)) => Some(it),
            _ => None,
        }
    }

    /// The value that a person gave to a name.
    fn given(&self, name: &str) -> Option<&'a str> {
        self.variables.iter().rev().find(|it| it.0 == name).map(|it| it.1.as_str())
    }

    /// Something without a value, by the name that it has in the text.
    pub(super) fn open(&mut self, span: Span) -> Node {
        self.named(self.written(span), span)
    }

    /// What stands in the text, on one line and cut to a length that a person can read.
    fn written(&self, span: Span) -> String {
        const SHOWN: usize = 80;
        let words: Vec<&str> = span.of(self.text).split_whitespace().take(SHOWN).collect();
        let mut name: String = words.join(" ").chars().take(SHOWN + 1).collect();
        if name.chars().count() > SHOWN {
            name = name.chars().take(SHOWN).chain(['…']).collect();
        }
        name
    }

    pub(super) fn named(&mut self, name: String, span: Span) -> Node {
        if let Some(it) = self.given(&name) {
            self.bytes += it.len();
            return Node { span, value: given_value(it, span) };
        }
        // What was given up is not asked for.
        if !self.is_exhausted() && !self.unknown.iter().any(|it| it.name == name) {
            self.unknown.push(Unknown { name: name.clone(), span });
        }
        Node { span, value: Value::Template(vec![Piece::Unknown(name)]) }
    }

    /// What an expression comes to.
    pub(super) fn value(&mut self, expr: &Expr) -> Node {
        self.steps += 1;
        if self.depth >= DEPTH || self.is_exhausted() {
            return self.open(expr.span);
        }
        self.depth += 1;
        let node = self.inside(expr);
        self.depth -= 1;
        node
    }

    fn inside(&mut self, expr: &Expr) -> Node {
        let span = expr.span;
        let value = match &expr.value {
            Hcl::Null => Value::Null,
            Hcl::Bool(it) => Value::Bool(*it),
            Hcl::Number(it) => match plain_number(it) {
                Some(it) => Value::Number(it),
                None => return self.open(span),
            },
            Hcl::List(items) => Value::Array(items.iter().map(|it| self.value(it)).collect()),
            Hcl::Object(entries) => Value::Object(
                entries
                    .iter()
                    .map(|it| {
                        let key = self.value(&it.key);
                        member(&key, it.key.span, self.value(&it.value))
                    })
                    .collect(),
            ),
            Hcl::Template(parts) => match parts.as_slice() {
                [Part::Code(one)] => return self.value(one),
                _ => self.template(parts),
            },
            Hcl::Reference(steps) => return self.reference(steps, span),
            Hcl::Call(name, arguments) => return self.call(name, arguments, span),
            Hcl::For(it) => match self.each(it) {
                Some(made) => made,
                None => return self.open(span),
            },
            Hcl::Step(of, Step::Name(name) | Step::Index(name)) => {
                let node = self.value(of);
                return self.step(node, &[name], span);
            }
            Hcl::Conditional(parts) => return self.conditional(parts, span),
            Hcl::Step(..) | Hcl::Equal(..) | Hcl::Other => return self.open(span),
        };
        Node { span, value }
    }

    /// What `each` is in each of a block's instances, by their keys; none where the text does not tell.
    pub(super) fn instances(&mut self, block: &Block) -> Option<Vec<(String, Node)>> {
        let list = self.value(&block.body.attribute("for_each")?.value);
        let each = |key: Node, value: Node| {
            let name = key.as_str()?.to_owned();
            let members = vec![Member::new("key", key), Member::new("value", value)];
            Some((name, Node { span: list.span, value: Value::Object(members) }))
        };
        let all: Option<Vec<_>> = match &list.value {
            Value::Array(items) => items.iter().map(|it| each(it.clone(), it.clone())).collect(),
            Value::Object(members) => members
                .iter()
                .filter(|it| it.unknown.is_empty())
                .map(|it| each(Node { span: it.key_span, value: Value::String(it.key.clone()) }, it.value.clone()))
                .collect(),
            _ => None,
        };
        all.filter(|it| (1..=INSTANCES).contains(&it.len()))
    }

    /// Whether a block is read for each of its instances.
    pub(super) fn is_expanded(&mut self, block: &Block) -> bool {
        let has_instances = ["aws_iam_role", "aws_iam_policy_document"];
        block.labels.first().is_some_and(|it| has_instances.contains(&it.value.as_str()))
            && self.instances(block).is_some()
    }

    pub(super) fn bind(&mut self, each: Node) {
        self.bound.push(("each".to_owned(), each));
    }

    pub(super) fn unbind(&mut self) {
        self.bound.pop();
    }

    /// Binds `each` to that instance of a block which an index names: a literal, or the `each.key` of the block around.
    pub(super) fn bind_named(&mut self, block: &Block, index: Option<&str>) {
        let span = block.kind.span;
        let outer = self.bound.iter().rev().find(|it| it.0 == "each").and_then(|it| it.1.member("key")?.as_str());
        let key = if index == Some("[each.key]") { outer } else { index }.map(str::to_owned);
        let all = self.instances(block).unwrap_or_default();
        let each = all.into_iter().find(|it| Some(&it.0) == key.as_ref()).map(|it| it.1);
        self.bind(each.unwrap_or(Node { span, value: Value::Null }));
    }

    /// What a conditional comes to: what its condition decides, else what both sides are, else one of the two.
    fn conditional(&mut self, [condition, one, other]: &[Expr; 3], span: Span) -> Node {
        let whole = self.written(span);
        if self.given(&whole).is_some() {
            return self.named(whole, span);
        }
        // Of what is not chosen nobody is asked for a value.
        let asked = self.unknown.len();
        let decided = self.decided(condition);
        self.unknown.truncate(asked);
        if let Some(is_one) = decided {
            return self.value(if is_one { one } else { other });
        }
        let sides = [one, other].map(|it| self.value(it));
        let is_same = sides.first().map(|it| &it.value) == sides.last().map(|it| &it.value);
        let case = Case { whole, on: self.written(condition.span), span };
        let node = self.perhaps.either(sides, &case);
        if is_same && matches!(node.value, Value::String(_) | Value::Template(_)) {
            return node;
        }
        let is_whole = matches!(node.value, Value::Template(_));
        if is_whole {
            self.unknown.truncate(asked);
        }
        // A value for what the condition is about decides it.
        self.decided(condition);
        let about = condition.span.of(self.text);
        if !self.unknown.iter().any(|it| about.contains(&it.name)) {
            self.named(if is_whole { case.whole } else { case.on }, span);
        }
        node
    }

    /// Whether a condition holds, where its values are known.
    pub(super) fn decided(&mut self, condition: &Expr) -> Option<bool> {
        if let Some(it) = self.given(&self.written(condition.span)).and_then(|it| it.parse().ok()) {
            return Some(it);
        }
        let outer = std::mem::replace(&mut self.compares, true);
        let decided = match &condition.value {
            Hcl::Equal(sides, is_negated) => {
                let [one, other] = sides.each_ref().map(|it| self.value(it));
                // A number is no text to Terraform, but what a variable holds may become one, and what a person gives is text here.
                let is_given = sides.iter().any(|it| self.is_given(it));
                equal(&one, &other, is_given).map(|it| it != *is_negated)
            }
            _ => known(&self.value(condition)).and_then(|it| it.parse().ok()),
        };
        self.compares = outer;
        decided
    }

    /// Whether a person gave the value of a reference.
    fn is_given(&self, expr: &Expr) -> bool {
        let written = expr.span.of(self.text);
        self.given(written).or_else(|| self.given(written.strip_prefix("var.")?)).is_some()
    }

    /// What a `for` makes of the elements of a list or an object that is known.
    fn each(&mut self, it: &For) -> Option<Value> {
        let text = |it: String, span| Node { span, value: Value::String(it) };
        let asked = self.unknown.len();
        let is_splat = it.names.iter().any(|it| it.value == "*");
        let list = self.value(&it.list);
        let items: Vec<(Node, Node)> = match list.value {
            Value::Array(_) if self.perhaps.is_loose(&list) => return None,
            Value::Array(items) => {
                let number = |it: usize, span| Node { span, value: Value::Number(it.to_string()) };
                items.into_iter().enumerate().map(|it| (number(it.0, it.1.span), it.1)).collect()
            }
            // To a splat an object is one element.
            Value::Object(members) if !is_splat => {
                in_order(members)?.into_iter().map(|it| (text(it.key, it.key_span), it.value)).collect()
            }
            _ => {
                // Of a splat nobody has the list alone.
                self.unknown.truncate(if is_splat { asked } else { usize::MAX });
                return None;
            }
        };
        let (mut found, mut members) = (Vec::new(), Vec::new());
        for (key, value) in items {
            if self.is_exhausted() {
                return None;
            }
            let outer = self.bound.len();
            match it.names.as_slice() {
                [one] => self.bound.push((one.value.clone(), value)),
                [first, second] => self.bound.extend([(first.value.clone(), key), (second.value.clone(), value)]),
                _ => return None,
            }
            let is_wanted = it.condition.as_ref().map_or(Some(true), |it| self.decided(it));
            let made =
                is_wanted.filter(|it| *it).map(|_| (it.key.as_ref().map(|it| self.value(it)), self.value(&it.value)));
            self.bound.truncate(outer);
            match (is_wanted?, made) {
                (true, Some((Some(key), value))) => members.push(member(&key, key.span, value)),
                (true, Some((None, value))) => found.push(value),
                _ => {}
            }
        }
        Some(if it.key.is_some() { Value::Object(members) } else { Value::Array(found) })
    }

    fn template(&mut self, parts: &[Part]) -> Value {
        let mut pieces = Vec::new();
        // `~` takes the spaces away that stand beside it, up to the end of the line and with it.
        let file = self.text;
        let written = |at: Option<usize>| match at.and_then(|it| parts.get(it)) {
            Some(Part::Directive(span)) => span.of(file),
            _ => "",
        };
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Text(it) => {
                    let mut text = it.text.as_str();
                    if written(at.checked_sub(1)).ends_with("~}") {
                        let line = text.split_inclusive('\n').next().unwrap_or("");
                        text = text.get(line.len() - line.trim_start().len()..).unwrap_or("");
                    }
                    let after = written(Some(at + 1));
                    if after.starts_with("%{~") || after.starts_with("${~") {
                        let line = text.split_inclusive('\n').next_back().unwrap_or("");
                        text = text.get(..text.len() - (line.len() - line.trim_end().len())).unwrap_or("");
                    }
                    pieces.push(Piece::Text(text.to_owned()));
                }
                Part::Code(it) => {
                    let node = self.value(it);
                    match pieces_of(&node) {
                        Some(more) => pieces.extend(more),
                        None => pieces.extend(pieces_of(&self.open(it.span)).unwrap_or_default()),
                    }
                }
                Part::Directive(span) => pieces.extend(pieces_of(&self.open(*span)).unwrap_or_default()),
            }
        }
        self.joined(pieces)
    }

    /// One string of several pieces.
    pub(super) fn joined(&mut self, pieces: Vec<Piece>) -> Value {
        let mut merged: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (merged.last_mut(), piece) {
                (_, Piece::Text(it)) if it.is_empty() => {}
                (Some(Piece::Text(last)), Piece::Text(it)) => last.push_str(&it),
                (_, it) => merged.push(it),
            }
        }
        self.bytes += merged.iter().map(|(Piece::Text(it) | Piece::Unknown(it))| it.len()).sum::<usize>();
        match merged.as_slice() {
            [] => Value::String(String::new()),
            [Piece::Text(it)] => Value::String(it.clone()),
            _ => Value::Template(merged),
        }
    }

    fn reference(&mut self, steps: &[Step], span: Span) -> Node {
        let names: Vec<String> = steps.iter().map(|it| self.index(it)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let written = span.of(self.text);
        if self.given(written).is_some() {
            return self.named(written.to_owned(), span);
        }
        if let [name, rest @ ..] = names.as_slice()
            && let Some((_, it)) = self.bound.iter().rev().find(|it| it.0 == *name)
        {
            // What is bound is not evaluated again, so its copies are counted here.
            let found = walk(&self.perhaps, it, rest);
            let (steps, bytes) = found.map(weight).unwrap_or_default();
            self.steps += steps;
            self.bytes += bytes;
            let found = found.filter(|_| !self.is_exhausted()).cloned();
            return found.unwrap_or_else(|| self.open(span));
        }
        match names.as_slice() {
            ["var", name, rest @ ..] => {
                if let Some(it) = self.given(name) {
                    self.bytes += it.len();
                    return self.step(Node { span, value: given_value(it, span) }, rest, span);
                }
                let block = self.block(&format!("var.{name}"));
                match block.and_then(|it| it.body.attribute("default")) {
                    Some(it) if it.value.value != Hcl::Null => {
                        let node = self.value(&it.value);
                        // An empty default is there to be set; only a comparison asks whether it was.
                        if rest.is_empty() && !self.compares && is_nothing(&node) {
                            if !matches!(node.value, Value::String(_)) {
                                self.perhaps.add(written);
                            }
                            return self.open(span);
                        }
                        self.step(node, rest, span)
                    }
                    // So is one that is null.
                    Some(_) if rest.is_empty() && self.compares => Node { span, value: Value::Null },
                    _ => self.open(span),
                }
            }
            ["local", name, rest @ ..] => match self.target(&format!("local.{name}")) {
                Some(Target::Local(it)) => {
                    let node = self.value(it);
                    self.step(node, rest, span)
                }
                _ => self.open(span),
            },
            ["data", kind, name, rest @ ..] => self.attribute(&format!("data.{kind}.{name}"), kind, rest, span),
            [kind, name, rest @ ..] => self.attribute(&format!("{kind}.{name}"), kind, rest, span),
            _ => self.open(span),
        }
    }

    /// The name of a step: of `[k]`, what `k` stands for in the `for` around.
    fn index(&self, step: &Step) -> String {
        let bound = || {
            let Step::Computed(it) = step else { return None };
            let path: Vec<&str> = it.trim_matches(['[', ']', ' ']).split('.').collect();
            let (first, rest) = path.split_first()?;
            let node = &self.bound.iter().rev().find(|it| it.0 == *first)?.1;
            known(walk(&self.perhaps, node, rest)?)
        };
        bound().unwrap_or_else(|| step.as_str().to_owned())
    }

    /// An attribute of a resource or a data source that stands in the text.
    fn attribute(&mut self, name: &str, kind: &str, rest: &[&str], span: Span) -> Node {
        let Some(block) = self.block(name) else { return self.open(span) };
        // With `count` or `for_each` there is an index first.
        let is_many = ["count", "for_each"].iter().any(|it| block.body.attribute(it).is_some());
        let rest = if is_many { rest.get(1..).unwrap_or_default() } else { rest };
        let [attribute, rest @ ..] = rest else { return self.open(span) };
        if kind == "aws_iam_openid_connect_provider" {
            if *attribute == "url" {
                // Surprise: what the provider gives back has no `https://`, whatever was written.
                let url = block.body.attribute("url").map(|it| self.value(&it.value));
                return match url.and_then(|it| self.host(&it)) {
                    Some(pieces) => Node { span, value: self.joined(pieces) },
                    None => self.open(span),
                };
            }
            if matches!(*attribute, "arn" | "id") && !block.body.attributes.iter().any(|it| it.name.value == "arn") {
                let url = block.body.attribute("url").map(|it| self.value(&it.value));
                let Some(host) = url.and_then(|it| self.host(&it)) else { return self.open(span) };
                return Node { span, value: self.provider_arn(host) };
            }
        }
        match block.body.attribute(attribute) {
            Some(it) => {
                let node = self.value(&it.value);
                self.step(node, rest, span)
            }
            None => self.open(span),
        }
    }

    /// A URL without its scheme.
    fn host(&self, url: &Node) -> Option<Vec<Piece>> {
        let mut pieces = pieces_of(url)?;
        if let Some(Piece::Text(first)) = pieces.first_mut() {
            *first = first.strip_prefix("https://").unwrap_or(first).to_owned();
        }
        Some(pieces)
    }

    /// The ARN of a provider that is made by the same text: the account and the partition are the role's own.
    fn provider_arn(&mut self, host: Vec<Piece>) -> Value {
        let mut pieces = Vec::new();
        for (text, name) in [
            ("arn:", "data.aws_partition.current.partition"),
            (":iam::", "data.aws_caller_identity.current.account_id"),
        ] {
            pieces.push(Piece::Text(text.to_owned()));
            pieces.push(match self.given(name) {
                Some(it) => Piece::Text(it.to_owned()),
                None => Piece::Unknown(name.to_owned()),
            });
        }
        pieces.push(Piece::Text(":oidc-provider/".to_owned()));
        pieces.extend(host);
        self.joined(pieces)
    }

    /// Follows names and indexes into a value.
    fn step(&mut self, node: Node, rest: &[&str], span: Span) -> Node {
        match rest {
            [] => node,
            _ => walk(&self.perhaps, &node, rest).cloned().unwrap_or_else(|| self.open(span)),
        }
    }
}

/// What stands behind names and indexes in a value.
fn walk<'n>(perhaps: &Perhaps, node: &'n Node, rest: &[&str]) -> Option<&'n Node> {
    rest.iter().try_fold(node, |node, name| match &node.value {
        Value::Array(_) if perhaps.is_loose(node) => None,
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        Value::Object(members) => members.iter().rev().find(|it| it.key == *name).map(|it| &it.value),
        _ => None,
    })
}

/// How many values there are in a value, itself included, and how many bytes of text.
pub(super) fn weight(node: &Node) -> (usize, usize) {
    let of =
        |all: &mut dyn Iterator<Item = &Node>| all.map(weight).fold((1, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    match &node.value {
        Value::Array(items) => of(&mut items.iter()),
        Value::Object(members) => of(&mut members.iter().map(|it| &it.value)),
        Value::String(it) => (1, it.len()),
        Value::Template(pieces) => (1, pieces.iter().map(|(Piece::Text(it) | Piece::Unknown(it))| it.len()).sum()),
        _ => (1, 0),
    }
}

/// A number as Terraform writes it: `1.50` is 1.5, and `1e3` is 1000. None where it is too long to be written out.
fn plain_number(text: &str) -> Option<String> {
    const ZEROS_MOST: i64 = 60;
    let (sign, text) = text.strip_prefix('-').map_or(("", text), |it| ("-", it));
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i64 = exponent.parse().ok()?;
    let point = i64::try_from(whole.len()).ok()? + exponent;
    let mut all = format!("{whole}{fraction}");
    if !(-ZEROS_MOST..=ZEROS_MOST).contains(&exponent) {
        return None;
    }
    let before = usize::try_from(-point).unwrap_or(0);
    all.insert_str(0, &"0".repeat(before));
    let point = usize::try_from(point).unwrap_or(0);
    all.push_str(&"0".repeat(point.saturating_sub(all.len())));
    let (whole, fraction) = all.split_at_checked(point)?;
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(match (whole, fraction) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    })
}

/// Whether two values are equal, where that is known. `is_given`: whether one of them was given as text.
fn equal(one: &Node, other: &Node, is_given: bool) -> Option<bool> {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => Some(true),
        (Value::Null, it) | (it, Value::Null) => (!matches!(it, Value::Template(_))).then_some(false),
        _ => {
            let is_same_kind = std::mem::discriminant(&one.value) == std::mem::discriminant(&other.value);
            let sides = known(one).zip(known(other)).filter(|_| is_same_kind || is_given);
            sides.map(|(one, other)| one == other)
        }
    }
}

/// A string, a number, a truth or nothing, as text.
fn known(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(it) | Value::Number(it) => Some(it.clone()),
        Value::Bool(it) => Some(it.to_string()),
        _ => None,
    }
}

/// What a person gave: a list or an object as JSON, else a string.
fn given_value(text: &str, span: Span) -> Value {
    match json::parse(text) {
        Ok(mut node @ Node { value: Value::Array(_) | Value::Object(_), .. }) => {
            node.put_at(span);
            node.value
        }
        _ => Value::String(text.to_owned()),
    }
}

/// The members of an object as Terraform goes through them: in the order of their keys, of two the last. None where a key is not known.
pub(super) fn in_order(members: Vec<Member>) -> Option<Vec<Member>> {
    if members.iter().any(|it| !it.unknown.is_empty()) {
        return None;
    }
    let mut ordered: Vec<Member> = members.into_iter().rev().collect();
    ordered.sort_by(|a, b| a.key.cmp(&b.key));
    ordered.dedup_by(|a, b| a.key == b.key);
    Some(ordered)
}

/// The pieces of a scalar.
pub(super) fn pieces_of(node: &Node) -> Option<Vec<Piece>> {
    match &node.value {
        Value::String(it) | Value::Number(it) => Some(vec![Piece::Text(it.clone())]),
        Value::Bool(it) => Some(vec![Piece::Text(it.to_string())]),
        Value::Template(it) => Some(it.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A member whose key is a value.
pub(super) fn member(key: &Node, key_span: Span, value: Node) -> Member {
    let pieces = pieces_of(key).unwrap_or_default();
    let unknown = pieces.iter().filter_map(|it| match it {
        Piece::Unknown(it) => Some(it.clone()),
        Piece::Text(_) => None,
    });
    Member { key: json::shown(&pieces), unknown: unknown.collect(), key_span, value }
}
