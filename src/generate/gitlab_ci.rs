//! `.gitlab-ci.yml`: a job for each role that turns its ID token into credentials of that role, by either method.
//!
//! What people's jobs get wrong is put right here: the entrypoint of the AWS CLI's image, exit statuses lost in `export X=$(…)`,
//! old keys that come before the role, a token that others can read or that stays behind, a session name that AWS refuses.
//! The scripts run under GitLab's `set -eo pipefail` and hold without it, in any POSIX shell.

use crate::aws::Partition;
use crate::gitlab::Component;
use crate::print::shell::{Part, Script, value};
use crate::print::yaml::{Map, Yaml};
use crate::setup::{Method, Role, Setup};

use super::rules::{leave_out_merge_requests, rules};
use super::{CI_FILE, File, Generator, Kind, Language, MADE_BY, lines, session_prefix};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::GitlabCi,
    title: ".gitlab-ci.yml",
    language: Language::Yaml,
    per_role: false,
    files: |setup| vec![File::of_setup(CI_FILE, Kind::GitlabCi, print(&[setup]))],
};

/// The variable that holds the ID token, as in GitLab's own examples.
const TOKEN: &str = "GITLAB_OIDC_TOKEN";

/// One CI file for several setups.
pub(super) fn print(setups: &[&Setup]) -> String {
    let any_project = any_project(setups);
    let mut jobs = Map::default();
    let names = job_names(setups);
    let each = setups.iter().flat_map(|setup| setup.roles().iter().map(move |role| (setup, role)));
    for ((setup, role), name) in each.zip(&names) {
        jobs = jobs.commented(&about(setup, role), name, Yaml::Map(job(setup, role, any_project))).spaced();
    }
    jobs.print(&header(setups))
}

/// The name of each role's job, setup by setup: the setup's, with the role's where there are several, with the account where
/// another setup's job has that name, and with a number where even that is taken.
pub(super) fn job_names(setups: &[&Setup]) -> Vec<String> {
    let plain = |setup: &Setup, role: &Role| {
        let job = setup.ci().job.as_str();
        if setup.roles().len() > 1 { format!("{job}-{}", role.name) } else { job.to_owned() }
    };
    let all: Vec<(usize, &Setup, String)> = setups
        .iter()
        .enumerate()
        .flat_map(|(at, setup)| setup.roles().iter().map(move |role| (at, *setup, plain(setup, role))))
        .collect();
    let mut names: Vec<String> = Vec::new();
    for (at, setup, plain) in &all {
        let is_taken = all.iter().any(|it| it.0 != *at && it.2 == *plain);
        let base = if is_taken { format!("{plain}-{}", setup.aws().account_id) } else { plain.clone() };
        let is_free = |name: &String| !names.contains(name) && (*name == *plain || all.iter().all(|it| it.2 != *name));
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        names.extend(std::iter::once(base.clone()).chain(numbered).find(is_free));
    }
    names
}

/// Whether the file goes into more than one project, so that its rules have to ask for theirs.
fn any_project(setups: &[&Setup]) -> bool {
    let mut projects = setups.iter().flat_map(|it| it.roles()).flat_map(|it| &it.scopes).map(|it| &it.project);
    let first = projects.next();
    first.is_some_and(|it| !it.is_exact()) || projects.any(|it| Some(it) != first)
}

fn header(setups: &[&Setup]) -> Vec<String> {
    let mut lines = vec![MADE_BY.to_owned()];
    let mut projects: Vec<&str> = Vec::new();
    for scope in setups.iter().flat_map(|it| it.roles()).flat_map(|it| &it.scopes) {
        if !projects.contains(&scope.project.as_str()) {
            projects.push(scope.project.as_str());
        }
    }
    lines.push(String::new());
    match projects.as_slice() {
        [one] if !one.contains(['*', '?']) => {
            lines.push(format!("For the project {one}, which needs no AWS keys any more."))
        }
        several => {
            lines.push("For each of these projects, which need no AWS keys any more:".to_owned());
            lines.extend(several.iter().map(|it| format!("  {it}")));
        }
    }
    lines.push(
        "A job asks GitLab for an ID token, and AWS takes the token in exchange for a role's credentials.".to_owned(),
    );
    lines.push(
        "AWS decides, by the role's trust policy. The rules below guard nothing: they only keep a job out of"
            .to_owned(),
    );
    lines.push("pipelines that AWS would turn away, and whoever may edit this file may edit them.".to_owned());
    lines
}

