//! `subject-any-branch`: a pattern that lets every branch in, and no condition on protected refs.

use crate::gitlab::Component;
use crate::lint::shape::Refs;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-any-branch"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "every branch of the project",
    explanation: explanation!("subject_any_branch.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.refs != Some(Refs::AnyBranch) {
            return;
        }
        let subject = asked.sample("other-project", "branch", "some-branch");
        let merge_requests = asked.and_merge_requests(subject.as_deref());
        let Some(witness) = asked.tried(subject) else { return };
        let (reference, span) = component(asked, Component::Ref);
        let message = format!("{} lets in every branch{merge_requests}", quoted(reference));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help(format!("name the branch, or {}", asked.protecting())),
        );
    });
}
