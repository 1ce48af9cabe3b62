//! Sample tokens of a setup: the jobs that should get in, and those that should not, each with every claim of GitLab's.
//!
//! A sample that must be outside is made outside all scopes of the role; where there is none, its row says so. What is expected
//! comes from what the scopes mean, never from the policy.

use std::rc::Rc;

use super::{Compiled, Target, token_of};
use crate::gitlab::job::{Environment, Job, User};
use crate::gitlab::neighbours::{self, one_project, one_ref};
use crate::gitlab::{Component, RefType};
use crate::setup::meaning::is_meant;
use crate::setup::{RefTypes, Role, Scope, Setup};
use crate::verdict::{Circumstances, Evidence, is_allowed};

/// Which sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SampleKind {
    /// A job that the scope of that index speaks of.
    Meant(usize),
    /// A job on another branch.
    OtherBranch,
    /// A job on a tag that has the branch's name, or the other way round.
    OtherRefType,
    /// A merge request's job; the token names the source branch.
    MergeRequest,
    /// A merge request from a fork.
    Fork,
    /// A project whose path begins with the meant one's.
    Sibling,
    /// The meant project after it was renamed.
    Renamed,
    /// Another project that took the path over.
    TakenOver,
    /// A project of the same name in another group.
    OtherGroup,
    /// The right job, asking for another audience.
    WrongAudience,
    /// The right job, asking for two audiences.
    TwoAudiences,
    /// The right job on another instance.
    OtherIssuer,
    /// The right job, its token used too late.
    Expired,
}

/// One sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Which.
    pub kind: SampleKind,
    /// What it is, in words.
    pub title: String,
    /// The token; where there is none, why not.
    pub token: Result<Rc<Evidence>, &'static str>,
}

/// At most this many of a role's scopes get a row of their own.
const MEANT_SHOWN: usize = 12;

/// The samples of a role at `now`, in seconds since 1970.
pub fn samples(setup: &Setup, role: &Role, now: i64) -> Vec<Sample> {
    let Some(first) = role.scopes.first() else { return Vec::new() };
    let right = right_job(setup, role, first, now);
    let mut found: Vec<Sample> = role
        .scopes
        .iter()
        .take(MEANT_SHOWN)
        .enumerate()
        .map(|(at, scope)| {
            let job = right_job(setup, role, scope, now);
            let title = if role.scopes.len() == 1 {
                "The job that is meant".to_owned()
            } else {
                format!("A job of scope {}: {} {}", at + 1, job.ref_type.as_str(), job.ref_name)
            };
            Sample { kind: SampleKind::Meant(at), title, token: Ok(evidence(&job)) }
        })
        .collect();
    let fixed = setup.gitlab().version.is_none_or(|it| it.at_least(18, 2, 2));
    let outside = |jobs: Vec<Job>, none: &'static str| {
        jobs.iter()
            .map(|job| token_of(job.claims()))
            .find(|token| !is_meant(setup, role, token, now))
            .map(|token| Rc::new(Evidence::Token(token)))
            .ok_or(none)
    };
    let mut add = |kind: SampleKind, title: &str, jobs: Vec<Job>, none: &'static str| {
        found.push(Sample { kind, title: title.to_owned(), token: outside(jobs, none) });
    };
    add(
        SampleKind::OtherBranch,
        neighbours::ON_BRANCH,
        neighbours::on_branches(&right, "push"),
        "every branch is inside",
    );
    let none = match right.ref_type {
        RefType::Branch => "the tag of that name is inside",
        RefType::Tag => "the branch of that name is inside",
    };
    let title = neighbours::other_ref_type_title(&right);
    add(SampleKind::OtherRefType, title, vec![neighbours::other_ref_type(&right)], none);
    add(
        SampleKind::MergeRequest,
        neighbours::MERGE_REQUEST,
        neighbours::on_branches(&right, "merge_request_event"),
        "every source branch is inside",
    );
    add(
        SampleKind::Fork,
        neighbours::FORK,
        vec![neighbours::fork(&right, fixed)],
        "GitLab before 18.2.2 gives a fork's merge request the parent's `sub`: it is inside",
    );
    add(
        SampleKind::Sibling,
        neighbours::SIBLING,
        neighbours::siblings(&right),
        "every project that begins so is inside",
    );
    add(
        SampleKind::Renamed,
        neighbours::RENAMED,
        vec![neighbours::renamed(&right)],
        "its id is enough: a rename changes nothing",
    );
    add(
        SampleKind::TakenOver,
        neighbours::TAKEN_OVER,
        vec![neighbours::taken_over(&right)],
        "no scope asks for the project's id, so it is inside",
    );
    add(
        SampleKind::OtherGroup,
        neighbours::OTHER_GROUP,
        vec![neighbours::other_group(&right)],
        "every group is inside",
    );
    let audiences =
        |audiences: &[&str]| Job { audiences: audiences.iter().map(|it| (*it).to_owned()).collect(), ..right.clone() };
    let meant = setup.gitlab().audience.as_str();
    add(
        SampleKind::WrongAudience,
        "The wrong audience",
        vec![audiences(&["https://wrong.example"]), audiences(&["other"])],
        "",
    );
    add(SampleKind::TwoAudiences, "Two audiences", vec![audiences(&[meant, "https://other.example"])], "");
    add(SampleKind::OtherIssuer, neighbours::ELSEWHERE_TITLE, neighbours::elsewhere(&right), "");
    let issued_at = now - 3 * right.lifetime;
    add(SampleKind::Expired, "An expired token", vec![Job { issued_at, ..right.clone() }], "");
    found
}

fn evidence(job: &Job) -> Rc<Evidence> {
    Rc::new(Evidence::Token(token_of(job.claims())))
}

