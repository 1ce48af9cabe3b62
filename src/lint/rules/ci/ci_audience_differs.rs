//! `ci-audience-differs`: an ID token for AWS whose audience no trust policy of the same sitting asks for.

use crate::lint::audience::asked;
use crate::lint::job::jobs;
use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-audience-differs"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the CI file's audience is not the policy's",
    explanation: explanation!("ci_audience_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let trusts = trusts(bench);
    let mut all = Vec::new();
    for trust in &trusts {
        let asked: Vec<_> = trust.host().map(|host| asked(trust.statement, host)).unwrap_or_default();
        // A statement that does not ask takes any audience, and one whose host is not known may ask.
        if asked.is_empty() {
            return;
        }
        all.extend(asked.into_iter().map(|it| (trust.file, it)));
    }
    if all.is_empty() {
        return;
    }
    for job in jobs(bench) {
        let tokens = job.tokens_for_aws().into_iter();
        for audience in tokens.flat_map(|it| &it.audiences) {
            let Some(value) = job.resolved(&audience.value) else { continue };
            if all.iter().any(|it| it.1.admits(&value)) {
                continue;
            }
            let message = format!("the trust policy asks for another audience than {}", quoted(&value));
            let mut finding = RULE.finding(job.file, audience.span, message);
            finding = finding.help("the two are compared letter by letter, to a slash at the end");
            finding.related.extend(all.iter().map(|(file, it)| Place {
                file: *file,
                span: it.span(),
                note: "what the policy asks for".to_owned(),
            }));
            findings.push(finding);
        }
    }
}
