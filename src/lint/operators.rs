//! Two operators on one claim: a token has to pass both. And what an operator's prefix or suffix makes of a claim.

use super::statement::{Seen, is_gate, is_one_block};
use crate::aws::policy::{Condition, Family, Operator, Qualifier, Wanted};
use crate::pattern::has_wildcard;

/// Whether a value can pass both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    /// None does.
    Never,
    /// Some may.
    Perhaps,
}

/// Each two conditions of a statement that ask for values of one claim, under two operators: the claim, both, and whether a value
/// fits both. Where a value is not known, or both are patterns, one may.
pub(super) fn pairs<'b>(seen: &Seen<'b>) -> Vec<(String, &'b Condition, &'b Condition, Overlap)> {
    let statement = seen.statement;
    let gates: Vec<&Condition> = statement.conditions.iter().filter(|it| is_gate(it)).collect();
    let mut found = Vec::new();
    for (at, a) in gates.iter().enumerate() {
        let Some(claim) = seen.claim(a) else { continue };
        for b in gates.iter().skip(at + 1) {
            if !is_one_block(a, b) && a.key.eq_ignore_ascii_case(&b.key) {
                let overlap = if never_both(a, b) { Overlap::Never } else { Overlap::Perhaps };
                found.push((claim.clone(), *a, *b, overlap));
            }
        }
    }
    found
}

/// Whether no text passes both: the one lists texts, and the other takes none of them.
fn never_both(a: &Condition, b: &Condition) -> bool {
    let is_known = |it: &Wanted| it.pattern.is_some() && it.text.unknown.is_empty();
    if !a.values.iter().chain(&b.values).all(is_known) {
        return false;
    }
    let is_list = |it: &Condition| {
        it.operator.family == Family::Equals || it.values.iter().all(|it| !has_wildcard(&it.text.value))
    };
    let takes =
        |it: &Condition, text: &str| it.values.iter().any(|it| it.pattern.as_ref().is_some_and(|it| it.matches(text)));
    let excludes = |list: &Condition, other: &Condition| {
        is_list(list) && list.values.iter().all(|it| !it.text.value.contains("${") && !takes(other, &it.text.value))
    };
    let ignores_case = |it: &Condition| it.operator.family == Family::EqualsIgnoreCase;
    !ignores_case(a) && !ignores_case(b) && (excludes(a, b) || excludes(b, a))
}

/// The conditions on a claim that tokens bring which ask for its values. A misspelled operator is none yet, and `Null` does not look at
/// values.
pub(super) fn asking<'b>(seen: &Seen<'b>) -> impl Iterator<Item = &'b Condition> {
    let asks = |it: &&Condition| {
        it.operator.family != Family::Null && !it.operator.negated && Operator::read(&it.operator_text).is_ok()
    };
    seen.statement.conditions.iter().filter(asks).filter(|it| seen.sent_claim(it).is_some())
}

/// Whether `Null` with this prefix is always or never met. Source: IAM Access Analyzer's policy checks, "Null with qualifier".
pub(super) fn null_with(it: &Condition, qualifier: Qualifier) -> bool {
    it.operator.family == Family::Null && it.operator.qualifier == Some(qualifier) && !it.operator.if_exists
}

/// What to do about a prefix or suffix with which a condition passes where its claim is absent.
pub(super) fn without(seen: &Seen<'_>, it: &Condition, part: &str) -> String {
    if seen.hosts.len() + seen.others.len() > 1 {
        // Each provider's tokens lack the keys of the others.
        format!("make a role or a statement for each provider, without `{part}`")
    } else if it.values.is_empty() {
        // Without it everybody passes an empty list.
        format!("write a value, and remove `{part}`")
    } else {
        format!("remove `{part}`")
    }
}
