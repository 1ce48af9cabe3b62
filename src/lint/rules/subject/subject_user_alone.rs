//! `subject-user-alone`: only the person is asked for, not the project.

use crate::gitlab::Component;
use crate::lint::shape::Projects;
use crate::lint::statement::{Gate, STRANGER, Seen, allowing};
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

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
        let message = format!("any project gets in in which {} runs a job: nothing here asks for `sub`", person(seen));
        findings.push(
            seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` and `project_id` too"),
        );
    }
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::OfUser) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let Some(witness) = asked.tried(asked.sample_of("stranger")) else { return };
        let message =
            format!("{} lets in projects of other people in which {} runs a job", quoted(path), person(asked.seen));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help("write the whole project path, or ask for `project_id`"),
        );
    });
}

/// The person, by the claim that the statement asks for.
fn person(seen: &Seen<'_>) -> String {
    let claim = seen.pinned_person().unwrap_or("user_id");
    format!("the person of `{claim}` {}", seen.shown(claim))
}
