//! `role-administrator`: a CI role with one of AWS's policies that give the whole account, or with one of its own that does.

use crate::aws::limits::administrator;
use crate::document::json::Node;
use crate::lint::document::each;
use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("role-administrator"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "CI jobs have the account, or a way to it",
    explanation: explanation!("role_administrator.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for trust in trusts(bench) {
        for it in &trust.found.attached {
            if let Some(name) = administrator(&it.value) {
                let message = format!("every job that gets in has `{name}`");
                findings.push(
                    RULE.finding(trust.file, it.span, message)
                        .help("give the role the actions and resources that its job needs"),
                );
            }
        }
        for it in trust.found.permissions.iter().filter_map(whole_account) {
            let action = it.as_str().unwrap_or_default();
            let message = format!("every job that gets in may do {} on every resource", quoted(action));
            findings.push(
                RULE.finding(trust.file, it.span, message)
                    .help("give the role the actions and resources that its job needs"),
            );
        }
    }
}

/// The action by which a policy allows all, or all of IAM, on every resource and without a condition.
fn whole_account(policy: &Node) -> Option<&Node> {
    let all = |it: &str| matches!(it.to_ascii_lowercase().as_str(), "*" | "*:*" | "iam:*");
    each(policy.member("Statement")?).into_iter().find_map(|it| {
        let is_allowed = it.member("Effect")?.as_str() == Some("Allow") && it.member("Condition").is_none();
        let everywhere = each(it.member("Resource")?).into_iter().any(|it| it.as_str() == Some("*"));
        each(it.member("Action")?).into_iter().find(|it| is_allowed && everywhere && it.as_str().is_some_and(all))
    })
}
