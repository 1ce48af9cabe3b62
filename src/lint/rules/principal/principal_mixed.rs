//! `principal-mixed`: an AWS or service principal beside a GitLab in one statement.

use crate::aws::policy::PrincipalKind;
use crate::lint::statement::{allowing, covers};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("principal-mixed"),
    severity: Severity::Low,
    confidence: Confidence::High,
    summary: "two kinds of principals in one statement",
    explanation: explanation!("principal_mixed.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let is_everyone = |it: &crate::aws::policy::Principal| {
            it.kind == PrincipalKind::Aws && it.text.value == "*" && covers(seen.statement, "sts:AssumeRole")
        };
        let other = seen.statement.principals.iter().find(|it| it.kind != PrincipalKind::Federated && !is_everyone(it));
        let Some(other) = other else { continue };
        let message = format!(
            "{} stands beside an OIDC provider, and each comes with an action and keys of its own",
            quoted(&other.text.value)
        );
        findings.push(seen.of(&RULE, ".Principal", other.text.span, message).help(
            if other.kind == PrincipalKind::Aws && other.text.value == "*" {
                "remove it: it is everybody with an AWS account"
            } else {
                "remove it, or give it a statement of its own with `sts:AssumeRole`"
            },
        ));
    }
}
