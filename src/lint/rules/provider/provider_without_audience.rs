//! `provider-without-audience`: a trust policy that asks for an audience which the provider beside it does not have.

use crate::lint::audience::asked;
use crate::lint::provider::{providers, trusts};
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("provider-without-audience"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "policy asks for an audience that is no client ID",
    explanation: explanation!("provider_without_audience.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let providers = providers(bench);
    for trust in trusts(bench) {
        let Some(host) = trust.host() else { continue };
        let same: Vec<_> = providers.iter().filter(|it| it.host() == host).collect();
        let Some(lists) = same.iter().map(|it| it.client_ids()).collect::<Option<Vec<_>>>() else { continue };
        let ids: Vec<&str> = lists.concat();
        if ids.is_empty() {
            continue;
        }
        for asked in asked(trust.statement, host) {
            if ids.iter().any(|it| asked.admits(it)) {
                continue;
            }
            let mut finding = RULE
                .finding(
                    trust.file,
                    asked.span(),
                    format!("{} is none of the provider's client IDs", quoted(asked.first())),
                )
                .help(format!("add it to the provider, or ask for {}", quoted(ids.first().copied().unwrap_or(""))));
            finding.related.extend(same.iter().map(|it| Place {
                file: it.file,
                span: it.found.client_ids_span.unwrap_or(it.found.span),
                note: "the provider's client IDs".to_owned(),
            }));
            findings.push(finding);
        }
    }
}
