//! What the rules say of the trust policies that a setup makes, each finding at the setup's field that deserves it.
//!
//! The way from a place in the policy to a field is that of the policy's making, walked back: the statement and the value of `sub`
//! tell the scope, the key and the rule tell its field.

use super::{Bench, File, Finding, lint};
use crate::aws::policy::{Policy, Wanted};
use crate::gitlab::Component;
use crate::print::json::pretty;
use crate::setup::{Role, Setup, origins, trust_policy};
use crate::source;
use crate::text::Span;
use crate::verdict::Circumstances;

/// The findings of every rule on the setup's trust policies: `file` is the role's place in the setup, the spans are those of its
/// printed policy, and `path` is the field.
pub fn of_setup(setup: &Setup) -> Vec<Finding> {
    let file = |role: &Role| {
        let text = pretty(&trust_policy(setup, role));
        File { name: role.name.to_string(), source: source::read(&text, &[]), text }
    };
    let files: Vec<File> = setup.roles().iter().map(file).collect();
    let findings = lint(&Bench::new(&files, &Circumstances::default()));
    let mut of_fields = Vec::with_capacity(findings.len());
    for it in findings {
        let document = files.get(it.file).and_then(|it| it.source.policies.first());
        if let (Some(Ok(policy)), Some(role)) = (document.map(|it| &it.policy), setup.roles().get(it.file)) {
            of_fields.extend(fields(&it, policy, role).into_iter().map(|path| it.clone().at(path)));
        }
    }
    of_fields
}

/// The fields of a scope that decide a rule on `sub`, where it is not its ref.
const OF_SUBJECT: [(&str, &str); 11] = [
    ("subject-any-project", "project"),
    ("subject-group-prefix", "project"),
    ("subject-whole-group", "project"),
    ("subject-namespace-id-alone", "project"),
    ("subject-user-alone", "project"),
    ("subject-project-prefix", "project"),
    ("subject-placeholder", "project"),
    ("subject-path-impossible", "project"),
    ("subject-case-differs", "project"),
    ("subject-name-only", "project_id"),
    ("subject-cut-short", "sub_claim_components"),
];

/// The fields that deserve a finding: where scopes share a statement, that of each.
fn fields(finding: &Finding, policy: &Policy, role: &Role) -> Vec<String> {
    let role_path = format!("roles[{}]", finding.file);
    let Some((statement, condition)) = finding.path.split_once("].Condition.") else {
        return vec![format!("{role_path}.scopes")];
    };
    let index: usize = statement.strip_prefix("Statement[").and_then(|it| it.parse().ok()).unwrap_or(0);
    let claim = condition.rsplit(':').next().unwrap_or("");
    if claim == "aud" {
        return vec!["gitlab.audience".to_owned()];
    }
    let conditions = policy.statements.get(index).map(|it| it.conditions.as_slice()).unwrap_or_default();
    let subjects = conditions.iter().filter(|it| it.key.ends_with(":sub")).flat_map(|it| &it.values);
    let holds = |span: Span| span.start <= finding.span.start && finding.span.end <= span.end;
    // A finding on a key speaks of all scopes of the statement, one on a value of `sub` of those that made it.
    let is_of = |it: &Wanted| holds(it.text.span);
    let is_of_value = subjects.clone().any(is_of);
    let origins = origins(role);
    let made = origins.get(index).map(Vec::as_slice).unwrap_or_default();
    let mut scopes: Vec<usize> = made
        .iter()
        .zip(subjects)
        .filter(|(_, it)| !is_of_value || is_of(it))
        .flat_map(|(it, _)| it.1.clone())
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    let id = finding.rule.id.as_str();
    let name = |at: usize| {
        let has_kind = role.scopes.get(at).is_some_and(|it| it.subject.has(Component::RefType));
        match OF_SUBJECT.iter().find(|it| it.0 == id) {
            _ if claim != "sub" => claim,
            Some((_, name)) => name,
            None if id == "subject-any-ref-type" && !has_kind => "sub_claim_components",
            None => "ref",
        }
    };
    scopes.into_iter().map(|at| format!("{role_path}.scopes[{at}].{}", name(at))).collect()
}
