//! From a JSON tree to a policy.

use super::operator::{Named, named};
use super::{
    Comparison, Condition, Effect, NotEvaluated, Operator, Policy, Principal, PrincipalKind, Refusal, Statement, Text,
    Unusable, Wanted,
};
use crate::document::json::{Member, Node, Value};
use crate::pattern::Pattern;
use crate::text::{Span, nearest, quoted};

const TOP: [&str; 3] = ["Version", "Id", "Statement"];
const IN_STATEMENT: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// Reads a trust policy from its tree.
///
/// # Errors
/// [`Unusable`]: what no role can hold, or what is not evaluated yet, with its place.
pub fn read(root: &Node) -> Result<Policy, Unusable> {
    let members = object(root, "", "a policy")?;
    known_keys(members, "", &TOP)?;
    let variables = match find(members, "Version") {
        None => false,
        Some(node) => match node.as_str() {
            Some("2012-10-17") => true,
            Some("2008-10-17") => false,
            _ => return Err(malformed("Version", node.span, "The policy must contain a valid version string")),
        },
    };
    let statements = match find(members, "Statement") {
        Some(Node { value: Value::Array(items), .. }) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    if statements.is_empty() {
        return Err(malformed("Statement", root.span, "a policy has at least one statement"));
    }
    let statements: Result<Vec<_>, _> =
        statements.iter().enumerate().map(|(at, it)| statement(it, &format!("Statement[{at}]"), variables)).collect();
    Ok(Policy { span: root.span, variables, statements: statements? })
}

fn malformed(path: &str, span: Span, message: &str) -> Unusable {
    Unusable::Malformed(Refusal { message: message.to_owned(), path: path.to_owned(), span, known: "confirmed" })
}

fn not_evaluated(construct: &str, span: Span) -> Unusable {
    Unusable::NotEvaluated(NotEvaluated::new(construct, span))
}

fn object<'n>(node: &'n Node, path: &str, what: &str) -> Result<&'n [Member], Unusable> {
    node.as_object().ok_or_else(|| malformed(path, node.span, &format!("{what} is a JSON object, not {}", node.kind())))
}

fn find<'n>(members: &'n [Member], name: &str) -> Option<&'n Node> {
    members.iter().find(|it| it.key == name).map(|it| &it.value)
}

/// Every key is known and stands there once.
fn known_keys(members: &[Member], path: &str, known: &[&str]) -> Result<(), Unusable> {
    for (at, member) in members.iter().enumerate() {
        if !known.contains(&member.key.as_str()) {
            let near = nearest(&member.key, known.iter().copied())
                .map(|it| format!("; did you mean `{it}`?"))
                .unwrap_or_default();
            let message = format!("IAM knows no element {} here{near}", quoted(&member.key));
            return Err(malformed(path, member.key_span, &message));
        }
        no_double(members, at)?;
    }
    Ok(())
}

/// What IAM makes of a key that is there twice is not confirmed, so it is not evaluated.
fn no_double(members: &[Member], at: usize) -> Result<(), Unusable> {
    let Some(member) = members.get(at) else { return Ok(()) };
    if members.iter().take(at).any(|it| it.key.eq_ignore_ascii_case(&member.key)) {
        return Err(not_evaluated(&format!("{} twice", member.key), member.key_span));
    }
    Ok(())
}

