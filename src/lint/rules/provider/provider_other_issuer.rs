//! `provider-other-issuer`: a trust policy for another host than that of the only provider beside it.
//!
//! A policy may name a provider that is made elsewhere, and a file may make one for policies elsewhere; only where one of each
//! is left without its partner is it said.

use crate::lint::provider::{providers, trusts};
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-other-issuer"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "policy and provider are for different hosts",
    explanation: explanation!("provider_other_issuer.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let (providers, trusts) = (providers(bench), trusts(bench));
    let has_policy = |host: &str| trusts.iter().any(|it| it.host().is_none_or(|it| it == host));
    let mut lonely = providers.iter().filter(|it| !has_policy(it.host()));
    let (Some(provider), None) = (lonely.next(), lonely.next()) else { return };
    for trust in &trusts {
        let Some(host) = trust.host().filter(|host| !providers.iter().any(|it| it.host() == *host)) else { continue };
        let message =
            format!("this trusts {}, and the provider beside it is of {}", quoted(host), quoted(provider.host()));
        let mut finding = RULE.finding(trust.file, trust.principal.span, message);
        finding = finding.help(
            "write the same host into the provider's URL, the principal and each key: that of the GitLab that is meant",
        );
        let note = "the provider".to_owned();
        finding.related.push(Place { file: provider.file, span: provider.url.span, note });
        findings.push(finding);
    }
}
