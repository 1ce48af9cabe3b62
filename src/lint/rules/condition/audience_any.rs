//! `audience-any`: a pattern of wildcards alone for `aud`.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("audience-any"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "any audience passes",
    explanation: explanation!("audience_any.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in seen.gates("aud").into_iter().filter(|it| it.operator.reads_wildcards()) {
            let is_any =
                |it: &&crate::aws::policy::Wanted| !it.text.value.is_empty() && it.text.value.chars().all(|c| c == '*');
            if let Some(wanted) = it.values.iter().find(is_any) {
                let message = "this takes every audience of the provider";
                findings.push(
                    seen.of_condition(&RULE, it, wanted.text.span, message)
                        .help("write the audience of this role's jobs"),
                );
            }
        }
    }
}
