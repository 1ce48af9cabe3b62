//! `condition-roles-claim`: `sts:RoleAuthorizedByIdp` is asked for, which needs a claim that GitLab does not write.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("condition-roles-claim"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "GitLab's tokens name no roles",
    explanation: explanation!("condition_roles_claim.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in &seen.statement.conditions {
            let wants_true =
                it.values.iter().all(|it| it.text.value.eq_ignore_ascii_case("true")) && !it.values.is_empty();
            if wants_true && it.key.eq_ignore_ascii_case("sts:RoleAuthorizedByIdp") && !it.operator.negated {
                let message = "GitLab's tokens have no claim that names roles: this lets nobody in";
                findings.push(seen.of_condition(&RULE, it, it.key_span, message).help("remove the condition"));
            }
        }
    }
}
