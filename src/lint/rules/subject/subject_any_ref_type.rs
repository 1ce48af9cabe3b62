//! `subject-any-ref-type`: a named ref whose kind is left open, so that a tag of that name passes too.

use crate::gitlab::Component;
use crate::lint::shape::{Refs, Shape};
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::has_wildcard;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-any-ref-type"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "a tag of the branch's name gets in",
    explanation: explanation!("subject_any_ref_type.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.refs != Some(Refs::AnyType) {
            return;
        }
        let subject = asked.sample("other-project", "tag", "x");
        let Some(witness) = asked.tried(subject) else { return };
        let (reference, span) = component(asked, Component::Ref);
        let shape = Shape::of(asked.value());
        let name = shape.get(Component::Ref).map(|it| it.value).or(shape.last_word());
        let message = match name.filter(|it| !has_wildcard(it)) {
            Some(name) => format!("a tag named {} gets in too, and not only the branch", quoted(name)),
            None => format!("{} lets in tags too, and not only branches", quoted(reference)),
        };
        let help = if shape.get(Component::RefType).is_some() || shape.get(Component::Ref).is_none() {
            "write `ref_type:branch`"
        } else {
            "write `ref_type:branch`, and have `ref_type` in the project's `ci_id_token_sub_claim_components`"
        };
        findings.push(asked.finding(&RULE, span, message).witness(witness).help(help));
    });
}
