//! `ci-role-differs`: a job that assumes a role in another account than that of any policy in the sitting, or of nearly the same name.
//!
//! A CI file may name roles that are not described here; only what fits nothing is said.

use crate::lint::job::jobs;
use crate::lint::provider::{account_of, trusts};
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::{nearest, quoted};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-role-differs"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "the CI file's role is not the one described",
    explanation: explanation!("ci_role_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let (trusts, jobs) = (trusts(bench), jobs(bench));
    let accounts: Vec<&str> = trusts.iter().filter_map(|it| it.account()).collect();
    let all_known = !trusts.is_empty() && accounts.len() == trusts.len();
    let roles: Vec<_> =
        trusts.iter().filter_map(|it| it.found.role_name.as_ref().map(|name| (it.file, name))).collect();
    let arns: Vec<_> = jobs.iter().flat_map(|job| job.role_arns().into_iter().map(|arn| (job.file, arn))).collect();
    let strangers =
        all_known && arns.iter().all(|it| account_of(&it.1.value).is_some_and(|it| !accounts.contains(&it)));
    for (file, arn) in arns.iter().copied().filter(|it| it.1.unknown.is_empty()) {
        let name = arn.value.rsplit('/').next().unwrap_or("");
        let known = || roles.iter().map(|it| it.1.value.as_str());
        let mut finding = if let Some(account) = account_of(&arn.value).filter(|_| strangers) {
            let message = format!("this role is in account `{account}`, and the policy trusts a provider of another");
            let mut finding = RULE.finding(file, arn.span, message).help("role and provider have to be in one account");
            finding.related.extend(trusts.iter().map(|it| Place {
                file: it.file,
                span: it.principal.span,
                note: "the provider that the policy trusts".to_owned(),
            }));
            finding
        } else if !roles.is_empty() && !name.contains('$') && !known().any(|it| it == name) {
            let Some(meant) = nearest(name, known()) else { continue };
            let mut finding = RULE
                .finding(file, arn.span, format!("there is no role {} here, but {}", quoted(name), quoted(meant)))
                .help("names of roles differ by a letter's case too");
            finding.related.extend(roles.iter().filter(|it| it.1.value == meant).map(|it| Place {
                file: it.0,
                span: it.1.span,
                note: "the role's name".to_owned(),
            }));
            finding
        } else {
            continue;
        };
        finding.related.dedup();
        findings.push(finding);
    }
}
