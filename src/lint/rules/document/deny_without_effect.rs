//! `deny-without-effect`: a `Deny` with a condition that no token meets.

use crate::aws::policy::{Effect, passes_when_absent};
use crate::lint::key::{Absence, each_absent};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("deny-without-effect"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a `Deny` that never applies",
    explanation: explanation!("deny_without_effect.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_absent(bench, |seen, it, absence| {
        if seen.statement.effect != Effect::Deny || passes_when_absent(it) || absence == Absence::Unknown {
            return;
        }
        let message = format!("{} is never in the request, so this `Deny` never applies", quoted(&it.key));
        findings.push(
            seen.of_condition(&RULE, it, it.key_span, message)
                .help("ask for a key that the request has, or remove the statement"),
        );
    });
}
