//! `ci-session-longer`: a job that asks for a longer session than its role allows, or for one of a length that STS does not take.

use crate::aws::limits::{MAX_SESSION_SECONDS, SESSION_SECONDS_LEAST};
use crate::lint::job::jobs;
use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-session-longer"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "session of a length that is not allowed",
    explanation: explanation!("ci_session_longer.md"),
    check,
};

/// The longest session of a role that does not say, in seconds. Source: IAM API reference, CreateRole.
const DEFAULT: u32 = 3_600;

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let trusts = trusts(bench);
    for job in jobs(bench) {
        for (script, command) in job.calls(&["assume-role-with-web-identity"]) {
            let option = |name| command.option(script.text, name);
            let known = |it: &_| job.resolved(&script.word(it));
            let Some(asked) = option("--duration-seconds") else { continue };
            let Some(Ok(seconds)) = known(&asked).map(|it| it.parse::<u32>()) else { continue };
            let (least, most) = (SESSION_SECONDS_LEAST, *MAX_SESSION_SECONDS.end());
            if !(least..=most).contains(&seconds) {
                let message = format!("this asks for {seconds} seconds, and STS takes {least} to {most}");
                let finding = RULE.finding(job.file, script.place(&asked), message);
                findings.push(finding.help("ask for a time in between; without the option a session lasts an hour"));
                continue;
            }
            let Some(arn) = option("--role-arn").and_then(|it| known(&it)) else { continue };
            let role = trusts.iter().find(|it| {
                it.found.role_name.as_ref().is_some_and(|it| Some(it.value.as_str()) == arn.rsplit('/').next())
            });
            let Some(role) = role else { continue };
            let most = match &role.found.max_session_seconds {
                None => DEFAULT,
                Some(it) => match it.value.parse() {
                    Ok(it) => it,
                    Err(_) => continue,
                },
            };
            if seconds <= most {
                continue;
            }
            let message = format!("this asks for {seconds} seconds, and the role allows {most}");
            let mut finding = RULE.finding(job.file, script.place(&asked), message);
            finding = finding.help("ask for less, or raise the role's longest session");
            let place = role.found.max_session_seconds.as_ref().or(role.found.role_name.as_ref());
            finding.related.extend(place.map(|it| Place {
                file: role.file,
                span: it.span,
                note: "the role".to_owned(),
            }));
            findings.push(finding);
        }
    }
}
