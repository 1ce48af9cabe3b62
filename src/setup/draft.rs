//! What was typed, field by field, right or wrong: the form on the page and the file before it is checked.
//!
//! Numbers are kept as text, so that a wrong one can stay in its field. `None` is a field that is absent, which is not the same as
//! one that is there and empty. Field names are the file's.

/// A setup as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct Draft {
    pub gitlab: GitLabDraft,
    pub aws: AwsDraft,
    pub roles: Vec<RoleDraft>,
    pub ci: CiDraft,
}

/// `gitlab`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct GitLabDraft {
    pub url: Option<String>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub version: Option<String>,
}

/// `aws`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct AwsDraft {
    pub account_id: Option<String>,
    pub partition: Option<String>,
    pub region: Option<String>,
    pub provider: Option<String>,
}

/// One of `roles`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct RoleDraft {
    pub name: Option<String>,
    pub environment: Option<String>,
    pub path: Option<String>,
    pub max_session_seconds: Option<String>,
    pub permissions: Vec<String>,
    /// JSON, as typed.
    pub permissions_document: Option<String>,
    pub scopes: Vec<ScopeDraft>,
}

/// One of a role's `scopes`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct ScopeDraft {
    pub project: Option<String>,
    pub ref_type: Option<String>,
    pub reference: Option<String>,
    pub ref_protected: Option<bool>,
    pub project_id: Option<String>,
    pub namespace_id: Option<String>,
    /// The pins that take exact text, in the order in which they were added.
    pub pins: Vec<PinDraft>,
    pub sub_claim_components: Option<Vec<String>>,
    pub environment_protected: Option<bool>,
    pub deployment_tier: Option<String>,
}

/// A pin that takes exact text: one of [`TEXT_PINS`], and its values, any of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct PinDraft {
    pub claim: String,
    pub values: Vec<String>,
}

/// The pins that take exact text, as claims of the token and fields of the file.
pub const TEXT_PINS: [&str; 6] =
    ["pipeline_source", "runner_environment", "user_access_level", "user_id", "user_login", "user_email"];

/// `ci`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(missing_docs, reason = "fields are the file's, described where they are checked")]
pub struct CiDraft {
    pub job: Option<String>,
    pub image: Option<String>,
    pub method: Option<String>,
    pub session_seconds: Option<String>,
}
