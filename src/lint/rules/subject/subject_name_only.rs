//! `subject-name-only`: on GitLab.com, a project by its path, and no id of project or group.

use crate::gitlab::Component;
use crate::lint::shape::{Flaw, Shape, flaw, width};
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-name-only"),
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "no id stands beside the project path",
    explanation: explanation!("subject_name_only.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if !seen.is_gitlab_com() || !seen.asks("sub") || seen.pins("project_id") || seen.pins("namespace_id") {
            continue;
        }
        // Whether the value is right in all else is for other rules to say.
        let is_subject = |it: &&crate::aws::policy::Condition| {
            let claim = it.key.rsplit(':').next().unwrap_or("");
            claim.eq_ignore_ascii_case("sub")
                && it.operator.compares_text()
                && !it.operator.negated
                && !it.values.is_empty()
        };
        let names_project = |it: &crate::aws::policy::Wanted| {
            let value = it.text.value.as_str();
            let is_other =
                matches!(flaw(value), Some((Flaw::Audience | Flaw::GitHub | Flaw::Placeholder | Flaw::CiVariable, ..)));
            let is_path = value.contains('/') && Shape::of(value).get(Component::ProjectId).is_none();
            is_path && !is_other && it.text.unknown.is_empty() && width(value, true).projects.is_none()
        };
        let mut subjects = seen.statement.conditions.iter().filter(is_subject).peekable();
        let Some(first) = subjects.peek().copied() else { continue };
        if subjects.all(|it| it.values.iter().all(names_project)) {
            let message = "the project is known by its path alone, which another project may have one day";
            let help = if seen.gates("project_id").is_empty() {
                "ask for `project_id` too: the project's settings show it"
            } else {
                "ask for the whole `project_id`: a pattern of ids is that of other projects too"
            };
            findings.push(seen.of_condition(&RULE, first, first.key_span, message).help(help));
        }
    }
}
