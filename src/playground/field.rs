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
}

impl Field {
    /// The path under which the field's message comes, as `roles[0].scopes[1].ref`.
    pub fn path(self) -> String {
        match self {
            Self::Url => "gitlab.url".to_owned(),
            Self::Audience => "gitlab.audience".to_owned(),
            Self::Account => "aws.account_id".to_owned(),
            Self::Region => "aws.region".to_owned(),
            Self::Job => "ci.job".to_owned(),
            Self::Image => "ci.image".to_owned(),
            Self::Method => "ci.method".to_owned(),
            Self::SessionSeconds => "ci.session_seconds".to_owned(),
            Self::Role(role, field) => {
                let name = match field {
                    RoleField::Name => "name".to_owned(),
                    RoleField::Environment => "environment".to_owned(),
                    RoleField::MaxSessionSeconds => "max_session_seconds".to_owned(),
                    RoleField::Permission(at) => format!("permissions[{at}]"),
                };
                format!("roles[{role}].{name}")
            }
            Self::Scope(role, scope, field) => {
                let name = match field {
                    ScopeField::Project => "project".to_owned(),
                    ScopeField::RefType => "ref_type".to_owned(),
                    ScopeField::Ref => "ref".to_owned(),
                    ScopeField::ProjectId => "project_id".to_owned(),
                    ScopeField::NamespaceId => "namespace_id".to_owned(),
                    ScopeField::Pin(claim, at) => format!("{claim}[{at}]"),
                };
                format!("roles[{role}].scopes[{scope}].{name}")
            }
        }
    }

    /// The field of that path; none where the form has none.
    pub fn at(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split(['.', '[', ']']).filter(|it| !it.is_empty()).collect();
        let number = |text: &str| text.parse::<usize>().ok();
        Some(match parts.as_slice() {
            ["gitlab", "url"] => Self::Url,
            ["gitlab", "audience"] => Self::Audience,
            ["aws", "account_id"] => Self::Account,
            ["aws", "region"] => Self::Region,
            ["ci", "job"] => Self::Job,
            ["ci", "image"] => Self::Image,
            ["ci", "method"] => Self::Method,
            ["ci", "session_seconds"] => Self::SessionSeconds,
            ["roles", role, "name"] => Self::Role(number(role)?, RoleField::Name),
            ["roles", role, "environment"] => Self::Role(number(role)?, RoleField::Environment),
            ["roles", role, "max_session_seconds"] => Self::Role(number(role)?, RoleField::MaxSessionSeconds),
            ["roles", role, "permissions", at] => Self::Role(number(role)?, RoleField::Permission(number(at)?)),
            ["roles", role, "scopes", scope, name, rest @ ..] => {
                let field = match (*name, rest) {
                    ("project", []) => ScopeField::Project,
                    ("ref_type", []) => ScopeField::RefType,
                    ("ref", []) => ScopeField::Ref,
                    ("project_id", []) => ScopeField::ProjectId,
                    ("namespace_id", []) => ScopeField::NamespaceId,
                    (claim, [at]) => ScopeField::Pin(TEXT_PINS.into_iter().find(|it| *it == claim)?, number(at)?),
                    _ => return None,
                };
                Self::Scope(number(role)?, number(scope)?, field)
            }
            _ => return None,
        })
    }

    /// Whether an empty field is one that is absent. A pin is not: it goes by its own button, not under the hands of who types.
    fn is_optional(self) -> bool {
        matches!(self, Self::Region | Self::Image | Self::SessionSeconds | Self::Role(_, RoleField::Environment))
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

fn role_text(role: &RoleDraft, field: RoleField) -> Option<&str> {
    match field {
        RoleField::Name => role.name.as_deref(),
        RoleField::Environment => role.environment.as_deref(),
        RoleField::MaxSessionSeconds => role.max_session_seconds.as_deref().or(Some("3600")),
        RoleField::Permission(at) => role.permissions.get(at).map(String::as_str),
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
    }
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_its_field_again() {
        let scope = [ScopeField::Project, ScopeField::RefType, ScopeField::Ref, ScopeField::ProjectId]
            .into_iter()
            .chain([ScopeField::NamespaceId, ScopeField::Pin("user_login", 3)])
            .map(|it| Field::Scope(2, 10, it));
        let role = [RoleField::Name, RoleField::Environment, RoleField::MaxSessionSeconds, RoleField::Permission(4)]
            .into_iter()
            .map(|it| Field::Role(1, it));
        let one = [Field::Url, Field::Audience, Field::Account, Field::Region];
        let ci = [Field::Job, Field::Image, Field::Method, Field::SessionSeconds];
        for field in one.into_iter().chain(ci).chain(role).chain(scope) {
            assert_eq!(Field::at(&field.path()), Some(field));
        }
        for path in ["", "roles", "roles[0]", "roles[x].name", "roles[0].path", "roles[0].scopes[1].aud[0]"] {
            assert_eq!(Field::at(path), None, "{path}");
        }
    }
}
