//! What the functions of a template give, as far as the template alone tells.

use std::collections::HashMap;
use std::ops::Range;

use crate::document::json::{self, MAX_BYTES, Member, Node, Piece, Value};
use crate::document::spelled::Spelled;
use crate::document::{Text, yaml};
use crate::source::Unknown;
use crate::source::embedded::{fill, mark, pieces};
use crate::source::perhaps::{Case, Perhaps};
use crate::text::{Diagnostic, Span, quoted};

/// How far references are followed.
const DEPTH: usize = 110;

/// What a dynamic reference begins with: `{{resolve:ssm:name}}`. Source: AWS CloudFormation User Guide, "Using dynamic references".
const DYNAMIC: &str = "{{resolve:";

/// What stands for a function in both of its forms, `Fn::Sub` and `!Sub`.
fn function(node: &Node) -> Option<(&str, &Node)> {
    let [Member { key, value, .. }] = node.as_object()? else { return None };
    let name = key.strip_prefix("Fn::").or_else(|| key.strip_prefix('!')).or((key == "Ref").then_some("Ref"))?;
    Some((name, value))
}

/// What a resource is. The CDK makes a provider by a function of its own, with the same properties.
pub(super) fn kind(resource: &Node) -> Option<&str> {
    let kind = resource.member("Type")?.as_str()?;
    Some(if kind == "Custom::AWSCDKOpenIdConnectProvider" { "AWS::IAM::OIDCProvider" } else { kind })
}

pub(super) struct Scope<'n> {
    text: &'n str,
    parameters: HashMap<&'n str, &'n Node>,
    resources: HashMap<&'n str, &'n Node>,
    conditions: HashMap<&'n str, &'n Node>,
    variables: &'n [(String, String)],
    /// How much may still be made.
    left: usize,
    perhaps: Perhaps,
    pub(super) unknown: Vec<Unknown>,
    pub(super) notes: Vec<Diagnostic>,
}

