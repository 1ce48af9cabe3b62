//! `ci-token-file-readable`: an ID token written into a file that everybody on the runner's machine can read.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-token-file-readable"),
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "the token's file may be readable by others",
    explanation: explanation!("ci_token_file_readable.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        let is_careful = ["umask", "mktemp", "chmod", "install"].iter().any(|it| !job.calls(&[it]).is_empty());
        let tokens: Vec<&str> = job.job.id_tokens.iter().map(|it| it.name.value.as_str()).collect();
        for script in job.scripts.iter().filter(|_| !is_careful) {
            let writes = script.commands.iter().filter(|it| it.is_redirected);
            for command in writes.filter(|it| matches!(it.name(script.text), "echo" | "printf")) {
                let all = command.words.iter().flat_map(|it| script.references(it));
                for it in all.filter(|it| tokens.contains(&it.name)).take(1) {
                    let message =
                        format!("`${}` goes into a file that others on the machine may be able to read", it.name);
                    findings.push(
                        RULE.finding(job.file, script.place(&it.range), message)
                            .help("`(umask 077; printf '%s' \"$TOKEN\" > \"$FILE\")`, with a file of `mktemp` that goes when the job ends"),
                    );
                }
            }
        }
    }
}
