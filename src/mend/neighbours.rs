//! The jobs that an edit is tried with: those beside the token's own, and those that the policy names.
//!
//! What a token or record does not tell of its job is made up; a job is only ever compared with itself, before and after.

use std::borrow::Cow;

use super::Case;
use crate::aws::keys::{GITLAB_COM as OF_GITLAB_COM, GITLAB_COM_ISSUER};
use crate::aws::policy::{Condition, Effect, Family, Policy, Statement, Wanted};
use crate::gitlab::ci::{DEPLOYMENT_TIERS, known_values};
use crate::gitlab::job::{Environment, Job, User};
use crate::gitlab::neighbours::{self, one_project, one_ref};
use crate::gitlab::token::Token;
use crate::gitlab::{Component, OF_JOB, ProjectPattern, RefPattern, RefType, SubjectFormat, segments};
use crate::pattern::has_wildcard;
use crate::text::quoted;
use crate::verdict::{Circumstances, Evidence};

/// A job's token, and what it is.
pub(super) struct Neighbour {
    pub(super) title: String,
    pub(super) token: Evidence,
}

/// At most so many values of a policy are taken for jobs.
const MOST_NAMED: usize = 24;
/// A token is used so many seconds after it was issued.
const AGE: i64 = 60;
/// The `pipeline_source` of a merge request.
const MERGE_REQUEST: &str = "merge_request_event";
/// The `runner_environment` of every runner that is not GitLab.com's own.
const OWN_RUNNER: &str = "self-hosted";

/// The jobs beside the token's and those that the policy names, without the token's own; and whether all of them were made, which they
/// are not where the token's `sub` is of a form that no job here has.
pub(super) fn around(policy: &Policy, case: &Case<'_>, circumstances: &Circumstances) -> (Vec<Neighbour>, bool) {
    let right = job_of(case.evidence, circumstances.now);
    let is_known = right.subject() == subject_of(case.evidence);
    let mut found: Vec<(String, Job)> = Vec::new();
    if is_known {
        elsewhere(&right, &mut found);
        let nearest = case.verdict.stopper().and_then(|it| policy.statements.get(it.0.index));
        nearest.into_iter().for_each(|it| refused(it, &right, circumstances, &mut found));
    }
    for (statement, wanted) in subjects(policy).take(MOST_NAMED) {
        let mut job = right.clone();
        aim(&mut job, statement, Some(wanted));
        if job != right && is_nameable(&job, &right) && !found.iter().any(|it| it.1 == job) {
            found.push((format!("The job of {}", quoted(&job.subject())), job));
        }
    }
    (found.into_iter().map(|(title, job)| Neighbour { title, token: token_of(&job) }).collect(), is_known)
}

/// Jobs of other refs, projects and instances.
fn elsewhere(right: &Job, found: &mut Vec<(String, Job)>) {
    let place = |it: &Job| (it.issuer.clone(), it.project_path.clone(), it.ref_type, it.ref_name.clone());
    let mut add = |title: &str, jobs: Vec<Job>| {
        if let Some(job) = jobs.into_iter().find(|it| place(it) != place(right)) {
            found.push((title.to_owned(), job));
        }
    };
    add(neighbours::ON_BRANCH, neighbours::on_branches(right, "push"));
    add(neighbours::other_ref_type_title(right), vec![neighbours::other_ref_type(right)]);
    if right.ref_type == RefType::Tag {
        add(neighbours::ON_TAG, neighbours::on_tags(right));
    }
    add(neighbours::MERGE_REQUEST, neighbours::on_branches(right, MERGE_REQUEST));
    add(neighbours::SIBLING, neighbours::siblings(right));
    let renamed = Some(neighbours::renamed(right)).filter(|it| it.subject() != right.subject());
    add(neighbours::RENAMED, renamed.into_iter().collect());
    add(neighbours::OTHER_GROUP, vec![neighbours::other_group(right)]);
    add(neighbours::ELSEWHERE_TITLE, neighbours::elsewhere(right));
    found.push((neighbours::FORK.to_owned(), fork(right)));
    found.push((neighbours::TAKEN_OVER.to_owned(), neighbours::taken_over(right)));
}

/// A merge request's job from a fork. It may run in the token's own project, which its `sub` names then where it is of the job's.
fn fork(right: &Job) -> Job {
    let mut job = neighbours::fork(right, true);
    if right.subject.is_of_job() {
        job.project_path.clone_from(&right.project_path);
        if right.subject.has(Component::ProjectId) {
            job.project_id.clone_from(&right.project_id);
        }
    }
    job
}

