//! From scopes to statements: the trust policy that a role's scopes mean.
//!
//! Scopes with the same pins and the same operator on `sub` share a statement; exact and pattern subjects never do. Statements
//! stand in the order of their first scope, values in the setup's order, doubles dropped. No `Sid`.

use serde_json::{Map, Value, json};

use super::{Pin, Role, Setup};
use crate::pattern::{escape_variables, has_wildcard};

/// One statement to be: what its scopes have in common, and their subjects.
struct Group<'s> {
    pins: &'s [Pin],
    wildcards: bool,
    subjects: Vec<String>,
}

/// The trust policy of `role`.
pub fn trust_policy(setup: &Setup, role: &Role) -> Value {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for scope in &role.scopes {
        for subject in scope.subjects() {
            let wildcards = has_wildcard(&subject);
            let subject = escape_variables(&subject);
            match groups.iter_mut().find(|it| it.wildcards == wildcards && it.pins == scope.pins) {
                Some(group) if group.subjects.contains(&subject) => {}
                Some(group) => group.subjects.push(subject),
                None => groups.push(Group { pins: &scope.pins, wildcards, subjects: vec![subject] }),
            }
        }
    }
    let statements: Vec<Value> = groups.iter().map(|it| statement(setup, it)).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn statement(setup: &Setup, group: &Group<'_>) -> Value {
    let prefix = setup.gitlab().issuer.key_prefix();
    let subject = one_or_list(group.subjects.iter().cloned());
    let mut equals = Map::new();
    equals.insert(format!("{prefix}:aud"), json!(escape_variables(setup.gitlab().audience.as_str())));
    if !group.wildcards {
        equals.insert(format!("{prefix}:sub"), subject.clone());
    }
    for pin in group.pins {
        equals.insert(format!("{prefix}:{}", pin.claim), one_or_list(pin.values.iter().map(|it| escape_variables(it))));
    }
    let mut condition = Map::new();
    condition.insert("StringEquals".to_owned(), Value::Object(equals));
    if group.wildcards {
        condition.insert("StringLike".to_owned(), json!({ format!("{prefix}:sub"): subject }));
    }
    json!({
        "Effect": "Allow",
        "Principal": { "Federated": setup.provider_arn() },
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    })
}

/// A single value without brackets, several as a list.
fn one_or_list(values: impl Iterator<Item = String>) -> Value {
    let mut values: Vec<Value> = values.map(Value::String).collect();
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}
