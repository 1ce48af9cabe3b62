//! `condition-empty`: a condition whose list of values is empty.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("condition-empty"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "an empty list of values",
    explanation: explanation!("condition_empty.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in seen.statement.conditions.iter().filter(|it| it.values.is_empty()) {
            let message = format!("{} is asked for with no value at all", quoted(&it.key));
            findings.push(seen.of_condition(&RULE, it, it.key_span, message).help("write a value, or remove the key"));
        }
    }
}
