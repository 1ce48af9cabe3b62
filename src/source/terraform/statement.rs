//! `data "aws_iam_policy_document"`: blocks that come to a policy, as the AWS provider writes it.
//!
//! Conditions on one key under one operator are put together, `&{` becomes `${`, a document of the same `Sid` takes the place of a
//! statement. Source: the provider's documentation of the data source.

use super::value::{Scope, member, pieces_of};
use crate::document::Text;
use crate::document::hcl::{Attribute, Block, Body, Value as Hcl};
use crate::document::json::{Member, Node, Piece, Value};
use crate::source::perhaps::{self, Case};
use crate::text::{Diagnostic, Span, nearest, quoted};

/// The policy of a data source.
///
/// # Errors
/// A part that the text does not tell, without which the policy is not known.
pub(super) fn document(scope: &mut Scope<'_>, block: &Block, depth: usize) -> Result<Node, Diagnostic> {
    let header = Span::new(block.span.start, block.labels.last().map_or(block.kind.span.end, |it| it.span.end));
    known(&block.body, &DOCUMENT)?;
    let version = match block.body.attribute("version") {
        Some(it) => scope.value(&it.value),
        None => at(header, "2012-10-17"),
    };
    let mut statements = Vec::new();
    let sources = ["source_policy_documents", "source_json"];
    for it in block.body.attributes.iter().filter(|it| sources.contains(&it.name.value.as_str())) {
        others(scope, it, depth, &mut statements)?;
    }
    for (it, dynamic) in expanded(&block.body, "statement") {
        let statement = statement(scope, it, dynamic);
        add(scope, &mut statements, statement);
    }
    let overrides = ["override_policy_documents", "override_json"];
    for it in block.body.attributes.iter().filter(|it| overrides.contains(&it.name.value.as_str())) {
        others(scope, it, depth, &mut statements)?;
    }
    let mut members = vec![Member { key_span: header, ..Member::new("Version", version) }];
    if let Some(it) = block.body.attribute("policy_id") {
        members.push(Member { key_span: it.name.span, ..Member::new("Id", scope.value(&it.value)) });
    }
    let statements = Node { span: block.span, value: Value::Array(statements) };
    members.push(Member { key_span: header, ..Member::new("Statement", statements) });
    Ok(Node { span: block.span, value: Value::Object(members) })
}

/// What a block takes: attributes, and blocks with what those take.
struct Takes {
    attributes: &'static [&'static str],
    blocks: &'static [(&'static str, &'static Takes)],
}

const CONDITION: Takes = Takes { attributes: &["test", "variable", "values"], blocks: &[] };
const PRINCIPALS: Takes = Takes { attributes: &["type", "identifiers"], blocks: &[] };
const STATEMENT: Takes = Takes {
    attributes: &["sid", "effect", "actions", "not_actions", "resources", "not_resources"],
    blocks: &[("condition", &CONDITION), ("principals", &PRINCIPALS), ("not_principals", &PRINCIPALS)],
};
/// `lifecycle` is a block, and an attribute to whoever reads JSON.
const DOCUMENT: Takes = Takes {
    attributes: &[
        "version",
        "policy_id",
        "source_json",
        "source_policy_documents",
        "override_json",
        "override_policy_documents",
        "count",
        "for_each",
        "provider",
        "depends_on",
        "lifecycle",
    ],
    blocks: &[("statement", &STATEMENT)],
};

/// Refuses what Terraform refuses: a name that a block does not take, which would be passed over here.
fn known(body: &Body, takes: &Takes) -> Result<(), Diagnostic> {
    let all = || takes.attributes.iter().copied().chain(takes.blocks.iter().map(|it| it.0));
    let unknown = |name: &Text, what: &str| {
        let near = nearest(&name.value, all()).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        Diagnostic::new(format!("Terraform takes no {what} {} here{near}", quoted(&name.value))).at(name.span)
    };
    if let Some(it) = body.attributes.iter().find(|it| !takes.attributes.contains(&it.name.value.as_str())) {
        return Err(unknown(&it.name, "argument"));
    }
    for block in &body.blocks {
        let is_dynamic = block.kind.value == "dynamic";
        let (name, content) = match block.labels.first().filter(|_| is_dynamic) {
            Some(name) => (name, block.body.blocks_of("content").next()),
            None => (&block.kind, Some(block)),
        };
        if takes.attributes.contains(&"lifecycle") && name.value == "lifecycle" {
            continue;
        }
        let Some((_, takes)) = takes.blocks.iter().find(|it| it.0 == name.value) else {
            return Err(unknown(name, "block"));
        };
        let Some(content) = content else {
            return Err(Diagnostic::new("a `dynamic` block without `content`").at(block.kind.span));
        };
        if let Some(it) = block.body.blocks.iter().find(|it| is_dynamic && it.kind.value != "content") {
            return Err(unknown(&it.kind, "block"));
        }
        known(&content.body, takes)?;
    }
    Ok(())
}

