//! Jobs beside a job, whose tokens differ from its own in one thing: to see who else a policy lets in.
//!
//! Whether a policy should let one of them in is not said here.

use super::RefType;
use super::job::{Job, User};

/// The instances that a token of another issuer is from.
const ELSEWHERE: [&str; 2] = ["https://gitlab.example.org", "https://gitlab.com"];

/// What [`on_branches`] makes of a push.
pub const ON_BRANCH: &str = "A job on another branch";
/// What [`on_tags`] makes.
pub const ON_TAG: &str = "A job on another tag";
/// What [`on_branches`] makes of a merge request.
pub const MERGE_REQUEST: &str = "A merge request from a branch";
/// What [`fork`] makes.
pub const FORK: &str = "A merge request from a fork";
/// What [`siblings`] makes.
pub const SIBLING: &str = "A project with the same beginning";
/// What [`renamed`] makes.
pub const RENAMED: &str = "The project after a rename";
/// What [`taken_over`] makes.
pub const TAKEN_OVER: &str = "Another project that took over the path";
/// What [`other_group`] makes.
pub const OTHER_GROUP: &str = "A project in another group";
/// What [`elsewhere`] makes.
pub const ELSEWHERE_TITLE: &str = "Another GitLab";

/// What [`other_ref_type`] makes of a job.
pub fn other_ref_type_title(right: &Job) -> &'static str {
    match right.ref_type {
        RefType::Branch => "A tag of the same name",
        RefType::Tag => "A branch of the same name",
    }
}

/// One path that a pattern of projects matches.
pub fn one_project(pattern: &str) -> String {
    let pattern = if pattern.contains('/') { pattern.to_owned() } else { pattern.replacen('*', "*/*", 1) };
    let filled = pattern.replace("**", "*").replace('?', "x");
    filled
        .split('/')
        .map(|part| if part == "*" { "example".to_owned() } else { part.replace('*', "-example") })
        .map(|part| part.trim_start_matches('-').to_owned())
        .collect::<Vec<_>>()
        .join("/")
}

/// One name that a pattern of refs matches.
pub fn one_ref(pattern: &str) -> String {
    if pattern.chars().all(|c| c == '*') { "main".to_owned() } else { pattern.replace(['*', '?'], "1") }
}

/// The job on other branches, none of them protected, started by `source`.
pub fn on_branches(right: &Job, source: &str) -> Vec<Job> {
    ["dev", "feature/login", "another-branch", "x"]
        .iter()
        .map(|name| Job {
            ref_name: (*name).to_owned(),
            ref_type: RefType::Branch,
            ref_protected: false,
            pipeline_source: source.to_owned(),
            ..right.clone()
        })
        .collect()
}

/// The job on other tags, none of them protected.
pub fn on_tags(right: &Job) -> Vec<Job> {
    let tagged = |name: &&str| Job {
        ref_name: (*name).to_owned(),
        ref_type: RefType::Tag,
        ref_protected: false,
        pipeline_source: "push".to_owned(),
        ..right.clone()
    };
    ["v0.0.1", "nightly", "x"].iter().map(tagged).collect()
}

/// The job on a tag that has the branch's name, or the other way round.
pub fn other_ref_type(right: &Job) -> Job {
    let ref_type = match right.ref_type {
        RefType::Branch => RefType::Tag,
        RefType::Tag => RefType::Branch,
    };
    Job { ref_type, ref_protected: false, ..right.clone() }
}

/// A merge request's job from a fork. Since GitLab 18.2.2 (`is_fixed`) its token is the fork's; before, it was the parent's.
pub fn fork(right: &Job, is_fixed: bool) -> Job {
    let mut job = Job {
        pipeline_source: "merge_request_event".to_owned(),
        ref_protected: false,
        user: User {
            id: "2002".to_owned(),
            login: "stranger".to_owned(),
            email: "stranger@example.net".to_owned(),
            access_level: None,
        },
        environment: None,
        ..right.clone()
    };
    if is_fixed {
        job.project_path = format!("stranger/{}", last_part(&right.project_path));
        job.project_id = "880022".to_owned();
        job.namespace_id = "8800".to_owned();
        job.user.access_level = Some("owner".to_owned());
    }
    job
}

/// Jobs of projects and of groups whose path begins with this one's.
pub fn siblings(right: &Job) -> Vec<Job> {
    let stranger = |project_path: String| Job { project_path, project_id: "990017".to_owned(), ..right.clone() };
    let group = right.project_path.split('/').next().unwrap_or("");
    vec![
        stranger(format!("{}-evil", right.project_path)),
        stranger(format!("{group}-evil/{}", last_part(&right.project_path))),
    ]
}

/// The job after its project was renamed.
pub fn renamed(right: &Job) -> Job {
    Job { project_path: format!("{}-renamed", right.project_path), ..right.clone() }
}

/// A job of another project that took the path over.
pub fn taken_over(right: &Job) -> Job {
    Job { project_id: "990017".to_owned(), namespace_id: "990016".to_owned(), ..right.clone() }
}

/// The job of a project of that name in another group.
pub fn other_group(right: &Job) -> Job {
    Job {
        project_path: format!("othergroup/{}", last_part(&right.project_path)),
        project_id: "660044".to_owned(),
        namespace_id: "6600".to_owned(),
        ..right.clone()
    }
}

/// The job on another instance.
pub fn elsewhere(right: &Job) -> Vec<Job> {
    ELSEWHERE
        .iter()
        .filter(|it| **it != right.issuer)
        .map(|issuer| Job { issuer: (*issuer).to_owned(), ..right.clone() })
        .collect()
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
