//! From a draft to a setup: every field's rule, and the rules between fields.
//!
//! All wrong fields are reported, not the first alone; each message carries the field's path. A value that AWS or GitLab would
//! refuse is wrong here; one that is legal but unwise is a finding and passes.

use super::draft::TEXT_PINS;
use super::{
    Aws, Ci, Draft, ExactText, GitLab, Method, NumericId, Pin, Provider, RefTypes, Role, RoleDraft, Scope, ScopeDraft,
    Setup,
};
use crate::aws::limits::{
    MAX_SESSION_SECONDS, SESSION_SECONDS_DEFAULT, SESSION_SECONDS_LEAST, TRUST_POLICY_MOST, is_policy_character,
    policy_size,
};
use crate::aws::{AccountId, Audience, ManagedPolicyArn, Partition, Region, RoleName, RolePath};
use crate::document::json::{self, Node};
use crate::gitlab::ci::{EnvironmentName, Image, JobName};
use crate::gitlab::{Component, InstanceUrl, IssuerUrl, ProjectPattern, RefPattern, SubjectFormat, Version};
use crate::print::json::compact;
use crate::text::{Diagnostic, Span, character, quoted};

/// The address of an instance where none is given.
pub(super) const DEFAULT_URL: &str = "https://gitlab.com";

/// More roles or scopes than anybody's account has is a broken or hostile file.
const MOST_ROLES: usize = 200;
const MOST_SCOPES: usize = 500;

/// Checks a draft: a setup, or every field that is wrong.
///
/// # Errors
/// One message for each wrong field, in the order of the file.
pub fn check(draft: &Draft) -> Result<Setup, Vec<Diagnostic>> {
    let mut wrong = Wrong::default();
    let gitlab = gitlab(draft, &mut wrong);
    let aws = aws(draft, &mut wrong);
    let roles = roles(draft, gitlab.as_ref(), aws.as_ref(), &mut wrong);
    let ci = ci(draft, &roles, &mut wrong);
    match (gitlab, aws, ci) {
        (Some(gitlab), Some(aws), Some(ci)) if wrong.found.is_empty() => {
            let mut setup = Setup { gitlab, aws, roles, ci, draft: draft.clone(), policy_sizes: Vec::new() };
            sizes(&mut setup, &mut wrong);
            if wrong.found.is_empty() { Ok(setup) } else { Err(wrong.found) }
        }
        _ => Err(wrong.found),
    }
}

/// The wrong fields so far.
#[derive(Default)]
struct Wrong {
    found: Vec<Diagnostic>,
}

impl Wrong {
    fn add(&mut self, path: impl Into<String>, diagnostic: Diagnostic) {
        self.found.push(diagnostic.in_field(path));
    }

    /// The value, or its message under `path`.
    fn keep<T>(&mut self, path: impl Into<String>, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|it| self.add(path, it)).ok()
    }

    /// The value of an optional field: outer none where it is wrong, inner none where it is absent.
    fn optional<T>(
        &mut self,
        path: impl Into<String>,
        text: Option<&String>,
        parse: impl FnOnce(&str) -> Result<T, Diagnostic>,
    ) -> Option<Option<T>> {
        match text {
            None => Some(None),
            Some(text) => self.keep(path, parse(text)).map(Some),
        }
    }
}

fn gitlab(draft: &Draft, wrong: &mut Wrong) -> Option<GitLab> {
    let it = &draft.gitlab;
    let url_text = it.url.as_deref().unwrap_or(DEFAULT_URL);
    let url = wrong.keep("gitlab.url", InstanceUrl::parse(url_text));
    let issuer = match &it.issuer {
        Some(text) => wrong.keep("gitlab.issuer", IssuerUrl::parse(text)),
        // A wrong address was reported already.
        None => url.as_ref().and_then(|url| wrong.keep("gitlab.url", IssuerUrl::parse(url.as_str()))),
    };
    let audience = match &it.audience {
        Some(text) => wrong.keep("gitlab.audience", Audience::parse(text)),
        None => url.as_ref().and_then(|url| wrong.keep("gitlab.audience", Audience::parse(url.as_str()))),
    };
    let version = wrong.optional("gitlab.version", it.version.as_ref(), |text| {
        let version = Version::parse(text)?;
        if version < Version::new(15, 7) {
            return Err(
                Diagnostic::new(format!("GitLab {version} has no ID tokens")).help("`id_tokens` came with GitLab 15.7")
            );
        }
        Ok(version)
    });
    Some(GitLab { url: url?, issuer: issuer?, audience: audience?, version: version? })
}

