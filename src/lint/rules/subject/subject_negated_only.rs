//! `subject-negated-only`: `sub` is only tested by operators that say who must not come.

use crate::aws::policy::Family;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-negated-only"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "a list of who stays out",
    explanation: explanation!("subject_negated_only.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        // That a `sub` must be there says nothing of whose it is.
        let mut on = seen.on("sub");
        on.retain(|it| it.operator.family != Family::Null);
        let (Some(first), true) = (on.first(), on.iter().all(|it| it.operator.negated)) else { continue };
        if seen.pins("project_id") || seen.pins("namespace_id") {
            continue;
        }
        let Some(witness) = seen.admits(crate::lint::statement::STRANGER).unless_refused() else { continue };
        let message = format!("`{}` says who stays out; every other project gets in", first.operator_text);
        let finding = seen.of_condition(&RULE, first, first.operator_span, message).witness(witness);
        findings.push(finding.help("say who may come in: `StringEquals` with the whole `sub`"));
    }
}
