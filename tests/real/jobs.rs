//! The scripts of the generated jobs, run as GitLab Runner runs them, with a stand-in for the AWS CLI.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

use claimcheck::generate::Kind;
use claimcheck::print::shell::word;
use claimcheck::setup::{Method, Setup};
use serde_json::Value as Json;

use crate::programs::program;
use crate::{common, folder, text};

const TOKEN: &str = "eyJ.fake.token";
const OLD: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "AKIAOLD"),
    ("AWS_SECRET_ACCESS_KEY", "old"),
    ("AWS_SESSION_TOKEN", "old"),
    ("AWS_PROFILE", "old"),
    ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/old"),
];

/// The script of each job: what runs before, then what a person put there, as one text.
pub(crate) fn scripts(setup: &Setup) -> Vec<String> {
    let tree: Json = serde_yaml_ng::from_str(&text(setup, Kind::GitlabCi)).unwrap();
    let lines =
        |it: &Json| it.as_array().unwrap().iter().map(|it| format!("{}\n", it.as_str().unwrap())).collect::<String>();
    tree.as_object().unwrap().values().map(|it| lines(&it["before_script"]) + &lines(&it["script"])).collect()
}

/// How a runner starts a script.
#[derive(Clone, Copy, Debug)]
enum Runner {
    /// `eval` behind a pipe, as by default.
    Piped,
    /// `eval` in parentheses, as with `FF_USE_NEW_BASH_EVAL_STRATEGY`.
    Parentheses,
    /// A person's own shell, which goes on after an error.
    Careless,
}

/// One run of a job.
struct Run {
    output: Output,
    log: String,
    left: Vec<PathBuf>,
}

impl Run {
    fn said(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}",
            self.output.status,
            String::from_utf8_lossy(&self.output.stdout),
            String::from_utf8_lossy(&self.output.stderr),
            self.log
        )
    }

    fn calls(&self) -> Vec<&str> {
        self.log.lines().filter_map(|it| it.strip_prefix("call <sts> <")?.split('>').next()).collect()
    }

    /// Whether the person's own commands ran.
    fn went_on(&self) -> bool {
        String::from_utf8_lossy(&self.output.stdout).contains("own commands")
    }

    #[track_caller]
    fn assert_stopped(&self) {
        assert!(!self.output.status.success() && !self.went_on(), "{}", self.said());
        self.assert_nothing_left();
    }

    #[track_caller]
    fn assert_nothing_left(&self) {
        assert!(self.left.is_empty(), "{:?} is left\n{}", self.left, self.said());
    }
}

/// Runs a job's script, with these own commands behind it.
fn run(name: &str, shell: &str, runner: Runner, script: &str, variables: &[(&str, &str)]) -> Run {
    let folder = folder(&format!("jobs/{name}-{shell}-{runner:?}"));
    let (bin, temporary, log) = (folder.join("bin"), folder.join("tmp"), folder.join("log"));
    fs::create_dir_all(&bin).unwrap();
    fs::create_dir_all(&temporary).unwrap();
    let aws = bin.join("aws");
    fs::write(&aws, include_str!("fake-aws.sh")).unwrap();
    fs::set_permissions(&aws, fs::Permissions::from_mode(0o755)).unwrap();
    let strict = "if set -o | grep pipefail > /dev/null; then set -o pipefail; fi; set -o errexit\nset +o noclobber\numask 027\n";
    let started = match runner {
        Runner::Piped => format!("{strict}: | eval {}\nexit 0\n", word(script)),
        Runner::Parentheses => format!("{strict}(eval {})\nexit 0\n", word(script)),
        Runner::Careless => format!("umask 027\n{script}"),
    };
    let path = std::env::var("PATH").unwrap();
    let output = Command::new(shell)
        .args(["-c", &started])
        .env_clear()
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("TMPDIR", &temporary)
        .env("FAKE_LOG", &log)
        .env("CI_PROJECT_ID", "4711")
        .env("CI_JOB_ID", "8222997048")
        .env("GITLAB_OIDC_TOKEN", TOKEN)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let left = fs::read_dir(&temporary).unwrap().map(|it| it.unwrap().path()).collect();
    Run { output, log: fs::read_to_string(log).unwrap_or_default(), left }
}

