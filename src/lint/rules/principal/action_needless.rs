//! `action-needless`: `sts:TagSession` or `sts:SetSourceIdentity` for a GitLab, or an action that comes with no token at all.

use crate::aws::policy::PrincipalKind;
use crate::lint::statement::{allowing, covers};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("action-needless"),
    severity: Severity::Info,
    confidence: Confidence::Medium,
    summary: "an action that GitLab's tokens are not known to use",
    explanation: explanation!("action_needless.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in allowing(bench) {
        let it = seen.statement;
        if it.not_action
            || !seen.others.is_empty()
            || it.principals.iter().any(|it| it.kind != PrincipalKind::Federated)
        {
            continue;
        }
        let is_for_tokens = covers(it, "sts:AssumeRoleWithWebIdentity")
            && it.principals.iter().all(|it| it.text.value.contains(":oidc-provider/"));
        for (at, action) in it.actions.iter().enumerate() {
            let lower = action.value.to_ascii_lowercase();
            let message = match lower.as_str() {
                "sts:tagsession" | "sts:setsourceidentity" => {
                    format!("GitLab's tokens are not known to carry anything that needs {}", quoted(&action.value))
                }
                // Alone it is the wrong one.
                "sts:assumerole" | "sts:assumerolewithsaml" if is_for_tokens => {
                    format!("nobody comes with {} here: the principal is an OIDC provider alone", quoted(&action.value))
                }
                _ => continue,
            };
            let finding = seen.of(&RULE, ".Action", action.span, message).help("remove it");
            let spans: Vec<_> = it.actions.iter().map(|it| it.span).collect();
            findings.push(match seen.removal(&spans, at) {
                Some(span) => finding.fix("remove it", span, ""),
                None => finding,
            });
        }
    }
}
