//! `key-unknown`: a key that is neither a claim nor a known key of the request.

use crate::aws::keys;
use crate::lint::key::{Absence, at_key, each_absent};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::nearest;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-unknown"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a key that is not known here",
    explanation: explanation!("key_unknown.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_absent(bench, |seen, it, absence| {
        if absence != Absence::Unknown {
            return;
        }
        let near = nearest(&it.key, keys::REQUEST.iter().map(|it| it.0));
        let help = near.map_or_else(
            || "a key has a host or a service before the colon".to_owned(),
            |it| format!("did you mean `{it}`?"),
        );
        findings.push(
            at_key(seen, &RULE, it, format!("{} is no key that is known here", quoted(&it.key)), None).help(help),
        );
    });
}
