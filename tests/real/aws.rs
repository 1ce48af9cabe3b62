//! `create-roles.sh` and the jobs' scripts, run with the real AWS CLI against moto: the calls that arrive are the calls that are meant.

use std::fs;
use std::process::Output;

use claimcheck::generate::{Kind, trust_policy};
use claimcheck::setup::{Method, Setup, file};
use serde_json::{Value as Json, json};

use crate::jobs::scripts;
use crate::moto::{Call, Moto};
use crate::pipelines::runner;
use crate::programs::answer;
use crate::{common, folder, text};

/// Credentials, and a region for the calls that a person makes.
const ADMIN: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "AKIAADMIN"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_DEFAULT_REGION", "eu-west-1")];
/// The account that moto is.
const ACCOUNT: &str = "123456789012";

fn setup(account: &str, provider: &str) -> Setup {
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}`'\"/*" }],
    });
    let setup = json!({
        "version": 1,
        "aws": { "account_id": account, "region": "eu-west-1", "provider": provider },
        "roles": [{
            "name": "-gitlab",
            "path": "/ci/",
            "max_session_seconds": 7200,
            "permissions": ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"],
            "permissions_document": document,
            "scopes": [
                { "project": "mygroup/myrepo", "ref": "main", "project_id": "4711" },
                { "project": "mygroup/myrepo", "ref": "it's/`é`/${x}\"-*" },
            ],
        }],
    });
    file::read(&setup.to_string()).unwrap()
}

/// One account and the script for it.
struct Account {
    moto: Moto,
    setup: Setup,
}

impl Account {
    fn start(test: &str, setup: Setup) -> Option<Self> {
        let folder = folder(test);
        fs::write(folder.join("create-roles.sh"), text(&setup, Kind::AwsCli)).unwrap();
        Some(Self { moto: Moto::start(&folder)?, setup })
    }

    fn run_script(&mut self, arguments: &[&str]) -> Output {
        self.moto.calls();
        self.moto.command("sh").arg("create-roles.sh").args(arguments).envs(ADMIN).output().unwrap()
    }

    /// The provider, anew, with that client ID.
    fn provider_with(&self, audience: &str) {
        let arn = self.setup.provider_arn();
        self.aws("iam delete-open-id-connect-provider --open-id-connect-provider-arn", &arn);
        let list = json!([audience]).to_string();
        self.aws("iam create-open-id-connect-provider --url https://gitlab.com --client-id-list", &list);
    }

    fn assert_audience_added(&mut self) {
        let calls = self.moto.calls();
        let call = calls.iter().find(|it| it.action() == "AddClientIDToOpenIDConnectProvider");
        assert!(call.is_some(), "{calls:?}");
        let call = call.unwrap();
        assert_eq!(call.parameters["ClientID"], "https://gitlab.com");
        assert_eq!(call.parameters["OpenIDConnectProviderArn"], self.setup.provider_arn());
    }

    /// Runs the script: its status, what it said, and the calls that change something.
    fn run(&mut self, arguments: &[&str]) -> (Option<i32>, String, Vec<String>) {
        let output = self.run_script(arguments);
        let calls = self.moto.calls();
        assert!(calls.iter().all(|it| it.authorization.contains("AKIAADMIN")), "{calls:?}");
        let mut changes: Vec<String> = calls.iter().map(|it| it.action().to_owned()).collect();
        changes.retain(|it| !it.starts_with("Get") && !it.starts_with("List"));
        (output.status.code(), said(&output), changes)
    }

    /// A call by hand: words of the command line, and what may hold spaces.
    fn aws(&self, words: &str, last: &str) -> String {
        let mut command = self.moto.command("aws");
        let arguments = words.split(' ').chain([last]);
        answer(command.args(arguments).envs(ADMIN))
    }

    fn trust(&self) -> Json {
        serde_json::from_str(&trust_policy(&self.setup, &self.setup.roles()[0])).unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The same value with the members of each object the other way round.
fn reversed(value: &Json) -> Json {
    match value {
        Json::Object(members) => members.iter().rev().map(|(key, it)| (key.clone(), reversed(it))).collect(),
        Json::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_script_makes_what_is_missing_leaves_what_is_equal_and_shows_what_differs() {
    let Some(mut account) = Account::start("create-roles", setup(ACCOUNT, "create")) else { return };
    let (status, said, changes) = account.run(&[]);
    assert_eq!(status, Some(0), "{said}");
    let made = ["CreateOpenIDConnectProvider", "CreateRole", "AttachRolePolicy", "AttachRolePolicy", "PutRolePolicy"];
    assert_eq!(changes, made, "{said}");
    let role: Json = serde_json::from_str(&account.aws("iam get-role --role-name=-gitlab --output", "json")).unwrap();
    assert_eq!(role["Role"]["AssumeRolePolicyDocument"], account.trust());
    assert_eq!(role["Role"]["Arn"], account.setup.role_arn(&account.setup.roles()[0]));
    assert_eq!(role["Role"]["MaxSessionDuration"], 7200);
    let arn = account.setup.provider_arn();
    let provider =
        account.aws(&format!("iam get-open-id-connect-provider --open-id-connect-provider-arn {arn} --output"), "json");
    let provider: Json = serde_json::from_str(&provider).unwrap();
    assert_eq!((&provider["Url"], &provider["ClientIDList"]), (&"gitlab.com".into(), &json!(["https://gitlab.com"])));

    // The same document in another order of keys is the same.
    let other = reversed(&account.trust()).to_string();
    account.aws("iam update-assume-role-policy --role-name=-gitlab --policy-document", &other);
    let (status, said, changes) = account.run(&[]);
    assert_eq!((status, said.as_str(), changes.as_slice()), (Some(0), "All is as in the setup.\n", &[][..]));

    let wide = account.trust().to_string().replace("mygroup/myrepo", "mygroup/*");
    account.aws("iam update-assume-role-policy --role-name=-gitlab --policy-document", &wide);
    account.aws("iam update-role --role-name=-gitlab --max-session-duration", "3600");
    account
        .aws("iam attach-role-policy --role-name=-gitlab --policy-arn", "arn:aws:iam::aws:policy/AdministratorAccess");
    let none = json!({ "Version": "2012-10-17", "Statement": { "Effect": "Deny", "Action": "*", "Resource": "*" } })
        .to_string();
    account.aws("iam put-role-policy --role-name=-gitlab --policy-name other --policy-document", &none);
    account.aws("iam put-role-policy --role-name=-gitlab --policy-name=-gitlab --policy-document", &none);
    let (status, said, changes) = account.run(&[]);
    assert_eq!((status, changes.as_slice()), (Some(1), &[][..]), "{said}");
    for shown in [
        "trust policy: differs",
        "-                    \"gitlab.com:sub\": \"project_path:mygroup/*:ref_type:branch:ref:main\"",
        "+                    \"gitlab.com:sub\": \"project_path:mygroup/myrepo:ref_type:branch:ref:main\"",
        "longest session: differs",
        "-3600\n+7200\n",
        "managed policies: differs",
        "-    \"arn:aws:iam::aws:policy/AdministratorAccess\"",
        "inline policy: differs",
        "-    \"other\"",
        "nothing was changed; --update",
    ] {
        assert!(said.contains(shown), "{shown}\n{said}");
    }

    let (status, said, changes) = account.run(&["--update"]);
    assert_eq!(status, Some(0), "{said}");
    let changed = [
        "UpdateAssumeRolePolicy",
        "UpdateRole",
        "DetachRolePolicy",
        "AttachRolePolicy",
        "AttachRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
    ];
    assert_eq!(changes, changed, "{said}");
    let (status, said, changes) = account.run(&[]);
    assert_eq!((status, said.as_str(), changes.as_slice()), (Some(0), "All is as in the setup.\n", &[][..]));
}

#[test]
fn the_script_adds_the_audience_to_a_provider_that_is_there_only_when_told() {
    let Some(mut account) = Account::start("create-audience", setup(ACCOUNT, "create")) else { return };
    account.provider_with("other");
    let (status, said, changes) = account.run(&[]);
    assert_eq!((status, changes.as_slice()), (Some(1), &[][..]), "{said}");
    assert!(said.contains("is there, without the client ID \"https://gitlab.com\""), "{said}");
    // moto does not know this call, and there the script stops.
    let output = account.run_script(&["--update"]);
    assert!(!output.status.success());
    account.assert_audience_added();
}

#[test]
fn the_script_stops_before_another_account_and_without_the_provider_that_should_exist() {
    let Some(mut account) = Account::start("create-elsewhere", setup("210987654321", "create")) else { return };
    let (status, said, changes) = account.run(&["--update"]);
    assert_eq!((status, changes.as_slice()), (Some(1), &[][..]), "{said}");
    assert!(
        said.contains("these credentials are of the account 123456789012, and this script is for 210987654321"),
        "{said}"
    );
    let (status, said, _) = account.run(&["--force"]);
    assert!(status == Some(1) && said.contains("usage"), "{said}");
    drop(account);

    let Some(mut account) = Account::start("create-existing", setup(ACCOUNT, "existing")) else { return };
    let (status, said, changes) = account.run(&[]);
    assert_eq!((status, changes.as_slice()), (Some(1), &[][..]), "{said}");
    assert!(said.contains("there is no provider arn:aws:iam::123456789012:oidc-provider/gitlab.com"), "{said}");
    account.aws("iam create-open-id-connect-provider --url https://gitlab.com --client-id-list", "other");
    let (status, said, changes) = account.run(&["--update"]);
    assert_eq!((status, changes.as_slice()), (Some(1), &[][..]), "{said}");
    // What it says to do arrives as meant. moto knows no such call, so the rest is shown with a provider that has the audience.
    let line = said.lines().find(|it| it.contains("add-client-id")).unwrap_or_else(|| panic!("{said}")).to_owned();
    account.moto.calls();
    account.moto.command("sh").args(["-c", &line]).envs(ADMIN).output().unwrap();
    account.assert_audience_added();
    account.provider_with("https://gitlab.com");
    let (status, said, changes) = account.run(&[]);
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(changes, ["CreateRole", "AttachRolePolicy", "AttachRolePolicy", "PutRolePolicy"], "{said}");
}

/// Old keys, as they stand in CI/CD variables that nobody has removed yet.
const OLD: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "AKIAOLD"),
    ("AWS_SECRET_ACCESS_KEY", "old"),
    ("AWS_SESSION_TOKEN", "old"),
    ("AWS_PROFILE", "old"),
];
/// What GitLab sets in every job, and the token.
const JOB: [(&str, &str); 3] =
    [("CI_PROJECT_ID", "4711"), ("CI_JOB_ID", "8222997048"), ("GITLAB_OIDC_TOKEN", "eyJ.fake.token")];
/// A setup with each method.
const BOTH: [&str; 2] = ["contract-example", "existing-provider"];

/// The calls of a job of that setup, which ended well, are the calls that are meant, and no old key signed one.
fn assert_meant(setup: &Setup, calls: &[Call], said: &str) {
    let role = &setup.roles()[0];
    let session = format!("arn:aws:sts::{ACCOUNT}:assumed-role/{}/gitlab-4711-8222997048", role.name);
    assert!(said.contains(&format!("AWS says: {session}")), "{said}");
    assert!(calls.iter().all(|it| !it.authorization.contains("AKIAOLD")), "{calls:?}");
    let actions: Vec<&str> = calls.iter().map(Call::action).collect();
    // Surprise: with a token file a second start of the CLI exchanges nothing, as it keeps what it got under ~/.aws/cli/cache.
    assert_eq!(actions, ["AssumeRoleWithWebIdentity", "GetCallerIdentity", "GetCallerIdentity"], "{said}");
    let seconds = match setup.ci().method {
        Method::TokenFile => None,
        Method::AssumeRole { session_seconds } => Some(session_seconds.to_string()),
    };
    let sent = |name: &str| calls[0].parameters.get(name).cloned();
    assert_eq!(sent("RoleArn"), Some(setup.role_arn(role)));
    assert_eq!(sent("RoleSessionName").as_deref(), Some("gitlab-4711-8222997048"));
    assert_eq!(sent("WebIdentityToken").as_deref(), Some("eyJ.fake.token"));
    assert_eq!(sent("DurationSeconds"), seconds);
    assert_eq!(calls[0].authorization, "", "a token needs no signature");
    assert!(calls[1..].iter().all(|it| !it.authorization.is_empty()), "the role's credentials sign what follows");
}

#[test]
fn the_jobs_call_sts_as_meant_with_and_without_old_keys() {
    let folder = folder("jobs-for-real");
    let Some(mut moto) = Moto::start(&folder) else { return };
    for name in BOTH {
        let setup = common::setups().into_iter().find(|it| it.0 == name).unwrap().1;
        let script = format!("set -e\n{}", scripts(&setup).remove(0));
        for old in [&[][..], &OLD[..]] {
            let _ = fs::remove_dir_all(folder.join(".aws"));
            moto.calls();
            let mut command = moto.command("sh");
            command.args(["-c", &script]).envs(old.iter().copied()).envs(JOB);
            let output = command.output().unwrap();
            assert!(output.status.success(), "{name}: {}", said(&output));
            assert_meant(&setup, &moto.calls(), &said(&output));
        }
    }
}

#[test]
fn a_runner_takes_the_file_as_it_is_and_its_job_calls_sts_as_meant() {
    let folder = folder("jobs-by-a-runner");
    let Some(mut moto) = Moto::start(&folder) else { return };
    for name in BOTH {
        let setup = common::setups().into_iter().find(|it| it.0 == name).unwrap().1;
        let place = folder.join(name);
        let Some(mut command) = runner(&place, &text(&setup, Kind::GitlabCi)) else { return };
        let pipeline = [("CI_COMMIT_BRANCH", "main"), ("CI_COMMIT_REF_PROTECTED", "true")];
        command.args(["--force-shell-executor", "--no-shell-isolation", setup.ci().job.as_str()]);
        for (name, value) in pipeline.into_iter().chain(JOB).chain(OLD) {
            command.args(["--variable", &format!("{name}={value}")]);
        }
        command.args(["--ignore-predefined-vars", "CI_COMMIT_BRANCH,CI_COMMIT_REF_PROTECTED,CI_PROJECT_ID,CI_JOB_ID"]);
        moto.calls();
        moto.surround(&mut command, &place);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{name}: {}", said(&output));
        assert_meant(&setup, &moto.calls(), &said(&output));
    }
}
