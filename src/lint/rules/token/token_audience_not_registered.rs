//! `token-audience-not-registered`: a token whose `aud` is none of the client IDs of the provider in the same sitting, or that has several.

use crate::lint::provider::providers;
use crate::lint::token::tokens;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("token-audience-not-registered"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the token's audience is no client ID of the provider",
    explanation: explanation!("token_audience_not_registered.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let providers = providers(bench);
    for token in tokens(bench) {
        let Some((issuer, _)) = token.claim("iss") else { continue };
        let Some(provider) = providers.iter().find(|it| it.is_of(issuer)) else { continue };
        if let Some((count, span)) = token.several_audiences() {
            let message = format!("the token has {count} audiences and no `azp`, and STS takes one audience");
            let help = "leave the one that is the provider's client ID; give other services a token of their own";
            findings.push(RULE.finding(token.file, span, message).help(help));
            continue;
        }
        let Some((audience, span)) = token.claim("aud") else { continue };
        let Some(ids) = provider.client_ids().filter(|it| !it.is_empty()) else { continue };
        if ids.contains(&audience) {
            continue;
        }
        let message = format!("the token's audience {} is none of the provider's client IDs", quoted(audience));
        let mut finding =
            RULE.finding(token.file, span, message).help("add it to the provider, or change `aud` in the CI file");
        let place = provider.found.client_ids_span.unwrap_or(provider.found.span);
        let note = "the provider's client IDs".to_owned();
        finding.related.push(Place { file: provider.file, span: place, note });
        findings.push(finding);
    }
}
