//! `subject-missing`: an `Allow` for a GitLab whose conditions say nothing of project, group or person.

use crate::lint::statement::{Gate, STRANGER, allowing};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-missing"),
    severity: Severity::Critical,
    confidence: Confidence::High,
    summary: "no condition says which project",
    explanation: explanation!("subject_missing.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.lacks_subject() != Some(Gate::Nothing) {
            continue;
        }
        let Some(witness) = seen.admits(STRANGER).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let message = format!("any project of {} gets in: nothing here asks for `sub`", quoted(&seen.hosts.join(", ")));
        findings.push(
            seen.of(&RULE, ".Condition", span, message)
                .witness(witness)
                .help("add a condition on `sub` with the whole project path and the ref"),
        );
    }
}
