//! `condition-never-met`: two operators on one claim whose values exclude each other, `Null` on a claim that is always
//! there, or `ForAnyValue:Null`.

use crate::aws::policy::Qualifier;
use crate::lint::key::of_every_token;
use crate::lint::operators::{Overlap, null_with, pairs};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("condition-never-met"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "conditions that no token meets together",
    explanation: explanation!("condition_never_met.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for (claim, a, b, overlap) in pairs(seen) {
            if overlap != Overlap::Never {
                continue;
            }
            let message = format!(
                "`{}` and `{}` both have to hold for {}, and no value fits both",
                a.operator_text,
                b.operator_text,
                quoted(&claim)
            );
            let finding =
                seen.of_condition(&RULE, b, b.key_span, message).beside(seen.file, a.key_span, "the other condition");
            findings.push(
                finding.help("conditions are joined by and: use a statement for each, with all the others in both"),
            );
        }
        for it in seen.statement.conditions.iter().filter(|it| of_every_token(seen, it) == Some(false)) {
            let message = format!("{} is in every token, and this asks that it is not", quoted(&it.key));
            findings.push(seen.of_condition(&RULE, it, it.key_span, message).help("ask for its value, or remove this"));
        }
        for it in seen.statement.conditions.iter().filter(|it| null_with(it, Qualifier::ForAnyValue)) {
            let message = format!("`{}` is never met, whatever is in the request", it.operator_text);
            findings.push(seen.of_condition(&RULE, it, it.operator_span, message).help("remove `ForAnyValue:`"));
        }
    }
}
