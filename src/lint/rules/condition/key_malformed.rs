//! `key-malformed`: a key of the statement's own host, with a scheme, a slash, or only half of the host.

use crate::lint::key::{Absence, at_key, each_dead};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-malformed"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the key is not written as AWS has it",
    explanation: explanation!("key_malformed.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_dead(bench, |seen, it, absence| {
        if let Absence::Misspelled(right) = absence {
            let message = format!("AWS has no key {}", quoted(&it.key));
            findings.push(at_key(seen, &RULE, it, message, Some(&right)).help(format!("it is {}", quoted(&right))));
        }
    });
}
