//! `ci-several-audiences`: an ID token for AWS with more than one audience.
//!
//! Only tokens that go to AWS are looked at: other services take lists.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-several-audiences"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "ID token for several audiences, which AWS refuses",
    explanation: explanation!("ci_several_audiences.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        for token in job.tokens_for_aws().into_iter().filter(|it| it.audiences.len() > 1) {
            let (name, count) = (quoted(&token.name.value), token.audiences.len());
            let place = token.aud_span.unwrap_or(token.span);
            findings.push(
                RULE.finding(job.file, place, format!("{name} is made for {count} audiences, and STS takes one"))
                    .help("leave the one that is the provider's client ID; give other services a token of their own"),
            );
        }
    }
}
