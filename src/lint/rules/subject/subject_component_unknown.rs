//! `subject-component-unknown`: a component's name that GitLab is not known to have.

use crate::gitlab::Component;
use crate::lint::shape::{Flaw, component_like, flaw};
use crate::lint::subject::{Asked, each_flaw};
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
        // A `?` may be the colon.
        if asked.value().contains('?') && flaw(&asked.value().replace('?', ":")).is_none() {
            return;
        }
        if let Some((message, help)) = without_value(asked, part) {
            findings.push(asked.finding(&RULE, span, message).help(help));
            return;
        }
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

/// What is said of a value that is empty, or that ends where a component's name or value should follow.
fn without_value(asked: &Asked<'_, '_>, part: &str) -> Option<(String, String)> {
    let help = "by default it is `project_path:…:ref_type:…:ref:…`";
    let value = asked.value();
    if value.is_empty() {
        let refused = if asked.seen.is_gitlab_com() { "; IAM is said to refuse an empty one" } else { "" };
        return Some(("this is empty, and no token's `sub` is".to_owned(), format!("{help}{refused}")));
    }
    if part.is_empty() && value.ends_with(':') {
        return Some((format!("{} ends with a colon, and no `sub` does", quoted(value)), help.to_owned()));
    }
    let is_last = value.ends_with(&format!(":{part}")) && Component::names().contains(&part);
    is_last.then(|| (format!("nothing stands behind {} here", quoted(part)), format!("write its value: `{part}:…`")))
}
