//! `subject-component-unknown`: a component's name that GitLab is not known to have.

use crate::lint::shape::{Flaw, component_like, flaw};
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-component-unknown"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "an unknown component of `sub`",
    explanation: explanation!("subject_component_unknown.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::UnknownComponent, |asked, part, span| {
        let finding =
            asked.finding(&RULE, span, format!("no `sub` is known to have the component {} here", quoted(part)));
        let finding = finding.help("by default it is `project_path:…:ref_type:…:ref:…`");
        let finding = match component_like(part) {
            Some(near) => {
                let new = match asked.value().strip_prefix(part) {
                    Some(rest) => format!("{near}{rest}"),
                    None => asked.value().replacen(&format!(":{part}:"), &format!(":{near}:"), 1),
                };
                let is_mended = flaw(&new).is_none();
                let finding = finding.help(format!("did you mean `{near}`?"));
                if is_mended { asked.rewriting(finding, &new) } else { finding }
            }
            None => finding,
        };
        findings.push(finding);
    });
}
