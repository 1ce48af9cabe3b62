//! `subject-name-only`: on GitLab.com, a project by its path, and no id of project or group.

use crate::gitlab::Component;
use crate::lint::statement::allowing;
use crate::lint::subject::{Shape, asked};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-name-only"),
    severity: Severity::Low,
    confidence: Confidence::Medium,
    summary: "no id stands beside the project path",
    explanation: include_str!("subject_name_only.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        if !seen.is_gitlab_com() || seen.pins("project_id") || seen.pins("namespace_id") {
            continue;
        }
        let all = asked(&seen);
        let names_project = all.iter().all(|it| {
            it.flaw().is_none()
                && !it.is_literal_pattern()
                && it.wanted.text.unknown.is_empty()
                && it.width().is_some_and(|it| it.projects.is_none())
                && Shape::of(it.value()).get(Component::ProjectPath).is_some()
        });
        let Some(first) = all.first().filter(|_| names_project) else { continue };
        if first.tried(first.sample("x", "branch", "x")).is_none() {
            continue;
        }
        let message = "the project is known by its path alone, which another project may have one day";
        let help = "ask for `project_id` too: the project's settings show it";
        findings.push(first.finding(&RULE, first.condition.key_span, message).help(help));
    }
}