/// Jobs of the same ref that the statement refuses for a claim of theirs: whoever no longer asks for it lets them in.
fn refused(statement: &Statement, right: &Job, circumstances: &Circumstances, found: &mut Vec<(String, Job)>) {
    let refuses = |job: &Job, claims: &[&str]| {
        let mut asked = statement.conditions.iter().filter(|it| claims.contains(&claim_of(it).as_str()));
        asked.any(|it| it.operator.compares_text() && fits(it, job) == it.operator.negated)
    };
    let mut add = |title: &str, claims: &[&str], change: &dyn Fn(&mut Job)| {
        let mut job = right.clone();
        change(&mut job);
        if job != *right && refuses(&job, claims) {
            found.push((title.to_owned(), job));
        }
    };
    let audience = other_audience(right, circumstances);
    add("A job that asks for another audience", &["aud"], &|it| it.audiences = vec![audience.clone()]);
    add("A job that another user started", &["user_id", "user_login", "user_email"], &started_by_another);
    let level = if right.user.access_level.as_deref() == Some("developer") { "reporter" } else { "developer" };
    add("A job of a user with another access level", &["user_access_level"], &|it| {
        it.user.access_level = Some(level.to_owned());
    });
    let runner = if right.runner_environment == "self-hosted" { "gitlab-hosted" } else { "self-hosted" };
    add("A job on another kind of runner", &["runner_environment"], &|it| it.runner_environment = runner.to_owned());
    let protected = if right.subject.has(Component::RefProtected) { "sub" } else { "ref_protected" };
    add("A job of the ref while it is not protected", &["ref_protected", protected], &|it| it.ref_protected = false);
    for (title, source) in [
        ("A scheduled pipeline of the ref", "schedule"),
        ("A pipeline of the ref that the API started", "api"),
        ("A merge request from the same branch", MERGE_REQUEST),
    ] {
        if source != MERGE_REQUEST || right.ref_type == RefType::Branch {
            add(title, &["pipeline_source"], &|it| it.pipeline_source = source.to_owned());
        }
    }
    // Where the token's own kind is refused, who lets in this one lets in all of its kind.
    let is_merge_request = right.pipeline_source == MERGE_REQUEST;
    for (claim, title) in [
        (
            "pipeline_source",
            if is_merge_request {
                "Another merge request from the branch"
            } else {
                "Another pipeline of the same source"
            },
        ),
        (
            "ref_protected",
            if right.ref_protected {
                "Another job of the protected ref"
            } else {
                "Another job of the ref that is not protected"
            },
        ),
        ("runner_environment", "Another job on a runner of the same kind"),
        ("user_access_level", "A job of another user with the same access level"),
    ] {
        if refuses(right, &[claim]) {
            add(title, &[claim], &started_by_another);
            break;
        }
    }
}

fn started_by_another(job: &mut Job) {
    job.user = User {
        id: "3003".to_owned(),
        login: "another".to_owned(),
        email: "another@acme.example".to_owned(),
        access_level: job.user.access_level.take(),
    };
}

/// An audience that the token does not have, one that the provider takes where those are known.
fn other_audience(right: &Job, circumstances: &Circumstances) -> String {
    let of_url = circumstances.client_ids.iter().filter(|it| it.0 == right.issuer).flat_map(|it| &it.1);
    let mut known = circumstances.audiences.iter().flatten().chain(of_url);
    known.find(|it| !right.audiences.contains(it)).cloned().unwrap_or_else(|| "another-audience".to_owned())
}

/// Whether GitLab can have the job: what is not the token's own has a name that it takes.
fn is_nameable(job: &Job, right: &Job) -> bool {
    (job.project_path == right.project_path || ProjectPattern::parse(&job.project_path).is_ok())
        && (job.ref_name == right.ref_name || RefPattern::parse(&job.ref_name).is_ok())
}

/// Whether GitLab is known to issue a token to such a job, by all that is not the token's own.
pub(super) fn is_possible(job: &Job, right: &Job) -> bool {
    let is_merge_request_of_tag = |it: &Job| it.pipeline_source == MERGE_REQUEST && it.ref_type == RefType::Tag;
    let is_tier = |it: &Environment| DEPLOYMENT_TIERS.contains(&it.tier.as_str());
    let tier = |it: &Job| it.environment.as_ref().map(|it| it.tier.clone());
    is_nameable(job, right)
        && (tier(job) == tier(right) || job.environment.as_ref().is_none_or(is_tier))
        && (!is_merge_request_of_tag(job) || is_merge_request_of_tag(right))
        && OF_GITLAB_COM.iter().all(|claim| {
            let value = value_of(job, claim);
            value == value_of(right, claim) || can_be(claim, &value)
        })
}

