//! The ID token that GitLab gives to a job: every claim, as a GitLab of 19.x writes it.
//!
//! Source: GitLab, "OpenID Connect (OIDC) authentication using ID tokens", and the open source of `lib/gitlab/ci/jwt_v2.rb`.
//! Ids are strings, except `runner_id`; booleans are the strings `true` and `false`.

use super::{Component, RefType, SubjectFormat};
use crate::document::json::{Member, Node, Value};

/// Every claim that a GitLab of 19.x may write into a job's token: the token's own, then project, person, pipeline, environment,
/// runner, sources. Some need a setting, an environment or the newest version; `source_…` came with 19.x, in which is unconfirmed.
pub const CLAIMS: [&str; 45] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "namespace_id",
    "namespace_path",
    "project_id",
    "project_path",
    "project_visibility",
    "job_project_id",
    "job_project_path",
    "job_namespace_id",
    "job_namespace_path",
    "source_project_id",
    "source_project_path",
    "source_namespace_id",
    "source_namespace_path",
    "user_id",
    "user_login",
    "user_email",
    "user_access_level",
    "user_identities",
    "groups_direct",
    "pipeline_id",
    "pipeline_source",
    "job_id",
    "job_source",
    "job_config",
    "ref",
    "ref_type",
    "ref_path",
    "ref_protected",
    "environment",
    "environment_protected",
    "deployment_tier",
    "environment_action",
    "runner_id",
    "runner_environment",
    "sha",
    "ci_config_ref_uri",
    "ci_config_sha",
    "target_audience",
];

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
        self.subject.write(&|component| match component {
            Component::ProjectPath => Some(&self.project_path),
            Component::ProjectId => Some(&self.project_id),
            Component::RefType => Some(self.ref_type.as_str()),
            Component::Ref => Some(&self.ref_name),
            Component::RefProtected => Some(yes_no(self.ref_protected)),
            Component::EnvironmentProtected => self.environment.as_ref().map(|it| yes_no(it.protected)),
            Component::DeploymentTier => self.environment.as_ref().map(|it| it.tier.as_str()),
        })
    }

    /// Gives a claim that is a condition key of AWS's another value, but for `sub`, which follows from the rest. Other claims stay.
    pub fn put(&mut self, claim: &str, value: String) {
        match claim {
            "aud" => self.audiences = vec![value],
            "project_id" => self.project_id = value,
            "namespace_id" => self.namespace_id = value,
            "pipeline_source" => self.pipeline_source = value,
            "ref_protected" => self.ref_protected = value != "false",
            "runner_environment" => self.runner_environment = value,
            "user_id" => self.user.id = value,
            "user_login" => self.user.login = value,
            "user_email" => self.user.email = value,
            "user_access_level" => self.user.access_level = Some(value),
            _ => {}
        }
    }

    /// The payload, grouped as GitLab's documentation has it.
    pub fn claims(&self) -> Node {
        let namespace_path = self.project_path.rsplit_once('/').map_or("", |it| it.0);
        let ref_path = match self.ref_type {
            RefType::Branch => format!("refs/heads/{}", self.ref_name),
            RefType::Tag => format!("refs/tags/{}", self.ref_name),
        };
        let sha = "714a629c0b401fdce83e847fc9589983fc6f46bc";
        let config = format!("{}/{}//.gitlab-ci.yml@{ref_path}", self.host, self.project_path);
        let subject = self.subject();
        let yes_no = |it: bool| if it { "true" } else { "false" };
        let mut members = Vec::with_capacity(48);
        let mut texts = |rows: &[(&str, &str)]| {
            members.extend(rows.iter().map(|(name, value)| Member::new(*name, Node::text(*value))));
        };
        texts(&[
            ("namespace_id", &self.namespace_id),
            ("namespace_path", namespace_path),
            ("project_id", &self.project_id),
            ("project_path", &self.project_path),
            ("job_project_id", &self.project_id),
            ("job_project_path", &self.project_path),
            ("job_namespace_id", &self.namespace_id),
            ("job_namespace_path", namespace_path),
            ("user_id", &self.user.id),
            ("user_login", &self.user.login),
            ("user_email", &self.user.email),
        ]);
        if let Some(it) = &self.user.access_level {
            texts(&[("user_access_level", it)]);
        }
        texts(&[
            ("pipeline_id", "1519139981"),
            ("pipeline_source", &self.pipeline_source),
            ("job_id", "8222997048"),
            ("ref", &self.ref_name),
            ("ref_type", self.ref_type.as_str()),
            ("ref_path", &ref_path),
            ("ref_protected", yes_no(self.ref_protected)),
        ]);
        if let Some(it) = &self.environment {
            texts(&[
                ("environment", &it.name),
                ("environment_protected", yes_no(it.protected)),
                ("deployment_tier", &it.tier),
                ("environment_action", "start"),
            ]);
        }
        texts(&[
            ("job_source", &self.pipeline_source),
            ("runner_environment", &self.runner_environment),
            ("sha", sha),
            ("project_visibility", "private"),
            ("ci_config_ref_uri", &config),
            ("ci_config_sha", sha),
            ("jti", "235b3a54-b797-45c7-ae9a-f72d7bc6ef5b"),
            ("iss", &self.issuer),
            ("sub", &subject),
        ]);
        if self.user.access_level.is_none() {
            members.push(Member::new("user_access_level", Node::new(Value::Null)));
        }
        let times = [("iat", 0), ("nbf", -5), ("exp", self.lifetime)];
        members.push(Member::new("runner_id", Node::number(12_270_835)));
        members.extend(times.iter().map(|(name, after)| Member::new(*name, Node::number(self.issued_at + after))));
        let audience = match self.audiences.as_slice() {
            [one] => Node::text(one),
            several => Node::array(several.iter().map(Node::text).collect()),
        };
        members.push(Member::new("aud", audience));
        Node::new(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_claim_that_is_written_is_known_and_every_key_of_aws_is_a_claim() {
        let job = Job {
            issuer: "https://gitlab.com".to_owned(),
            host: "gitlab.com".to_owned(),
            audiences: vec!["a".to_owned()],
            project_path: "g/p".to_owned(),
            project_id: "1".to_owned(),
            namespace_id: "2".to_owned(),
            pipeline_source: "push".to_owned(),
            ref_name: "main".to_owned(),
            ref_type: RefType::Branch,
            ref_protected: true,
            environment: Some(Environment { name: "e".to_owned(), protected: true, tier: "production".to_owned() }),
            user: User { id: "3".to_owned(), login: "l".to_owned(), email: "m".to_owned(), access_level: None },
            runner_environment: "gitlab-hosted".to_owned(),
            subject: SubjectFormat::default(),
            issued_at: 0,
            lifetime: 1,
        };
        let claims = job.claims();
        let written = claims.as_object().unwrap();
        assert!(written.len() > 30);
        for it in written {
            assert!(CLAIMS.contains(&it.key.as_str()), "{}", it.key);
        }
        use crate::aws::keys::{BEFORE_POLICY, claims_of};
        for it in claims_of("https://gitlab.com").chain(BEFORE_POLICY) {
            assert!(CLAIMS.contains(&it), "{it}");
        }
    }
}