/// A job that `scope` speaks of.
fn right_job(setup: &Setup, role: &Role, scope: &Scope, now: i64) -> Job {
    let pinned = |claim: &str| scope.pin(claim).and_then(|it| it.values.first().cloned());
    let valued = |component: Component| scope.subject_values.iter().find(|it| it.0 == component).map(|it| it.1.clone());
    let gitlab_com = setup.gitlab().issuer.is_gitlab_com();
    let environment = role.environment.as_ref().map(ToString::to_string);
    let tier = valued(Component::DeploymentTier);
    let environment_protected = valued(Component::EnvironmentProtected);
    let in_subject = tier.is_some() || environment_protected.is_some();
    let environment = environment.or(in_subject.then(|| "production".to_owned())).map(|name| Environment {
        tier: tier.unwrap_or_else(|| "production".to_owned()),
        protected: environment_protected.is_none_or(|it| it == "true"),
        name,
    });
    let ref_protected =
        pinned("ref_protected").or_else(|| valued(Component::RefProtected)).unwrap_or_else(|| "true".to_owned());
    Job {
        issuer: setup.gitlab().issuer.to_string(),
        host: setup.gitlab().url.as_str().trim_start_matches("https://").to_owned(),
        audiences: vec![setup.gitlab().audience.to_string()],
        project_path: one_project(scope.project.as_str()),
        project_id: pinned("project_id").or_else(|| valued(Component::ProjectId)).unwrap_or_else(|| "4711".to_owned()),
        namespace_id: pinned("namespace_id").unwrap_or_else(|| "72".to_owned()),
        pipeline_source: pinned("pipeline_source").unwrap_or_else(|| "push".to_owned()),
        ref_name: one_ref(scope.reference.as_str()),
        ref_type: if scope.ref_types == RefTypes::Tag { RefType::Tag } else { RefType::Branch },
        ref_protected: ref_protected == "true",
        environment,
        user: User {
            id: pinned("user_id").unwrap_or_else(|| "1001".to_owned()),
            login: pinned("user_login").unwrap_or_else(|| "jdoe".to_owned()),
            email: pinned("user_email").unwrap_or_else(|| "jdoe@acme.example".to_owned()),
            access_level: Some(pinned("user_access_level").unwrap_or_else(|| "maintainer".to_owned())),
        },
        runner_environment: pinned("runner_environment")
            .unwrap_or_else(|| if gitlab_com { "gitlab-hosted" } else { "self-hosted" }.to_owned()),
        subject: scope.subject.clone(),
        issued_at: now - super::AFTER_ISSUE,
        lifetime: 3_600,
    }
}

/// The setup judged against the samples of one role: a row a token, a column a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The roles, in order.
    pub roles: Vec<String>,
    /// The samples and, for each role, a cell; no cells where the sample has no token.
    pub rows: Vec<(Sample, Vec<Cell>)>,
}

/// One token against one role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Whether the scopes mean it; none where the policy is the person's own: nobody said what it is for.
    pub expected: Option<bool>,
    /// What the policy answers.
    pub allowed: Option<bool>,
}

impl Cell {
    /// Whether policy and meaning agree.
    pub fn is_as_expected(self) -> bool {
        self.expected.is_none() || self.allowed == self.expected
    }
}

impl Table {
    /// The samples of the role of that index, judged by every role of the setup.
    pub fn of(compiled: &Compiled, role: usize, now: i64) -> Self {
        let setup = compiled.setup();
        let circumstances = compiled.circumstances(now);
        let rows = setup.roles().get(role).map(|it| samples(setup, it, now)).unwrap_or_default();
        let rows = rows
            .into_iter()
            .map(|sample| {
                let cells = match &sample.token {
                    Ok(token) => setup
                        .roles()
                        .iter()
                        .enumerate()
                        .map(|(at, role)| cell(compiled, at, role, token, &circumstances))
                        .collect(),
                    Err(_) => Vec::new(),
                };
                (sample, cells)
            })
            .collect();
        Self { roles: setup.roles().iter().map(|it| it.name.to_string()).collect(), rows }
    }

    /// The samples of a person's own policy: those of `setup`, judged by `target` alone.
    pub fn of_own(setup: &Setup, role: usize, target: &Target, now: i64, context: &[(String, String)]) -> Self {
        let circumstances = target.circumstances(now, context);
        let samples = setup.roles().get(role).map(|it| samples(setup, it, now)).unwrap_or_default();
        let cell = |token: &Rc<Evidence>| {
            let allowed = match &target.policy {
                Ok(it) => is_allowed(it, token, &circumstances).ok().flatten(),
                // No role can have it.
                Err(_) => Some(false),
            };
            Cell { expected: None, allowed }
        };
        let rows = samples.into_iter().map(|it| {
            let cells = it.token.iter().map(cell).collect();
            (it, cells)
        });
        Self { roles: vec![target.name.clone()], rows: rows.collect() }
    }

    /// How many cells there are, and how many of them are as expected.
    pub fn count(&self) -> (usize, usize) {
        let cells = || self.rows.iter().flat_map(|it| &it.1);
        (cells().count(), cells().filter(|it| it.is_as_expected()).count())
    }
}

fn cell(compiled: &Compiled, at: usize, role: &Role, evidence: &Evidence, circumstances: &Circumstances) -> Cell {
    let expected = match evidence {
        Evidence::Token(token) => is_meant(compiled.setup(), role, token, circumstances.now),
        Evidence::Record(_) => false,
    };
    let policy = compiled.policy(at).map(|it| it.1);
    let allowed = policy.and_then(|it| is_allowed(it, evidence, circumstances).ok().flatten());
    Cell { expected: Some(expected), allowed }
}
