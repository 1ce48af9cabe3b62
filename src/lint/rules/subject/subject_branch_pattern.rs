//! `subject-branch-pattern`: a pattern of branches, and no condition that they are protected.

use crate::gitlab::Component;
use crate::lint::shape::Refs;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-branch-pattern"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "unprotected branches of a pattern",
    explanation: explanation!("subject_branch_pattern.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.refs != Some(Refs::BranchPattern) {
            return;
        }
        let subject = asked.sample("other-project", "branch", "x");
        let merge_requests = asked.and_merge_requests(subject.as_deref());
        let Some(witness) = asked.tried(subject) else { return };
        let (reference, span) = component(asked, Component::Ref);
        let message =
            format!("anyone who can push a branch that matches {} gets in{merge_requests}", quoted(reference));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help(format!("{}, or name the branch", asked.protecting())),
        );
    });
}
