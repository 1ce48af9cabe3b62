//! `claim-value-unknown`: a value of a claim that GitLab is not known to write.

use crate::gitlab::ci::{ACCESS_LEVELS, PIPELINE_SOURCES, RUNNER_ENVIRONMENTS};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::has_wildcard;
use crate::text::nearest;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("claim-value-unknown"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a value that GitLab is not known to write",
    explanation: explanation!("claim_value_unknown.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in &seen.statement.conditions {
            let Some(claim) = seen.sent_claim(it).filter(|_| it.operator.compares_text()) else { continue };
            let known: &[&str] = match claim.as_str() {
                "pipeline_source" => &PIPELINE_SOURCES,
                "runner_environment" => &RUNNER_ENVIRONMENTS,
                "user_access_level" => &ACCESS_LEVELS,
                "ref_protected" => &["true", "false"],
                "project_id" | "namespace_id" | "user_id" => &[],
                _ => continue,
            };
            for wanted in it.values.iter().filter(|it| it.text.unknown.is_empty() && !has_wildcard(&it.text.value)) {
                let value = wanted.text.value.as_str();
                let is_right = if known.is_empty() {
                    !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit())
                } else {
                    known.contains(&value)
                };
                if is_right || value.contains("${") {
                    continue;
                }
                let message = format!("GitLab is not known to write {} as `{claim}`", quoted(value));
                let finding = seen.of_condition(&RULE, it, wanted.text.span, message);
                let near = nearest(value, known.iter().copied());
                findings.push(match near {
                    Some(near) if near.eq_ignore_ascii_case(value) => seen.respelling(
                        finding.help(format!("write `{near}`")),
                        format!("write `{near}`"),
                        wanted.text.span,
                        near,
                    ),
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None if claim == "user_id" => {
                        finding.help("an id is a number; GitLab's API shows it: `/api/v4/users?username=…`")
                    }
                    None if known.is_empty() => {
                        finding.help("an id is a number; the project's or group's settings show it")
                    }
                    None => finding.help(format!("known values: {}", known.join(", "))),
                });
            }
        }
    }
}
