//! A role's scopes as `rules` of its CI job: in which pipelines the job is worth starting.
//!
//! They guard nothing: AWS decides by the token, and whoever edits the file edits them. What GitLab does not know when it makes
//! the pipeline (the runner, say) is left out with a word about it, so that a rule is never narrower than its scope unsaid.

use crate::gitlab::RefType;
use crate::print::ci_expression::{Test, all};
use crate::setup::{Role, Scope};

/// Claims that a rule can ask for, and the variables that hold them when `rules` are evaluated. Source: GitLab, "Predefined
/// CI/CD variables reference", <https://docs.gitlab.com/ci/variables/predefined_variables/>
const VARIABLES: [(&str, &str); 7] = [
    ("project_id", "CI_PROJECT_ID"),
    ("namespace_id", "CI_PROJECT_NAMESPACE_ID"),
    ("ref_protected", "CI_COMMIT_REF_PROTECTED"),
    ("pipeline_source", SOURCE),
    ("user_id", "GITLAB_USER_ID"),
    ("user_login", "GITLAB_USER_LOGIN"),
    ("user_email", "GITLAB_USER_EMAIL"),
];
const SOURCE: &str = "CI_PIPELINE_SOURCE";
const MERGE_REQUEST: &str = "merge_request_event";

/// One rule.
#[derive(Debug, PartialEq)]
pub(super) struct Rule {
    /// What `if` says.
    pub(super) expression: String,
    /// Lines about it.
    pub(super) comments: Vec<String>,
}

/// The rules of a role's job, in the order of its scopes, doubles dropped; `any_project` asks for the project too.
pub(super) fn rules(role: &Role, any_project: bool) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for scope in &role.scopes {
        for kind in scope.ref_types.each() {
            for expression in expressions(scope, *kind, any_project) {
                let rule = Rule { expression, comments: unknown(scope) };
                match rules.iter_mut().find(|it| it.expression == rule.expression) {
                    Some(same) => same.comments.extend(rule.comments),
                    None => rules.push(rule),
                }
            }
        }
    }
    for rule in &mut rules {
        rule.comments.dedup();
    }
    rules
}

/// Whether some scope speaks of branches and would admit the pipelines of merge requests, which no rule starts the job in.
pub(super) fn leave_out_merge_requests(role: &Role) -> bool {
    role.scopes.iter().any(|it| it.ref_types.each().contains(&RefType::Branch) && it.pin("pipeline_source").is_none())
}

fn expressions(scope: &Scope, kind: RefType, any_project: bool) -> Vec<String> {
    let reference = scope.reference.as_str();
    let mut project = Vec::new();
    if any_project {
        project.push(Test::pattern("CI_PROJECT_PATH", scope.project.as_str()));
    }
    let sources = scope.pin("pipeline_source").map_or(&[][..], |it| &it.values);
    let with = |reference: Test, sources: &[String]| {
        let mut tests = project.clone();
        tests.push(reference);
        if !sources.is_empty() {
            tests.push(Test::OneOf(SOURCE, sources.to_vec()));
        }
        tests.extend(claims(scope));
        all(&tests)
    };
    if kind == RefType::Tag {
        return vec![with(Test::pattern("CI_COMMIT_TAG", reference), sources)];
    }
    // The token of a merge request's pipeline says `branch` and carries the source branch; `CI_COMMIT_BRANCH` is not set there.
    let (merge_requests, others): (Vec<String>, Vec<String>) =
        sources.iter().cloned().partition(|it| it == MERGE_REQUEST);
    let mut out = Vec::new();
    if merge_requests.is_empty() || !others.is_empty() {
        out.push(with(Test::pattern("CI_COMMIT_BRANCH", reference), &others));
    }
    if !merge_requests.is_empty() {
        out.push(with(Test::pattern("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", reference), &merge_requests));
    }
    out
}

/// What a scope asks for beside project and ref, claim by claim, the source of the pipeline aside.
fn asked(scope: &Scope) -> impl Iterator<Item = (&str, &[String])> {
    let pins = scope.pins.iter().map(|it| (it.claim, it.values.as_slice()));
    let components = scope.subject_values.iter().map(|it| (it.0.as_str(), std::slice::from_ref(&it.1)));
    pins.chain(components).filter(|it| it.0 != "pipeline_source")
}

fn claims(scope: &Scope) -> impl Iterator<Item = Test> {
    asked(scope).filter_map(|(claim, values)| Some(Test::OneOf(variable(claim)?, values.to_vec())))
}

/// A line for each claim that no variable holds.
fn unknown(scope: &Scope) -> Vec<String> {
    asked(scope)
        .filter(|it| variable(it.0).is_none())
        .map(|(claim, values)| format!("AWS also asks for {claim} = {}, which no rule can test.", values.join(" or ")))
        .collect()
}

fn variable(claim: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|it| it.0 == claim).map(|it| it.1)
}
