//! `policy-version-missing`: a policy without `Version`.

use crate::lint::document::policies;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::Span;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-version-missing"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "no `Version`",
    explanation: explanation!("policy_version_missing.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in policies(bench) {
        if it.policy.version.is_some() || it.uses_variables() {
            continue;
        }
        let span = Span::new(it.policy.span.start, (it.policy.span.start + 1).min(it.policy.span.end));
        let finding =
            RULE.finding(it.file, span, "without `Version` the policy is read with no policy variables").at("Version");
        let finding = finding.help("add `\"Version\": \"2012-10-17\"`");
        let has_brace = it.is_json && span.of(it.text) == "{";
        findings.push(if has_brace {
            finding.fix("add the version", Span::new(span.end, span.end), "\n  \"Version\": \"2012-10-17\",")
        } else {
            finding
        });
    }
}
