//! `ci-role-differs`: a job that assumes a role in another account than that of any policy in the sitting, of nearly the same name,
//! or under another path.
//!
//! A CI file may name roles that are not described here; only what fits nothing is said.

use crate::aws::Arn;
use crate::document::Text;
use crate::lint::job::jobs;
use crate::lint::provider::{Trust, account_of, trusts};
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::{Span, nearest, quoted};

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-role-differs"),
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    summary: "the CI file's role is not the one described",
    explanation: explanation!("ci_role_differs.md"),
    check,
};

/// What is known of a role of the sitting. Of its path that is what its ARN says.
struct Described<'b> {
    file: usize,
    name: Option<&'b Text>,
    /// Its own account, else that of the provider that it trusts.
    account: Option<&'b str>,
    /// Its ARN, and where that stands.
    arn: Option<(Arn<'b>, Span)>,
    principal: &'b Text,
}

impl<'b> Described<'b> {
    fn of(trust: &Trust<'b>, text: &'b str) -> Self {
        // The account is read from the ARN, and has its place.
        let own = trust.found.account.as_ref().map(|it| (it, it.span.of(text).trim_matches('"')));
        let account = own.map(|it| it.0.value.as_str());
        Self {
            file: trust.file,
            name: trust.found.role_name.as_ref(),
            account: account.or_else(|| account_of(&trust.principal.value)),
            arn: own.and_then(|(it, arn)| Some((Arn::parse(arn)?, it.span))),
            principal: trust.principal,
        }
    }

    /// Where what it is can be read.
    fn place(&self) -> Place {
        match (self.arn, self.name) {
            (Some((_, span)), _) => Place { file: self.file, span, note: "the role's ARN".to_owned() },
            (None, Some(name)) => Place { file: self.file, span: name.span, note: "the role's name".to_owned() },
            (None, None) => self.provider(),
        }
    }

    fn provider(&self) -> Place {
        let note = "the provider that the policy trusts".to_owned();
        Place { file: self.file, span: self.principal.span, note }
    }

    /// What is another in its ARN, which the job's ARN names the same role by account and name: the names of an account's roles are
    /// its own, whatever the path.
    fn differs(&self, asked: Arn<'_>) -> Option<(&'static str, String, String)> {
        let (own, _) = self.arn?;
        let ((own_path, own_name), (path, name)) = (own.named("role")?, asked.named("role")?);
        let is_known = [asked.partition, path].iter().all(|it| !it.contains(['$', '<', '{']));
        let is_same = own_name == name && own.account == asked.account && is_known;
        let pairs = [("partition", asked.partition, own.partition), ("path", path, own_path)];
        let other = pairs.into_iter().find(|it| is_same && it.1 != it.2);
        other.map(|(what, asked, own)| (what, asked.to_owned(), own.to_owned()))
    }
}

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let (trusts, jobs) = (trusts(bench), jobs(bench));
    let text = |file: usize| bench.files.get(file).map_or("", |it| it.text.as_str());
    let roles: Vec<Described<'_>> = trusts.iter().map(|it| Described::of(it, text(it.file))).collect();
    let accounts: Vec<&str> = roles.iter().filter_map(|it| it.account).collect();
    let all_known = !roles.is_empty() && accounts.len() == roles.len();
    let names = || roles.iter().filter_map(|it| it.name).map(|it| it.value.as_str());
    let arns: Vec<_> = jobs.iter().flat_map(|job| job.role_arns().into_iter().map(|arn| (job.file, arn))).collect();
    let strangers =
        all_known && arns.iter().all(|it| account_of(&it.1.value).is_some_and(|it| !accounts.contains(&it)));
    for (file, arn) in arns.iter().copied().filter(|it| it.1.unknown.is_empty()) {
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
        } else if let Some((role, (what, asked, own))) = roles.iter().find_map(|it| Some((it, it.differs(asked?)?))) {
            let mut finding =
                finding(format!("the {what} here is {}, and that of the role {}", quoted(&asked), quoted(&own)))
                    .help("copy the role's ARN as AWS shows it: its partition and its path are parts of it");
            finding.related.push(role.place());
            finding
        } else if names().next().is_some() && !name.contains('$') && !names().any(|it| it == name) {
            let Some(meant) = nearest(name, names()) else { continue };
            let mut finding = finding(format!("there is no role {} here, but {}", quoted(name), quoted(meant)))
                .help("names of roles differ by a letter's case too");
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
