//! `token-without-provider`: a token from a GitLab for which the sitting has no provider, though it has others.

use crate::lint::provider::providers;
use crate::lint::token::tokens;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("token-without-provider"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "no provider for the token's issuer",
    explanation: explanation!("token_without_provider.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let providers = providers(bench);
    if providers.is_empty() {
        return;
    }
    for token in tokens(bench) {
        let Some((issuer, span)) = token.claim("iss") else { continue };
        if providers.iter().any(|it| it.is_of(issuer)) {
            continue;
        }
        let message = format!("no provider here is for the token's issuer {}", quoted(issuer));
        let mut finding = RULE.finding(token.file, span, message);
        finding = finding.help("a provider's URL has to be the token's `iss`, to the last slash");
        finding.related.extend(providers.iter().map(|it| Place {
            file: it.file,
            span: it.url.span,
            note: "a provider".to_owned(),
        }));
        findings.push(finding);
    }
}
