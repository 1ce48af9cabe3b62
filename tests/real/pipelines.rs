//! gitlab-ci-local reads the generated CI files and says in which pipelines a job starts: inside of the scopes yes, outside no.
//! Its evaluation of `rules` is not GitLab's own, and neither is ours in `tests/common`: three that agree.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use claimcheck::generate::{Kind, ci_of_several};
use claimcheck::setup::Setup;
use serde_json::Value as Json;

use crate::programs::{answer, gitlab_ci_local, program};
use crate::{common, folder, text};

/// Variables of a pipeline, name and value.
type Variables<'v> = &'v [(&'v str, &'v str)];

/// gitlab-ci-local on a project in that folder, with this CI file. It knows no branch but what it is told.
pub(crate) fn runner(folder: &Path, ci: &str) -> Option<Command> {
    let mut command = gitlab_ci_local()?;
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).unwrap();
    // It copies the project for containers, of which there are none here: nothing has to be copied.
    let rsync = bin.join("rsync");
    fs::write(&rsync, "#!/bin/sh\nexit 0\n").unwrap();
    fs::set_permissions(&rsync, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join(".gitlab-ci.yml"), ci).unwrap();
    let git = |arguments: &[&str]| answer(program("git").unwrap().current_dir(folder).args(arguments));
    git(&["init", "--quiet", "--initial-branch", "unused"]);
    git(&["remote", "add", "origin", "git@gitlab.com:mygroup/myrepo.git"]);
    let who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
    git(&[&who[..], &["commit", "--quiet", "--allow-empty", "--message", "x"]].concat());
    command.current_dir(folder).env("HOME", folder).args(["--unset-variable", "CI_COMMIT_BRANCH"]);
    Some(command)
}

/// The jobs that start in a pipeline with these variables.
fn started(test: &str, ci: &str, variables: Variables<'_>) -> Option<Vec<String>> {
    let mut command = runner(&folder(&format!("pipelines-{test}")), ci)?;
    command.arg("--list-json");
    for (name, value) in variables {
        command.args(["--variable", &format!("{name}={value}")]);
    }
    let names: Vec<&str> = variables.iter().map(|it| it.0).collect();
    command.args(["--ignore-predefined-vars", &names.join(",")]);
    let jobs: Vec<Json> = serde_json::from_str(&answer(&mut command)).unwrap();
    let starts = jobs.iter().filter(|it| it["when"] != "never");
    Some(starts.map(|it| it["name"].as_str().unwrap().to_owned()).collect())
}

fn setup(name: &str) -> Setup {
    common::setups().into_iter().find(|it| it.0 == name).unwrap().1
}

const BRANCH: &str = "CI_COMMIT_BRANCH";
const TAG: &str = "CI_COMMIT_TAG";
const SOURCE_BRANCH: &str = "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME";
const PROJECT: &str = "CI_PROJECT_PATH";

#[test]
fn jobs_start_inside_of_their_scopes_and_nowhere_else() {
    let one = ["deploy"];
    let none: [&str; 0] = [];
    let protected = ("CI_COMMIT_REF_PROTECTED", "true");
    let id = ("CI_PROJECT_ID", "4711");
    let merge_request = ("CI_PIPELINE_SOURCE", "merge_request_event");
    let push = ("CI_PIPELINE_SOURCE", "push");
    let tier = &["deploy-gitlab-protected", "deploy-gitlab-tier"][..];
    let pipelines: [(&str, Variables<'_>, &[&str]); 33] = [
        ("contract-example", &[(BRANCH, "main"), protected, id], &one),
        ("contract-example", &[(BRANCH, "main"), ("CI_COMMIT_REF_PROTECTED", "false"), id], &none),
        ("contract-example", &[(BRANCH, "main"), protected, ("CI_PROJECT_ID", "4712")], &none),
        ("contract-example", &[(BRANCH, "main2"), protected, id], &none),
        ("contract-example", &[(TAG, "v1.2")], &one),
        ("contract-example", &[(TAG, "x1.2")], &none),
        ("contract-example", &[(SOURCE_BRANCH, "main"), protected, id], &none),
        ("one-scope", &[(BRANCH, "main")], &one),
        ("one-scope", &[(TAG, "main")], &none),
        ("group-wildcard", &[(BRANCH, "main"), (PROJECT, "elsewhere/a")], &none),
        ("several-roles", &[(BRANCH, "main"), protected, (PROJECT, "mygroup/shop-web")], &["deploy to-gitlab-prod"]),
        ("several-roles", &[(BRANCH, "feature/x"), (PROJECT, "mygroup/shop-web")], &["deploy to-gitlab-review"]),
        ("several-roles", &[(BRANCH, "feature/x"), (PROJECT, "mygroup/other")], &none),
        ("several-roles", &[(TAG, "1"), (PROJECT, "mygroup/shop-api")], &["deploy to-1+1=2,@3"]),
        ("existing-provider", &[(BRANCH, "main")], &one),
        ("group-wildcard", &[(BRANCH, "x"), (PROJECT, "mygroup/a/b"), ("CI_PROJECT_NAMESPACE_ID", "72")], &one),
        ("self-managed-path", &[(BRANCH, "release/1")], &one),
        ("self-managed-path", &[(BRANCH, "release")], &none),
        ("tags", &[(TAG, "v1.2.3")], &one),
        ("tags", &[(TAG, "1.2.3"), protected], &none),
        ("tags", &[(BRANCH, "v1.2.3"), protected], &none),
        ("any-ref", &[(BRANCH, "x"), protected], &one),
        ("any-ref", &[(TAG, "x"), ("CI_COMMIT_REF_PROTECTED", "false")], &none),
        ("any-ref", &[(TAG, "release"), ("CI_COMMIT_REF_PROTECTED", "false")], &one),
        ("pins", &[(BRANCH, "feature/x"), push], &one),
        ("pins", &[(BRANCH, "feature/x"), ("CI_PIPELINE_SOURCE", "web")], &none),
        ("pins", &[(SOURCE_BRANCH, "feature/x"), merge_request], &one),
        ("pins", &[(BRANCH, "main"), push, id, protected], &none),
        ("odd-refs", &[(BRANCH, "say-\"hi\"")], &one),
        ("odd-refs", &[(BRANCH, "say-hi")], &none),
        ("odd-refs", &[(BRANCH, "'both\"")], &one),
        ("custom-subject", &[(BRANCH, "main"), (PROJECT, "mygroup/myrepo"), protected, id], tier),
        (
            "custom-subject",
            &[(TAG, "1"), (PROJECT, "mygroup/myrepo"), ("CI_PROJECT_ID", "20")],
            &["deploy-gitlab-prod"],
        ),
    ];
    for (at, (name, variables, wanted)) in pipelines.into_iter().enumerate() {
        let ci = text(&setup(name), Kind::GitlabCi);
        let Some(started) = started(&format!("{name}-{at}"), &ci, variables) else { return };
        assert_eq!(started, wanted, "{name}: {variables:?}");
    }
}

#[test]
fn the_jobs_of_several_accounts_start_side_by_side() {
    let (first, second) = (setup("existing-provider"), setup("one-scope"));
    let ci = ci_of_several(&[&first, &second]).unwrap();
    let Some(started) = started("several", &ci, &[(BRANCH, "main"), (PROJECT, "mygroup/myrepo")]) else { return };
    assert_eq!(started, ["deploy-123456789012", "deploy-000000000012"]);
}
