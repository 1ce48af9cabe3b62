//! `principal-several-providers`: more than one OIDC provider in one statement whose keys are those of one.

use crate::aws::policy::PrincipalKind;
use crate::lint::statement::{allowing, key_parts};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("principal-several-providers"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "several providers share one condition",
    explanation: explanation!("principal_several_providers.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let hosts: Vec<&str> = seen.hosts.iter().chain(&seen.others).copied().collect();
        if hosts.len() < 2 {
            continue;
        }
        let asked = |host: &str| {
            seen.statement
                .conditions
                .iter()
                .any(|it| key_parts(&it.key).is_some_and(|it| it.0.eq_ignore_ascii_case(host)))
        };
        let Some(first) = hosts.iter().find(|it| asked(it)) else { continue };
        let other = hosts.iter().find(|it| it != &first).copied().unwrap_or("");
        let ends = |it: &&crate::aws::policy::Principal| {
            it.kind == PrincipalKind::Federated && it.text.value.ends_with(&format!("/{other}"))
        };
        let span = seen.statement.principals.iter().find(ends).map_or(seen.statement.principal_span, |it| it.text.span);
        let message =
            format!("tokens of {} have no keys of {}, and a condition here is on one", quoted(other), quoted(first));
        findings.push(seen.of(&RULE, ".Principal", span, message).help("make a role or a statement for each provider"));
    }
}
