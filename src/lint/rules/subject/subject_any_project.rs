//! `subject-any-project`: a pattern that begins with a wildcard where the project path stands, or before it.

use crate::gitlab::Component;
use crate::lint::shape::{Front, Projects, Shape};
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-any-project"),
    severity: Severity::Critical,
    confidence: Confidence::High,
    summary: "`sub` matches any project",
    explanation: explanation!("subject_any_project.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::Any) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let Some(witness) = asked.tried(asked.sample_of("stranger")) else { return };
        let has_number = Shape::of(asked.value()).get(Component::ProjectId).is_some();
        let (why, help) = if Shape::of(asked.value()).front == Front::Anybodys {
            (": its beginning may be theirs", "begin with `project_path:` and the whole project path")
        } else {
            ("", if has_number { "write the whole project id" } else { "write the whole project path" })
        };
        // Who has an account there is for the instance to say.
        let instance = match asked.seen.hosts.as_slice() {
            [host] if *host != "gitlab.com" => format!(" on {}", quoted(host)),
            _ => String::new(),
        };
        let message = format!("{} lets in projects of other people{instance}{why}", quoted(path));
        findings.push(asked.finding(&RULE, span, message).witness(witness).help(help));
    });
}