impl<'n> Scope<'n> {
    pub(super) fn new(text: &'n str, root: &'n Node, variables: &'n [(String, String)]) -> Self {
        let map = |name: &str| {
            let members = root.member(name).and_then(Node::as_object).unwrap_or_default();
            members.iter().map(|it| (it.key.as_str(), &it.value)).collect()
        };
        Self {
            text,
            parameters: map("Parameters"),
            resources: map("Resources"),
            conditions: map("Conditions"),
            variables,
            left: 2 * MAX_BYTES,
            perhaps: Perhaps::default(),
            unknown: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn is_exhausted(&self) -> bool {
        self.left == 0
    }

    /// Why there is nothing more to be read, once that is so. What was left open then is no one's value.
    pub(super) fn exhausted(&self) -> Option<Diagnostic> {
        let message = "the references in this template lead to more than is followed here";
        self.is_exhausted().then(|| Diagnostic::new(message))
    }

    /// A trust policy, and whether its places are only those of a whole around it.
    ///
    /// # Errors
    /// A string that holds no JSON.
    pub(super) fn document(&mut self, node: &Node) -> Result<(Node, bool), Diagnostic> {
        let (mut document, is_embedded) = self.whole(node)?;
        self.resolve(&mut document);
        if let Some(it) = self.exhausted() {
            return Err(it.at(node.span));
        }
        self.perhaps.settle(&mut document);
        Ok((document, is_embedded))
    }

    fn whole(&mut self, node: &Node) -> Result<(Node, bool), Diagnostic> {
        let parts = match function(node) {
            Some(("Sub", inside)) => self.sub_parts(inside).map(|it| it.0).zip(self.sub(inside, 0)),
            _ => None,
        };
        let (string, pieces) = match parts {
            Some(it) => it,
            None => {
                // Of a text that stands there the dynamic references are looked for when it is read.
                let value = if node.as_str().is_some() { node.clone() } else { self.value(node, 0) };
                let pieces = match value.value {
                    Value::String(it) => vec![Piece::Text(it)],
                    Value::Template(it) => it,
                    Value::Object(_) => return Ok((value, false)),
                    _ => return Err(Diagnostic::new("expected a policy document").at(value.span)),
                };
                (node, pieces.into_iter().map(|it| (it, 0..0)).collect())
            }
        };
        if let [(Piece::Unknown(name), _)] = pieces.as_slice() {
            return Err(Diagnostic::new(format!("the value of {} is not in this template", quoted(name))).at(node.span));
        }
        // JSON in a string. What stands there as it is has its own place, and what a reference put in has the reference's.
        let source = string.as_str().unwrap_or_default();
        let written = lines(self.text, string.span, source).filter(|_| string.as_str().is_some());
        let (mut spelled, mut names) = (Spelled::default(), Vec::new());
        for (piece, range) in pieces {
            let range = if range.is_empty() { 0..source.len() } else { range };
            let place = written.as_ref().map_or(string.span, |it| it.place(Span::new(range.start, range.end)));
            match piece {
                Piece::Text(it) => match written.as_ref().filter(|_| source.get(range.clone()) == Some(it.as_str())) {
                    Some(written) => {
                        for (offset, line) in lines_of(&it) {
                            let at = range.start + offset;
                            spelled.push_verbatim(line, written.place(Span::new(at, at + line.len())).start);
                        }
                    }
                    None => spelled.push(&it, place),
                },
                Piece::Unknown(name) => {
                    spelled.push(&mark(names.len()).to_string(), place);
                    names.push(name);
                }
            }
        }
        fill(&spelled, &names, string.span).map(|it| (it, written.is_none()))
    }

    /// A value with its functions followed.
    pub(super) fn value(&mut self, node: &Node, depth: usize) -> Node {
        self.left = self.left.saturating_sub(16);
        if depth > DEPTH || self.left == 0 {
            return self.open(node);
        }
        if let Some((name, inside)) = function(node) {
            let pieces = match name {
                "Ref" => inside.as_str().and_then(|it| self.reference(it, inside.span, depth)),
                "Sub" => self.sub(inside, depth).map(|it| it.into_iter().map(|it| it.0).collect()),
                "GetAtt" => attribute(inside).and_then(|it| self.attribute(&it.0, &it.1, depth)),
                "Join" => self.join(inside, depth),
                _ => None,
            };
            let place = match name {
                "Sub" => self.sub_parts(inside).map_or(node.span, |it| it.0.span),
                _ => node.span,
            };
            return match pieces {
                Some(it) => self.made(it, place),
                None if name == "Split" => self.split(inside, depth).unwrap_or_else(|| self.open(node)),
                None if name == "If" => match self.entry(node, depth) {
                    Some((node, None)) => node,
                    _ => self.open(node),
                },
                None if name == "Select" => self.select(inside, depth).unwrap_or_else(|| self.open(node)),
                None if name == "Ref" => self.list(inside, node).unwrap_or_else(|| self.open(node)),
                None => self.open(node),
            };
        }
        let value = match &node.value {
            Value::Array(items) => Value::Array(items.iter().filter_map(|it| self.item(it, depth)).collect()),
            Value::Object(members) => Value::Object(members.iter().filter_map(|it| self.member(it, depth)).collect()),
            Value::String(it) if it.contains(DYNAMIC) => return self.made(vec![Piece::Text(it.clone())], node.span),
            other => other.clone(),
        };
        Node { span: node.span, value }
    }

    /// An element of a list, unless it is left out.
    fn item(&mut self, it: &Node, depth: usize) -> Option<Node> {
        Some(match self.entry(it, depth)? {
            (node, None) => node,
            (node, Some(on)) => self.perhaps.optional(node, &Case { whole: self.written(it), on, span: it.span }),
        })
    }

    /// A member, unless its value is left out.
    fn member(&mut self, it: &Member, depth: usize) -> Option<Member> {
        if it.key.contains("${") || !it.unknown.is_empty() {
            let message = format!("{} is a key: CloudFormation puts no values into keys", quoted(&it.key));
            let help = "write the whole document as the text of one `Fn::Sub`";
            self.notes.push(Diagnostic::new(message).at(it.key_span).help(help));
        }
        let (value, on) = self.entry(&it.value, depth)?;
        let unknown = it.unknown.iter().cloned().chain(on).collect();
        Some(Member { key: it.key.clone(), unknown, key_span: it.key_span, value })
    }

    /// A value of a list or of an object, and the condition that decides whether it is there; none where it is left out.
    fn entry(&mut self, node: &Node, depth: usize) -> Option<(Node, Option<String>)> {
        match function(node) {
            Some(("Ref", of)) if of.as_str() == Some("AWS::NoValue") => return None,
            Some(("If", inside)) if depth <= DEPTH && !self.is_exhausted() => {
                if let Some([on, one, other]) = inside.as_array() {
                    return self.either(node, on, [one, other], depth + 1);
                }
            }
            _ => {}
        }
        Some((self.value(node, depth + 1), None))
    }

    /// What `Fn::If` gives: what its condition decides, else what both sides are, else one of the two.
    fn either(&mut self, node: &Node, on: &Node, sides: [&Node; 2], depth: usize) -> Option<(Node, Option<String>)> {
        self.left = self.left.saturating_sub(16);
        let asked = self.unknown.len();
        let decided = on.as_str().and_then(|it| self.decided(it, depth));
        let conditions = self.unknown.split_off(asked);
        if let Some(is_one) = decided {
            let [one, other] = sides;
            return self.entry(if is_one { one } else { other }, depth);
        }
        let name = on.as_str().map_or_else(|| self.written(on), str::to_owned);
        let [one, other] = sides.map(|it| self.entry(it, depth));
        let (value, is_there) = match (one, other) {
            (None, None) => return None,
            (Some((it, on)), None) | (None, Some((it, on))) => {
                (it, Some(on.map_or_else(|| name.clone(), |it| format!("{name}, {it}"))))
            }
            (Some((one, a)), Some((other, b))) => {
                let case = Case { whole: self.written(node), on: name.clone(), span: node.span };
                let is_text = matches!(one.value, Value::String(_) | Value::Template(_)) && one.value == other.value;
                let value = self.perhaps.either([one, other], &case);
                if is_text && a.is_none() && b.is_none() {
                    return Some((value, None));
                }
                if matches!(value.value, Value::Template(_)) {
                    self.unknown.truncate(asked);
                    self.missing(&case.whole, node.span);
                    return Some((value, a.or(b)));
                }
                (value, a.or(b))
            }
        };
        // A value for what the condition is about decides it.
        if conditions.is_empty() {
            self.missing(&name, on.span);
        }
        for it in conditions {
            self.missing(&it.name, it.span);
        }
        Some((value, is_there))
    }

    /// Whether a condition of the template holds, where its values are known.
    fn decided(&mut self, name: &str, depth: usize) -> Option<bool> {
        if let Some((_, value)) = self.variables.iter().rev().find(|it| it.0 == name) {
            return value.parse().ok();
        }
        let condition = self.conditions.get(name).copied()?;
        self.holds(condition, depth + 1)
    }

    fn holds(&mut self, condition: &Node, depth: usize) -> Option<bool> {
        self.left = self.left.saturating_sub(16);
        if depth > DEPTH || self.is_exhausted() {
            return None;
        }
        if let Some([Member { key, value, .. }]) = condition.as_object()
            && key == "Condition"
        {
            return self.decided(value.as_str()?, depth);
        }
        let (name, inside) = function(condition)?;
        if name == "Condition" {
            return self.decided(inside.as_str()?, depth);
        }
        match (name, inside.as_array()?) {
            ("Equals", [one, other]) => {
                let [one, other] = [one, other].map(|it| Text::of(&self.value(it, depth)));
                let (one, other) = one.zip(other)?;
                (one.unknown.is_empty() && other.unknown.is_empty()).then_some(one.value == other.value)
            }
            ("Not", [one]) => self.holds(one, depth + 1).map(|it| !it),
            ("And" | "Or", parts) => {
                let decides = name == "Or";
                let mut answer = Some(!decides);
                for it in parts {
                    match self.holds(it, depth + 1) {
                        Some(it) if it == decides => return Some(decides),
                        Some(_) => {}
                        None => answer = None,
                    }
                }
                answer
            }
            _ => None,
        }
    }

    /// What is written, on one line and cut to a length that a person can read.
    fn written(&self, node: &Node) -> String {
        let words: Vec<&str> = node.span.of(self.text).split_whitespace().collect();
        words.join(" ").chars().take(60).collect()
    }

    /// A value that is not known here, by what is written.
    fn open(&mut self, node: &Node) -> Node {
        let name = self.written(node);
        let piece = self.missing(&name, node.span);
        Node { span: node.span, value: Value::Template(vec![piece]) }
    }

    fn missing(&mut self, name: &str, span: Span) -> Piece {
        if self.unknown.len() < 100 && !self.unknown.iter().any(|it| it.name == name) {
            self.unknown.push(Unknown { name: name.to_owned(), span });
        }
        Piece::Unknown(name.to_owned())
    }

    fn made(&mut self, pieces: Vec<Piece>, span: Span) -> Node {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in self.resolved(pieces, span) {
            let (Piece::Text(it) | Piece::Unknown(it)) = &piece;
            self.left = self.left.saturating_sub(it.len());
            match (joined.last_mut(), &piece) {
                (Some(Piece::Text(before)), Piece::Text(it)) => before.push_str(it),
                _ => joined.push(piece),
            }
        }
        let value = match joined.as_slice() {
            [] => Value::String(String::new()),
            [Piece::Text(it)] => Value::String(it.clone()),
            _ => Value::Template(joined),
        };
        Node { span, value }
    }

    /// The same pieces, of which the dynamic references are not known: CloudFormation puts their values in when it deploys.
    fn resolved(&mut self, parts: Vec<Piece>, span: Span) -> Vec<Piece> {
        if !parts.iter().any(|it| matches!(it, Piece::Text(it) if it.contains(DYNAMIC))) {
            return parts;
        }
        let (mut text, mut names) = (String::new(), Vec::new());
        for it in parts {
            match it {
                Piece::Text(it) => text.push_str(&it),
                Piece::Unknown(name) => {
                    text.push(mark(names.len()));
                    names.push(name);
                }
            }
        }
        let (mut found, mut rest) = (String::new(), text.as_str());
        while let Some((before, behind)) = rest.split_once(DYNAMIC)
            && let Some((inside, after)) = behind.split_once("}}")
        {
            // Its name may hold references in turn.
            let name = json::shown(&pieces(&format!("{DYNAMIC}{inside}}}}}"), &names));
            self.missing(&name, span);
            found.push_str(before);
            found.push(mark(names.len()));
            names.push(name);
            rest = after;
        }
        found.push_str(rest);
        pieces(&found, &names)
    }

    /// The dynamic references in a whole document.
    fn resolve(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::String(it) if it.contains(DYNAMIC) => {
                *node = self.made(vec![Piece::Text(std::mem::take(it))], node.span);
            }
            Value::Template(parts) => *node = self.made(std::mem::take(parts), node.span),
            Value::Array(items) => items.iter_mut().for_each(|it| self.resolve(it)),
            Value::Object(members) => {
                for it in members {
                    if it.key.contains(DYNAMIC) {
                        let key = self.resolved(vec![Piece::Text(std::mem::take(&mut it.key))], it.key_span);
                        it.key = json::shown(&key);
                        it.unknown.extend(key.into_iter().filter_map(|it| match it {
                            Piece::Unknown(name) => Some(name),
                            Piece::Text(_) => None,
                        }));
                    }
                    self.resolve(&mut it.value);
                }
            }
            _ => {}
        }
    }

    /// What a node is as a part of a string.
    fn pieces(&mut self, node: &Node, depth: usize) -> Option<Vec<Piece>> {
        let value = self.value(node, depth + 1);
        match value.value {
            Value::Template(it) => Some(it),
            _ => Text::of(&value).map(|it| vec![Piece::Text(it.value)]),
        }
    }

    /// A name: a value given from outside, a parameter, a pseudo parameter or a resource.
    fn reference(&mut self, name: &str, span: Span, depth: usize) -> Option<Vec<Piece>> {
        if let Some((_, value)) = self.variables.iter().rev().find(|it| it.0 == name) {
            return Some(vec![Piece::Text(value.clone())]);
        }
        if let Some(parameter) = self.parameters.get(name).copied() {
            let kind = parameter.member("Type").and_then(Node::as_str).unwrap_or("String");
            let default = parameter.member("Default").and_then(Text::of);
            // The default of a parameter kept in Systems Manager is the name of the value, not the value.
            return match default {
                Some(it) if !kind.contains("SSM") && !is_list(kind) => Some(vec![Piece::Text(it.value)]),
                Some(_) if is_list(kind) => None,
                _ => Some(vec![self.missing(name, span)]),
            };
        }
        match self.type_of(name) {
            Some("AWS::IAM::OIDCProvider") => self.attribute(name, "Arn", depth),
            Some("AWS::IAM::Role") => {
                let role_name = self.property(name, "RoleName");
                match role_name {
                    Some(it) => self.pieces(it, depth),
                    None => Some(vec![self.missing(name, span)]),
                }
            }
            _ => Some(vec![self.missing(name, span)]),
        }
    }

    /// A parameter that is a list.
    fn list(&mut self, inside: &Node, node: &Node) -> Option<Node> {
        let parameter = self.parameters.get(inside.as_str()?).copied()?;
        let default = parameter.member("Default").and_then(Text::of)?;
        self.left = self.left.saturating_sub(default.value.len());
        let items =
            default.value.split(',').map(|it| Node { span: node.span, value: Value::String(it.trim().to_owned()) });
        Some(Node { span: node.span, value: Value::Array(items.collect()) })
    }

    fn type_of(&self, name: &str) -> Option<&'n str> {
        kind(self.resources.get(name)?)
    }

