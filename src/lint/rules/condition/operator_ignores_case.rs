//! `operator-ignores-case`: `StringEqualsIgnoreCase` on `sub`.

use crate::aws::policy::Family;
use crate::gitlab::Component;
use crate::lint::shape::Shape;
use crate::lint::subject::each;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-ignores-case"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "refs in other capitals get in",
    explanation: explanation!("operator_ignores_case.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.condition.operator.family != Family::EqualsIgnoreCase
            || asked.flaw.is_some()
            || seen_before(findings, asked.condition.operator_span)
        {
            return;
        }
        let Some(reference) = Shape::of(asked.value()).get(Component::Ref) else { return };
        let other = if reference.value.chars().any(char::is_lowercase) {
            reference.value.to_uppercase()
        } else {
            reference.value.to_lowercase()
        };
        let subject = asked.value().replacen(&format!(":ref:{}", reference.value), &format!(":ref:{other}"), 1);
        let Some(witness) = asked.tried(Some(subject)) else { return };
        let message = format!("{} gets in as well as {}", quoted(&other), quoted(reference.value));
        let finding = asked.finding(&RULE, asked.condition.operator_span, message).witness(witness);
        findings.push(finding.help("compare letter by letter: `StringEquals`"));
    });
}

fn seen_before(findings: &[Finding], span: crate::text::Span) -> bool {
    findings.iter().any(|it| it.rule == &RULE && it.span == span)
}
