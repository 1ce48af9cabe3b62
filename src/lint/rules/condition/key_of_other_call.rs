//! `key-of-other-call`: a key of the request that `AssumeRoleWithWebIdentity` does not have.

use crate::lint::key::{Absence, at_key, each_dead};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-of-other-call"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a key that this call does not have",
    explanation: explanation!("key_of_other_call.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_dead(bench, |seen, it, absence| {
        if let Absence::OtherCall(words) = absence {
            let message = format!("a call with a token of GitLab has no {}: this lets nobody in", quoted(&it.key));
            findings.push(at_key(seen, &RULE, it, message, None).help(format!("remove it; {words}")));
        }
    });
}
