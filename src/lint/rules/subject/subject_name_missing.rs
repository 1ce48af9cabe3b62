//! `subject-name-missing`: a value that begins with the path itself.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-name-missing"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "`project_path:` is missing",
    explanation: explanation!("subject_name_missing.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::NoName, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("`project_path:` is missing before {}", quoted(part)));
        let finding = finding.help("write `project_path:` before the path");
        let new = format!("project_path:{}", asked.value());
        findings.push(asked.rewriting(finding, &new));
    });
}
