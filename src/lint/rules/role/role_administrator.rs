//! `role-administrator`: a CI role with one of AWS's policies that give the whole account.

use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("role-administrator"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "CI jobs are administrators of the account",
    explanation: include_str!("role_administrator.md"),
    check,
};

/// AWS's managed policies that give the account, or the way to it. Source: AWS managed policy reference.
const POLICIES: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for trust in trusts(bench) {
        for it in &trust.found.attached {
            let name = it.value.split_once(":iam::aws:policy/").map_or("", |it| it.1);
            if POLICIES.contains(&name) {
                let message = format!("every job that gets in has `{name}`");
                findings.push(
                    RULE.finding(trust.file, it.span, message)
                        .help("give the role the actions and resources that its job needs"),
                );
            }
        }
    }
}
