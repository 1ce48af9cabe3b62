//! `subject-cut-short`: a value that ends before it says which ref.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-cut-short"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "`sub` names no ref",
    explanation: explanation!("subject_cut_short.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::CutShort, |asked, part, span| {
        let finding =
            asked.finding(&RULE, span, format!("{} names no ref, and by default every `sub` does", quoted(part)));
        let finding = finding.help("write it to the end: `…:ref_type:branch:ref:main`");
        findings.push(finding);
    });
}