fn aws(draft: &Draft, wrong: &mut Wrong) -> Option<Aws> {
    let it = &draft.aws;
    let account_id = wrong.keep("aws.account_id", AccountId::parse(it.account_id.as_deref().unwrap_or("")));
    let partition =
        wrong.optional("aws.partition", it.partition.as_ref(), Partition::parse).map(Option::unwrap_or_default);
    let region = wrong.optional("aws.region", it.region.as_ref(), |text| {
        let region = Region::parse(text)?;
        let of = Partition::of_region(text);
        match partition {
            Some(chosen) if chosen != of => Err(Diagnostic::new(format!(
                "AWS has the region {} in the partition `{}`, and this setup is for `{}`",
                quoted(text),
                of.as_str(),
                chosen.as_str()
            ))
            .help("change the region or the partition")),
            _ => Ok(region),
        }
    });
    let provider = match it.provider.as_deref() {
        None | Some("create") => Some(Provider::Create),
        Some("existing") => Some(Provider::Existing),
        Some(other) => wrong.keep("aws.provider", Err(one_of("the provider is", other, &["create", "existing"]))),
    };
    Some(Aws { account_id: account_id?, partition: partition?, region: region?, provider: provider? })
}

fn one_of(what: &str, got: &str, known: &[&str]) -> Diagnostic {
    let names: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    Diagnostic::new(format!("{what} {}; this is {}", names.join(" or "), quoted(got)))
}

fn roles(draft: &Draft, gitlab: Option<&GitLab>, aws: Option<&Aws>, wrong: &mut Wrong) -> Vec<Role> {
    if draft.roles.is_empty() {
        wrong.add("roles", Diagnostic::new("a setup has at least one role").help("add one with a name and a scope"));
    }
    if draft.roles.len() > MOST_ROLES {
        let message = format!("a setup has at most {MOST_ROLES} roles; this has {}", draft.roles.len());
        wrong.add("roles", Diagnostic::new(message));
        return Vec::new();
    }
    let mut roles: Vec<Role> = Vec::new();
    for (index, role_draft) in draft.roles.iter().enumerate() {
        let path = format!("roles[{index}]");
        let Some(it) = role(role_draft, &path, gitlab, aws, wrong) else { continue };
        if roles.iter().any(|other| other.name.as_str().eq_ignore_ascii_case(it.name.as_str())) {
            let message = format!("IAM takes each role name once, in whatever case: {}", quoted(it.name.as_str()));
            wrong.add(format!("{path}.name"), Diagnostic::new(message).help("give each role a name of its own"));
        }
        roles.push(it);
    }
    roles
}

fn role(draft: &RoleDraft, path: &str, gitlab: Option<&GitLab>, aws: Option<&Aws>, wrong: &mut Wrong) -> Option<Role> {
    let name = wrong.keep(format!("{path}.name"), RoleName::parse(draft.name.as_deref().unwrap_or("")));
    let environment = wrong.optional(format!("{path}.environment"), draft.environment.as_ref(), EnvironmentName::parse);
    let role_path = wrong.optional(format!("{path}.path"), draft.path.as_ref(), RolePath::parse);
    let max_session_seconds =
        wrong.optional(format!("{path}.max_session_seconds"), draft.max_session_seconds.as_ref(), |text| {
            seconds(
                text,
                *MAX_SESSION_SECONDS.start(),
                *MAX_SESSION_SECONDS.end(),
                "IAM takes a maximum session duration of",
            )
        });
    let mut permissions: Vec<ManagedPolicyArn> = Vec::new();
    for (index, text) in draft.permissions.iter().enumerate() {
        let path = format!("{path}.permissions[{index}]");
        if let Some(it) = wrong.keep(path.clone(), permission(text, aws)) {
            if permissions.contains(&it) {
                wrong.add(path, Diagnostic::new(format!("{} is listed twice", quoted(text))));
            } else {
                permissions.push(it);
            }
        }
    }
    let permissions_document = wrong.optional(
        format!("{path}.permissions_document"),
        draft.permissions_document.as_ref(),
        permissions_document,
    );
    if draft.scopes.is_empty() {
        let message = "a role has at least one scope: without one nobody may assume it";
        wrong.add(format!("{path}.scopes"), Diagnostic::new(message));
    }
    if draft.scopes.len() > MOST_SCOPES {
        let message = format!("a role has at most {MOST_SCOPES} scopes; this has {}", draft.scopes.len());
        wrong.add(format!("{path}.scopes"), Diagnostic::new(message));
        return None;
    }
    let scopes: Vec<Scope> = draft
        .scopes
        .iter()
        .enumerate()
        .filter_map(|(index, it)| scope(it, &format!("{path}.scopes[{index}]"), gitlab, wrong))
        .collect();
    Some(Role {
        name: name?,
        environment: environment?,
        path: role_path?.unwrap_or_default(),
        max_session_seconds: max_session_seconds?.unwrap_or(*MAX_SESSION_SECONDS.start()),
        permissions,
        permissions_document: permissions_document?,
        scopes,
    })
}

