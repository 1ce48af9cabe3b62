//! What is legal but unwise in a setup: said beside the field, never an error.

use super::{RefTypes, Role, Scope, Setup};
use crate::aws::limits::{
    MANAGED_POLICIES_DEFAULT, MAX_SESSION_SECONDS, TRUST_POLICY_DEFAULT, TRUST_POLICY_MOST, TRUST_POLICY_QUOTA,
    administrator,
};
use crate::aws::{Partition, keys};
use crate::gitlab::ci::{ACCESS_LEVELS, DEPLOYMENT_TIERS, PIPELINE_SOURCES, RUNNER_ENVIRONMENTS};
use crate::gitlab::{Component, Version};
use crate::text::quoted;

/// How much it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// May let in or lock out somebody who was not meant.
    Caution,
}

/// Something unwise, at the field that deserves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that says the same of this setup's files; empty where they do not show it.
    pub rule: &'static str,
    /// The field, as `roles[0].scopes[1].ref`.
    pub path: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line, with the user's own value in backticks.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Everything unwise in `setup`, in the order of its fields.
pub fn findings(setup: &Setup) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule: &'static str, severity: Severity, path: String, message: String, help: &str| {
        found.push(Finding { rule, path, severity, message, help: help.to_owned() });
    };
    let audience = setup.gitlab().audience.as_str();
    if audience.trim() != audience {
        add(
            "audience-space",
            Severity::Caution,
            "gitlab.audience".to_owned(),
            format!(
                "the audience {} begins or ends with a space: token, condition and client ID must all have it",
                quoted(audience)
            ),
            "remove the space",
        );
    }
    if setup.gitlab().version.is_some() && setup.gitlab().issuer.is_gitlab_com() {
        add(
            "",
            Severity::Info,
            "gitlab.version".to_owned(),
            "gitlab.com always has the newest version; this field is for self-managed instances".to_owned(),
            "remove it",
        );
    }
    for (index, (role, size)) in setup.roles().iter().zip(setup.policy_sizes()).enumerate() {
        role_findings(setup, role, *size, &format!("roles[{index}]"), &mut add);
    }
    if let Some(image) = &setup.ci().image
        && !image.is_pinned()
    {
        add(
            "ci-image-not-pinned",
            Severity::Caution,
            "ci.image".to_owned(),
            format!("{} names no version: another image may run tomorrow", quoted(image.as_str())),
            "add a tag other than `latest`, or a digest",
        );
    }
    found
}

type Add<'f> = dyn FnMut(&'static str, Severity, String, String, &str) + 'f;

fn role_findings(setup: &Setup, role: &Role, size: usize, path: &str, add: &mut Add<'_>) {
    if size > TRUST_POLICY_DEFAULT {
        add(
            "policy-too-long",
            Severity::Caution,
            format!("{path}.scopes"),
            format!(
                "the trust policy of {} has {size} characters; IAM takes {TRUST_POLICY_DEFAULT} by default",
                quoted(role.name.as_str())
            ),
            &format!(
                "raise the quota {TRUST_POLICY_QUOTA} (AWS's pages say up to {TRUST_POLICY_MOST}), or split the scopes over a second role"
            ),
        );
    }
    if role.permissions.len() > MANAGED_POLICIES_DEFAULT {
        add(
            "",
            Severity::Caution,
            format!("{path}.permissions"),
            format!(
                "IAM attaches {MANAGED_POLICIES_DEFAULT} managed policies to a role by default; this has {}",
                role.permissions.len()
            ),
            "raise the quota, or use fewer policies",
        );
    }
    for (index, arn) in role.permissions.iter().enumerate() {
        if let Some(name) = administrator(arn.as_str()) {
            add(
                "role-administrator",
                Severity::Caution,
                format!("{path}.permissions[{index}]"),
                format!("every job that gets in has `{name}`"),
                "give the role the actions and resources that its job needs",
            );
        }
    }
    if role.max_session_seconds == *MAX_SESSION_SECONDS.end() {
        add(
            "role-session-long",
            Severity::Info,
            format!("{path}.max_session_seconds"),
            "a job can ask this role for sessions of 12 hours, which may outlive it and its token".to_owned(),
            "set an hour, or as long as the longest job runs",
        );
    }
    for (index, scope) in role.scopes.iter().enumerate() {
        let others = setup.roles().iter().flat_map(|it| &it.scopes);
        if others.clone().any(|it| it.project == scope.project && it.subject != scope.subject)
            && !scope.subject.is_default()
        {
            add(
                "",
                Severity::Caution,
                format!("{path}.scopes[{index}].sub_claim_components"),
                format!(
                    "another scope gives {} another form of `sub`; a project has one",
                    quoted(scope.project.as_str())
                ),
                "give all scopes of a project the same components",
            );
        }
        let wants_environment =
            scope.subject.has(Component::EnvironmentProtected) || scope.subject.has(Component::DeploymentTier);
        if wants_environment && role.environment.is_none() {
            add(
                "", Severity::Caution,
                format!("{path}.environment"),
                "this role's `sub` has a component of the environment, and a job without `environment:` has none: nobody gets in"
                    .to_owned(),
                "name the environment of the job",
            );
        }
        scope_findings(setup, scope, &format!("{path}.scopes[{index}]"), add);
    }
}

