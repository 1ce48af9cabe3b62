//! The fields of the form: where each stands in the draft, under which path its message comes, what it holds.

use crate::setup::{Draft, RoleDraft, ScopeDraft, TEXT_PINS};

/// A field that takes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the setup file's field of that name")]
pub enum Field {
    Url,
    Audience,
    Account,
    Region,
    Job,
    Image,
    Method,
    SessionSeconds,
    Issuer,
    Version,
    Partition,
    Provider,
    /// A field of the role of that index.
    Role(usize, RoleField),
    /// A field of a role's scope: index of the role, index of the scope.
    Scope(usize, usize, ScopeField),
}

/// A field of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the setup file's field of that name")]
pub enum RoleField {
    Name,
    Environment,
    MaxSessionSeconds,
    /// The managed policy of that index.
    Permission(usize),
    Path,
    PermissionsDocument,
}

/// A field of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the setup file's field of that name")]
pub enum ScopeField {
    Project,
    RefType,
    Ref,
    ProjectId,
    NamespaceId,
    /// A value of the pin on that claim.
    Pin(&'static str, usize),
    /// `true`, `false`, or empty where it is not asked for.
    RefProtected,
    EnvironmentProtected,
    DeploymentTier,
}

/// The fields that a setup has once, each with its path.
const ONCE: [(Field, &str); 12] = [
    (Field::Url, "gitlab.url"),
    (Field::Issuer, "gitlab.issuer"),
    (Field::Audience, "gitlab.audience"),
    (Field::Version, "gitlab.version"),
    (Field::Account, "aws.account_id"),
    (Field::Partition, "aws.partition"),
    (Field::Region, "aws.region"),
    (Field::Provider, "aws.provider"),
    (Field::Job, "ci.job"),
    (Field::Image, "ci.image"),
    (Field::Method, "ci.method"),
    (Field::SessionSeconds, "ci.session_seconds"),
];

/// Those of a role, each with its name.
const OF_ROLE: [(RoleField, &str); 5] = [
    (RoleField::Name, "name"),
    (RoleField::Environment, "environment"),
    (RoleField::Path, "path"),
    (RoleField::MaxSessionSeconds, "max_session_seconds"),
    (RoleField::PermissionsDocument, "permissions_document"),
];

/// Those of a scope.
const OF_SCOPE: [(ScopeField, &str); 8] = [
    (ScopeField::Project, "project"),
    (ScopeField::RefType, "ref_type"),
    (ScopeField::Ref, "ref"),
    (ScopeField::ProjectId, "project_id"),
    (ScopeField::NamespaceId, "namespace_id"),
    (ScopeField::RefProtected, "ref_protected"),
    (ScopeField::EnvironmentProtected, "environment_protected"),
    (ScopeField::DeploymentTier, "deployment_tier"),
];

fn name_in<T: PartialEq>(table: &[(T, &'static str)], field: &T) -> &'static str {
    table.iter().find(|it| it.0 == *field).map_or("", |it| it.1)
}

fn named<T: Copy>(table: &[(T, &'static str)], name: &str) -> Option<T> {
    table.iter().find(|it| it.1 == name).map(|it| it.0)
}

impl Field {
    /// The path under which the field's message comes, as `roles[0].scopes[1].ref`.
    pub fn path(self) -> String {
        match self {
            Self::Role(role, RoleField::Permission(at)) => format!("roles[{role}].permissions[{at}]"),
            Self::Role(role, field) => format!("roles[{role}].{}", name_in(&OF_ROLE, &field)),
            Self::Scope(role, scope, ScopeField::Pin(claim, at)) => {
                format!("roles[{role}].scopes[{scope}].{claim}[{at}]")
            }
            Self::Scope(role, scope, field) => format!("roles[{role}].scopes[{scope}].{}", name_in(&OF_SCOPE, &field)),
            once => name_in(&ONCE, &once).to_owned(),
        }
    }

    /// The field of that path; none where the form has none.
    pub fn at(path: &str) -> Option<Self> {
        let Some((role, rest)) = indexed(path, "roles[") else { return named(&ONCE, path) };
        let rest = rest.strip_prefix('.')?;
        if let Some((at, "")) = indexed(rest, "permissions[") {
            return Some(Self::Role(role, RoleField::Permission(at)));
        }
        let Some((scope, rest)) = indexed(rest, "scopes[") else {
            return named(&OF_ROLE, rest).map(|it| Self::Role(role, it));
        };
        let rest = rest.strip_prefix('.')?;
        let pin = || {
            TEXT_PINS.into_iter().find_map(|claim| {
                let (at, rest) = indexed(rest.strip_prefix(claim)?, "[")?;
                rest.is_empty().then_some(ScopeField::Pin(claim, at))
            })
        };
        named(&OF_SCOPE, rest).or_else(pin).map(|it| Self::Scope(role, scope, it))
    }

    /// Whether an empty field is one that is absent. A pin is not: it goes by its own button, not under the hands of who types.
    fn is_optional(self) -> bool {
        matches!(
            self,
            Self::Region
                | Self::Image
                | Self::SessionSeconds
                | Self::Issuer
                | Self::Version
                | Self::Role(_, RoleField::Environment | RoleField::Path | RoleField::PermissionsDocument)
        )
    }

    /// What the field holds; empty where it is absent.
    pub fn text(self, draft: &Draft) -> &str {
        let value = match self {
            Self::Url => draft.gitlab.url.as_deref().or(Some("https://gitlab.com")),
            Self::Audience => draft.gitlab.audience.as_deref().or(draft.gitlab.url.as_deref()),
            Self::Account => draft.aws.account_id.as_deref(),
            Self::Region => draft.aws.region.as_deref(),
            Self::Job => draft.ci.job.as_deref().or(Some("deploy")),
            Self::Image => draft.ci.image.as_deref(),
            Self::Method => draft.ci.method.as_deref().or(Some("token-file")),
            Self::SessionSeconds => draft.ci.session_seconds.as_deref(),
            Self::Issuer => draft.gitlab.issuer.as_deref(),
            Self::Version => draft.gitlab.version.as_deref(),
            Self::Partition => draft.aws.partition.as_deref().or(Some("aws")),
            Self::Provider => draft.aws.provider.as_deref().or(Some("create")),
            Self::Role(role, field) => draft.roles.get(role).and_then(|it| role_text(it, field)),
            Self::Scope(role, scope, field) => {
                draft.roles.get(role).and_then(|it| it.scopes.get(scope)).and_then(|it| scope_text(it, field))
            }
        };
        value.unwrap_or("")
    }

    /// Puts a text into the field.
    pub fn set(self, draft: &mut Draft, text: String) {
        let value = if text.is_empty() && self.is_optional() { None } else { Some(text) };
        match self {
            Self::Url => draft.gitlab.url = value,
            Self::Audience => draft.gitlab.audience = value,
            Self::Account => draft.aws.account_id = value,
            Self::Region => draft.aws.region = value,
            Self::Job => draft.ci.job = value,
            Self::Image => draft.ci.image = value,
            Self::Method => {
                if value.as_deref() != Some("assume-role") {
                    draft.ci.session_seconds = None;
                }
                draft.ci.method = value;
            }
            Self::SessionSeconds => draft.ci.session_seconds = value,
            Self::Issuer => draft.gitlab.issuer = value,
            Self::Version => draft.gitlab.version = value,
            Self::Partition => draft.aws.partition = value.filter(|it| it != "aws"),
            Self::Provider => draft.aws.provider = value.filter(|it| it != "create"),
            Self::Role(role, field) => {
                if let Some(it) = draft.roles.get_mut(role) {
                    set_role(it, field, value);
                }
            }
            Self::Scope(role, scope, field) => {
                if let Some(it) = draft.roles.get_mut(role).and_then(|it| it.scopes.get_mut(scope)) {
                    set_scope(it, field, value);
                }
            }
        }
    }
}

/// The number in the brackets that follow `name[`, and what comes after them.
fn indexed<'p>(path: &'p str, name: &str) -> Option<(usize, &'p str)> {
    let (number, rest) = path.strip_prefix(name)?.split_once(']')?;
    Some((number.parse().ok()?, rest))
}

fn role_text(role: &RoleDraft, field: RoleField) -> Option<&str> {
    match field {
        RoleField::Name => role.name.as_deref(),
        RoleField::Environment => role.environment.as_deref(),
        RoleField::MaxSessionSeconds => role.max_session_seconds.as_deref().or(Some("3600")),
        RoleField::Permission(at) => role.permissions.get(at).map(String::as_str),
        RoleField::Path => role.path.as_deref(),
        RoleField::PermissionsDocument => role.permissions_document.as_deref(),
    }
}

fn set_role(role: &mut RoleDraft, field: RoleField, value: Option<String>) {
    match field {
        RoleField::Name => role.name = value,
        RoleField::Environment => role.environment = value,
        RoleField::MaxSessionSeconds => role.max_session_seconds = value,
        RoleField::Permission(at) => {
            if let Some(it) = role.permissions.get_mut(at) {
                *it = value.unwrap_or_default();
            }
        }
        RoleField::Path => role.path = value,
        RoleField::PermissionsDocument => role.permissions_document = value,
    }
}

fn flag_text(flag: Option<bool>) -> Option<&'static str> {
    flag.map(|it| if it { "true" } else { "false" })
}

fn flag_of(text: Option<String>) -> Option<bool> {
    text.and_then(|it| it.parse().ok())
}

fn scope_text(scope: &ScopeDraft, field: ScopeField) -> Option<&str> {
    match field {
        ScopeField::Project => scope.project.as_deref(),
        ScopeField::RefType => scope.ref_type.as_deref().or(Some("branch")),
        ScopeField::Ref => scope.reference.as_deref().or(match scope.ref_type.as_deref() {
            None | Some("branch") => Some("main"),
            Some("any") => Some("*"),
            _ => None,
        }),
        ScopeField::ProjectId => scope.project_id.as_deref(),
        ScopeField::NamespaceId => scope.namespace_id.as_deref(),
        ScopeField::Pin(claim, at) => {
            scope.pins.iter().find(|it| it.claim == claim).and_then(|it| it.values.get(at)).map(String::as_str)
        }
        ScopeField::RefProtected => flag_text(scope.ref_protected),
        ScopeField::EnvironmentProtected => flag_text(scope.environment_protected),
        ScopeField::DeploymentTier => scope.deployment_tier.as_deref(),
    }
}

fn set_scope(scope: &mut ScopeDraft, field: ScopeField, value: Option<String>) {
    match field {
        ScopeField::Project => scope.project = value,
        ScopeField::RefType => scope.ref_type = value,
        ScopeField::Ref => scope.reference = value,
        ScopeField::ProjectId => scope.project_id = value,
        ScopeField::NamespaceId => scope.namespace_id = value,
        ScopeField::Pin(claim, at) => {
            let pin = scope.pins.iter_mut().find(|it| it.claim == claim);
            if let Some(it) = pin.and_then(|it| it.values.get_mut(at)) {
                *it = value.unwrap_or_default();
            }
        }
        ScopeField::RefProtected => scope.ref_protected = flag_of(value),
        ScopeField::EnvironmentProtected => scope.environment_protected = flag_of(value),
        ScopeField::DeploymentTier => scope.deployment_tier = value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_field_again() {
        let scope = [ScopeField::Project, ScopeField::RefType, ScopeField::Ref, ScopeField::ProjectId]
            .into_iter()
            .chain([ScopeField::NamespaceId, ScopeField::Pin("user_login", 3), ScopeField::RefProtected])
            .chain([ScopeField::EnvironmentProtected, ScopeField::DeploymentTier])
            .map(|it| Field::Scope(2, 10, it));
        let more = [RoleField::Path, RoleField::PermissionsDocument];
        let role = [RoleField::Name, RoleField::Environment, RoleField::MaxSessionSeconds, RoleField::Permission(4)]
            .into_iter()
            .chain(more)
            .map(|it| Field::Role(1, it));
        let one = [Field::Url, Field::Audience, Field::Account, Field::Region];
        let ci = [Field::Job, Field::Image, Field::Method, Field::SessionSeconds];
        let rare = [Field::Issuer, Field::Version, Field::Partition, Field::Provider];
        for field in rare.into_iter().chain(one).chain(ci).chain(role).chain(scope) {
            assert_eq!(Field::at(&field.path()), Some(field));
        }
        for path in ["", "roles", "roles[0]", "roles[x].name", "roles[0].paths", "roles[0].scopes[1].aud[0]"] {
            assert_eq!(Field::at(path), None, "{path}");
        }
    }
}
