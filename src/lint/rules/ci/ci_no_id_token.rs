//! `ci-no-id-token`: a job that hands STS a token, and asks GitLab for none.

use super::ci_job_jwt::is_removed;
use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-no-id-token"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "job without an ID token hands one to AWS",
    explanation: explanation!("ci_no_id_token.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| it.is_whole() && it.job.id_tokens.is_empty()) {
        for it in job.handed().into_iter().filter(|it| it.is_gitlabs) {
            if it.name != "CI_JOB_TOKEN" && !is_removed(&it.name) {
                let (own, written) = (quoted(&job.job.name.value), &it.written);
                let message = format!("{own} asks GitLab for no ID token, so `{written}` holds none");
                findings.push(
                    RULE.finding(job.file, it.place, message)
                        .help(format!("add `id_tokens:` to the job, with `{}:` and its `aud:`", it.name)),
                );
            }
        }
    }
}