fn seconds(text: &str, least: u32, most: u32, who: &str) -> Result<u32, Diagnostic> {
    match text.parse::<u32>() {
        Ok(it) if (least..=most).contains(&it) => Ok(it),
        _ => Err(Diagnostic::new(format!("{who} {least} to {most} seconds; this is {}", quoted(text)))
            .help(format!("for example `{least}`"))),
    }
}

fn permission(text: &str, aws: Option<&Aws>) -> Result<ManagedPolicyArn, Diagnostic> {
    let arn = ManagedPolicyArn::parse(text)?;
    if let Some(aws) = aws {
        if arn.partition() != aws.partition.as_str() {
            let message = format!(
                "IAM attaches policies of the role's own partition, `{}`; this is {}",
                aws.partition.as_str(),
                quoted(text)
            );
            return Err(Diagnostic::new(message));
        }
        if arn.owner() != "aws" && arn.owner() != aws.account_id.as_str() {
            let message = format!(
                "IAM attaches policies of AWS or of the role's own account, {}; this is {}",
                aws.account_id,
                quoted(text)
            );
            return Err(Diagnostic::new(message));
        }
    }
    Ok(arn)
}

fn permissions_document(text: &str) -> Result<Node, Diagnostic> {
    let node = json::parse(text)?;
    let Some(members) = node.as_object() else {
        return Err(Diagnostic::new(format!("an inline policy is a JSON object; this is {}", node.kind())));
    };
    if !members.iter().any(|it| it.key == "Statement") {
        return Err(Diagnostic::new("IAM refuses a policy without `Statement`"));
    }
    if let Some((at, c)) = text.char_indices().find(|it| !is_policy_character(it.1)) {
        return Err(Diagnostic::new(format!("IAM takes no {} in a policy: Latin-1 only", character(c)))
            .at(Span::new(at, at + c.len_utf8())));
    }
    if let Some(double) = json::double_key(&node) {
        return Err(Diagnostic::new(format!(
            "IAM takes a key once in each object; {} is there twice",
            quoted(&double.key)
        ))
        .at(double.key_span));
    }
    Ok(node)
}

