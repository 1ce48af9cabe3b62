//! `audience-space`: white space before or after the audience.

use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("audience-space"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "a space before or after the audience",
    explanation: explanation!("audience_space.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        for it in seen.on("aud") {
            for wanted in
                it.values.iter().filter(|it| it.text.unknown.is_empty() && it.text.value.trim() != it.text.value)
            {
                let value = wanted.text.value.as_str();
                let place = match (value.starts_with(char::is_whitespace), value.ends_with(char::is_whitespace)) {
                    (true, true) => "both ends",
                    (true, false) => "its beginning",
                    (false, _) => "its end",
                };
                let message =
                    format!("the audience {} has a space at {place}, and without it is another one", quoted(value));
                let finding = seen.of_condition(&RULE, it, wanted.text.span, message).help("remove the space");
                findings.push(seen.respelling(finding, "remove the space", wanted.text.span, value.trim()));
            }
        }
    }
}
