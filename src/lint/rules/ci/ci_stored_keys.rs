//! `ci-stored-keys`: stored keys beside a role that the CLI takes from a token file: the keys win.

use crate::lint::job::jobs;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-stored-keys"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "stored AWS keys win over the role",
    explanation: explanation!("ci_stored_keys.md"),
    check,
};

/// What the AWS CLI and SDKs look at before a web identity token.
const NAMES: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench).into_iter().filter(|it| !it.job.is_hidden && !it.job.id_tokens.is_empty()) {
        let by_file = ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"];
        let is_by_file = by_file.iter().all(|it| job.variable(it).is_some() || !job.assigned(it).is_empty());
        let is_unset = job.calls(&["unset", "AWS_ACCESS_KEY_ID"]).len() + job.assigned("AWS_ACCESS_KEY_ID").len() > 0;
        if !is_by_file || is_unset {
            continue;
        }
        let all = job.job.variables.iter().chain(&job.ci.variables);
        let mut set = all.filter(|it| NAMES.contains(&it.name.value.as_str()) && !it.value.value.is_empty());
        if let Some(it) = set.next() {
            let message = format!("`{}` is set, so the AWS CLI uses the stored key and not the role", it.name.value);
            findings.push(
                RULE.finding(job.file, it.name.span, message)
                    .help("remove the keys here and in the settings of project and group, then deactivate them"),
            );
        }
    }
}