/// Whether a token of GitLab's can have the value under the claim.
fn can_be(claim: &str, value: &str) -> bool {
    match claim {
        "project_id" | "namespace_id" | "user_id" => {
            value.bytes().all(|it| it.is_ascii_digit()) && !value.is_empty() && !value.starts_with('0')
        }
        "user_login" => {
            let is_of_login = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
            !value.is_empty() && value.chars().all(is_of_login) && !value.starts_with('-')
        }
        "user_email" => {
            let is_part = |it: &str| !it.is_empty() && !it.contains(|c: char| c == '@' || c.is_whitespace());
            value.split_once('@').is_some_and(|(name, host)| is_part(name) && is_part(host))
        }
        _ => known_values(claim).is_none_or(|it| it.contains(&value)),
    }
}

/// A value that the condition asks for and that GitLab can write; a made-up one where it has none.
fn wanted_of(it: &Condition, claim: &str) -> Option<String> {
    let written = |wanted: &Wanted| {
        let text = &wanted.text.value;
        let known = known_values(claim).into_iter().flatten();
        let mut known = known.filter(|it| wanted.pattern.as_ref().is_some_and(|pattern| pattern.matches(it)));
        match known.next() {
            Some(known) => (*known).to_owned(),
            None if it.operator.reads_wildcards() => filled(text),
            None => text.clone(),
        }
    };
    let mut all = it.values.iter().map(written);
    all.clone().find(|it| can_be(claim, it)).or_else(|| all.next())
}

/// The token of a job.
pub(super) fn token_of(job: &Job) -> Evidence {
    Evidence::Token(Token { header: None, claims: job.claims(), length: None })
}

/// Each value that an `Allow` asks of the token's subject.
pub(super) fn subjects(policy: &Policy) -> impl Iterator<Item = (&Statement, &Wanted)> {
    let allows = policy.statements.iter().filter(|it| it.effect == Effect::Allow);
    allows.flat_map(|statement| {
        let of_subject = statement.conditions.iter().filter(|it| claim_of(it) == "sub" && is_positive(it));
        of_subject.flat_map(move |it| it.values.iter().map(move |wanted| (statement, wanted)))
    })
}

/// The claim that a condition key ends with, in lower case.
pub(super) fn claim_of(it: &Condition) -> String {
    it.key.rsplit_once(':').map_or(it.key.as_str(), |it| it.1).to_ascii_lowercase()
}

/// Whether the condition asks for one of its texts.
pub(super) fn is_positive(it: &Condition) -> bool {
    it.operator.compares_text() && !it.operator.negated
}

/// A value without its wildcards.
fn filled(text: &str) -> String {
    text.replace(['*', '?'], "1")
}

fn subject_of(evidence: &Evidence) -> &str {
    match evidence {
        Evidence::Token(it) => it.text("sub").unwrap_or(""),
        Evidence::Record(it) => &it.subject,
    }
}

/// The job that got this token, as far as it tells.
pub(super) fn job_of(evidence: &Evidence, now: i64) -> Job {
    let claim = |name: &str| match evidence {
        Evidence::Token(it) => it.text(name).map(str::to_owned),
        Evidence::Record(_) => None,
    };
    let subject = subject_of(evidence);
    let or = |name: &str, made_up: &str| claim(name).unwrap_or_else(|| made_up.to_owned());
    let issuer = evidence.issuer().unwrap_or("https://gitlab.com").to_owned();
    let runner = if issuer == GITLAB_COM_ISSUER { "gitlab-hosted" } else { OWN_RUNNER };
    let audiences = match evidence {
        Evidence::Token(it) => it.audiences().into_iter().map(str::to_owned).collect(),
        Evidence::Record(it) => it.audience.iter().cloned().collect(),
    };
    let mut job = Job {
        host: issuer.trim_start_matches("https://").to_owned(),
        runner_environment: or("runner_environment", runner),
        issuer,
        audiences,
        project_path: or("project_path", "group/project"),
        project_id: or("project_id", "4711"),
        namespace_id: or("namespace_id", "72"),
        pipeline_source: or("pipeline_source", "push"),
        ref_name: or("ref", "main"),
        ref_type: if claim("ref_type").as_deref() == Some("tag") { RefType::Tag } else { RefType::Branch },
        ref_protected: claim("ref_protected").as_deref() != Some("false"),
        environment: None,
        user: User {
            id: or("user_id", "1001"),
            login: or("user_login", "jdoe"),
            email: or("user_email", "jdoe@acme.example"),
            access_level: Some(or("user_access_level", "maintainer")),
        },
        subject: SubjectFormat::default(),
        issued_at: now.saturating_sub(AGE),
        lifetime: 3_600,
    };
    put_subject(&mut job, subject);
    if let Some(format) = format_of(subject) {
        job.subject = format;
    }
    job
}

