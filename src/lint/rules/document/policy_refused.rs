//! `policy-refused`: a policy that IAM would not save.
//!
//! What another rule says with more words is left to it, and so is what AWS has not confirmed.

use crate::aws::policy::{Condition, Refusal, refused_by_iam};
use crate::lint::document::trust_policies;
use crate::lint::key::absence;
use crate::lint::rules::principal::principal_malformed::is_malformed;
use crate::lint::statement::{allowing, is_of_a_roles_size, may_ask, statements};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::source::Found;
use crate::text::Span;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("policy-refused"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "IAM does not save this policy",
    explanation: explanation!("policy_refused.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let of = |file: usize, it: &Refusal| {
        let by = if it.known == "secondary" { ", as others quote AWS" } else { "" };
        RULE.finding(file, it.span, format!("IAM refuses to save this{by}: {}", it.message)).at(&it.path)
    };
    // Of its controls AWS says that what is stored is left as it is; of the rest nobody does.
    let stored = |file: usize, found: &Found, it: &Refusal| {
        of(file, it).help(match &found.policy {
            Err(_) => "no role can have this document",
            Ok(_) if it.known == "secondary" => "a role that has it from before keeps it until its policy is changed",
            Ok(_) => "no role is given it any more; should one have it from before, it keeps it",
        })
    };
    for (file, it) in bench.files.iter().enumerate() {
        let text = it.text.as_str();
        for found in trust_policies(it) {
            if let Err(document) = &found.policy {
                let seen = statements(bench).iter().find(|it| std::ptr::eq(it.found, found));
                findings.extend(document.refusals().map(|it| {
                    let finding = of(file, it).help("no role can have this document");
                    match (seen, &it.instead) {
                        (Some(seen), Some(name)) => seen.respelling(finding, format!("write `{name}`"), it.span, name),
                        _ => finding,
                    }
                }));
            }
            let Some(policy) = found.meant().filter(|it| is_of_a_roles_size(it)) else { continue };
            let principals = || policy.statements.iter().flat_map(|it| &it.principals);
            // Of a key that is wrong for another reason too that reason is told.
            let seen = || statements(bench).iter().filter(|it| std::ptr::eq(it.found, found));
            let is_told_key = |at: Span| {
                seen().any(|it| {
                    let hosts = it.policy_hosts();
                    let is_absent = |own: &Condition| absence(own, &hosts, &it.others).is_some() || hosts.is_empty();
                    it.statement.conditions.iter().any(|own| own.key_span == at && is_absent(own))
                })
            };
            let refusals = refused_by_iam(text, policy);
            let is_new = |it: &&Refusal| {
                let is_told =
                    principals().any(|other| other.text.span == it.span && is_malformed(other)) || is_told_key(it.span);
                // Whether two empty names are one is nobody's word.
                let is_empty = it.span.of(text) == "\"\"";
                it.known == "confirmed" && !it.path.is_empty() && !is_told && !is_empty
            };
            findings.extend(refusals.iter().filter(is_new).map(|it| stored(file, found, it)));
        }
    }
    // Of GitLab.com IAM wants a `sub`, also where ids keep everybody else out.
    for seen in allowing(bench).filter(|it| it.is_gitlab_com() && it.lacks_subject().is_none()) {
        if !seen.statement.conditions.iter().any(|it| may_ask(it, "sub")) {
            let control = refused_by_iam(seen.text, seen.policy);
            let path = seen.path(".Condition");
            let is_it = |it: &&Refusal| it.known == "secondary" && it.path == path;
            findings.extend(control.iter().filter(is_it).map(|it| stored(seen.file, seen.found, it)));
        }
    }
}
