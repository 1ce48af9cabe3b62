//! `subject-ref-impossible`: a name that git or IAM does not take for a ref.

use crate::aws::limits::is_policy_character;
use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-ref-impossible"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "no ref has that name",
    explanation: explanation!("subject_ref_impossible.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Ref, |asked, part, span| {
        let finding =
            asked.finding(&RULE, span, format!("no branch or tag that IAM could compare is named {}", quoted(part)));
        findings.push(finding.help(if part.chars().all(is_policy_character) {
            "write the short name, as `CI_COMMIT_REF_NAME` has it"
        } else {
            "IAM takes Latin-1 only: put `?` or `*` in the place of other characters under `StringLike`"
        }));
    });
}
