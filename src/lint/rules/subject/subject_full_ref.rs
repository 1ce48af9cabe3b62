//! `subject-full-ref`: `ref:` with the full name of the ref.

use crate::lint::shape::{Flaw, MERGE_REQUEST_REFS};
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-full-ref"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the ref is written in full",
    explanation: explanation!("subject_full_ref.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::FullRef, |asked, part, span| {
        if part.starts_with(MERGE_REQUEST_REFS) {
            let message = format!("a merge request's pipeline has its source branch in `sub`, not {}", quoted(part));
            let help = "write the name of the source branch, and ask for `ref_type:branch`";
            findings.push(asked.finding(&RULE, span, message).help(help));
            return;
        }
        let finding =
            asked.finding(&RULE, span, format!("GitLab writes the short name into `sub`, not {}", quoted(part)));
        let finding = finding.help("remove `refs/heads/` or `refs/tags/`");
        let short = part.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/");
        let new = asked.value().replacen(&format!(":ref:{part}"), &format!(":ref:{short}"), 1);
        findings.push(asked.rewriting(finding, &new));
    });
}
