//! `key-other-host`: a key whose host is not that of the statement's provider.

use crate::lint::key::{Absence, at_key, each_dead};
use crate::lint::statement::key_parts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("key-other-host"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the key is of another host than the principal",
    explanation: explanation!("key_other_host.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_dead(bench, |seen, it, absence| {
        if absence != Absence::OtherHost {
            return;
        }
        let host = key_parts(&it.key).map_or("", |it| it.0);
        let own = seen.hosts.first().copied().unwrap_or("");
        let message = format!("tokens of {} have no key that begins with {}", quoted(own), quoted(&format!("{host}:")));
        let new = key_parts(&it.key).map(|(_, claim)| format!("{own}:{claim}")).filter(|_| seen.hosts.len() == 1);
        let mut finding = at_key(seen, &RULE, it, message, new.as_deref());
        let provider = seen.statement.principals.iter().find(|it| it.text.value.ends_with(own));
        if let Some(provider) = provider {
            finding = finding.beside(seen.file, provider.text.span, "the provider");
        }
        findings.push(
            finding.help("write the provider's host before the colon, without `https://`, or correct the principal"),
        );
    });
}
