//! `condition-always-met`: a condition that an absent key passes, on a key that is never there.

use crate::aws::policy::Effect;
use crate::lint::key::{Absence, each_absent, when_absent};
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
}
