//! `.gitlab-ci.yml`: a job for each role that turns its ID token into credentials of that role, by either method.
//!
//! What people's jobs get wrong is put right here: the entrypoint of the AWS CLI's image, exit statuses lost in `export X=$(…)`,
//! old keys that come before the role, a token that others can read or that stays behind, a session name that AWS refuses.
//! The scripts run under GitLab's `set -eo pipefail` and hold without it, in any POSIX shell.

use crate::aws::Partition;
use crate::gitlab::Component;
use crate::print::shell::code;
use crate::print::yaml::{Yaml, comment, lines};
use crate::setup::{Method, Role, Setup};

use super::rules::{leave_out_merge_requests, rules};
use super::{CI_FILE, File, Generator, Kind, Language, MADE_BY, session_prefix};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::GitlabCi,
    title: ".gitlab-ci.yml",
    language: Language::Yaml,
    per_role: false,
    files: |setup| {
        let names: Vec<String> = setup.roles().iter().map(|it| job_name(setup, it)).collect();
        vec![File::of_setup(CI_FILE, Kind::GitlabCi, print(&[setup], &names))]
    },
};

/// One CI file for several setups, with the name of each role's job, setup by setup.
pub(super) fn print(setups: &[&Setup], names: &[String]) -> String {
    let any_project = any_project(setups);
    let mut out = String::new();
    comment(&header(setups), 0, &mut out);
    let each = setups.iter().flat_map(|setup| setup.roles().iter().map(move |role| (setup, role)));
    for ((setup, role), name) in each.zip(names) {
        out.push('\n');
        comment(&format!("Runs as {}", setup.role_arn(role)), 0, &mut out);
        job(setup, role, name, any_project, &mut out);
    }
    out
}

/// The name of a role's job: the setup's, with the role's where there are several.
pub(super) fn job_name(setup: &Setup, role: &Role) -> String {
    let job = setup.ci().job.as_str();
    if setup.roles().len() > 1 { format!("{job}-{}", role.name) } else { job.to_owned() }
}

/// Whether the file goes into more than one project, so that its rules have to ask for theirs.
fn any_project(setups: &[&Setup]) -> bool {
    let mut projects = setups.iter().flat_map(|it| it.roles()).flat_map(|it| &it.scopes).map(|it| &it.project);
    let first = projects.next();
    first.is_some_and(|it| !it.is_exact()) || projects.any(|it| Some(it) != first)
}

fn header(setups: &[&Setup]) -> String {
    let mut projects: Vec<&str> = Vec::new();
    for scope in setups.iter().flat_map(|it| it.roles()).flat_map(|it| &it.scopes) {
        if !projects.contains(&scope.project.as_str()) {
            projects.push(scope.project.as_str());
        }
    }
    let whose = match projects.as_slice() {
        [one] if !one.contains(['*', '?']) => format!("For the project {one}, which needs no AWS keys any more."),
        several => {
            format!("For each of these projects, which need no AWS keys any more:\n  {}", several.join("\n  "))
        }
    };
    format!(
        "{MADE_BY}

{whose}
A job asks GitLab for an ID token, and AWS takes the token in exchange for a role's credentials.
AWS decides, by the role's trust policy. The rules below guard nothing: they only keep a job out of
pipelines that AWS would turn away, and whoever may edit this file may edit them."
    )
}

