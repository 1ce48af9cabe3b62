//! Tokens made up to try a statement: what GitLab would write for a job with this `sub`, all else as the statement wants it.
//!
//! Whether such a token gets in is the evaluator's answer, never this file's.

use super::Witness;
use super::statement::{Seen, filled};
use crate::aws::AccountId;
use crate::aws::policy::{Condition, Wanted};
use crate::gitlab::job::{Environment, Job, User};
use crate::gitlab::{Component, RefType, Segment, SubjectFormat, segments};
use crate::verdict::Circumstances;

/// Whether the policy lets a token in.
pub(super) enum Admission {
    /// The evaluator says so.
    Yes(Witness),
    /// It cannot say: something in the document or of the call is not known.
    Perhaps,
    /// It does not.
    No,
}

impl Admission {
    /// The proof, if it is one; none at all where the token is kept out.
    pub(super) fn unless_refused(self) -> Option<Option<Witness>> {
        match self {
            Self::Yes(witness) => Some(Some(witness)),
            Self::Perhaps => Some(None),
            Self::No => None,
        }
    }
}

/// The account of made-up calls where neither the document nor anybody says which it is.
const SOME_ACCOUNT: &str = "000000000000";

impl Seen<'_> {
    /// Whether the policy lets in a job whose token has this `sub`: the one that is made up, or else one that differs from it in what the
    /// policy speaks of.
    pub(super) fn admits(&self, subject: &str) -> Admission {
        let Some(job) = self.job(subject) else { return Admission::Perhaps };
        let mut answer = self.admits_job(&job);
        if matches!(answer, Admission::No) {
            for other in self.varied(&job) {
                match self.admits_job(&other) {
                    Admission::Yes(it) => return Admission::Yes(it),
                    Admission::Perhaps => answer = Admission::Perhaps,
                    Admission::No => {}
                }
            }
        }
        answer
    }

    fn admits_job(&self, job: &Job) -> Admission {
        let token = job.claims();
        match Witness::asked(self.policy, token, self.circumstances) {
            Ok(it) => return Admission::Yes(it),
            Err(true) => {}
            Err(false) => return Admission::Perhaps,
        }
        // Without any account there is no caller; what hangs on that alone is no refusal.
        if self.names_account() {
            return Admission::No;
        }
        let circumstances =
            Circumstances { account: AccountId::parse(SOME_ACCOUNT).ok(), ..self.circumstances.clone() };
        match Witness::asked(self.policy, job.claims(), &circumstances) {
            Err(true) => Admission::No,
            _ => Admission::Perhaps,
        }
    }

    /// What a message on open refs adds where the policy lets in the pipeline of a merge request with this `sub`, which has its source
    /// branch for a ref.
    pub(super) fn and_merge_requests(&self, subject: &str) -> &'static str {
        let job = self.job(subject).map(|it| Job { pipeline_source: "merge_request_event".to_owned(), ..it });
        let answer = job.map(|it| Witness::asked(self.policy, it.claims(), self.circumstances));
        if matches!(answer, Some(Err(true))) && self.names_account() { "" } else { ", merge requests too" }
    }

    /// Whether a refusal is one, and not for want of an account.
    fn names_account(&self) -> bool {
        self.circumstances.account.is_some() || self.statement.principals.iter().all(|it| it.text.unknown.is_empty())
    }

    /// A job whose token has this `sub`, if GitLab may write one, and what the statement asks for beside it.
    fn job(&self, subject: &str) -> Option<Job> {
        let segments = segments(subject)?;
        let host = *self.hosts.first()?;
        let of = |component: Component| segments.iter().find(|it| it.component == component).map(|it| it.value);
        let pinned = |claim: &str| self.wanted(claim);
        let is_set = |value: Option<&str>| value == Some("true");
        if !segments.iter().all(Segment::is_nameable) {
            return None;
        }
        let format = SubjectFormat::new(segments.iter().map(|it| it.component).collect()).ok()?;
        let ref_type = match of(Component::RefType) {
            None | Some("branch") => RefType::Branch,
            Some("tag") => RefType::Tag,
            Some(_) => return None,
        };
        let tier = of(Component::DeploymentTier);
        let environment = (tier.is_some() || of(Component::EnvironmentProtected).is_some()).then(|| Environment {
            name: tier.unwrap_or("production").to_owned(),
            protected: is_set(of(Component::EnvironmentProtected)),
            tier: tier.unwrap_or("production").to_owned(),
        });
        let protected = of(Component::RefProtected)
            .map(str::to_owned)
            .or_else(|| pinned("ref_protected"))
            .or_else(|| self.pins_protected().then(|| "true".to_owned()));
        Some(Job {
            issuer: format!("https://{host}"),
            host: host.to_owned(),
            audiences: vec![pinned("aud").unwrap_or_else(|| format!("https://{host}"))],
            project_path: of(Component::ProjectPath).unwrap_or("mygroup/myrepo").to_owned(),
            project_id: of(Component::ProjectId)
                .map(str::to_owned)
                .or_else(|| pinned("project_id"))
                .unwrap_or_else(|| "4711".to_owned()),
            namespace_id: pinned("namespace_id").unwrap_or_else(|| "72".to_owned()),
            pipeline_source: pinned("pipeline_source").unwrap_or_else(|| "push".to_owned()),
            ref_name: of(Component::Ref).unwrap_or("main").to_owned(),
            ref_type,
            ref_protected: protected.as_deref() == Some("true"),
            environment,
            user: User {
                id: pinned("user_id").unwrap_or_else(|| "1001".to_owned()),
                login: pinned("user_login").unwrap_or_else(|| "jdoe".to_owned()),
                email: pinned("user_email").unwrap_or_else(|| "jdoe@example.com".to_owned()),
                access_level: Some(pinned("user_access_level").unwrap_or_else(|| "developer".to_owned())),
            },
            runner_environment: pinned("runner_environment").unwrap_or_else(|| "gitlab-hosted".to_owned()),
            subject: format,
            issued_at: self.circumstances.now,
            lifetime: 3_600,
        })
    }

    /// A value of the claim that the statement lets pass, where it asks for one.
    fn wanted(&self, claim: &str) -> Option<String> {
        let first = |it: &Condition| self.written(claim, it, it.values.first()?);
        self.lists(claim).into_iter().find_map(first)
    }

    /// A text that a value of a condition on the claim takes; none where it has a policy variable.
    pub(super) fn written(&self, claim: &str, it: &Condition, wanted: &Wanted) -> Option<String> {
        if !it.operator.reads_wildcards() {
            return Some(wanted.text.value.clone());
        }
        let one = if claim.ends_with("_id") { '1' } else { 'x' };
        filled(&wanted.text.value, self.policy.variables, one.encode_utf8(&mut [0; 4]), one)
    }
}
