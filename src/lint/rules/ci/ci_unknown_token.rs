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
        for it in job.handed().into_iter().filter(|it| it.is_gitlabs) {
            if known.contains(&it.name.as_str()) || it.name == "CI_JOB_TOKEN" || is_removed(&it.name) {
                continue;
            }
            let list = known.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
            let (own, written) = (quoted(&job.job.name.value), &it.written);
            let message = format!("`{written}` is none of the ID tokens of {own}");
            let mut finding = RULE.finding(job.file, it.place, message).help(format!("its ID tokens: {list}"));
            let before = bench.files.get(job.file).and_then(|file| it.place.of(&file.text).strip_suffix(&it.name));
            if let ([one], Some(before)) = (known.as_slice(), before) {
                let mark = written.strip_suffix(&it.name).unwrap_or("$");
                finding = finding.fix(format!("hand over `{mark}{one}`"), it.place, format!("{before}{one}"));
            }
            findings.push(finding);
        }
    }
}
