//! `ci-audience-not-registered`: an ID token for AWS whose audience is none of the client IDs of the provider in the same sitting.

use crate::lint::job::jobs;
use crate::lint::provider::providers;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-audience-not-registered"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the CI file's audience is no client ID of the provider",
    explanation: explanation!("ci_audience_not_registered.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let providers = providers(bench);
    let Some(lists) = providers.iter().map(|it| it.client_ids()).collect::<Option<Vec<_>>>() else { return };
    let ids: Vec<&str> = lists.concat();
    if ids.is_empty() {
        return;
    }
    for job in jobs(bench) {
        let tokens = job.tokens_for_aws().into_iter();
        // GitLab expands variables in `aud`; what comes out of those that are not in the file is not known here.
        for audience in tokens.flat_map(|it| &it.audiences) {
            let Some(value) = job.resolved(&audience.value) else { continue };
            if ids.contains(&value.as_str()) {
                continue;
            }
            let message = format!("{} is none of the provider's client IDs", quoted(&value));
            let mut finding = RULE.finding(job.file, audience.span, message);
            finding = finding.help("write one of them here, or add this one to the provider");
            finding.related.extend(providers.iter().map(|it| Place {
                file: it.file,
                span: it.found.client_ids_span.unwrap_or(it.found.span),
                note: "the provider's client IDs".to_owned(),
            }));
            findings.push(finding);
        }
    }
}
