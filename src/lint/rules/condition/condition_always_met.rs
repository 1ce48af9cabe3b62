//! `condition-always-met`: a condition that an absent key passes, on a key that is never there; or `ForAllValues:Null`.

use crate::aws::policy::{Condition, Effect, Qualifier};
use crate::lint::key::{Absence, each_absent, when_absent};
use crate::lint::operators::null_with;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("condition-always-met"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "a condition that asks for nothing",
    explanation: explanation!("condition_always_met.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_absent(bench, |seen, it, absence| {
        let is_certain = absence != Absence::Unknown;
        if !is_certain || seen.statement.effect != Effect::Allow || when_absent(it) != Some(true) {
            return;
        }
        let message = format!("{} is never in the request, and `{}` passes then", quoted(&it.key), it.operator_text);
        findings.push(
            seen.of_condition(&RULE, it, it.key_span, message)
                .help("ask for what the request has, with an operator that wants it"),
        );
    });
    for seen in allowing(bench) {
        let always = |it: &&Condition| null_with(it, Qualifier::ForAllValues) && seen.sent_claim(it).is_some();
        for it in seen.statement.conditions.iter().filter(always) {
            let message = format!("`{}` is always met: it asks nothing of {}", it.operator_text, quoted(&it.key));
            findings.push(
                seen.of_condition(&RULE, it, it.operator_span, message).help("remove `ForAllValues:`, or all of it"),
            );
        }
    }
}
