//! `policy-character`: a character outside of Latin-1 in a policy.

use crate::aws::limits::is_policy_character;
use crate::lint::document::policies;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::{Span, character};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-character"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a character that IAM does not take",
    explanation: explanation!("policy_character.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in policies(bench) {
        let whole = it.policy.span;
        let found = whole.of(it.text).char_indices().find(|(_, c)| !is_policy_character(*c));
        let Some((at, c)) = found.filter(|_| it.is_json) else { continue };
        let span = Span::new(whole.start + at, whole.start + at + c.len_utf8());
        let message = format!("IAM takes no {} in a policy: Latin-1 only", character(c));
        findings.push(
            RULE.finding(it.file, span, message).help(
                "write a plain character, or put `?` in its place under `StringLike`, where any character passes",
            ),
        );
    }
}
