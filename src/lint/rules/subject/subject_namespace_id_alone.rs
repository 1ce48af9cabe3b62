//! `subject-namespace-id-alone`: `namespace_id` is asked for, and nothing says which project of the group.

use crate::lint::statement::{Gate, STRANGER, allowing};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-namespace-id-alone"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "every project of a group",
    explanation: explanation!("subject_namespace_id_alone.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.lacks_subject() != Some(Gate::Namespace) {
            continue;
        }
        let Some(witness) = seen.admits(STRANGER).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let message = format!("every project in the namespace {} gets in, on every ref", seen.shown("namespace_id"));
        findings.push(
            seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` and `project_id` too"),
        );
    }
}