const OWN: &str = "echo \"own commands, umask $(umask)\"\n";

/// Every shell that is here, and every way to start a script in it.
fn each_shell(mut check: impl FnMut(&str, Runner)) {
    for shell in ["sh", "bash", "dash"] {
        if program(shell).is_some() {
            for runner in [Runner::Piped, Runner::Parentheses, Runner::Careless] {
                check(shell, runner);
            }
        }
    }
}

/// A setup by its name, its first job's script, and what AWS calls its role.
fn job(name: &str) -> (Setup, String, String) {
    let setup = common::setups().into_iter().find(|it| it.0 == name).unwrap().1;
    let script = scripts(&setup).remove(0);
    let identity = identity(&setup, setup.roles()[0].name.as_str());
    (setup, script, identity)
}

fn identity(setup: &Setup, role: &str) -> String {
    let (partition, account) = (setup.aws().partition.as_str(), &setup.aws().account_id);
    format!("arn:{partition}:sts::{account}:assumed-role/{role}/gitlab-4711-8222997048")
}

/// A job by each method.
const BOTH: [&str; 2] = ["contract-example", "any-ref"];

#[test]
fn every_job_runs_as_its_role_whatever_old_keys_are_set() {
    for (name, setup) in common::setups() {
        for (role, script) in setup.roles().iter().zip(scripts(&setup)) {
            let identity = identity(&setup, role.name.as_str());
            let variables: Vec<_> = OLD.into_iter().chain([("FAKE_IDENTITY", identity.as_str())]).collect();
            let run = run(&format!("old-{name}"), "sh", Runner::Piped, &(script + OWN), &variables);
            assert!(run.output.status.success() && run.went_on(), "{name}: {}", run.said());
            assert!(!run.log.contains("AKIAOLD") && !run.log.contains("=old"), "{name}: {}", run.said());
            assert!(String::from_utf8_lossy(&run.output.stdout).contains("umask 0027"), "{name}: {}", run.said());
            run.assert_nothing_left();
            let region = setup.aws().region.as_ref().map(|it| format!("\nAWS_DEFAULT_REGION={it}\nAWS_REGION={it}\n"));
            let first_call = run.log.split("call <sts> <get-caller-identity>").next().unwrap();
            match setup.ci().method {
                Method::TokenFile => {
                    assert_eq!(run.calls(), ["get-caller-identity", "get-caller-identity"]);
                    assert!(run.log.contains("\nAWS_ROLE_SESSION_NAME=gitlab-4711-8222997048\n"));
                    assert!(run.log.contains(&format!("\nAWS_ROLE_ARN={}\n", setup.role_arn(role))));
                    assert!(run.log.contains("\nmode -rw-------\n"), "{}", run.said());
                    assert!(run.log.contains(&format!("\ntoken <{TOKEN}x>\n")), "{}", run.said());
                    assert!(region.is_none_or(|it| run.log.contains(&it)), "{}", run.said());
                }
                Method::AssumeRole { session_seconds } => {
                    assert_eq!(
                        run.calls(),
                        ["assume-role-with-web-identity", "get-caller-identity", "get-caller-identity"]
                    );
                    for argument in [
                        format!("<--role-arn> <{}>", setup.role_arn(role)),
                        "<--role-session-name> <gitlab-4711-8222997048>".to_owned(),
                        format!("<--web-identity-token> <{TOKEN}>"),
                        format!("<--duration-seconds> <{session_seconds}>"),
                    ] {
                        assert!(first_call.contains(&argument), "{argument}\n{}", run.said());
                    }
                    assert!(region.is_none_or(|it| first_call.contains(&it)), "{}", run.said());
                }
            }
        }
    }
}

