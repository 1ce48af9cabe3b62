//! Verdicts a second of the native command: the whole program on a file of cases, reading and printing included.
//!
//! The cases are made here, the same every time: policies with several statements, pins and patterns, and tokens with
//! every claim that GitLab puts in. How many must be allowed is known, so that a fast wrong answer is no figure.

use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Figure;
use crate::project::Project;
use crate::say;

const CASES: usize = 20_000;
const RUNS: usize = 5;
/// When the tokens were made, in seconds since 1970, and a minute later.
const ISSUED: u64 = 1_795_168_800;
const NOW: u64 = ISSUED + 60;

/// Times the command.
pub(super) fn measure(project: &Project) -> Result<Figure> {
    say::heading("Verdicts a second, native");
    say::note("the whole command on a file of cases, start, reading and printing included, one process");
    let measured = format!(
        "Verdicts a second, native command on {} cases, reading and printing included",
        say::grouped(CASES as u64)
    );
    let help =
        Command::new(project.native_command()).args(["check", "--help"]).output().context("cannot run claimcheck")?;
    if !String::from_utf8_lossy(&help.stdout).contains("--cases") {
        let reason = "`claimcheck check` does not read --cases yet".to_owned();
        say::note(&format!("not measured: {reason}"));
        return Ok(Figure { measured, figure: Err(reason), budget: None });
    }

    let folder = project.target.join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join("cases.jsonl");
    let (cases, allowed) = cases();
    std::fs::write(&file, &cases).with_context(|| format!("cannot write {}", file.display()))?;

    let mut seconds = Vec::new();
    for _ in 0..RUNS {
        let mut command = Command::new(project.native_command());
        command.args(["check", "--format", "json", "--cases"]).arg(&file).stderr(Stdio::inherit());
        let started = Instant::now();
        let output = command.output().context("cannot run claimcheck")?;
        seconds.push(started.elapsed().as_secs_f64());
        let verdicts: Vec<Value> =
            output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let said_yes = verdicts.iter().filter(|verdict| verdict.get("allowed") == Some(&Value::Bool(true))).count();
        if verdicts.len() != CASES || said_yes != allowed {
            bail!("expected {CASES} verdicts, {allowed} of them allowed; got {} and {said_yes}", verdicts.len());
        }
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(RUNS / 2).copied().context("nothing was timed")?;
    let rate = (CASES as f64 / median) as u64;
    let megabytes = cases.len() as f64 / 1_000_000.0;
    say::note(&format!("median of {RUNS}: {median:.3} s for {} cases ({megabytes:.1} MB)", say::grouped(CASES as u64)));
    Ok(Figure { measured, figure: Ok(say::grouped(rate)), budget: None })
}

/// The cases, a line each, and how many of them AWS would allow.
fn cases() -> (String, usize) {
    let mut text = String::new();
    let mut allowed = 0;
    for number in 0..CASES {
        let project = format!("acme/platform/service-{}", number % 50);
        let (git_ref, ref_type, protected, audience, is_allowed) = match number % 8 {
            0 | 1 => ("main", "branch", "true", "https://gitlab.com", true),
            2 => ("v1.4.0", "tag", "true", "https://gitlab.com", true),
            3 => ("release/2026-11", "branch", "true", "https://gitlab.com", true),
            4 => ("feature/basket", "branch", "false", "https://gitlab.com", false),
            5 => ("main", "branch", "false", "https://gitlab.com", false),
            6 => ("main", "tag", "true", "https://gitlab.com", false),
            _ => ("main", "branch", "true", "https://other.example", false),
        };
        allowed += usize::from(is_allowed);
        let case = json!({
            "id": number.to_string(),
            "policy": policy(&project),
            "token": token(number, &project, git_ref, ref_type, protected, audience),
            "account": "123456789012",
            "now": NOW,
        });
        text.push_str(&case.to_string());
        text.push('\n');
    }
    (text, allowed)
}

fn policy(project: &str) -> Value {
    let statement = |operator: &str, subjects: Value| {
        let mut condition = json!({
            "StringEquals": { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:ref_protected": "true" },
        });
        if let Some(test) = condition.as_object_mut() {
            let mut keys = test.get(operator).cloned().unwrap_or_else(|| json!({}));
            if let Some(keys) = keys.as_object_mut() {
                keys.insert("gitlab.com:sub".to_owned(), subjects);
            }
            test.insert(operator.to_owned(), keys);
        }
        json!({
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        })
    };
    let subject = |rest: &str| format!("project_path:{project}:{rest}");
    json!({
        "Version": "2012-10-17",
        "Statement": [
            statement("StringEquals", json!([subject("ref_type:branch:ref:main"), subject("ref_type:branch:ref:hotfix")])),
            statement("StringLike", json!([subject("ref_type:tag:ref:v*"), subject("ref_type:branch:ref:release/*")])),
        ],
    })
}

fn token(number: usize, project: &str, git_ref: &str, ref_type: &str, protected: &str, audience: &str) -> Value {
    let folder = if ref_type == "tag" { "tags" } else { "heads" };
    let id = (4_000 + number % 50).to_string();
    json!({
        "namespace_id": "72", "namespace_path": "acme/platform",
        "project_id": id, "project_path": project,
        "job_project_id": id, "job_project_path": project,
        "job_namespace_id": "72", "job_namespace_path": "acme/platform",
        "user_id": "1", "user_login": "sam", "user_email": "sam@example.com", "user_access_level": "maintainer",
        "pipeline_id": number.to_string(), "pipeline_source": "push", "job_id": (number * 3).to_string(),
        "ref": git_ref, "ref_type": ref_type, "ref_path": format!("refs/{folder}/{git_ref}"), "ref_protected": protected,
        "runner_id": 12, "runner_environment": "gitlab-hosted",
        "sha": "714a629c0b401fdce83e847fc9589983fc6f46bc", "project_visibility": "private",
        "ci_config_ref_uri": format!("gitlab.com/{project}//.gitlab-ci.yml@refs/{folder}/{git_ref}"),
        "ci_config_sha": "714a629c0b401fdce83e847fc9589983fc6f46bc", "job_source": "push",
        "jti": format!("00000000-0000-4000-8000-{number:012}"),
        "iss": "https://gitlab.com", "aud": audience,
        "iat": ISSUED, "nbf": ISSUED - 5, "exp": ISSUED + 3_600,
        "sub": format!("project_path:{project}:ref_type:{ref_type}:ref:{git_ref}"),
    })
}