fn statement(node: &Node, path: &str, variables: bool) -> Result<Statement, Unusable> {
    let members = object(node, path, "a statement")?;
    known_keys(members, path, &IN_STATEMENT)?;
    for name in ["NotPrincipal", "NotAction", "Resource", "NotResource"] {
        if let Some(member) = members.iter().find(|it| it.key == name) {
            return Err(not_evaluated(name, member.key_span));
        }
    }
    let required = |name: &str| {
        find(members, name).ok_or_else(|| malformed(path, node.span, &format!("Missing required field {name}")))
    };
    let effect = required("Effect")?;
    let effect = match effect.as_str() {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err(malformed(&format!("{path}.Effect"), effect.span, "`Effect` is `Allow` or `Deny`")),
    };
    let sid = match find(members, "Sid") {
        None => None,
        Some(node) => match node.as_str() {
            Some(it) => Some(it.to_owned()),
            None => return Err(malformed(&format!("{path}.Sid"), node.span, "`Sid` is a string")),
        },
    };
    let principals = principals(required("Principal")?, &format!("{path}.Principal"))?;
    if effect == Effect::Deny
        && let Some(other) = principals.iter().find(|it| it.kind != PrincipalKind::Federated)
    {
        return Err(not_evaluated("a Deny for a principal that is not Federated", other.text.span));
    }
    let action = required("Action")?;
    let actions = texts(action, &format!("{path}.Action"))?;
    let conditions = match find(members, "Condition") {
        Some(node) => conditions(node, &format!("{path}.Condition"), variables)?,
        None => Vec::new(),
    };
    Ok(Statement { span: node.span, sid, effect, principals, actions, conditions })
}

/// One value, or a list of at least one.
fn texts(node: &Node, path: &str) -> Result<Vec<Text>, Unusable> {
    let wrong = |node: &Node| malformed(path, node.span, &format!("expected a string here, not {}", node.kind()));
    match &node.value {
        Value::Array(items) if items.is_empty() => Err(not_evaluated("an empty list", node.span)),
        Value::Array(items) => items.iter().map(|it| Text::of(it).ok_or_else(|| wrong(it))).collect(),
        _ => Ok(vec![Text::of(node).ok_or_else(|| wrong(node))?]),
    }
}

fn principals(node: &Node, path: &str) -> Result<Vec<Principal>, Unusable> {
    if let Some(text) = node.as_str() {
        return Err(not_evaluated(&format!("Principal {text}"), node.span));
    }
    let members = object(node, path, "`Principal`")?;
    known_keys(members, path, &["Federated", "AWS", "Service", "CanonicalUser"])?;
    let mut found = Vec::new();
    for member in members {
        let kind = match member.key.as_str() {
            "Federated" => PrincipalKind::Federated,
            "AWS" => PrincipalKind::Aws,
            "Service" => PrincipalKind::Service,
            _ => PrincipalKind::CanonicalUser,
        };
        found.extend(texts(&member.value, path)?.into_iter().map(|text| Principal { kind, text }));
    }
    Ok(found)
}

fn conditions(node: &Node, path: &str, variables: bool) -> Result<Vec<Condition>, Unusable> {
    let mut found = Vec::new();
    let operators = object(node, path, "`Condition`")?;
    for (at, block) in operators.iter().enumerate() {
        no_double(operators, at)?;
        let operator = match named(&block.key) {
            Named::Evaluated(it) => it,
            Named::Known => return Err(not_evaluated(&block.key, block.key_span)),
            Named::Unknown(near) => {
                let near = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
                let message = format!("IAM knows no condition operator {}{near}", quoted(&block.key));
                return Err(malformed(path, block.key_span, &message));
            }
        };
        let path = format!("{path}.{}", block.key);
        let keys = object(&block.value, &path, "a condition operator's value")?;
        for (at, member) in keys.iter().enumerate() {
            no_double(keys, at)?;
            found.push(Condition {
                operator,
                operator_text: block.key.clone(),
                key: member.key.clone(),
                key_span: member.key_span,
                values: wanted(texts(&member.value, &path)?, operator, variables)?,
            });
        }
    }
    Ok(found)
}

/// The values of a condition, read as its operator and the policy's version have them.
fn wanted(texts: Vec<Text>, operator: Operator, variables: bool) -> Result<Vec<Wanted>, Unusable> {
    texts
        .into_iter()
        .map(|text| {
            let read = match operator.comparison {
                Comparison::Like => Pattern::like(&text.value, variables),
                Comparison::Equals => Pattern::exact(&text.value, variables),
            };
            match read {
                Ok(pattern) => Ok(Wanted { text, pattern }),
                Err(variable) => Err(not_evaluated(&variable.text, text.span)),
            }
        })
        .collect()
}
