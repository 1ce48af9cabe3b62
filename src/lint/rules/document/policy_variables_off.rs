//! `policy-variables-off`: `${…}` in a value, and no `Version` that has policy variables.

use crate::lint::document::policies;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-variables-off"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a variable that is read as text",
    explanation: explanation!("policy_variables_off.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in policies(bench) {
        if it.policy.variables {
            continue;
        }
        for (condition, text) in it.values_with_variables() {
            let message = format!(
                "{} is compared as it stands: only `Version` 2012-10-17 has policy variables",
                quoted(&text.value)
            );
            let finding = RULE.finding(it.file, text.span, message).at(format!("Condition.{}", condition.key));
            findings.push(finding.help("write `\"Version\": \"2012-10-17\"`"));
        }
    }
}
