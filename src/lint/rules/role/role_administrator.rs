//! `role-administrator`: a CI role with one of AWS's policies that give the whole account.

use crate::aws::limits::administrator;
use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("role-administrator"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "CI jobs have the account, or a way to it",
    explanation: explanation!("role_administrator.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for trust in trusts(bench) {
        for it in &trust.found.attached {
            if let Some(name) = administrator(&it.value) {
                let message = format!("every job that gets in has `{name}`");
                findings.push(
                    RULE.finding(trust.file, it.span, message)
                        .help("give the role the actions and resources that its job needs"),
                );
            }
        }
    }
}