fn scope(draft: &ScopeDraft, path: &str, gitlab: Option<&GitLab>, wrong: &mut Wrong) -> Option<Scope> {
    let before = wrong.found.len();
    let project = wrong.keep(format!("{path}.project"), ProjectPattern::parse(draft.project.as_deref().unwrap_or("")));
    let ref_types = match draft.ref_type.as_deref() {
        None | Some("branch") => Some(RefTypes::Branch),
        Some("tag") => Some(RefTypes::Tag),
        Some("any") => Some(RefTypes::Any),
        Some(other) => {
            let mut error = one_of("a ref is a", other, &["branch", "tag", "any"]);
            if other.starts_with("merge") || other == "mr" {
                error = error.help("GitLab's tokens of merge requests say `branch`, with the source branch");
            }
            wrong.keep(format!("{path}.ref_type"), Err(error))
        }
    };
    let default_ref = match ref_types {
        Some(RefTypes::Any) => "*",
        Some(RefTypes::Tag) => "",
        _ => "main",
    };
    let reference =
        wrong.keep(format!("{path}.ref"), RefPattern::parse(draft.reference.as_deref().unwrap_or(default_ref)));
    let project_id = wrong.optional(format!("{path}.project_id"), draft.project_id.as_ref(), NumericId::parse);
    let namespace_id = wrong.optional(format!("{path}.namespace_id"), draft.namespace_id.as_ref(), NumericId::parse);
    let tier = wrong.optional(format!("{path}.deployment_tier"), draft.deployment_tier.as_ref(), ExactText::parse);
    let subject = match &draft.sub_claim_components {
        None => Some(SubjectFormat::default()),
        Some(names) => subject_format(names, path, gitlab, wrong),
    };
    let mut pins = Vec::new();
    for (claim, value) in [
        ("project_id", project_id.flatten().map(|it| it.to_string())),
        ("namespace_id", namespace_id.flatten().map(|it| it.to_string())),
        ("ref_protected", draft.ref_protected.map(|it| it.to_string())),
    ] {
        if let Some(value) = value {
            pins.push(Pin { claim, values: vec![value] });
        }
    }
    for claim in TEXT_PINS {
        let mut values: Vec<String> = Vec::new();
        for (at, text) in draft.pins.iter().filter(|it| it.claim == claim).flat_map(|it| &it.values).enumerate() {
            if let Some(it) = wrong.keep(format!("{path}.{claim}[{at}]"), ExactText::parse(text))
                && !values.iter().any(|known| known == it.as_str())
            {
                values.push(it.to_string());
            }
        }
        if !values.is_empty() {
            pins.push(Pin { claim, values });
        }
    }
    let (project, ref_types, reference, subject) = (project?, ref_types?, reference?, subject?);
    let mut scope = Scope { project, ref_types, reference, pins, subject, subject_values: Vec::new() };
    let environment_protected = draft.environment_protected.map(|it| it.to_string());
    custom_subject(&mut scope, environment_protected, tier.flatten().map(|it| it.to_string()), path, wrong);
    if let Some(gitlab) = gitlab
        && !gitlab.issuer.is_gitlab_com()
    {
        for pin in &scope.pins {
            let message = format!(
                "AWS has the key `{}` for gitlab.com alone; for {} nobody would get in",
                pin.claim,
                quoted(gitlab.issuer.as_str())
            );
            let help = if Component::parse(pin.claim).is_ok() {
                format!(
                    "remove it, or put `{}` into `sub_claim_components` and into the project's own setting",
                    pin.claim
                )
            } else {
                "remove it: on this instance AWS sees `aud` and `sub` alone".to_owned()
            };
            wrong.add(format!("{path}.{}", pin.claim), Diagnostic::new(message).help(help));
        }
    }
    (wrong.found.len() == before).then_some(scope)
}

fn subject_format(names: &[String], path: &str, gitlab: Option<&GitLab>, wrong: &mut Wrong) -> Option<SubjectFormat> {
    let field = format!("{path}.sub_claim_components");
    let mut components = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let component = wrong.keep(format!("{field}[{at}]"), Component::parse(name))?;
        let (since, confirmed) = component.since();
        if let Some(version) = gitlab.and_then(|it| it.version)
            && confirmed
            && version < since
        {
            let message = format!("GitLab {version} refuses the `sub` component `{name}`: it came with {since}");
            wrong.add(format!("{field}[{at}]"), Diagnostic::new(message));
        }
        components.push(component);
    }
    wrong.keep(field, SubjectFormat::new(components))
}