#[test]
fn both_methods_work_in_every_shell() {
    for name in BOTH {
        let (_, script, identity) = job(name);
        each_shell(|shell, runner| {
            let run = run(name, shell, runner, &(script.clone() + OWN), &[("FAKE_IDENTITY", &identity)]);
            assert!(run.output.status.success() && run.went_on(), "{}", run.said());
            run.assert_nothing_left();
        });
    }
}

#[test]
fn a_job_stops_when_it_is_somebody_else() {
    for name in BOTH {
        let (_, script, identity) = job(name);
        let others = [
            "arn:aws:iam::123456789012:user/old".to_owned(),
            "arn:aws:sts::123456789012:assumed-role/runner-instance/i-0abc".to_owned(),
            identity.replace("/gitlab-4711", "-2/gitlab-4711"),
            identity.replace("123456789012", "210987654321"),
            String::new(),
        ];
        each_shell(|shell, runner| {
            for other in &others {
                run("other", shell, runner, &(script.clone() + OWN), &[("FAKE_IDENTITY", other)]).assert_stopped();
            }
        });
    }
}

#[test]
fn a_job_stops_at_the_first_call_that_fails() {
    for name in BOTH {
        let (_, script, identity) = job(name);
        each_shell(|shell, runner| {
            for call in ["assume-role-with-web-identity", "get-caller-identity"] {
                if call.starts_with("assume") && name == BOTH[0] {
                    continue;
                }
                let variables = [("FAKE_IDENTITY", identity.as_str()), ("FAKE_FAILS", call)];
                let run = run("fails", shell, runner, &(script.clone() + OWN), &variables);
                run.assert_stopped();
                assert_eq!(run.calls().last(), Some(&call), "{}", run.said());
                assert!(call.starts_with("get") || !run.log.contains("AWS_ACCESS_KEY_ID"), "{}", run.said());
            }
        });
    }
}

#[test]
fn a_job_stops_without_credentials_without_a_token_and_without_the_cli() {
    for name in BOTH {
        let (_, script, identity) = job(name);
        each_shell(|shell, runner| {
            let variables = [("FAKE_IDENTITY", identity.as_str()), ("GITLAB_OIDC_TOKEN", "")];
            let run_without = run("no-token", shell, runner, &(script.clone() + OWN), &variables);
            run_without.assert_stopped();
            assert!(
                run_without.calls().is_empty() && run_without.said().contains("no ID token"),
                "{}",
                run_without.said()
            );
            let missing = format!("aws() {{ echo missing >&2; return 127; }}\n{script}{OWN}");
            run("no-cli", shell, runner, &missing, &[("FAKE_IDENTITY", &identity)]).assert_stopped();
            if name == BOTH[1] {
                let variables = [("FAKE_IDENTITY", identity.as_str()), ("FAKE_EMPTY", "1")];
                let empty = run("empty", shell, runner, &(script.clone() + OWN), &variables);
                empty.assert_stopped();
                assert_eq!(empty.calls(), ["assume-role-with-web-identity"], "{}", empty.said());
            }
        });
    }
}

#[test]
fn the_token_goes_when_the_persons_own_commands_fail() {
    let (_, script, identity) = job(BOTH[0]);
    each_shell(|shell, runner| {
        let run = run("own-fail", shell, runner, &format!("{script}exit 3\n"), &[("FAKE_IDENTITY", &identity)]);
        assert_eq!(run.output.status.code(), Some(3), "{}", run.said());
        run.assert_nothing_left();
    });
}

#[test]
fn the_fake_admits_old_keys_as_the_cli_would() {
    // Else the tests above would show nothing: without the `unset` the old user wins.
    let (_, script, identity) = job(BOTH[0]);
    let careless: String = script.lines().filter(|it| !it.starts_with("unset")).map(|it| format!("{it}\n")).collect();
    let variables: Vec<_> = OLD.into_iter().chain([("FAKE_IDENTITY", identity.as_str())]).collect();
    let run = run("control", "sh", Runner::Piped, &(careless + OWN), &variables);
    run.assert_stopped();
    assert!(run.said().contains("user/old, which is not the role"), "{}", run.said());
}
