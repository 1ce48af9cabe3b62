//! `operator-like-without-wildcard`: a block of `StringLike` in which no value has a wildcard.

use crate::aws::policy::{Family, Operator};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::has_wildcard;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-like-without-wildcard"),
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "`StringLike` without a wildcard",
    explanation: explanation!("operator_like_without_wildcard.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let mut last = None;
        for it in &seen.statement.conditions {
            let block = seen.block(it);
            let is_plain = |it: &&crate::aws::policy::Condition| {
                seen.claim(it).is_some()
                    && it.values.iter().all(|it| it.text.unknown.is_empty() && !has_wildcard(&it.text.value))
            };
            if it.operator.family != Family::Like || last == Some(it.operator_span) || !block.iter().all(is_plain) {
                continue;
            }
            last = Some(it.operator_span);
            let plain = Operator::canonical(&it.operator_text).unwrap_or_else(|| it.operator_text.clone());
            let plain = plain.replace("Like", "Equals");
            let message = format!("`{}` compares like `{plain}` here: no value has a wildcard", it.operator_text);
            let finding =
                seen.of_condition(&RULE, it, it.operator_span, message).help("say that each value is meant as it is");
            findings.push(seen.renaming(finding, it, &plain));
        }
    }
}
