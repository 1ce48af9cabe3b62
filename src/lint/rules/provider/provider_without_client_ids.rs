//! `provider-without-client-ids`: a provider with an empty list of client IDs.

use crate::lint::provider::providers;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-without-client-ids"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "provider without client IDs",
    explanation: explanation!("provider_without_client_ids.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in providers(bench).into_iter().filter(|it| it.client_ids().is_some_and(|it| it.is_empty())) {
        let place = it.found.client_ids_span.unwrap_or(it.found.span);
        findings.push(
            RULE.finding(it.file, place, "this provider has no client ID, so STS refuses every token")
                .help("list every `aud` that the CI files use, for example `https://gitlab.com`"),
        );
    }
}