fn at(span: Span, text: &str) -> Node {
    Node { span, value: Value::String(text.to_owned()) }
}

/// The statements of other documents.
fn others(
    scope: &mut Scope<'_>,
    attribute: &Attribute,
    depth: usize,
    statements: &mut Vec<Node>,
) -> Result<(), Diagnostic> {
    let documents = match &attribute.value.value {
        Hcl::List(items) => items.as_slice(),
        _ if attribute.name.value.ends_with("_json") => std::slice::from_ref(&attribute.value),
        _ => {
            let message = format!("`{}` is not evaluated: expected a list of policies", attribute.name.value);
            return Err(Diagnostic::new(message).at(attribute.value.span));
        }
    };
    for it in documents {
        let document = scope.followed(it, depth + 1)?;
        match document.node.member("Statement").map(|it| &it.value) {
            Some(Value::Array(items)) => items.iter().for_each(|it| add(scope, statements, it.clone())),
            Some(Value::Object(_)) => statements.extend(document.node.member("Statement").cloned()),
            _ => return Err(Diagnostic::new("this policy has no statements that are known").at(it.span)),
        }
    }
    Ok(())
}

/// A statement, in the place of one with the same `Sid`; one that may be there stands beside it, and then either may be there.
fn add(scope: &mut Scope<'_>, statements: &mut Vec<Node>, statement: Node) {
    let sid = statement.member("Sid").and_then(Node::as_str).filter(|it| !it.is_empty());
    let same = statements.iter_mut().find(|it| sid.is_some() && it.member("Sid").and_then(Node::as_str) == sid);
    match same {
        Some(it) if !scope.perhaps.has(&statement) => *it = statement,
        Some(it) => {
            let mark = statement.as_object().unwrap_or_default().iter().filter(|it| perhaps::is_mark(it)).cloned();
            if let Value::Object(members) = &mut it.value {
                members.extend(mark);
            }
            statements.push(statement);
        }
        None => statements.push(statement),
    }
}

/// The blocks of that kind; of a `dynamic` one its content, as one block of which it is not known how often it is there.
fn expanded<'b>(body: &'b Body, kind: &'b str) -> impl Iterator<Item = (&'b Block, Option<String>)> {
    body.blocks.iter().filter_map(move |block| {
        if block.kind.value == kind {
            return Some((block, None));
        }
        let is_dynamic = block.kind.value == "dynamic" && block.labels.first().is_some_and(|it| it.value == kind);
        let content = is_dynamic.then(|| block.body.blocks_of("content").next()).flatten()?;
        Some((content, Some(format!("dynamic \"{kind}\""))))
    })
}

/// What stands in the policy for each attribute.
const ELEMENTS: [(&str, &str); 6] = [
    ("sid", "Sid"),
    ("effect", "Effect"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
];

fn statement(scope: &mut Scope<'_>, block: &Block, dynamic: Option<String>) -> Node {
    let mut members = Vec::new();
    for (name, element) in ELEMENTS {
        let Some(it) = block.body.attribute(name) else {
            if name == "effect" {
                let effect = at(block.kind.span, "Allow");
                members.push(Member { key_span: block.kind.span, ..Member::new(element, effect) });
            }
            continue;
        };
        let mut node = scope.value(&it.value);
        let is_left_out = match &node.value {
            Value::String(it) => it.is_empty(),
            Value::Array(items) => items.is_empty(),
            it => *it == Value::Null,
        };
        if !is_left_out {
            policy_variables(&mut node);
            members.push(Member { key_span: it.name.span, ..Member::new(element, node) });
        }
    }
    for (kind, element) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(it) = principals(scope, &block.body, kind) {
            members.push(Member { key_span: it.0, ..Member::new(element, it.1) });
        }
    }
    if let Some((key_span, node)) = conditions(scope, block) {
        members.push(Member { key_span, ..Member::new("Condition", node) });
    }
    let statement = Node { span: block.span, value: Value::Object(members) };
    match dynamic {
        Some(name) => {
            scope.named(name.clone(), block.span);
            scope.perhaps.optional(statement, &Case { whole: name.clone(), on: name, span: block.span })
        }
        None => statement,
    }
}

