//! `subject-project-prefix`: a wildcard inside the name of the project.

use crate::gitlab::Component;
use crate::lint::shape::Projects;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-project-prefix"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "the project in `sub` is only a beginning",
    explanation: explanation!("subject_project_prefix.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::Like) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let subject = asked.sample("-other", "branch", "main");
        let Some(witness) = asked.tried(subject) else { return };
        let message = format!("{} lets in projects whose names only begin alike", quoted(path));
        findings.push(asked.finding(&RULE, span, message).witness(witness).help("write the whole project path"));
    });
}