/// A custom subject takes the values of its components from the scope's fields of the same name, and such a field goes nowhere
/// else.
fn custom_subject(
    scope: &mut Scope,
    environment_protected: Option<String>,
    tier: Option<String>,
    path: &str,
    wrong: &mut Wrong,
) {
    for (component, value) in
        [(Component::EnvironmentProtected, environment_protected), (Component::DeploymentTier, tier)]
    {
        let name = component.as_str();
        match (scope.subject.has(component), value) {
            (true, Some(value)) => scope.subject_values.push((component, value)),
            (false, Some(_)) => {
                let message = format!("AWS has no key `{name}`: it can only be a component of a custom `sub`");
                let help = format!("add `{name}` to `sub_claim_components`, or remove the field");
                wrong.add(format!("{path}.{name}"), Diagnostic::new(message).help(help));
            }
            (true, None) => missing_component(name, path, wrong),
            (false, None) => {}
        }
    }
    for component in [Component::ProjectId, Component::RefProtected] {
        let name = component.as_str();
        if !scope.subject.has(component) {
            continue;
        }
        match scope.pins.iter().position(|it| it.claim == name) {
            Some(at) => scope.subject_values.push((component, scope.pins.remove(at).values.concat())),
            None => missing_component(name, path, wrong),
        }
    }
    if !scope.subject.has(Component::ProjectPath) && !scope.project.is_exact() {
        let message =
            "`project_path` is no component of this `sub`, so AWS never sees the path and a pattern decides nothing";
        wrong.add(format!("{path}.project"), Diagnostic::new(message).help("write the one project's path"));
    }
    if !scope.subject.has(Component::Ref) && !scope.reference.is_any() {
        let message = "`ref` is no component of this `sub`, so AWS never sees the branch or tag";
        wrong.add(format!("{path}.ref"), Diagnostic::new(message).help("write `*`, or add `ref` to the components"));
    }
    if !scope.subject.has(Component::RefType) && scope.ref_types != RefTypes::Any {
        let message = "`ref_type` is no component of this `sub`, so AWS cannot tell a branch from a tag";
        wrong.add(
            format!("{path}.ref_type"),
            Diagnostic::new(message).help("write `any`, or add `ref_type` to the components"),
        );
    }
}

fn missing_component(name: &str, path: &str, wrong: &mut Wrong) {
    let message = format!("`{name}` is a component of this `sub`, and the scope has no value for it");
    wrong.add(format!("{path}.{name}"), Diagnostic::new(message).help(format!("give `{name}` a value")));
}

fn ci(draft: &Draft, roles: &[Role], wrong: &mut Wrong) -> Option<Ci> {
    let it = &draft.ci;
    let job = wrong.keep("ci.job", JobName::parse(it.job.as_deref().unwrap_or("deploy")));
    if let Some(job) = &job
        && roles.len() > 1
    {
        let longest = roles.iter().map(|role| role.name.as_str()).max_by_key(|it| it.len()).unwrap_or("");
        if let Err(error) = JobName::parse(&format!("{job}-{longest}")) {
            wrong.add("ci.job", error);
        }
    }
    let image = wrong.optional("ci.image", it.image.as_ref(), Image::parse);
    let longest_session = roles.iter().map(|role| role.max_session_seconds).min().unwrap_or(SESSION_SECONDS_DEFAULT);
    let method = match (it.method.as_deref(), &it.session_seconds) {
        (None | Some("token-file"), None) => Some(Method::TokenFile),
        (None | Some("token-file"), Some(_)) => {
            let message = "with the token file the CLI and SDKs ask for STS's default of one hour and renew while the token lives";
            let error = Diagnostic::new(message).help("remove `session_seconds`, or use the method `assume-role`");
            wrong.keep("ci.session_seconds", Err(error))
        }
        (Some("assume-role"), text) => wrong
            .optional("ci.session_seconds", text.as_ref(), |text| {
                let who = "STS takes, for these roles, a session of";
                seconds(text, SESSION_SECONDS_LEAST, longest_session, who)
            })
            .map(|it| Method::AssumeRole { session_seconds: it.unwrap_or(SESSION_SECONDS_DEFAULT) }),
        (Some(other), _) => {
            wrong.keep("ci.method", Err(one_of("the method is", other, &["token-file", "assume-role"])))
        }
    };
    Some(Ci { job: job?, image: image?, method: method? })
}

/// Measures the trust policies; IAM refuses one over its largest quota.
fn sizes(setup: &mut Setup, wrong: &mut Wrong) {
    setup.policy_sizes =
        setup.roles.iter().map(|role| policy_size(&compact(&super::trust_policy(setup, role)))).collect();
    for (index, size) in setup.policy_sizes.iter().enumerate().filter(|it| *it.1 > TRUST_POLICY_MOST) {
        let message =
            format!("IAM takes trust policies of at most {TRUST_POLICY_MOST} characters; this role's has {size}");
        wrong.add(
            format!("roles[{index}].scopes"),
            Diagnostic::new(message).help("split the scopes over several roles"),
        );
    }
}