fn principals(scope: &mut Scope<'_>, body: &Body, kind: &str) -> Option<(Span, Node)> {
    let mut members: Vec<Member> = Vec::new();
    let mut whole: Option<(Span, Span)> = None;
    for (block, dynamic) in expanded(body, kind) {
        whole = Some(match whole {
            None => (block.kind.span, block.span),
            Some((key, span)) => (key, Span::new(span.start, block.span.end)),
        });
        let kind = scope.attribute_of(block, "type");
        let mut identifiers = match dynamic {
            Some(name) => scope.named(name, block.span),
            None => scope.attribute_of(block, "identifiers"),
        };
        policy_variables(&mut identifiers);
        push(&mut members, member(&kind, kind.span, identifiers));
    }
    let (key, span) = whole?;
    let value = match members.as_slice() {
        [Member { key, value, .. }] if key == "*" && is_star(value) => Value::String("*".to_owned()),
        _ => Value::Object(members),
    };
    Some((key, Node { span, value }))
}

fn is_star(node: &Node) -> bool {
    match &node.value {
        Value::Array(items) => matches!(items.as_slice(), [one] if one.as_str() == Some("*")),
        _ => node.as_str() == Some("*"),
    }
}

fn conditions(scope: &mut Scope<'_>, statement: &Block) -> Option<(Span, Node)> {
    let mut operators: Vec<Member> = Vec::new();
    let mut whole: Option<(Span, Span)> = None;
    let mut see = |block: &Block| {
        whole = Some(match whole {
            None => (block.kind.span, block.span),
            Some((key, span)) => (key, Span::new(span.start, block.span.end)),
        });
    };
    for (block, dynamic) in expanded(&statement.body, "condition") {
        see(block);
        let (operator, key, mut values) = (
            scope.attribute_of(block, "test"),
            scope.attribute_of(block, "variable"),
            scope.attribute_of(block, "values"),
        );
        policy_variables(&mut values);
        match dynamic {
            None => put(&mut operators, block.span, operator, member(&key, key.span, values)),
            Some(name) => {
                put(&mut operators, block.span, at(block.span, "StringEquals"), open(scope, name, block.span))
            }
        }
    }
    let (key, span) = whole?;
    Some((key, Node { span, value: Value::Object(operators) }))
}

/// What a block that may be there or not asks for: a key and a value that are not known, so that nothing is decided by it.
fn open(scope: &mut Scope<'_>, name: String, span: Span) -> Member {
    let node = scope.named(name.clone(), span);
    let key = Node { span, value: Value::Template(vec![Piece::Unknown(name)]) };
    member(&key, span, node)
}

/// A condition, its values behind those of the same operator and key.
fn put(operators: &mut Vec<Member>, span: Span, operator: Node, condition: Member) {
    let name = member(&operator, operator.span, Node { span, value: Value::Object(Vec::new()) });
    let at = match operators.iter().position(|it| it.key == name.key) {
        Some(it) => it,
        None => {
            operators.push(name);
            operators.len() - 1
        }
    };
    if let Some(Member { value: Node { value: Value::Object(keys), .. }, .. }) = operators.get_mut(at) {
        push(keys, condition);
    }
}

/// A member, its values behind those of the same key.
fn push(members: &mut Vec<Member>, member: Member) {
    match members.iter_mut().find(|it| it.key == member.key) {
        None => members.push(member),
        Some(it) => {
            let list = |node: &Node| match &node.value {
                Value::Array(items) => items.clone(),
                _ => vec![node.clone()],
            };
            let items = list(&it.value).into_iter().chain(list(&member.value)).collect();
            it.value = Node { span: it.value.span, value: Value::Array(items) };
        }
    }
}

/// The data source writes policy variables as `&{…}`, because `${…}` is Terraform's own.
fn policy_variables(node: &mut Node) {
    match &mut node.value {
        Value::String(it) => *it = it.replace("&{", "${"),
        Value::Array(items) => items.iter_mut().for_each(policy_variables),
        Value::Template(pieces) => {
            for it in pieces {
                if let Piece::Text(it) = it {
                    *it = it.replace("&{", "${");
                }
            }
        }
        _ => {}
    }
}

impl Scope<'_> {
    /// The value of an attribute that a block must have; unknown where it is not there.
    fn attribute_of(&mut self, block: &Block, name: &str) -> Node {
        match block.body.attribute(name) {
            Some(it) => {
                let node = self.value(&it.value);
                if pieces_of(&node).is_some() || matches!(node.value, Value::Array(_)) {
                    node
                } else {
                    self.open(it.value.span)
                }
            }
            None => self.open(block.kind.span),
        }
    }
}