    fn property(&self, name: &str, property: &str) -> Option<&'n Node> {
        self.resources.get(name)?.member("Properties")?.member(property)
    }

    /// An attribute of a resource.
    fn attribute(&mut self, name: &str, attribute: &str, depth: usize) -> Option<Vec<Piece>> {
        let (kind, tail) = match (self.type_of(name), attribute) {
            (Some("AWS::IAM::OIDCProvider"), "Arn") => ("oidc-provider/", self.property(name, "Url")),
            (Some("AWS::IAM::Role"), "Arn") => ("role", self.property(name, "RoleName")),
            _ => return None,
        };
        let mut end = self.pieces(tail?, depth + 10)?;
        if let (Some(Piece::Text(url)), "oidc-provider/") = (end.first_mut(), kind) {
            *url = url.strip_prefix("https://").unwrap_or(url).to_owned();
        }
        let mut pieces = vec![Piece::Text("arn:".to_owned())];
        let place = self.resources.get(name).map_or(Span::default(), |it| it.span);
        pieces.extend(self.reference("AWS::Partition", place, depth)?);
        pieces.push(Piece::Text(":iam::".to_owned()));
        pieces.extend(self.reference("AWS::AccountId", place, depth)?);
        pieces.push(Piece::Text(format!(":{kind}")));
        if kind == "role" {
            match self.property(name, "Path") {
                Some(it) => pieces.extend(self.pieces(it, depth + 10)?),
                None => pieces.push(Piece::Text("/".to_owned())),
            }
        }
        pieces.append(&mut end);
        Some(pieces)
    }

    /// The text of a `Fn::Sub`, and the names that it brings itself.
    fn sub_parts<'a>(&self, inside: &'a Node) -> Option<(&'a Node, Option<&'a Node>)> {
        match &inside.value {
            Value::String(_) => Some((inside, None)),
            Value::Array(items) => Some((items.first()?, items.get(1))),
            _ => None,
        }
    }

    /// The pieces of a `Fn::Sub`, and which part of its text each stands for.
    fn sub(&mut self, inside: &Node, depth: usize) -> Option<Vec<(Piece, Range<usize>)>> {
        let (text, names) = self.sub_parts(inside)?;
        let whole = text.as_str()?;
        let mut rest = whole;
        let mut pieces = Vec::new();
        while let Some((before, behind)) = rest.split_once("${") {
            let at = whole.len() - rest.len();
            let Some((name, behind)) = behind.split_once('}') else { break };
            pieces.push((Piece::Text(before.to_owned()), at..at + before.len()));
            let range = at + before.len()..whole.len() - behind.len();
            rest = behind;
            let name = name.trim();
            let made = if let Some(literal) = name.strip_prefix('!') {
                vec![Piece::Text(format!("${{{literal}}}"))]
            } else if let Some(it) = names.and_then(|it| it.member(name)) {
                self.pieces(it, depth)?
            } else {
                let made = match name.split_once('.') {
                    Some((resource, attribute)) => self.attribute(resource, attribute, depth),
                    None => self.reference(name, text.span, depth),
                };
                made.unwrap_or_else(|| vec![self.missing(name, text.span)])
            };
            pieces.extend(made.into_iter().map(|it| (it, range.clone())));
            if self.left == 0 {
                return None;
            }
            self.left = self.left.saturating_sub(before.len() + 16);
        }
        pieces.push((Piece::Text(rest.to_owned()), whole.len() - rest.len()..whole.len()));
        pieces.retain(|it| !matches!(&it.0, Piece::Text(it) if it.is_empty()));
        Some(pieces)
    }

    /// The parts of a text that is known.
    fn split(&mut self, inside: &Node, depth: usize) -> Option<Node> {
        let [separator, text] = inside.as_array()? else { return None };
        let text = self.value(text, depth + 1);
        let (separator, whole) = (separator.as_str().filter(|it| !it.is_empty())?, text.as_str()?);
        self.left = self.left.saturating_sub(whole.len() * 16);
        let items = whole.split(separator).map(|it| Node { span: text.span, value: Value::String(it.to_owned()) });
        Some(Node { span: text.span, value: Value::Array(items.collect()) })
    }

    /// One of a list, by its place.
    fn select(&mut self, inside: &Node, depth: usize) -> Option<Node> {
        let [at, list] = inside.as_array()? else { return None };
        let at = Text::of(at)?.value.parse::<usize>().ok()?;
        match self.value(list, depth + 1).value {
            Value::Array(items) => items.into_iter().nth(at),
            _ => None,
        }
    }

    fn join(&mut self, inside: &Node, depth: usize) -> Option<Vec<Piece>> {
        let Value::Array(arguments) = &inside.value else { return None };
        let [between, list] = arguments.as_slice() else { return None };
        let list = self.value(list, depth + 1);
        let Value::Array(items) = &list.value else { return None };
        let mut pieces = Vec::new();
        for (at, it) in items.iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::Text(between.as_str()?.to_owned()));
            }
            match &it.value {
                Value::Template(it) => pieces.extend(it.iter().cloned()),
                _ => pieces.push(Piece::Text(Text::of(it)?.value)),
            }
        }
        Some(pieces)
    }
}

