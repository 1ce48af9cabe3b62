//! What a person composes: one `Setup` is one AWS account, its provider, its roles, and the CI jobs that may assume them.
//!
//! Three forms. The *draft* is what was typed, field by field, right or wrong. The *setup* is a draft that was checked: it has no
//! other constructor, so whoever holds one holds values that GitLab and AWS take. The *file* is JSON, public and versioned.
//! `check` turns a draft into a setup or says which field is wrong; `file::read` and `file::write` are the JSON.

mod check;
mod draft;
mod field;
pub mod file;
mod findings;
mod from_policy;
pub mod meaning;
pub mod presets;
mod statements;
pub mod subject;

pub use check::check;
pub use draft::{AwsDraft, CiDraft, Draft, GitLabDraft, PinDraft, RoleDraft, ScopeDraft, TEXT_PINS};
pub use field::{ExactText, NumericId, Pin};
pub use findings::{Finding, Severity, findings};
pub use from_policy::{Beside, from_policy};
pub use statements::{origins, trust_policy};

#[cfg(test)]
mod tests;

use crate::aws::{AccountId, Audience, ManagedPolicyArn, Partition, Region, RoleName, RolePath};
use crate::document::json::Node;
use crate::gitlab::ci::{EnvironmentName, Image, JobName};
use crate::gitlab::{Component, InstanceUrl, IssuerUrl, ProjectPattern, RefPattern, RefType, SubjectFormat, Version};

/// A checked setup. Its fields are read, never written: change the draft and check it again.
///
/// Two setups are equal where they mean the same; whether a default was written out makes no difference.
#[derive(Debug, Clone)]
pub struct Setup {
    gitlab: GitLab,
    aws: Aws,
    roles: Vec<Role>,
    ci: Ci,
    draft: Draft,
    policy_sizes: Vec<usize>,
}

impl PartialEq for Setup {
    fn eq(&self, other: &Self) -> bool {
        self.gitlab == other.gitlab && self.aws == other.aws && self.roles == other.roles && self.ci == other.ci
    }
}

impl Setup {
    /// The GitLab instance.
    pub fn gitlab(&self) -> &GitLab {
        &self.gitlab
    }
    /// The AWS account.
    pub fn aws(&self) -> &Aws {
        &self.aws
    }
    /// The roles, at least one.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }
    /// The CI job.
    pub fn ci(&self) -> &Ci {
        &self.ci
    }
    /// What was typed, with nothing added.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }
    /// The size of each role's trust policy, as IAM counts it: characters without white space. In the order of the roles.
    pub fn policy_sizes(&self) -> &[usize] {
        &self.policy_sizes
    }
    /// The provider's ARN in this account.
    pub fn provider_arn(&self) -> String {
        crate::aws::provider_arn(self.aws.partition, &self.aws.account_id, self.gitlab.issuer.key_prefix())
    }
    /// The ARN of one of its roles.
    pub fn role_arn(&self, role: &Role) -> String {
        format!("arn:{}:iam::{}:role{}{}", self.aws.partition.as_str(), self.aws.account_id, role.path, role.name)
    }
}

/// The GitLab instance of a setup.
#[derive(Debug, Clone, PartialEq)]
pub struct GitLab {
    /// Its address.
    pub url: InstanceUrl,
    /// The tokens' `iss` and the provider's URL.
    pub issuer: IssuerUrl,
    /// The tokens' `aud` and a client ID of the provider.
    pub audience: Audience,
    /// Its version, of a self-managed instance, where known.
    pub version: Option<Version>,
}

/// The AWS account of a setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Aws {
    /// Its id.
    pub account_id: AccountId,
    /// Its partition.
    pub partition: Partition,
    /// The region of the CI job, where one was chosen.
    pub region: Option<Region>,
    /// Whether the files make the OIDC provider.
    pub provider: Provider,
}

/// Whether the files make the OIDC provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// They do.
    Create,
    /// It is there already.
    Existing,
}

/// One IAM role of a setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// Its name.
    pub name: RoleName,
    /// Its path.
    pub path: RolePath,
    /// The GitLab environment of its CI job. AWS cannot enforce it.
    pub environment: Option<EnvironmentName>,
    /// `MaxSessionDuration`, in seconds.
    pub max_session_seconds: u32,
    /// Managed policies on it.
    pub permissions: Vec<ManagedPolicyArn>,
    /// An inline permission policy, a JSON object.
    pub permissions_document: Option<Node>,
    /// Whose jobs may assume it; at least one.
    pub scopes: Vec<Scope>,
}

/// "Jobs of this project on this ref": one line of who may assume a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Scope {
    /// The project, or a pattern of projects.
    pub project: ProjectPattern,
    /// The kinds of ref: one, or branch and tag.
    pub ref_types: RefTypes,
    /// The ref, or a pattern of refs.
    pub reference: RefPattern,
    /// Conditions on `gitlab.com:` keys beside `sub`, in the order in which they are written.
    pub pins: Vec<Pin>,
    /// The form of `sub`, with a value for each of its components but path, type and ref.
    pub subject: SubjectFormat,
    /// The values of the components of a custom subject that are no part of the sentence.
    pub subject_values: Vec<(Component, String)>,
}

/// Which kinds of ref a scope speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefTypes {
    /// Branches.
    Branch,
    /// Tags.
    Tag,
    /// Both, each with the scope's ref.
    Any,
}

impl RefTypes {
    /// As in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
            Self::Any => "any",
        }
    }

    /// The kinds, branch before tag.
    pub fn each(self) -> &'static [RefType] {
        match self {
            Self::Branch => &[RefType::Branch],
            Self::Tag => &[RefType::Tag],
            Self::Any => &[RefType::Branch, RefType::Tag],
        }
    }
}

impl Scope {
    /// The patterns of `sub` that this scope admits, in IAM's wildcards, not yet escaped: two where it speaks of branches and tags
    /// and the subject tells them apart, else one.
    pub fn subjects(&self) -> Vec<String> {
        let kinds: &[RefType] =
            if self.subject.has(Component::RefType) { self.ref_types.each() } else { &[RefType::Branch] };
        kinds
            .iter()
            .map(|kind| {
                self.subject.write(&|component| match component {
                    Component::ProjectPath => Some(self.project.as_str()),
                    Component::RefType => Some(kind.as_str()),
                    Component::Ref => Some(self.reference.as_str()),
                    other => self.subject_values.iter().find(|it| it.0 == other).map(|it| it.1.as_str()),
                })
            })
            .collect()
    }

    /// The pin on the claim of that name.
    pub fn pin(&self, claim: &str) -> Option<&Pin> {
        self.pins.iter().find(|it| it.claim == claim)
    }
}

/// The CI job of a setup.
#[derive(Debug, Clone, PartialEq)]
pub struct Ci {
    /// Its name; with several roles, the beginning of each job's name.
    pub job: JobName,
    /// Its image, where one was chosen.
    pub image: Option<Image>,
    /// How it gets credentials.
    pub method: Method,
}

impl Ci {
    /// The image, chosen or AWS's own.
    pub fn image(&self) -> &str {
        self.image.as_ref().map_or(crate::gitlab::ci::DEFAULT_IMAGE, Image::as_str)
    }
}

/// How a job turns its token into credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// The CLI and SDKs read the token from a file and renew by themselves.
    TokenFile,
    /// The job calls STS itself and exports the answer.
    AssumeRole {
        /// `DurationSeconds`.
        session_seconds: u32,
    },
}
