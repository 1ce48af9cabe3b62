//! `subject-ref-type-unknown`: `ref_type:` with anything but `branch` or `tag`.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-ref-type-unknown"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a kind of ref that no token has",
    explanation: explanation!("subject_ref_type_unknown.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::RefType, |asked, part, span| {
        let finding =
            asked.finding(&RULE, span, format!("no token has `ref_type` {}: it is `branch` or `tag`", quoted(part)));
        let finding = finding.help("a merge request has `ref_type:branch`, and its source branch as `ref`");
        findings.push(finding);
    });
}
