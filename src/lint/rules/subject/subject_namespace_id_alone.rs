//! `subject-namespace-id-alone`: `namespace_id` is asked for, and nothing says which project of the group.

use crate::gitlab::Component;
use crate::lint::shape::Projects;
use crate::lint::statement::{Gate, NEIGHBOUR, allowing};
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

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
        let Some(witness) = seen.admits(NEIGHBOUR).unless_refused() else { continue };
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let (namespace, merge_requests) = (seen.shown("namespace_id"), seen.and_merge_requests(NEIGHBOUR));
        let message =
            format!("every project directly in the namespace {namespace} gets in, on every ref{merge_requests}");
        findings.push(
            seen.of(&RULE, ".Condition", span, message).witness(witness).help("ask for `sub` and `project_id` too"),
        );
    }
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::OfNamespace) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let Some(witness) = asked.tried(asked.sample_of("mygroup")) else { return };
        let namespace = asked.seen.shown("namespace_id");
        let message = if path.chars().all(|it| it == '*') {
            format!("{} lets in every project directly in the namespace {namespace}, new ones too", quoted(path))
        } else {
            format!("{} lets in any project directly in the namespace {namespace} that it matches", quoted(path))
        };
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help("write the whole project path, or ask for `project_id`"),
        );
    });
}
