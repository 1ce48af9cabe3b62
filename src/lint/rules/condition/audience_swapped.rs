//! `audience-swapped`: an audience under `sub`, or a subject under `aud`.

use crate::lint::shape::Flaw;
use crate::lint::statement::allowing;
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("audience-swapped"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "audience and subject are swapped",
    explanation: explanation!("audience_swapped.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Audience, |asked, part, span| {
        let message = format!("{} looks like an audience, and stands under `sub`", quoted(part));
        findings.push(asked.finding(&RULE, span, message).help("write it under `aud`, and the project's `sub` here"));
    });
    for seen in allowing(bench) {
        for it in seen.on("aud") {
            let is_subject =
                |it: &str| ["project_path:", "project_id:", "repo:"].iter().any(|start| it.starts_with(start));
            for wanted in it.values.iter().filter(|it| is_subject(&it.text.value)) {
                let message = format!("{} looks like a subject, and stands under `aud`", quoted(&wanted.text.value));
                findings.push(
                    seen.of_condition(&RULE, it, wanted.text.span, message)
                        .help("write it under `sub`, and the audience here"),
                );
            }
        }
    }
}
