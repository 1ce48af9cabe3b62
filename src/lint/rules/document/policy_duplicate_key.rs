//! `policy-duplicate-key`: the same key twice in one object, in the same or in other capitals.

use crate::lint::document::policies;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-duplicate-key"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a key stands twice",
    explanation: explanation!("policy_duplicate_key.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for it in policies(bench) {
        for double in &it.policy.duplicates {
            let is_same = double.first.of(it.text) == double.span.of(it.text);
            let which = if it.is_hcl && is_same {
                ", and Terraform drops the first"
            } else {
                "; what IAM makes of the two is not confirmed"
            };
            let message = format!("{} stands twice here{which}", quoted(&double.key));
            // Under `Condition` itself stand operators, and keys under them; elsewhere elements, not all of which take a list.
            let help = if double.path.ends_with(".Condition") {
                "put the keys of both under one"
            } else if double.path.contains(".Condition.") {
                "put both values into one list, or remove one"
            } else {
                "remove one, or put both into one list where IAM takes a list"
            };
            let finding = RULE.finding(it.file, double.span, message).at(double.path.clone()).help(help);
            let is_elsewhere = double.first != double.span;
            findings.push(if is_elsewhere { finding.beside(it.file, double.first, "the first one") } else { finding });
        }
    }
}
