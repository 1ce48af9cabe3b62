//! `ci-session-name`: a role session name that AWS refuses.
//!
//! Variables whose value always or often has a `/` are known by name; text around variables is held against AWS's own list.

use std::collections::HashSet;

use crate::document::Text;
use crate::lint::job::{Job, Script, jobs};
use crate::lint::shell::{Range, references, unquoted};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::{Span, quoted};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-session-name"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "role session name that AWS refuses",
    explanation: explanation!("ci_session_name.md"),
    check,
};

/// The shortest and the longest session name. Source: STS API reference, AssumeRoleWithWebIdentity.
const LEAST: usize = 2;
const MOST: usize = 64;

/// Variables that are no session names as they are, whether always, and the one that fits. Source: GitLab, "Predefined CI/CD
/// variables reference": slugs have at most 63 of `0-9a-z-`.
const VARIABLES: [(&str, bool, Option<&str>); 14] = [
    ("CI_PROJECT_PATH", true, Some("CI_PROJECT_PATH_SLUG")),
    ("CI_PROJECT_URL", true, Some("CI_PROJECT_PATH_SLUG")),
    ("CI_JOB_URL", true, Some("CI_JOB_ID")),
    ("CI_PIPELINE_URL", true, Some("CI_PIPELINE_ID")),
    ("CI_REGISTRY_IMAGE", true, None),
    ("CI_SERVER_URL", true, Some("CI_SERVER_HOST")),
    ("CI_COMMIT_REF_NAME", false, Some("CI_COMMIT_REF_SLUG")),
    ("CI_COMMIT_BRANCH", false, Some("CI_COMMIT_REF_SLUG")),
    ("CI_COMMIT_TAG", false, Some("CI_COMMIT_REF_SLUG")),
    ("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", false, Some("CI_COMMIT_REF_SLUG")),
    ("CI_ENVIRONMENT_NAME", false, Some("CI_ENVIRONMENT_SLUG")),
    ("CI_PROJECT_NAMESPACE", false, None),
    ("CI_COMMIT_TITLE", false, None),
    ("GITLAB_USER_NAME", false, Some("GITLAB_USER_ID")),
];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for job in jobs(bench) {
        let overridden = job.overridden();
        for script in &job.scripts {
            for it in script.commands.iter().filter_map(|it| it.option(script.text, "--role-session-name")) {
                look(&job, script, &it, &overridden, findings);
            }
        }
        for (script, value) in job.assigned("AWS_ROLE_SESSION_NAME") {
            look(&job, script, &value, &overridden, findings);
        }
        if let Some(value) = job.variable("AWS_ROLE_SESSION_NAME") {
            findings.extend(inside(&job, value));
        }
    }
}

/// What is wrong with the variables that the value of another holds.
fn inside(job: &Job<'_>, value: &Text) -> Option<Finding> {
    references(&value.value).iter().find_map(|it| of_variable(job.file, it.name, value.span, None))
}

fn look(job: &Job<'_>, script: &Script<'_>, value: &Range, overridden: &HashSet<String>, findings: &mut Vec<Finding>) {
    for it in script.references(value) {
        // `${NAME//\//-}` is no longer the variable's own value.
        let is_changed = script.text.get(it.range.clone()).is_some_and(|it| it.starts_with("${"))
            && !script.text.get(it.range.end..).is_some_and(|it| it.starts_with('}'));
        let place = script.place(&it.range);
        let own = || job.variable(it.name).filter(|_| !overridden.contains(it.name));
        let of_value = || inside(job, own()?);
        let finding = of_variable(job.file, it.name, place, Some(script)).or_else(of_value);
        if let (false, Some(finding)) = (is_changed, finding) {
            findings.push(finding);
            return;
        }
    }
    let Some(literal) = script.text.get(value.clone()).and_then(|it| job.expanded(it, overridden)) else { return };
    let literal = unquoted(&literal);
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let message = match literal.chars().find(|it| !fits(*it)) {
        Some(c) => {
            format!("the session name {} has {}, which AWS refuses", quoted(&literal), crate::text::character(c))
        }
        None if literal.len() > MOST => {
            format!("the session name {} has {} characters; AWS takes {MOST} at most", quoted(&literal), literal.len())
        }
        None if !literal.is_empty() && literal.len() < LEAST => {
            format!("the session name {} is too short; AWS takes {LEAST} characters at least", quoted(&literal))
        }
        None => return,
    };
    findings.push(
        RULE.finding(job.file, script.place(value), message)
            .help("2 to 64 letters, digits and `_+=,.@-`, for example `gitlab-$CI_JOB_ID`"),
    );
}

/// What is wrong with a variable in a session name; the fix, where its place in a script is known.
fn of_variable(file: usize, name: &str, place: Span, script: Option<&Script<'_>>) -> Option<Finding> {
    let (_, always, instead) = VARIABLES.iter().find(|it| it.0 == name)?;
    let message = if *always {
        format!("`${name}` has a `/`, which AWS refuses in a session name")
    } else {
        format!("`${name}` can have a `/` or a space, which AWS refuses in a session name")
    };
    let mut finding = RULE.finding(file, place, message);
    let Some(instead) = instead else { return Some(finding.help("use `$CI_PROJECT_ID` or `$CI_JOB_ID`")) };
    finding = finding.help(format!("use `${instead}`"));
    if let Some(start) = script.and(place.end.checked_sub(name.len())) {
        finding = finding.fix(format!("use `${instead}`"), Span::new(start, place.end), *instead);
    }
    Some(finding)
}
