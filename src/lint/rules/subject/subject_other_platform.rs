//! `subject-other-platform`: a value of `sub` as GitHub writes it, or as GitLab does in a statement for another platform.

use crate::aws::policy::Effect;
use crate::lint::shape::Flaw;
use crate::lint::statement::{key_parts, statements};
use crate::lint::subject::each_flaw;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("subject-other-platform"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "another platform's grammar of `sub`",
    explanation: explanation!("subject_other_platform.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    each_flaw(bench, Flaw::GitHub, |asked, part, span| {
        let finding = asked.finding(&RULE, span, format!("{} is how GitHub writes `sub`", quoted(part)));
        let finding = finding.help("for GitLab it is `project_path:group/project:ref_type:branch:ref:main`");
        findings.push(finding);
    });
    for seen in statements(bench).iter().filter(|it| it.statement.effect == Effect::Allow && it.hosts.is_empty()) {
        for it in &seen.statement.conditions {
            let Some((host, "sub")) = key_parts(&it.key).filter(|it| seen.others.contains(&it.0)) else { continue };
            let values = it.values.iter().map(|it| &it.text);
            for text in values.filter(|it| it.value.starts_with("project_path:")) {
                let message = format!("{} is how GitLab writes `sub`, and `{host}` is no GitLab", quoted(&text.value));
                let finding = seen.of_condition(&RULE, it, text.span, message);
                findings.push(finding.help("write a statement for each provider, with its own grammar"));
            }
        }
    }
}
