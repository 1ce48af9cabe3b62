//! `ci-unknown-token`: a job that hands STS a variable that is none of its ID tokens.

use super::ci_job_jwt::is_removed;
use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-unknown-token"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "variable handed to AWS is none of the job's ID tokens",
    explanation: explanation!("ci_unknown_token.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| it.is_whole() && !it.job.id_tokens.is_empty()) {
        let known: Vec<&str> = job.job.id_tokens.iter().map(|it| it.name.value.as_str()).collect();
        for (name, place) in job.handed() {
            if known.contains(&name.as_str()) || name == "CI_JOB_TOKEN" || is_removed(&name) || job.sets(&name) {
                continue;
            }
            let list = known.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
            let mut finding = RULE
                .finding(
                    job.file,
                    place,
                    format!("`${name}` is none of the ID tokens of {}", quoted(&job.job.name.value)),
                )
                .help(format!("its ID tokens: {list}"));
            if let ([one], Some(file)) = (known.as_slice(), bench.files.get(job.file)) {
                let text = place.of(&file.text).replace(&name, one);
                finding = finding.fix(format!("hand over `${one}`"), place, text);
            }
            findings.push(finding);
        }
    }
}
