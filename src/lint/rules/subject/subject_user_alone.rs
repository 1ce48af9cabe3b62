//! `subject-user-alone`: only the person is asked for, not the project.

use crate::lint::statement::{Gate, STRANGER, allowing};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-user-alone"),
    severity: Severity::High,
    confidence: Confidence::Medium,
    summary: "a person in any project",
    explanation: explanation!("subject_user_alone.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.lacks_subject() != Some(Gate::User) {
            continue;
        }
        let Some(witness) = seen.admits(STRANGER).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let message = "any project gets in in which that person runs a job: nothing here asks for `sub`";
        findings.push(
            seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` and `project_id` too"),
        );
    }
}
