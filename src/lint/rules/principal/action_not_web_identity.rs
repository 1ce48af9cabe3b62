//! `action-not-web-identity`: an `Allow` for a GitLab whose actions do not include `sts:AssumeRoleWithWebIdentity`.

use crate::aws::policy::PrincipalKind;
use crate::lint::statement::{allowing, covers};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("action-not-web-identity"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the action is not the one for tokens",
    explanation: explanation!("action_not_web_identity.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let it = seen.statement;
        let is_known = it.actions.iter().all(|it| it.unknown.is_empty()) && !it.not_action && !it.actions.is_empty();
        if !is_known || covers(it, "sts:AssumeRoleWithWebIdentity") {
            continue;
        }
        let first = it.actions.first();
        let message = format!(
            "{} is not the action that a token comes with, so this statement lets none in",
            quoted(first.map_or("", |it| &it.value))
        );
        let span = first.map_or(it.action_span, |it| it.span);
        let finding = seen
            .of(&RULE, ".Action", span, message)
            .help("tokens come with `sts:AssumeRoleWithWebIdentity`, under conditions on who gets in");
        let all_federated = it.principals.iter().all(|it| it.kind == PrincipalKind::Federated) && it.actions.len() == 1;
        findings.push(if all_federated {
            seen.respelling(finding, "write `sts:AssumeRoleWithWebIdentity`", span, "sts:AssumeRoleWithWebIdentity")
        } else {
            finding
        });
    }
}
