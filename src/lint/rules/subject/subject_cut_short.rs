//! `subject-cut-short`: a value that ends before it says which ref.

use crate::gitlab::Component;
use crate::lint::shape::{Flaw, Shape};
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
        let usual = [Component::ProjectPath, Component::RefType, Component::Ref].map(Component::as_str);
        let is_usual = Shape::of(asked.value()).pieces.iter().all(|it| usual.contains(&it.name));
        let finding = finding.help(if is_usual {
            "write it to the end: `…:ref_type:branch:ref:main`"
        } else {
            "have `ci_id_token_sub_claim_components` name `ref_type` and `ref` too, and write both here in that order"
        });
        findings.push(finding);
    });
}
