//! `operator-wrong-type`: an operator for numbers, booleans, dates, addresses or ARNs on a claim, all of which are text.

use crate::aws::policy::Family;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("operator-wrong-type"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "an operator for another kind of value",
    explanation: explanation!("operator_wrong_type.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in &seen.statement.conditions {
            if it.operator.family == Family::Null && it.operator.if_exists && seen.sent_claim(it).is_some() {
                let message = "`Null` takes no `IfExists`: IAM Access Analyzer calls it an error";
                let finding = seen.of_condition(&RULE, it, it.operator_span, message);
                findings.push(finding.help("remove `IfExists`; what AWS makes of it is not confirmed"));
                continue;
            }
            let fits = it.operator.compares_text() || it.operator.family == Family::Null;
            if fits || seen.sent_claim(it).is_none() {
                continue;
            }
            let message = format!("{} is text for AWS, and `{}` is not for text", quoted(&it.key), it.operator_text);
            let new = match (it.operator.family, it.operator.negated) {
                (Family::Arn, negated) => {
                    if negated {
                        "StringNotLike"
                    } else {
                        "StringLike"
                    }
                }
                (_, negated) => {
                    if negated {
                        "StringNotEquals"
                    } else {
                        "StringEquals"
                    }
                }
            };
            let finding = seen
                .of_condition(&RULE, it, it.operator_span, message)
                .help(format!("use `{new}`; what AWS makes of the other is not confirmed"));
            let is_plain = it.operator.qualifier.is_none() && !it.operator.if_exists;
            let all_text = seen.block(it).iter().all(|it| seen.sent_claim(it).is_some());
            let is_equality = matches!(
                it.operator.family,
                Family::Bool | Family::Numeric(crate::aws::policy::Order::Equal) | Family::Arn
            );
            findings.push(if is_plain && all_text && is_equality { seen.renaming(finding, it, new) } else { finding });
        }
    }
}
