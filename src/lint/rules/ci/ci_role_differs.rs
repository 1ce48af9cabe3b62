//! `ci-role-differs`: a job that assumes a role in another account than that of any policy in the sitting, of nearly the same name,
//! or under another path.
//!
//! A CI file may name roles that are not described here; only what fits nothing is said.

use crate::aws::Arn;
use crate::document::Text;
use crate::lint::job::jobs;
use crate::lint::provider::{Trust, account_of, trusts};
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

/// What is known of a role of the sitting.
struct Described<'b> {
    file: usize,
    name: Option<&'b Text>,
    /// Its own account, else that of the provider that it trusts.
    account: Option<String>,
    arn: Option<&'b Text>,
    path: Option<&'b Text>,
    principal: &'b Text,
}

impl<'b> Described<'b> {
    fn of(trust: &Trust<'b>) -> Self {
        let found = trust.found;
        let account = found.account().map(|it| it.to_string());
        Self {
            file: trust.file,
            name: found.role_name.as_ref(),
            account: account.or_else(|| account_of(&trust.principal.value).map(str::to_owned)),
            arn: found.arn.as_ref().filter(|it| it.unknown.is_empty()),
            path: found.path.as_ref().filter(|it| it.unknown.is_empty()),
            principal: trust.principal,
        }
    }

    /// Where what it is can be read.
    fn place(&self) -> Place {
        let at = |it: &Text, note: &str| Place { file: self.file, span: it.span, note: note.to_owned() };
        match (self.arn, self.name) {
            (Some(arn), _) => at(arn, "the role's ARN"),
            (None, Some(name)) => at(name, "the role's name"),
            (None, None) => self.provider(),
        }
    }

    fn provider(&self) -> Place {
        let note = "the provider that the policy trusts".to_owned();
        Place { file: self.file, span: self.principal.span, note }
    }

    /// Whether it may be the role that an ARN means: names of roles are an account's own, whatever the path.
    fn may_be(&self, asked: Arn<'_>) -> bool {
        let is_of_account = self.account.as_deref().is_none_or(|it| it == asked.account);
        let is_called = |name: &str| self.name.is_some_and(|it| it.unknown.is_empty() && it.value == name);
        is_of_account && asked.named("role").is_some_and(|it| is_called(it.1))
    }

    /// Whether it may be the role that an ARN means in another partition: where it has no name here, any is.
    fn may_be_elsewhere(&self, asked: Arn<'_>) -> bool {
        let is_of_account = self.account.as_deref().is_none_or(|it| it == asked.account);
        let may_be_called = |name: &str| self.name.is_none_or(|it| !it.unknown.is_empty() || it.value == name);
        is_of_account && asked.named("role").is_some_and(|it| may_be_called(it.1))
    }

    /// Its own partition, else that of the provider that it trusts.
    fn partition(&self) -> Option<&str> {
        let arn = self.arn.or(Some(self.principal).filter(|it| it.unknown.is_empty()))?;
        Some(Arn::parse(&arn.value)?.partition).filter(|it| is_known(it))
    }

    /// The path that is asked for, and its own, where they differ.
    fn other_path<'t>(&'t self, asked: Arn<'t>) -> Option<(&'t str, &'t str)> {
        let (asked, _) = asked.named("role").filter(|it| is_known(it.0))?;
        let own = self.arn.and_then(|it| Some(Arn::parse(&it.value)?.named("role")?.0));
        let own = own.or(self.path.map(|it| it.value.as_str()))?;
        (own != asked).then_some((asked, own))
    }
}

/// Whether no reference stands in a part of an ARN.
fn is_known(part: &str) -> bool {
    !part.contains(['$', '<', '{'])
}

/// The role that is asked for in another partition or under another path, where none here is the one that is asked for: what is another,
/// there and here.
fn elsewhere<'r, 'b>(
    roles: &'r [Described<'b>],
    asked: Arn<'r>,
) -> Option<(&'r Described<'b>, &'static str, &'r str, &'r str)> {
    let partition = Some(asked.partition).filter(|it| is_known(it))?;
    let others = roles.iter().filter(|it| it.may_be_elsewhere(asked));
    let others: Option<Vec<_>> = others.map(|it| Some((it, it.partition().filter(|it| *it != partition)?))).collect();
    if let Some((role, own)) = others.and_then(|it| it.into_iter().next()) {
        return Some((role, "partition", partition, own));
    }
    let paths = roles.iter().filter(|it| it.may_be(asked));
    let paths: Option<Vec<_>> = paths.map(|it| Some((it, it.other_path(asked)?))).collect();
    paths?.into_iter().next().map(|(role, (asked, own))| (role, "path", asked, own))
}

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let (trusts, jobs) = (trusts(bench), jobs(bench));
    let roles: Vec<Described<'_>> = trusts.iter().map(Described::of).collect();
    let accounts: Vec<&str> = roles.iter().filter_map(|it| it.account.as_deref()).collect();
    let all_known = !roles.is_empty() && accounts.len() == roles.len();
    let names = || roles.iter().filter_map(|it| it.name).map(|it| it.value.as_str());
    let arns: Vec<_> = jobs.iter().flat_map(|job| job.role_arns().into_iter().map(|arn| (job.file, arn))).collect();
    let strangers =
        all_known && arns.iter().all(|it| account_of(&it.1.value).is_some_and(|it| !accounts.contains(&it)));
    for (file, arn) in arns.iter().filter(|it| it.1.unknown.is_empty()) {
        let file = *file;
        let name = arn.value.rsplit('/').next().unwrap_or("");
        let asked = Arn::parse(&arn.value);
        let finding = |message: String| RULE.finding(file, arn.span, message);
        let mut finding = if let Some(account) = account_of(&arn.value).filter(|_| strangers) {
            let own = roles.iter().any(|it| it.arn.is_some() && it.name.is_some_and(|it| it.value == name));
            let what = if own { "the role here is in another" } else { "the policy trusts a provider of another" };
            let mut finding = finding(format!("this role is in account `{account}`, and {what}"))
                .help("role and provider have to be in one account");
            finding.related.extend(roles.iter().map(|it| if own { it.place() } else { it.provider() }));
            finding
        } else if let Some((role, what, asked, own)) = asked.and_then(|it| elsewhere(&roles, it)) {
            let is_providers = what == "partition" && role.arn.is_none();
            let whose = if is_providers { "the provider that the policy trusts" } else { "the role" };
            let mut finding =
                finding(format!("the {what} here is {}, and that of {whose} {}", quoted(asked), quoted(own)))
                    .help("copy the role's ARN as AWS shows it: its partition and its path are parts of it");
            finding.related.push(if is_providers { role.provider() } else { role.place() });
            finding
        } else if names().next().is_some() && !name.contains('$') && !names().any(|it| it == name) {
            let Some(meant) = nearest(name, names()) else { continue };
            let mut finding = finding(format!("there is no role {} here, but {}", quoted(name), quoted(meant)))
                .help("copy the role's ARN as AWS shows it");
            let is_meant = |it: &&Described<'_>| it.name.is_some_and(|it| it.value == meant);
            finding.related.extend(roles.iter().filter(is_meant).filter_map(|it| {
                Some(Place { file: it.file, span: it.name?.span, note: "the role's name".to_owned() })
            }));
            finding
        } else {
            continue;
        };
        finding.related.dedup();
        findings.push(finding);
    }
}
