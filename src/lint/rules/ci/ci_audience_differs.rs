//! `ci-audience-differs`: an ID token for AWS whose audience no trust policy of the same sitting asks for, or none of the roles that the job names.

use crate::document::Text;
use crate::lint::audience::{Asked, asked};
use crate::lint::job::{Job, jobs};
use crate::lint::provider::{Trust, trusts};
use crate::lint::{Bench, Confidence, Finding, Place, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("ci-audience-differs"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the CI file's audience is not the policy's",
    explanation: explanation!("ci_audience_differs.md"),
    check,
};

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    let trusts = trusts(bench);
    for job in jobs(bench) {
        let Some(all) = asked_of(&job, &trusts).filter(|it| !it.is_empty()) else { continue };
        let tokens = job.tokens_for_aws().into_iter();
        for audience in tokens.flat_map(|it| &it.audiences) {
            let Some(value) = job.resolved(&audience.value) else { continue };
            if all.iter().any(|it| it.1.admits(&value)) {
                continue;
            }
            let message = format!("the trust policy asks for another audience than {}", quoted(&value));
            let mut finding = RULE.finding(job.file, audience.span, message);
            finding = finding.help("the two are compared letter by letter, to a slash at the end");
            finding.related.extend(all.iter().map(|(file, it)| Place {
                file: *file,
                span: it.span(),
                note: "what the policy asks for".to_owned(),
            }));
            findings.push(finding);
        }
    }
}

/// What the policies of the roles that a job names ask for, of all where one that it names is not described; none where a statement takes
/// any audience.
fn asked_of<'b>(job: &Job<'b>, trusts: &'b [Trust<'b>]) -> Option<Vec<(usize, Asked<'b>)>> {
    let arns = job.role_arns();
    let is_of = |it: &Trust<'_>, arn: &Text| {
        let is_own = |name: &Text| name.unknown.is_empty() && arn.value.rsplit('/').next() == Some(name.value.as_str());
        it.found.role_name.as_ref().is_some_and(is_own)
    };
    let all_described = !arns.is_empty() && arns.iter().all(|arn| trusts.iter().any(|it| is_of(it, arn)));
    let mut all = Vec::new();
    for trust in trusts.iter().filter(|it| !all_described || arns.iter().any(|arn| is_of(it, arn))) {
        let asked: Vec<_> = trust.host().map(|host| asked(trust.statement, host)).unwrap_or_default();
        // A statement that does not ask takes any audience, and one whose host is not known may ask.
        if asked.is_empty() {
            return None;
        }
        all.extend(asked.into_iter().map(|it| (trust.file, it)));
    }
    Some(all)
}