fn is_list(kind: &str) -> bool {
    kind.contains("List")
}

/// `Resource.Attribute`, in either form of `Fn::GetAtt`.
fn attribute(inside: &Node) -> Option<(String, String)> {
    match &inside.value {
        Value::String(it) => it.split_once('.').map(|it| (it.0.to_owned(), it.1.to_owned())),
        Value::Array(items) => match items.as_slice() {
            [resource, attribute] => Some((resource.as_str()?.to_owned(), attribute.as_str()?.to_owned())),
            _ => None,
        },
        _ => None,
    }
}

/// The lines of a text with their offsets, line breaks on their own.
fn lines_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

/// Where a text stands as it is: between its quotes, or in a block whose lines are indented.
fn lines(file: &str, span: Span, value: &str) -> Option<Spelled> {
    let mut spelled = Spelled::default();
    if let Some(it) = yaml::verbatim(file, span, value) {
        spelled.push_verbatim(value, it.start);
        return Some(spelled);
    }
    let mut at = span.start;
    for line in value.split_inclusive('\n') {
        let rest = file.get(at..)?;
        let indent = rest.find(line.trim_end_matches('\n'))?;
        if !rest.get(..indent)?.chars().all(char::is_whitespace) {
            return None;
        }
        spelled.push_verbatim(line, at + indent);
        at += indent + line.len();
    }
    Some(spelled)
}
