//! `subject-value-unknown`: a component of `sub` with a value that GitLab is not known to write.

use crate::gitlab::ci::DEPLOYMENT_TIERS;
use crate::lint::shape::{Flaw, Shape};
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-value-unknown"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "a part of `sub` with a value that GitLab is not known to write",
    explanation: explanation!("subject_value_unknown.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::Value, |asked, part, span| {
        let shape = Shape::of(asked.value());
        let piece = shape.pieces.iter().find(|it| asked.flaw.is_some_and(|(_, start, _)| it.value_start == start));
        let name = piece.map_or("", |it| it.name);
        let message = format!("GitLab is not known to write {} as `{name}` in `sub`", quoted(part));
        let help = match name {
            "ref_protected" => "it is `true` or `false`".to_owned(),
            "deployment_tier" => format!("it is one of {}", DEPLOYMENT_TIERS.join(", ")),
            _ => "it is the number that the project's settings show".to_owned(),
        };
        findings.push(asked.finding(&RULE, span, message).help(help));
    });
}
