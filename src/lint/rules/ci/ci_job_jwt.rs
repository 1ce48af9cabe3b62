//! `ci-job-jwt`: `CI_JOB_JWT` and its versions, which GitLab 17.0 removed.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-job-jwt"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "`CI_JOB_JWT` was removed in GitLab 17.0",
    explanation: explanation!("ci_job_jwt.md"),
    check,
};

/// Whether GitLab had a variable of that name and has it no more.
pub(super) fn is_removed(name: &str) -> bool {
    matches!(name, "CI_JOB_JWT" | "CI_JOB_JWT_V1" | "CI_JOB_JWT_V2")
}

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        let set = job.set();
        let own = |name: &str| job.job.id_tokens.iter().any(|it| it.name.value == name) || set.contains(name);
        for script in &job.scripts {
            for it in script.references(&(0..script.text.len())) {
                if is_removed(it.name) && !own(it.name) {
                    findings.push(
                        RULE.finding(
                            job.file,
                            script.place(&it.range),
                            format!("GitLab sets `{}` no more, since 17.0", it.name),
                        )
                        .help("ask for an ID token with `id_tokens:`; its `aud` has to be a client ID of the provider"),
                    );
                }
            }
        }
    }
}
