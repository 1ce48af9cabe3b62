//! `subject-placeholder`: a project path that stands for one to be filled in.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-placeholder"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "something is left to be filled in",
    explanation: explanation!("subject_placeholder.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Placeholder, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("{} looks like a placeholder that was left", quoted(part)));
        let finding = finding.help("write what it stands for, as your own project's path");
        findings.push(finding);
    });
}
