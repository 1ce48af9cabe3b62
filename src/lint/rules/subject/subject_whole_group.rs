//! `subject-whole-group`: a wildcard for the project, right after a slash.

use crate::gitlab::Component;
use crate::lint::shape::Projects;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-whole-group"),
    severity: Severity::High,
    confidence: Confidence::High,
    summary: "every project below a group",
    explanation: explanation!("subject_whole_group.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::OfGroup) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let subject = asked.sample("other-project", "branch", "main");
        let Some(witness) = asked.tried(subject) else { return };
        let seen = asked.seen;
        // A `namespace_id` is that of the group right above the project.
        let projects = if !path.contains('*') {
            "every project below the group whose name has that length, new ones too".to_owned()
        } else if seen.pins("namespace_id") {
            format!("every project directly in the namespace {}, new ones too", seen.shown("namespace_id"))
        } else {
            "every project below the group, also in subgroups and new ones".to_owned()
        };
        let message = format!("{} lets in {projects}", quoted(path));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help("write the whole project path, one value for each project"),
        );
    });
}
