//! `ci-key-in-file`: an AWS secret key in the text of a CI file. The message does not repeat it.

use crate::document::Text;
use crate::lint::job::jobs;
use crate::lint::shell::unquoted;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::Span;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-key-in-file"),
    severity: Severity::Critical,
    confidence: Confidence::High,
    summary: "an AWS secret key stands in the repository",
    explanation: explanation!("ci_key_in_file.md"),
    check,
};

/// Variables that hold a secret.
const NAME: &str = "AWS_SECRET_ACCESS_KEY";

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let mut add = |file: usize, place: Span| {
        findings.push(
            RULE.finding(file, place, "an AWS secret access key stands here for everybody who can read the repository")
                .help("deactivate the key now; remove it from the file and from its history"),
        );
    };
    for (at, file) in bench.files.iter().enumerate() {
        let variables = file.source.ci.iter().flat_map(|it| &it.variables);
        for it in variables.filter(|it| it.name.value == NAME && is_secret(&it.value)) {
            add(at, it.value.span);
        }
    }
    for job in jobs(bench) {
        for it in job.job.variables.iter().filter(|it| it.name.value == NAME && is_secret(&it.value)) {
            add(job.file, it.value.span);
        }
        for (script, value) in job.assigned(NAME) {
            if is_secret_text(&unquoted(script.text.get(value.clone()).unwrap_or(""))) {
                add(job.file, script.place(&value));
            }
        }
    }
}

fn is_secret(it: &Text) -> bool {
    it.unknown.is_empty() && is_secret_text(&it.value)
}

/// Forty characters of base64, as IAM makes them, and not the one of AWS's documentation.
fn is_secret_text(text: &str) -> bool {
    text.len() == 40
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"/+=".contains(&it))
        && !text.contains("EXAMPLE")
}
