//! `claim-user-changeable`: `user_login` or `user_email` decides who gets in.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("claim-user-changeable"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a name that people can change",
    explanation: explanation!("claim_user_changeable.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for claim in ["user_login", "user_email"] {
            if let Some(it) = seen.gates(claim).first() {
                let message = format!("people can change their `{claim}`: GitLab says not to rely on it alone");
                let help = if seen.sent_claim(it).is_some() {
                    "ask for `user_id` instead"
                } else {
                    "ask for `sub`: AWS has keys of a person for gitlab.com alone"
                };
                findings.push(seen.of_condition(&RULE, it, it.key_span, message).help(help));
            }
        }
    }
}