/// The format of a subject, or of a pattern of subjects, that can be taken apart.
fn format_of(subject: &str) -> Option<SubjectFormat> {
    let (subject, is_of_job) = bare(subject);
    let components = segments(&subject)?.iter().map(|it| it.component).collect();
    let format = SubjectFormat::new(components).unwrap_or_default();
    Some(if is_of_job { format.of_job() } else { format })
}

/// The subject with the names that a job's own project has, and whether it names the project that runs the job alone. Of the components
/// that begin with `source_` it is not confirmed what they hold, and no subject that has them is made.
fn bare(subject: &str) -> (Cow<'_, str>, bool) {
    let names = || subject.split(':').step_by(2);
    let of_project = |it: &str| matches!(it, "project_path" | "project_id");
    let of_job = |it: &str| it.strip_prefix(OF_JOB).is_some_and(of_project);
    if names().any(of_project) || !names().any(of_job) {
        return (Cow::Borrowed(subject), false);
    }
    let bare =
        |(at, it): (usize, &str)| if at % 2 == 0 && of_job(it) { it.replacen(OF_JOB, "", 1) } else { it.to_owned() };
    (Cow::Owned(subject.split(':').enumerate().map(bare).collect::<Vec<_>>().join(":")), true)
}

/// Gives the job what a subject says, or the beginning of one; a wildcard becomes something that it matches.
fn put_subject(job: &mut Job, subject: &str) {
    let (subject, _) = bare(subject);
    let mut parts = subject.split(':');
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        let Ok(component) = Component::parse(name) else { return };
        match component {
            Component::ProjectPath => job.project_path = one_project(value),
            Component::ProjectId => job.project_id = filled(value),
            Component::RefType if value == "tag" => job.ref_type = RefType::Tag,
            Component::RefType if value == "branch" => job.ref_type = RefType::Branch,
            Component::Ref => job.ref_name = one_ref(value),
            Component::RefProtected => job.ref_protected = value != "false",
            Component::EnvironmentProtected => environment(job).protected = value == "true",
            Component::DeploymentTier if !has_wildcard(value) => environment(job).tier = value.to_owned(),
            Component::DeploymentTier => _ = environment(job),
            Component::RefType => {}
        }
    }
}

/// The job's environment, made up where it had none.
fn environment(job: &mut Job) -> &mut Environment {
    let tier = "production";
    job.environment.get_or_insert_with(|| Environment {
        name: tier.to_owned(),
        protected: false,
        tier: tier.to_owned(),
    })
}

/// Changes the job into one that the statement asks for, and that has this subject where one is given; what fits already stays.
pub(super) fn aim(job: &mut Job, statement: &Statement, subject: Option<&Wanted>) {
    if let Some(wanted) = subject {
        let fits = |it: &Job| wanted.pattern.as_ref().is_some_and(|pattern| pattern.matches(&it.subject()));
        if !fits(job) {
            let text = wanted.text.value.as_str();
            put_subject(job, text);
            if !fits(job)
                && let Some(format) = format_of(text)
            {
                job.subject = format;
            }
        }
    }
    for it in statement.conditions.iter().filter(|it| is_positive(it)) {
        let claim = claim_of(it);
        let host = it.key.get(..it.key.len().saturating_sub(claim.len() + 1)).unwrap_or("");
        if matches!(claim.as_str(), "sub" | "aud") && host.contains('.') {
            job.issuer = format!("https://{host}");
            job.host = host.to_owned();
            if job.issuer != GITLAB_COM_ISSUER {
                job.runner_environment = OWN_RUNNER.to_owned();
            }
        }
        if !fits(it, job)
            && let Some(value) = wanted_of(it, &claim)
        {
            job.put(&claim, value);
        }
    }
}

/// Whether the job's claim is one of the values.
fn fits(it: &Condition, job: &Job) -> bool {
    let came = value_of(job, &claim_of(it));
    let came = if it.operator.family == Family::EqualsIgnoreCase { came.to_lowercase() } else { came };
    it.values.iter().any(|it| it.pattern.as_ref().is_some_and(|it| it.matches(&came)))
}

/// What the job's token has under a claim that AWS may see.
fn value_of(job: &Job, claim: &str) -> String {
    match claim {
        "aud" => job.audiences.join(" "),
        "sub" => job.subject(),
        claim => job.claims().member(claim).and_then(|it| it.as_str()).unwrap_or("").to_owned(),
    }
}