fn job(setup: &Setup, role: &Role, name: &str, any_project: bool, out: &mut String) {
    out.push_str(&lines(
        "{}:
  image:
    name: {}
    # The AWS CLI's image starts `aws` instead of a shell.
    entrypoint: [\"\"]
  id_tokens:
    GITLAB_OIDC_TOKEN:
      # A client ID of the provider in AWS, and the `aud` of the trust policy, letter by letter.
      aud: {}
",
        &[name, setup.ci().image(), setup.gitlab().audience.as_str()],
    ));
    match &role.environment {
        Some(name) => {
            comment(
                if asks_for_environment(role) {
                    "AWS never sees the name: only the tier and the protection, where `sub` carries them."
                } else {
                    "AWS never sees the environment: the trust policy cannot ask for it."
                },
                1,
                out,
            );
            out.push_str(&lines("  environment:\n    name: {}\n", &[name.as_str()]));
            if let Some(tier) = tier(role) {
                out.push_str(&lines("    deployment_tier: {}\n", &[tier]));
            }
        }
        None if asks_for_environment(role) => comment(
            "The trust policy asks for an environment's tier or protection, and this setup names no environment:
add `environment:` here, or AWS turns the job away.",
            1,
            out,
        ),
        None => {}
    }
    if leave_out_merge_requests(role) {
        comment(
            "Pipelines of merge requests are left out. AWS takes them for pipelines of their source branch;
to start the job there, add a rule with $CI_MERGE_REQUEST_SOURCE_BRANCH_NAME.",
            1,
            out,
        );
    }
    out.push_str("  rules:\n");
    for rule in rules(role, any_project) {
        for line in &rule.comments {
            comment(line, 2, out);
        }
        out.push_str(&lines("    - if: {}\n", &[&rule.expression]));
    }
    out.push_str(
        "  # Stops the job unless AWS says that it is this role. Takes the place of a default before_script, if you have one.
  before_script:
    -",
    );
    Yaml::Text(login(setup, role)).write(2, out);
    out.push_str(
        "  script:
    # Your commands go here. They run as the role.
    - aws sts get-caller-identity
",
    );
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

/// The script that signs in. The job's log shows its first line and hides the rest.
fn login(setup: &Setup, role: &Role) -> String {
    let name = role.name.as_str();
    let mut script = code(
        "# Sign in to AWS as {}
# Keys and profiles that are still set as CI/CD variables would come before the role.
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN
unset AWS_PROFILE AWS_DEFAULT_PROFILE
: \"${GITLAB_OIDC_TOKEN:?GitLab gave this job no ID token}\"
",
        &[name],
    );
    let partition = setup.aws().partition;
    script.push_str(&match &setup.aws().region {
        Some(region) => code("export AWS_REGION={} AWS_DEFAULT_REGION={}\n", &[region.as_str(), region.as_str()]),
        None if partition == Partition::Aws => code(
            "# The setup names no region. Where the AWS CLI asks for one, say it here:
# export AWS_REGION=eu-west-1 AWS_DEFAULT_REGION=eu-west-1
",
            &[],
        ),
        None => code(
            "# The setup names no region, and outside of the partition aws there is no STS without one. Say it here:
# export AWS_REGION={}
",
            &[partition.default_region()],
        ),
    });
    let arn = setup.role_arn(role);
    script.push_str(&match setup.ci().method {
        Method::TokenFile => code(TOKEN_FILE, &[&arn]),
        Method::AssumeRole { session_seconds } => code(ASSUME_ROLE, &[&arn, &session_seconds.to_string()]),
    });
    // Whoever the job is now, it is this role or it stops.
    script.push_str(&code(
        "identity=$(aws sts get-caller-identity --query Arn --output text) || exit 1
case \"$identity\" in
  {}*) echo \"AWS says: $identity\" ;;
  *) echo \"AWS says: $identity, which is not the role\" {} >&2; exit 1 ;;
esac
",
        &[&session_prefix(setup, role), name],
    ));
    script
}

const TOKEN_FILE: &str = r#"# The AWS CLI and SDKs read the token from a file. Nobody else may, and it goes when the job ends.
AWS_WEB_IDENTITY_TOKEN_FILE=$(umask 077 && mktemp) || exit 1
trap 'rm -f "$AWS_WEB_IDENTITY_TOKEN_FILE"' EXIT
printf '%s' "$GITLAB_OIDC_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE" || exit 1
export AWS_WEB_IDENTITY_TOKEN_FILE
# Not under `variables`: there a project's or group's variable of the same name would win.
export AWS_ROLE_ARN={}
export AWS_ROLE_SESSION_NAME="gitlab-$CI_PROJECT_ID-$CI_JOB_ID"
"#;

const ASSUME_ROLE: &str = r#"# Answer first, export after: `export X=$(...)` would lose the exit status of a call that failed.
credentials=$(aws sts assume-role-with-web-identity \
  --role-arn {} \
  --role-session-name "gitlab-$CI_PROJECT_ID-$CI_JOB_ID" \
  --web-identity-token "$GITLAB_OIDC_TOKEN" \
  --duration-seconds {} \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' \
  --output text) || exit 1
read -r access_key_id secret_access_key session_token <<CREDENTIALS
$credentials
CREDENTIALS
if [ -z "$session_token" ]; then
  echo "STS answered without credentials" >&2
  exit 1
fi
export AWS_ACCESS_KEY_ID="$access_key_id"
export AWS_SECRET_ACCESS_KEY="$secret_access_key"
export AWS_SESSION_TOKEN="$session_token"
"#;
