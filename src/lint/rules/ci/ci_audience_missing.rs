//! `ci-audience-missing`: an ID token for which no audience is named.
//!
//! A file that includes others may have it from there.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::IdToken;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-audience-missing"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "ID token without an audience, which GitLab refuses",
    explanation: explanation!("ci_audience_missing.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| it.is_whole()) {
        let Some(file) = bench.files.get(job.file) else { continue };
        // What a reference stands for may be in no text here.
        let is_missing = |it: &&IdToken| it.audiences.is_empty() && !it.span.of(&file.text).contains("!reference");
        for token in job.job.id_tokens.iter().filter(is_missing) {
            let message =
                format!("{} has no `aud`, and GitLab takes no file with such a token", quoted(&token.name.value));
            let place = token.aud_span.unwrap_or(token.name.span);
            findings.push(
                RULE.finding(job.file, place, message).help(
                    "name a client ID of the provider in AWS, such as `https://gitlab.com` or `sts.amazonaws.com`",
                ),
            );
        }
    }
}
