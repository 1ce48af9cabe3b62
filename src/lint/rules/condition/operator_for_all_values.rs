//! `operator-for-all-values`: `ForAllValues:` in an `Allow` on a claim that has one value.

use crate::aws::policy::Qualifier;
use crate::lint::key::is_there;
use crate::lint::operators::{asking, without};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-for-all-values"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "`ForAllValues:` on a claim with one value",
    explanation: explanation!("operator_for_all_values.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in asking(seen) {
            if it.operator.qualifier != Some(Qualifier::ForAllValues) || is_there(seen, it) {
                continue;
            }
            let message = format!("`ForAllValues:` also passes where {} is absent or empty", quoted(&it.key));
            let help = format!("{}; the claim has one value", without(seen, it, "ForAllValues:"));
            let finding = seen.of_condition(&RULE, it, it.operator_span, message).help(help);
            let plain = it.operator_text.rsplit(':').next().unwrap_or("");
            findings.push(if seen.is_of_every_token(it) { seen.renaming(finding, it, plain) } else { finding });
        }
    }
}
