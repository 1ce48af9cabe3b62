//! `policy-refused`: a policy that IAM would not save.
//!
//! What another rule says with more words is left to it, and so is what AWS has not confirmed.

use crate::aws::policy::{Refusal, refused_by_iam};
use crate::lint::rules::principal::principal_malformed::is_malformed;
use crate::lint::statement::{allowing, is_of_a_roles_size, may_ask};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::Kind;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-refused"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "IAM does not save this policy",
    explanation: explanation!("policy_refused.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let mut add = |file: usize, it: &Refusal| {
        let finding = RULE.finding(file, it.span, format!("IAM refuses to save this: {}", it.message));
        findings.push(finding.at(&it.path).help("a role that has it already keeps it; a new one is not made"));
    };
    for (file, it) in bench.files.iter().enumerate() {
        let text = it.text.as_str();
        // A policy that stands alone may be one of permissions, which has no principal, or of another service.
        let is_trust = it.source.kind != Kind::Policy || (text.contains("Principal") && text.contains("sts:"));
        for found in it.source.policies.iter().filter(|_| is_trust) {
            match &found.policy {
                Err(refusal) => add(file, refusal),
                Ok(policy) if is_of_a_roles_size(policy) => {
                    let principals = || policy.statements.iter().flat_map(|it| &it.principals);
                    let conditions = || policy.statements.iter().flat_map(|it| &it.conditions);
                    let refusals = refused_by_iam(text, policy);
                    let is_new = |it: &&Refusal| {
                        let is_told = principals().any(|other| other.text.span == it.span && is_malformed(other))
                            || conditions().any(|other| other.key_span == it.span);
                        // Whether two empty names are one is nobody's word.
                        let is_empty = it.span.of(text) == "\"\"";
                        it.known == "confirmed" && !it.path.is_empty() && !is_told && !is_empty
                    };
                    refusals.iter().filter(is_new).for_each(|it| add(file, it));
                }
                Ok(_) => {}
            }
        }
    }
    // Of GitLab.com IAM wants a `sub`, also where ids keep everybody else out.
    for seen in allowing(bench).filter(|it| it.is_gitlab_com() && it.lacks_subject().is_none()) {
        if !seen.statement.conditions.iter().any(|it| may_ask(it, "sub")) {
            let control = refused_by_iam(seen.text, seen.policy);
            let path = seen.path(".Condition");
            control.iter().filter(|it| it.known == "secondary" && it.path == path).for_each(|it| add(seen.file, it));
        }
    }
}
