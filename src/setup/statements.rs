//! From scopes to statements: the trust policy that a role's scopes mean.
//!
//! Scopes with the same pins and the same operator on `sub` share a statement; exact and pattern subjects never do. Statements
//! stand in the order of their first scope, values in the setup's order, doubles dropped. No `Sid`.

use super::{Pin, Role, Setup};
use crate::document::json::{Member, Node, Value};
use crate::pattern::{escape_variables, has_wildcard};

/// One statement to be: what its scopes have in common, and their subjects.
struct Group<'s> {
    pins: &'s [Pin],
    wildcards: bool,
    /// Each with the scopes that it comes from, by their place in the role.
    subjects: Vec<(String, Vec<usize>)>,
}

/// The statements that a role's scopes make, in order.
fn groups(role: &Role) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (at, scope) in role.scopes.iter().enumerate() {
        for subject in scope.subjects() {
            let wildcards = has_wildcard(&subject);
            let subject = escape_variables(&subject);
            match groups.iter_mut().find(|it| it.wildcards == wildcards && it.pins == scope.pins) {
                Some(group) => match group.subjects.iter_mut().find(|it| it.0 == subject) {
                    Some(same) => same.1.push(at),
                    None => group.subjects.push((subject, vec![at])),
                },
                None => groups.push(Group { pins: &scope.pins, wildcards, subjects: vec![(subject, vec![at])] }),
            }
        }
    }
    groups
}

/// For each statement of the role's trust policy the values of `sub`, in order, each with the scopes that it comes from.
pub fn origins(role: &Role) -> Vec<Vec<(String, Vec<usize>)>> {
    groups(role).into_iter().map(|it| it.subjects).collect()
}

/// The trust policy of `role`.
pub fn trust_policy(setup: &Setup, role: &Role) -> Node {
    let groups = groups(role);
    let statements = groups.iter().map(|it| statement(setup, it)).collect();
    Node::object(vec![("Version", Node::text("2012-10-17")), ("Statement", Node::array(statements))])
}

fn statement(setup: &Setup, group: &Group<'_>) -> Node {
    let prefix = setup.gitlab().issuer.key_prefix();
    let under = |claim: &str, value: Node| Member::new(format!("{prefix}:{claim}"), value);
    let mut equals = vec![under("aud", Node::text(escape_variables(setup.gitlab().audience.as_str())))];
    let mut like = Vec::new();
    let subjects = if group.wildcards { &mut like } else { &mut equals };
    subjects.push(under("sub", one_or_list(group.subjects.iter().map(|it| it.0.clone()))));
    for pin in group.pins {
        equals.push(under(pin.claim, one_or_list(pin.values.iter().map(|it| escape_variables(it)))));
    }
    let mut condition = vec![("StringEquals", Node::new(Value::Object(equals)))];
    if group.wildcards {
        condition.push(("StringLike", Node::new(Value::Object(like))));
    }
    Node::object(vec![
        ("Effect", Node::text("Allow")),
        ("Principal", Node::object(vec![("Federated", Node::text(setup.provider_arn()))])),
        ("Action", Node::text("sts:AssumeRoleWithWebIdentity")),
        ("Condition", Node::object(condition)),
    ])
}

/// A single value without brackets, several as a list.
fn one_or_list(values: impl Iterator<Item = String>) -> Node {
    let mut values: Vec<Node> = values.map(Node::text).collect();
    if values.len() == 1 { values.remove(0) } else { Node::array(values) }
}
