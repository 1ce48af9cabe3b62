//! `deny-everybody`: a `Deny` for the provider whose conditions every request meets.

use crate::aws::policy::Effect;
use crate::lint::key::{absence, of_every_token, when_absent};
use crate::lint::statement::{covers, statements};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("deny-everybody"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a `Deny` that always applies",
    explanation: explanation!("deny_everybody.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in statements(bench) {
        let it = seen.statement;
        let hosts = seen.policy_hosts();
        let is_for_tokens = it.effect == Effect::Deny
            && seen.hosts.iter().any(|host| hosts.contains(host))
            && covers(it, "sts:AssumeRoleWithWebIdentity");
        let asks_nothing = |it: &crate::aws::policy::Condition| {
            when_absent(it) == Some(true) && absence(it, &hosts, &seen.others).is_some()
                || of_every_token(seen, it) == Some(true)
        };
        if is_for_tokens && it.conditions.iter().all(asks_nothing) {
            let message =
                "this keeps all tokens of its provider out: every request with one meets all that it asks for";
            findings.push(
                seen.of(&RULE, ".Condition", it.condition_span.unwrap_or(it.span), message)
                    .help("ask for the value of a key that the request has, or remove the statement"),
            );
        }
    }
}
