//! `action-wildcard`: a wildcard in the actions of an `Allow` for a GitLab.

use crate::aws::policy::PrincipalKind;
use crate::lint::statement::allowing;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::pattern::has_wildcard;
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("action-wildcard"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "a pattern of actions",
    explanation: explanation!("action_wildcard.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let it = seen.statement;
        if it.not_action {
            continue;
        }
        for action in it.actions.iter().filter(|it| has_wildcard(&it.value) && it.unknown.is_empty()) {
            let finding = seen.of(
                &RULE,
                ".Action",
                action.span,
                format!("{} is a pattern, and a job needs one action", quoted(&action.value)),
            );
            let finding = finding.help("write `sts:AssumeRoleWithWebIdentity`");
            let all_federated = it.principals.iter().all(|it| it.kind == PrincipalKind::Federated);
            let is_exact = all_federated && it.actions.len() == 1;
            findings.push(if is_exact {
                seen.respelling(
                    finding,
                    "write `sts:AssumeRoleWithWebIdentity`",
                    action.span,
                    "sts:AssumeRoleWithWebIdentity",
                )
            } else {
                finding
            });
        }
    }
}
