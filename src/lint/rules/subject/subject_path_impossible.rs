//! `subject-path-impossible`: a project path that GitLab would not take.

use crate::lint::shape::Flaw;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-path-impossible"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "no project has that path",
    explanation: explanation!("subject_path_impossible.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Path, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("no project has the path {}", quoted(part)));
        let finding = finding.help("copy the path from the project's address, without the host");
        findings.push(finding);
    });
}