fn scope_findings(setup: &Setup, scope: &Scope, path: &str, add: &mut Add<'_>) {
    let project = scope.project.as_str();
    // With the id asked for, a pattern of paths lets in one project alone.
    if !scope.project.is_exact() && scope.pin("project_id").is_none() && scope.subject.has(Component::ProjectPath) {
        let loose = !project.starts_with(|c: char| c.is_ascii_alphanumeric())
            || project.split_once(['*', '?']).is_some_and(|(head, _)| !head.ends_with('/'));
        // A `namespace_id` is that of the group right above the project.
        let message = if scope.pin("namespace_id").is_some() {
            format!(
                "{} matches every project directly in the group of that id, and those that are made later",
                quoted(project)
            )
        } else if loose && pins_person(scope) {
            format!("{} also matches other people's projects in which that person runs a job", quoted(project))
        } else if loose {
            format!("{} also matches other people's groups and projects that only begin alike", quoted(project))
        } else {
            format!(
                "{} matches every project below it, in subgroups too, and those that are made later",
                quoted(project)
            )
        };
        add(
            wide_project(scope),
            Severity::Caution,
            format!("{path}.project"),
            message,
            "name each project in a scope of its own",
        );
    }
    let protected = scope
        .pin("ref_protected")
        .map(|it| it.values.concat())
        .or_else(|| scope.subject_values.iter().find(|it| it.0 == Component::RefProtected).map(|it| it.1.clone()));
    if protected.as_deref() == Some("false") {
        add(
            if scope.pin("ref_protected").is_some() { "claim-unprotected" } else { "" },
            Severity::Caution,
            format!("{path}.ref_protected"),
            "this asks for unprotected refs: those that anybody who can push may change".to_owned(),
            "ask for protected refs, or do not ask",
        );
    }
    let wide_ref = !scope.reference.is_exact() && protected.as_deref() != Some("true");
    if wide_ref && scope.ref_types != RefTypes::Tag {
        add(
            wide_branch(scope),
            Severity::Caution,
            format!("{path}.ref"),
            format!(
                "anyone who can push a branch that matches {} gets in{}",
                quoted(scope.reference.as_str()),
                and_merge_requests(scope)
            ),
            "ask for protected refs only, or name the branch",
        );
    } else if wide_ref {
        add(
            wide_tag(scope),
            Severity::Caution,
            format!("{path}.ref"),
            format!("anyone who can push a tag that matches {} gets in", quoted(scope.reference.as_str())),
            "protect the tags and ask for protected refs only",
        );
    }
    for pin in &scope.pins {
        let known: &[&str] = match pin.claim {
            "pipeline_source" => &PIPELINE_SOURCES,
            "runner_environment" => &RUNNER_ENVIRONMENTS,
            "user_access_level" => &ACCESS_LEVELS,
            _ => &[],
        };
        if let Some(value) = pin.values.iter().find(|it| !known.is_empty() && !known.contains(&it.as_str())) {
            add(
                "claim-value-unknown",
                Severity::Caution,
                format!("{path}.{}", pin.claim),
                format!("GitLab is not known to write {} as `{}`", quoted(value), pin.claim),
                &format!("known values: {}", known.join(", ")),
            );
        }
        if matches!(pin.claim, "user_login" | "user_email") {
            add(
                "claim-user-changeable",
                Severity::Caution,
                format!("{path}.{}", pin.claim),
                format!("people can change their `{}`: GitLab says not to rely on it alone", pin.claim),
                "pin `user_id` instead",
            );
        }
        if setup.aws().partition != Partition::Aws && keys::GITLAB_COM.contains(&pin.claim) {
            add(
                "",
                Severity::Caution,
                format!("{path}.{}", pin.claim),
                format!(
                    "AWS has not said that it knows `{}` in the partition `{}`; where it does not, nobody gets in",
                    pin.claim,
                    setup.aws().partition.as_str()
                ),
                "try it with a role that nothing depends on",
            );
        }
    }
    custom_subject_findings(setup, scope, path, add);
}

