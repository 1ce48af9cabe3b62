//! `operator-wildcard-literal`: `*` or `?` in a value of an operator that compares character by character.

use crate::aws::policy::{Effect, Family};
use crate::lint::statement::statements;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::{Element, Part, parts};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-wildcard-literal"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a wildcard that its operator does not read",
    explanation: explanation!("operator_wildcard_literal.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in statements(bench) {
        let denies = seen.statement.effect == Effect::Deny;
        for it in &seen.statement.conditions {
            let is_equals = matches!(it.operator.family, Family::Equals | Family::EqualsIgnoreCase);
            // An audience is any text; no other claim that AWS has can hold a `*`.
            if !is_equals || seen.claim(it).is_none_or(|claim| claim == "aud") {
                continue;
            }
            for wanted in it.values.iter().filter(|it| it.text.unknown.is_empty()) {
                let parts = parts(&wanted.text.value, seen.policy.variables, true);
                if !parts.iter().any(|it| matches!(it, Part::Step(Element::Run | Element::One))) {
                    continue;
                }
                let what = if it.operator.negated != denies {
                    "that value keeps nobody out"
                } else {
                    "that value lets nobody in"
                };
                let message = format!(
                    "`{}` takes the wildcard in {} for the character itself, and {what}",
                    it.operator_text,
                    quoted(&wanted.text.value)
                );
                let finding = seen.of_condition(&RULE, it, wanted.text.span, message);
                findings.push(finding.help("write the whole value, or use `StringLike` in a block of its own"));
            }
        }
    }
}