fn about(setup: &Setup, role: &Role) -> Vec<String> {
    vec![format!("Runs as {}", setup.role_arn(role))]
}

fn job(setup: &Setup, role: &Role, any_project: bool) -> Map {
    let image = Map::default().entry("name", Yaml::text(setup.ci().image())).commented(
        &lines(["The AWS CLI's image starts `aws` instead of a shell."]),
        "entrypoint",
        Yaml::Row(vec![String::new()]),
    );
    let audience = Map::default().commented(
        &lines(["A client ID of the provider in AWS, and the `aud` of the trust policy, letter by letter."]),
        "aud",
        Yaml::text(setup.gitlab().audience.as_str()),
    );
    let mut job = Map::default()
        .entry("image", Yaml::Map(image))
        .entry("id_tokens", Yaml::Map(Map::default().entry(TOKEN, Yaml::Map(audience))));
    if let Some(name) = &role.environment {
        let mut environment = Map::default().entry("name", Yaml::text(name.as_str()));
        if let Some(tier) = tier(role) {
            environment = environment.entry("deployment_tier", Yaml::text(tier));
        }
        job = job.commented(&environment_comment(role), "environment", Yaml::Map(environment));
    } else if asks_for_environment(role) {
        let comment = lines([
            "The trust policy asks for an environment's tier or protection, and this setup names no environment:",
            "add `environment:` here, or AWS turns the job away.",
        ]);
        job = job.commented(&comment, "rules", job_rules(role, any_project));
        return scripts(job, setup, role);
    }
    let mut comment = Vec::new();
    if leave_out_merge_requests(role) {
        comment = lines([
            "Pipelines of merge requests are left out. AWS takes them for pipelines of their source branch;",
            "to start the job there, add a rule with $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME.",
        ]);
    }
    scripts(job.commented(&comment, "rules", job_rules(role, any_project)), setup, role)
}

fn scripts(job: Map, setup: &Setup, role: &Role) -> Map {
    let login = Yaml::List(vec![(vec![], Yaml::Text(login(setup, role)))]);
    let comment = lines([
        "Stops the job unless AWS says that it is this role. Takes the place of a default before_script, if you have one.",
    ]);
    let own =
        vec![(lines(["Your commands go here. They run as the role."]), Yaml::text("aws sts get-caller-identity"))];
    job.commented(&comment, "before_script", login).entry("script", Yaml::List(own))
}

fn job_rules(role: &Role, any_project: bool) -> Yaml {
    let rules = rules(role, any_project);
    Yaml::List(
        rules
            .iter()
            .map(|it| (it.comments.clone(), Yaml::Map(Map::default().entry("if", Yaml::text(&it.expression)))))
            .collect(),
    )
}

fn asks_for_environment(role: &Role) -> bool {
    role.scopes
        .iter()
        .any(|it| it.subject.has(Component::EnvironmentProtected) || it.subject.has(Component::DeploymentTier))
}

/// The deployment tier that all scopes with one agree on: it is in `sub`, so the job has to have it.
fn tier(role: &Role) -> Option<&str> {
    let mut tiers = role
        .scopes
        .iter()
        .flat_map(|it| &it.subject_values)
        .filter(|it| it.0 == Component::DeploymentTier)
        .map(|it| it.1.as_str());
    let first = tiers.next()?;
    tiers.all(|it| it == first).then_some(first)
}

fn environment_comment(role: &Role) -> Vec<String> {
    if asks_for_environment(role) {
        lines(["AWS never sees the name: only the tier and the protection, where `sub` carries them."])
    } else {
        lines(["AWS never sees the environment: the trust policy cannot ask for it."])
    }
}

