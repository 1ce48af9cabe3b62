//! `subject-project-id-alone`: `project_id` is asked for, and nothing says on which ref.

use crate::lint::statement::{Gate, NEIGHBOUR, allowing};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-project-id-alone"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "every ref of a project",
    explanation: explanation!("subject_project_id_alone.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.lacks_subject() != Some(Gate::Project) {
            continue;
        }
        let Some(witness) = seen.admits(NEIGHBOUR).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let (project, merge_requests) = (seen.shown("project_id"), seen.and_merge_requests(NEIGHBOUR));
        let message = format!("every branch and tag of project {project} gets in{merge_requests}");
        findings
            .push(seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` too, with the ref"));
    }
}
