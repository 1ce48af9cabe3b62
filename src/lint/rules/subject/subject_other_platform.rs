//! `subject-other-platform`: a value of `sub` as GitHub writes it.

use crate::lint::subject::{Flaw, each_flaw};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-other-platform"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "GitHub's grammar under a GitLab key",
    explanation: include_str!("subject_other_platform.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::GitHub, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("{} is how GitHub writes `sub`", quoted(part)));
        let finding = finding.help("for GitLab it is `project_path:group/project:ref_type:branch:ref:main`");
        findings.push(finding);
    });
}
