//! `subject-group-prefix`: a wildcard inside the name of the top group, with no slash before it.

use crate::gitlab::Component;
use crate::lint::shape::Projects;
use crate::lint::subject::{component, each};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-group-prefix"),
    severity: Severity::Critical,
    confidence: Confidence::High,
    summary: "the group in `sub` is only a beginning",
    explanation: explanation!("subject_group_prefix.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each(bench, |asked| {
        if asked.wide.projects != Some(Projects::OfGroupsLike) {
            return;
        }
        let (path, span) = component(asked, Component::ProjectPath);
        let Some(witness) = asked.tried(asked.sample_of("stranger")) else { return };
        let message = format!("{} lets in groups of other people whose names begin alike", quoted(path));
        findings.push(
            asked
                .finding(&RULE, span, message)
                .witness(witness)
                .help("end the group with `/`, or better write the whole project path"),
        );
    });
}
