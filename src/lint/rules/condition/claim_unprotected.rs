//! `claim-unprotected`: `ref_protected` is asked to be `false`.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("claim-unprotected"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "unprotected refs are asked for",
    explanation: explanation!("claim_unprotected.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in seen.gates("ref_protected") {
            if !it.values.is_empty() && it.values.iter().all(|it| it.text.value == "false") {
                let message = "this asks for unprotected refs: those that anybody who can push may change";
                let span = it.values.first().map_or(it.key_span, |it| it.text.span);
                let help = if seen.sent_claim(it).is_some() {
                    "ask for protected refs, or do not ask"
                } else {
                    "name the branch in `sub`: AWS has `ref_protected` for gitlab.com alone"
                };
                findings.push(seen.of_condition(&RULE, it, span, message).help(help));
            }
        }
    }
}