/// The script that signs in.
fn login(setup: &Setup, role: &Role) -> String {
    let script = Script::default()
        // The job's log shows the first line of a script and hides the rest.
        .line(&[Part::Code("# Sign in to AWS as "), value(role.name.as_str())])
        .code("# Keys and profiles that are still set as CI/CD variables would come before the role.")
        .code("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN")
        .code("unset AWS_PROFILE AWS_DEFAULT_PROFILE")
        .code(": \"${GITLAB_OIDC_TOKEN:?GitLab gave this job no ID token}\"");
    let script = region(script, setup);
    let script = match setup.ci().method {
        Method::TokenFile => token_file(script, setup, role),
        Method::AssumeRole { session_seconds } => assume_role(script, setup, role, session_seconds),
    };
    identity(script, setup, role).print()
}

fn region(script: Script, setup: &Setup) -> Script {
    match &setup.aws().region {
        Some(region) => script.line(&[
            Part::Code("export AWS_REGION="),
            value(region.as_str()),
            Part::Code(" AWS_DEFAULT_REGION="),
            value(region.as_str()),
        ]),
        None if setup.aws().partition == Partition::Aws => script
            .code("# The setup names no region. Where the AWS CLI asks for one, say it here:")
            .code("# export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1"),
        None => script
            .code("# The setup names no region, and outside of the partition aws there is no STS without one. Say it here:")
            .line(&[Part::Code("# export AWS_REGION="), value(setup.aws().partition.default_region())]),
    }
}

fn token_file(script: Script, setup: &Setup, role: &Role) -> Script {
    script
        .code("# The AWS CLI and SDKs read the token from a file. Nobody else may, and it goes when the job ends.")
        .code("AWS_WEB_IDENTITY_TOKEN_FILE=$(umask 077 && mktemp) || exit 1")
        .code("trap 'rm -f \"$AWS_WEB_IDENTITY_TOKEN_FILE\"' EXIT")
        .code("printf '%s' \"$GITLAB_OIDC_TOKEN\" > \"$AWS_WEB_IDENTITY_TOKEN_FILE\" || exit 1")
        .code("export AWS_WEB_IDENTITY_TOKEN_FILE")
        .code("# Not under `variables`: there a project's or group's variable of the same name would win.")
        .line(&[Part::Code("export AWS_ROLE_ARN="), value(&setup.role_arn(role))])
        .code("export AWS_ROLE_SESSION_NAME=\"gitlab-$CI_PROJECT_ID-$CI_JOB_ID\"")
}

fn assume_role(script: Script, setup: &Setup, role: &Role, session_seconds: u32) -> Script {
    script
        .code("# Answer first, export after: `export X=$(...)` would lose the exit status of a call that failed.")
        .code("credentials=$(aws sts assume-role-with-web-identity \\")
        .line(&[Part::Code("  --role-arn "), value(&setup.role_arn(role)), Part::Code(" \\")])
        .code("  --role-session-name \"gitlab-$CI_PROJECT_ID-$CI_JOB_ID\" \\")
        .code("  --web-identity-token \"$GITLAB_OIDC_TOKEN\" \\")
        .line(&[Part::Code("  --duration-seconds "), value(&session_seconds.to_string()), Part::Code(" \\")])
        .code("  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \\")
        .code("  --output text) || exit 1")
        .code("read -r access_key_id secret_access_key session_token <<CREDENTIALS")
        .code("$credentials")
        .code("CREDENTIALS")
        .code("if [ -z \"$session_token\" ]; then")
        .code("  echo \"STS answered without credentials\" >&2")
        .code("  exit 1")
        .code("fi")
        .code("export AWS_ACCESS_KEY_ID=\"$access_key_id\"")
        .code("export AWS_SECRET_ACCESS_KEY=\"$secret_access_key\"")
        .code("export AWS_SESSION_TOKEN=\"$session_token\"")
}

/// Whoever the job is now, it is this role or it stops.
fn identity(script: Script, setup: &Setup, role: &Role) -> Script {
    script
        .code("identity=$(aws sts get-caller-identity --query Arn --output text) || exit 1")
        .code("case \"$identity\" in")
        .line(&[
            Part::Code("  "),
            value(&session_prefix(setup, role)),
            Part::Code("*) echo \"AWS says: $identity\" ;;"),
        ])
        .line(&[
            Part::Code("  *) echo \"AWS says: $identity, which is not the role\" "),
            value(role.name.as_str()),
            Part::Code(" >&2; exit 1 ;;"),
        ])
        .code("esac")
}
