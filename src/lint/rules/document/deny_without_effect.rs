//! `deny-without-effect`: a `Deny` with a condition that no token meets.

use crate::aws::policy::{Effect, PrincipalKind};
use crate::lint::key::{Absence, each_absent, of_every_token, when_absent};
use crate::lint::statement::{Seen, covers, statements};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("deny-without-effect"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a `Deny` that keeps no token out",
    explanation: explanation!("deny_without_effect.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_absent(bench, |seen, it, absence| {
        // One for AWS principals may ask for what they bring.
        let is_for_tokens = seen.statement.principals.iter().any(|it| it.kind == PrincipalKind::Federated)
            || !matches!(absence, Absence::OtherCall(_));
        if !denies_tokens(seen) || !is_for_tokens || when_absent(it) != Some(false) || absence == Absence::Unknown {
            return;
        }
        let message = format!("{} is never in a token's request, so this `Deny` keeps no token out", quoted(&it.key));
        findings.push(
            seen.of_condition(&RULE, it, it.key_span, message)
                .help("ask for a key that such a request has, or remove the statement if it is for tokens alone"),
        );
    });
    for seen in statements(bench).iter().filter(|it| denies_tokens(it)) {
        for it in seen.statement.conditions.iter().filter(|it| of_every_token(seen, it) == Some(false)) {
            let message = format!("{} is in every token, so this `Deny` keeps no token out", quoted(&it.key));
            findings.push(
                seen.of_condition(&RULE, it, it.key_span, message)
                    .help("ask for a value of the key, or remove the statement if it is for tokens alone"),
            );
        }
    }
}

fn denies_tokens(seen: &Seen<'_>) -> bool {
    seen.statement.effect == Effect::Deny && covers(seen.statement, "sts:AssumeRoleWithWebIdentity")
}
