//! `subject-ci-variable`: a variable of GitLab CI in a value of `sub`.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-ci-variable"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a CI variable in `sub`",
    explanation: explanation!("subject_ci_variable.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::CiVariable, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("IAM fills in no CI variable, as in {}", quoted(part)));
        let finding = finding.help("write the value itself");
        findings.push(finding);
    });
}
