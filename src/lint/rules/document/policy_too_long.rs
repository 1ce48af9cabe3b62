//! `policy-too-long`: a trust policy with more characters than IAM takes.

use crate::aws::limits::{over_quota, policy_size};
use crate::lint::document::policies;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::Span;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-too-long"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "longer than IAM takes by default",
    explanation: explanation!("policy_too_long.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in policies(bench) {
        let message = over_quota(policy_size(it.policy.span.of(it.text))).filter(|_| it.is_json);
        let Some(message) = message else { continue };
        let start = Span::new(it.policy.span.start, (it.policy.span.start + 1).min(it.policy.span.end));
        findings.push(
            RULE.finding(it.file, start, message)
                .help("put the values of several statements into lists, or make a second role"),
        );
    }
}
