//! `policy-of-other-kind`: a policy of permissions, or of a resource, where a trust policy is looked for.
//!
//! Of a policy that stands alone. Terraform and templates hold policies of every kind, and nothing is said of those that are no role's.

use crate::lint::document::is_of_other_kind;
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::Kind;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-of-other-kind"),
    severity: Severity::Info,
    confidence: Confidence::High,
    summary: "this is no trust policy",
    explanation: explanation!("policy_of_other_kind.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for (file, it) in bench.files.iter().enumerate().filter(|it| it.1.source.kind == Kind::Policy) {
        for found in it.source.policies.iter().filter(|found| is_of_other_kind(it, found)) {
            let message =
                "this is no trust policy: it is not about who may assume a role, so nothing else is looked for in it";
            let help =
                "a role's trust policy allows `sts:AssumeRoleWithWebIdentity` to a `Principal`, and has no `Resource`";
            findings.push(RULE.finding(file, found.document.span, message).help(help));
        }
    }
}