/// What a message on open refs adds, unless the scope asks for pipelines of other kinds.
fn and_merge_requests(scope: &Scope) -> &'static str {
    let are_out = scope.pin("pipeline_source").is_some_and(|it| it.values.iter().all(|it| it != "merge_request_event"));
    if are_out { "" } else { ", merge requests too" }
}

fn pins_person(scope: &Scope) -> bool {
    keys::PERSON.iter().any(|it| scope.pin(it).is_some())
}

/// The rule on patterns of projects that this one breaks.
fn wide_project(scope: &Scope) -> &'static str {
    let head = scope.project.as_str().split(['*', '?']).next().unwrap_or("");
    match head.rsplit_once('/') {
        None if scope.pin("namespace_id").is_some() => "subject-namespace-id-alone",
        None if pins_person(scope) => "subject-user-alone",
        None if head.is_empty() => "subject-any-project",
        None => "subject-group-prefix",
        Some((_, "")) => "subject-whole-group",
        Some(_) => "subject-project-prefix",
    }
}

/// The rule on refs that a scope with a pattern of branches breaks; none where its `sub` has no ref.
fn wide_branch(scope: &Scope) -> &'static str {
    let has = |component| scope.subject.has(component);
    if !has(Component::Ref) {
        return "";
    }
    let head = scope.reference.as_str().split(['*', '?']).next().unwrap_or("");
    match (has(Component::RefType), scope.reference.is_any()) {
        (true, true) => "subject-any-branch",
        (false, true) => "subject-any-ref",
        (false, false) => "",
        (true, false) if head.len() > 1 && head.ends_with(|c: char| c.is_ascii_alphanumeric()) => {
            "subject-branch-prefix"
        }
        (true, false) => "subject-branch-pattern",
    }
}

/// The same for a pattern of tags.
fn wide_tag(scope: &Scope) -> &'static str {
    let is_told = scope.subject.has(Component::Ref) && scope.subject.has(Component::RefType);
    if is_told { "subject-tag-pattern" } else { "" }
}

fn custom_subject_findings(setup: &Setup, scope: &Scope, path: &str, add: &mut Add<'_>) {
    for component in scope.subject.components() {
        let (since, confirmed) = component.since();
        let old = setup.gitlab().version.is_some_and(|it| it < since);
        if !confirmed && (old || (setup.gitlab().version.is_none() && !setup.gitlab().issuer.is_gitlab_com())) {
            add(
                "",
                Severity::Info,
                format!("{path}.sub_claim_components"),
                format!(
                    "`{}` in `sub` came with about GitLab {since}; the exact version is not confirmed",
                    component.as_str()
                ),
                "ask the instance: `GET /projects/:id` shows the components it has",
            );
        }
    }
    let has = |component| scope.subject.has(component);
    let is_protected = scope.pin("ref_protected").is_some_and(|it| it.values == ["true"])
        || scope.subject_values.iter().any(|it| it.0 == Component::RefProtected && it.1 == "true");
    if has(Component::Ref) && !has(Component::RefType) && !scope.reference.is_any() && !is_protected {
        add(
            "subject-any-ref-type",
            Severity::Caution,
            format!("{path}.sub_claim_components"),
            format!(
                "this `sub` does not tell a branch named {0} from a tag named {0}",
                quoted(scope.reference.as_str())
            ),
            "add `ref_type`",
        );
    }
    if !has(Component::Ref) && !has(Component::DeploymentTier) && !is_protected {
        add(
            "subject-cut-short",
            Severity::Caution,
            format!("{path}.sub_claim_components"),
            format!("this `sub` names no ref: every branch and tag gets in{}", and_merge_requests(scope)),
            "add `ref_type` and `ref`",
        );
    }
    if !scope.subject.has(Component::ProjectPath) {
        add(
            "",
            Severity::Info,
            format!("{path}.project"),
            "AWS does not check this path: the project's id in `sub` decides, the path serves the CI file".to_owned(),
            "nothing to do",
        );
    }
    let tier = scope.subject_values.iter().find(|it| it.0 == Component::DeploymentTier);
    if let Some((_, tier)) = tier.filter(|it| !DEPLOYMENT_TIERS.contains(&it.1.as_str())) {
        add(
            "",
            Severity::Caution,
            format!("{path}.deployment_tier"),
            format!("GitLab is not known to write {} as `deployment_tier`", quoted(tier)),
            &format!("known values: {}", DEPLOYMENT_TIERS.join(", ")),
        );
    }
    if setup.gitlab().version.is_some_and(|it| it < Version::new(17, 10)) && !scope.subject.is_default() {
        add(
            "",
            Severity::Caution,
            format!("{path}.sub_claim_components"),
            "a custom `sub` is documented from GitLab 17.10 on".to_owned(),
            "upgrade the instance first",
        );
    }
}
