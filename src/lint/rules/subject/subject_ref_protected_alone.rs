//! `subject-ref-protected-alone`: `ref_protected` is asked for, and nothing says of which project.

use crate::lint::statement::{Gate, STRANGER, allowing};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-ref-protected-alone"),
    severity: Severity::Critical,
    confidence: Confidence::High,
    summary: "protected refs of any project",
    explanation: explanation!("subject_ref_protected_alone.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.lacks_subject() != Some(Gate::Protected) {
            continue;
        }
        let Some(witness) = seen.admits(STRANGER).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let message = "any project gets in from a protected ref, and anybody can protect one in a project of their own";
        findings.push(
            seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` and `project_id` too"),
        );
    }
}
