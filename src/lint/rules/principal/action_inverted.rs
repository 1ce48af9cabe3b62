//! `action-inverted`: `NotAction` in an `Allow`.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("action-inverted"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "everything but an action is allowed",
    explanation: explanation!("action_inverted.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if seen.statement.not_action {
            let message = "`NotAction` allows every action but the named ones";
            findings.push(
                seen.of(&RULE, ".NotAction", seen.statement.action_span, message)
                    .help("write `Action` with `sts:AssumeRoleWithWebIdentity`"),
            );
        }
    }
}
