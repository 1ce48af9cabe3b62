//! `subject-branch-prefix`: a wildcard right behind a word, as in `main*`.

use crate::gitlab::Component;
use crate::lint::shape::Refs;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-branch-prefix"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the branch in `sub` is only a beginning",
    explanation: explanation!("subject_branch_prefix.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.refs != Some(Refs::BranchPrefix) {
            return;
        }
        let subject = asked.sample("other-project", "branch", "-other");
        let Some(witness) = asked.tried(subject) else { return };
        let (reference, span) = component(asked, Component::Ref);
        let message = format!("{} lets in branches whose names only begin alike", quoted(reference));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help("write the whole name, or for a family of branches put `/` before the `*`"),
        );
    });
}
