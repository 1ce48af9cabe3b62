//! `operator-for-any-value`: `ForAnyValue:` on a claim that has one value.

use crate::aws::policy::Qualifier;
use crate::lint::operators::asking;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-for-any-value"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "`ForAnyValue:` on a claim with one value",
    explanation: explanation!("operator_for_any_value.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in asking(seen) {
            if it.operator.qualifier != Some(Qualifier::ForAnyValue) {
                continue;
            }
            // Nobody passes an empty list with it, and everybody without.
            let (what, help) = if it.values.is_empty() {
                ("is for several", "write a value, and remove `ForAnyValue:`")
            } else {
                ("changes nothing", "remove `ForAnyValue:`")
            };
            let message = format!("{} has one value: `ForAnyValue:` {what}", quoted(&it.key));
            let finding = seen.of_condition(&RULE, it, it.operator_span, message).help(help);
            let plain = it.operator_text.rsplit(':').next().unwrap_or("");
            findings.push(seen.renaming(finding, it, plain));
        }
    }
}
