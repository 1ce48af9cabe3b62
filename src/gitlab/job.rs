//! The ID token that GitLab gives to a job: every claim, as a GitLab of 19.x writes it.
//!
//! Source: GitLab, "OpenID Connect (OIDC) authentication using ID tokens", and the open source of `lib/gitlab/ci/jwt_v2.rb`.
//! Ids are strings, except `runner_id`; booleans are the strings `true` and `false`.

use serde_json::{Map, Value, json};

use super::{Component, RefType, SubjectFormat};

/// What decides the claims of one job's token.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// `iss`.
    pub issuer: String,
    /// Host and path of the instance, for `ci_config_ref_uri`.
    pub host: String,
    /// `aud`, as the job asked for it: one is written as a string, several as a list.
    pub audiences: Vec<String>,
    /// The project's full path.
    pub project_path: String,
    /// The project's id.
    pub project_id: String,
    /// The id of the group or user right above it.
    pub namespace_id: String,
    /// What ran the pipeline.
    pub pipeline_source: String,
    /// The short name of the branch or tag; for a merge request, its source branch.
    pub ref_name: String,
    /// What it is.
    pub ref_type: RefType,
    /// Whether it is protected.
    pub ref_protected: bool,
    /// The environment of the job, if it has one.
    pub environment: Option<Environment>,
    /// The person who started it.
    pub user: User,
    /// `gitlab-hosted` or `self-hosted`.
    pub runner_environment: String,
    /// The components of the project's `sub`.
    pub subject: SubjectFormat,
    /// `iat`, in seconds since 1970.
    pub issued_at: i64,
    /// From `iat` to `exp`, in seconds: the job's timeout.
    pub lifetime: i64,
}

/// The environment of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether it is protected.
    pub protected: bool,
    /// Its tier.
    pub tier: String,
}

/// Who started a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// `user_id`.
    pub id: String,
    /// `user_login`.
    pub login: String,
    /// `user_email`.
    pub email: String,
    /// `user_access_level`; none where the person is no member.
    pub access_level: Option<String>,
}

impl Job {
    /// The `sub` of this job's token.
    pub fn subject(&self) -> String {
        let yes_no = |it: bool| if it { "true" } else { "false" };
        self.subject.write(|component| match component {
            Component::ProjectPath => Some(&self.project_path),
            Component::ProjectId => Some(&self.project_id),
            Component::RefType => Some(self.ref_type.as_str()),
            Component::Ref => Some(&self.ref_name),
            Component::RefProtected => Some(yes_no(self.ref_protected)),
            Component::EnvironmentProtected => self.environment.as_ref().map(|it| yes_no(it.protected)),
            Component::DeploymentTier => self.environment.as_ref().map(|it| it.tier.as_str()),
        })
    }

    /// The payload, in GitLab's order of claims.
    pub fn claims(&self) -> Map<String, Value> {
        let namespace_path = self.project_path.rsplit_once('/').map_or("", |it| it.0);
        let ref_path = match self.ref_type {
            RefType::Branch => format!("refs/heads/{}", self.ref_name),
            RefType::Tag => format!("refs/tags/{}", self.ref_name),
        };
        let sha = "714a629c0b401fdce83e847fc9589983fc6f46bc";
        let audience = match self.audiences.as_slice() {
            [one] => json!(one),
            several => json!(several),
        };
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        put("namespace_id", json!(self.namespace_id));
        put("namespace_path", json!(namespace_path));
        put("project_id", json!(self.project_id));
        put("project_path", json!(self.project_path));
        put("job_project_id", json!(self.project_id));
        put("job_project_path", json!(self.project_path));
        put("job_namespace_id", json!(self.namespace_id));
        put("job_namespace_path", json!(namespace_path));
        put("user_id", json!(self.user.id));
        put("user_login", json!(self.user.login));
        put("user_email", json!(self.user.email));
        put("user_access_level", json!(self.user.access_level));
        put("pipeline_id", json!("1519139981"));
        put("pipeline_source", json!(self.pipeline_source));
        put("job_id", json!("8222997048"));
        put("ref", json!(self.ref_name));
        put("ref_type", json!(self.ref_type.as_str()));
        put("ref_path", json!(ref_path));
        put("ref_protected", json!(self.ref_protected.to_string()));
        if let Some(it) = &self.environment {
            put("environment", json!(it.name));
            put("environment_protected", json!(it.protected.to_string()));
            put("deployment_tier", json!(it.tier));
            put("environment_action", json!("start"));
        }
        put("job_source", json!(self.pipeline_source));
        put("runner_id", json!(12_270_835));
        put("runner_environment", json!(self.runner_environment));
        put("sha", json!(sha));
        put("project_visibility", json!("private"));
        put("ci_config_ref_uri", json!(format!("{}/{}//.gitlab-ci.yml@{ref_path}", self.host, self.project_path)));
        put("ci_config_sha", json!(sha));
        put("jti", json!("235b3a54-b797-45c7-ae9a-f72d7bc6ef5b"));
        put("iss", json!(self.issuer));
        put("iat", json!(self.issued_at));
        put("nbf", json!(self.issued_at - 5));
        put("exp", json!(self.issued_at + self.lifetime));
        put("sub", json!(self.subject()));
        put("aud", audience);
        claims
    }
}
