//! `subject-environment`: the name of an environment in `sub`, as GitHub has it.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-environment"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "`sub` names no environment",
    explanation: explanation!("subject_environment.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Environment, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("GitLab never writes {} into `sub`", quoted(part)));
        let finding = finding.help("`deployment_tier` and `environment_protected` can be put into `sub` (GitLab 18.7)");
        findings.push(finding);
    });
}
