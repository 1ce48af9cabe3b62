//! `condition-both-required`: two operators on one claim that a token has to pass both.

use crate::lint::operators::{Overlap, pairs};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("condition-both-required"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "two operators on one claim",
    explanation: explanation!("condition_both_required.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for (claim, a, b, overlap) in pairs(seen) {
            if overlap != Overlap::Perhaps {
                continue;
            }
            let message = format!(
                "`{}` and `{}` both have to hold for {}: the one does not widen the other",
                a.operator_text,
                b.operator_text,
                quoted(&claim)
            );
            let finding =
                seen.of_condition(&RULE, b, b.key_span, message).beside(seen.file, a.key_span, "the other condition");
            findings.push(finding.help("keep the one that lies within the other, or use a statement for each"));
        }
    }
}
