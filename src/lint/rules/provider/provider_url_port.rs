//! `provider-url-port`: a provider's URL with a port, a query or a fragment.
//!
//! IAM itself takes `:443` away.

use crate::lint::provider::{providers, without_port};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-url-port"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "provider URL with a port, a query or a fragment",
    explanation: explanation!("provider_url_port.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in providers(bench) {
        let has_port = without_port(it.host()).1.is_some_and(|it| it != "443");
        let what = match it.host() {
            _ if has_port => "a port",
            host if host.contains('?') => "a query",
            host if host.contains('#') => "a fragment",
            _ => continue,
        };
        findings.push(
            RULE.finding(it.file, it.url.span, format!("{} has {what}, and AWS wants none", quoted(&it.url.value)))
                .help(if has_port {
                    "give the instance an issuer without it: `ci_id_tokens_issuer_url`, from GitLab 18.1 on"
                } else {
                    "remove it; the `iss` of GitLab's tokens has none"
                }),
        );
    }
}
