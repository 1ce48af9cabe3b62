//! `operator-if-exists`: `…IfExists` in an `Allow` on a claim that is to be asked for.

use crate::lint::key::is_there;
use crate::lint::operators::{asking, without};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-if-exists"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "a condition that an absent claim passes",
    explanation: explanation!("operator_if_exists.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in asking(seen) {
            if !it.operator.if_exists || it.operator.qualifier.is_some() || is_there(seen, it) {
                continue;
            }
            let message = format!("this passes where {} is absent", quoted(&it.key));
            let finding = seen.of_condition(&RULE, it, it.operator_span, message).help(without(seen, it, "IfExists"));
            findings.push(if seen.is_of_every_token(it) {
                seen.renaming(finding, it, it.operator_text.trim_end_matches("IfExists"))
            } else {
                finding
            });
        }
    }
}
