//! `role-other-account`: a role that trusts the provider of another account.

use crate::lint::provider::trusts;
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("role-other-account"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "role and provider are in different accounts",
    explanation: explanation!("role_other_account.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for trust in trusts(bench) {
        let Some(arn) = &trust.found.arn else { continue };
        let (Some(role), Some(account)) = (trust.found.account(), trust.account()) else { continue };
        if role.as_str() != account {
            let message = format!("this provider is in account `{account}`, and the role in `{role}`");
            let mut finding = RULE.finding(trust.file, trust.principal.span, message);
            finding = finding.help("STS looks for the provider in the role's account: make one there, and name it");
            finding.related.push(Place { file: trust.file, span: arn.span, note: "the role's account".to_owned() });
            findings.push(finding);
        }
    }
}
