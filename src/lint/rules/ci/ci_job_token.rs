//! `ci-job-token`: `CI_JOB_TOKEN` handed to STS.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-job-token"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the job token is no ID token",
    explanation: explanation!("ci_job_token.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        for it in job.handed().into_iter().filter(|it| it.name == "CI_JOB_TOKEN") {
            findings.push(
                RULE.finding(job.file, it.place, "`$CI_JOB_TOKEN` is a key to GitLab's API, not an ID token")
                    .help("ask for an ID token with `id_tokens:` and hand that over"),
            );
        }
    }
}
