//! What a setup means, said without any policy: whether a token is one of "jobs of this project on this ref".
//!
//! Deliberately written a second time, from the sentence that a person composed and with a matcher of its own, so that the
//! generated policy and the evaluator can be held against it. Nothing here may call either.

use super::{RefTypes, Role, Scope, Setup};
use crate::gitlab::Component;
use crate::gitlab::token::Token;

/// Whether the jobs that `role` is meant for include the one that got `token`, judged at `now` (seconds since 1970).
pub fn is_meant(setup: &Setup, role: &Role, token: &Token, now: i64) -> bool {
    let in_time = token.seconds("exp").is_some_and(|exp| now < exp + 300)
        && token.seconds("iat").is_some_and(|iat| iat <= now + 300)
        && (token.claim("nbf").is_none() || token.seconds("nbf").is_some_and(|nbf| nbf <= now + 300));
    in_time
        && token.text("iss") == Some(setup.gitlab().issuer.as_str())
        && token.audiences() == [setup.gitlab().audience.as_str()]
        && role.scopes.iter().any(|it| scope_means(it, token))
}

/// Whether one sentence speaks of the job: by the token's own claims where the subject has the default form, by the subject's
/// components where it is custom.
fn scope_means(scope: &Scope, token: &Token) -> bool {
    let pins =
        scope.pins.iter().all(|pin| token.text(pin.claim).is_some_and(|came| pin.values.iter().any(|it| it == came)));
    pins && subject_means(scope, token)
}

fn subject_means(scope: &Scope, token: &Token) -> bool {
    let Some(subject) = token.text("sub") else { return false };
    let mut rest = Some(subject);
    let components = scope.subject.components();
    for (at, component) in components.iter().enumerate() {
        let name = component.as_str();
        let Some(after) = rest.and_then(|it| it.strip_prefix(name)).and_then(|it| it.strip_prefix(':')) else {
            return false;
        };
        // Neither a path nor a ref holds `:`, so a value ends at the next one.
        let (value, next) = match after.split_once(':') {
            Some((value, next)) => (value, Some(next)),
            None => (after, None),
        };
        if next.is_none() && at + 1 < components.len() {
            return false;
        }
        let fits = match component {
            Component::ProjectPath => wild(scope.project.as_str(), value),
            Component::Ref => wild(scope.reference.as_str(), value),
            Component::RefType => match scope.ref_types {
                RefTypes::Branch => value == "branch",
                RefTypes::Tag => value == "tag",
                RefTypes::Any => value == "branch" || value == "tag",
            },
            other => scope.subject_values.iter().any(|it| it.0 == *other && it.1 == value),
        };
        if !fits {
            return false;
        }
        rest = next;
    }
    rest.is_none()
}

/// `*` and `?` by a table over all prefixes: row by row, nothing clever.
fn wild(pattern: &str, value: &str) -> bool {
    if !pattern.contains(['*', '?']) {
        return pattern == value;
    }
    let value: Vec<char> = value.chars().collect();
    let mut row: Vec<bool> = std::iter::once(true).chain(value.iter().map(|_| false)).collect();
    for p in pattern.chars() {
        let mut next = vec![p == '*' && row.first() == Some(&true)];
        for (at, v) in value.iter().enumerate() {
            let from_left = next.last() == Some(&true);
            let from_above = row.get(at + 1) == Some(&true);
            let diagonal = row.get(at) == Some(&true);
            next.push(match p {
                '*' => from_left || from_above,
                '?' => diagonal,
                _ => diagonal && p == *v,
            });
        }
        row = next;
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_matches_like_a_wildcard() {
        for (pattern, value, expected) in [
            ("main", "main", true),
            ("v*", "v1", true),
            ("v*", "1", false),
            ("*", "", true),
            ("?", "", false),
            ("a?c*", "abcd", true),
            ("*/x", "a/b/x", true),
        ] {
            assert_eq!(wild(pattern, value), expected, "{pattern} {value}");
        }
    }
}
