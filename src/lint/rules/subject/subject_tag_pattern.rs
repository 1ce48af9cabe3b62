//! `subject-tag-pattern`: a pattern of tags, and no condition that they are protected.

use crate::gitlab::Component;
use crate::lint::shape::Refs;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-tag-pattern"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "unprotected tags of a pattern",
    explanation: explanation!("subject_tag_pattern.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.refs != Some(Refs::TagPattern) {
            return;
        }
        let subject = asked.sample("other-project", "tag", "v1");
        let Some(witness) = asked.tried(subject) else { return };
        let (reference, span) = component(asked, Component::Ref);
        let message = format!("anyone who can push a tag that matches {} gets in", quoted(reference));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help(format!("protect the tags, and {}", asked.protecting())),
        );
    });
}
