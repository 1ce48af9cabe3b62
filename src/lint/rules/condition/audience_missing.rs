//! `audience-missing`: an `Allow` that does not ask for `aud`.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("audience-missing"),
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "no condition on the audience",
    explanation: explanation!("audience_missing.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let conditions = &seen.statement.conditions;
        if conditions.is_empty() || seen.asks("aud") {
            continue;
        }
        let span = seen.statement.condition_span.unwrap_or(seen.statement.span);
        let message = "every audience of the provider is taken: nothing here asks for `aud`";
        findings.push(
            seen.of(&RULE, ".Condition", span, message)
                .help("add a condition on `aud` with the audience of this role's jobs"),
        );
    }
}
