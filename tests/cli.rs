//! The command as people and pipelines call it: arguments in, text and exit status out.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

const MAIN: &str = "project_path:mygroup/myrepo:ref_type:branch:ref:main";

/// What a call answered.
struct Answer {
    status: i32,
    out: String,
    err: String,
}

fn call(arguments: &[&str], input: &[u8]) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_claimcheck"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("its input");
    let input = input.to_vec();
    // A command that refuses early closes its input; what is left unread is no failure of the test.
    let writer = std::thread::spawn(move || _ = stdin.write_all(&input));
    let output = child.wait_with_output().expect("the command ends");
    writer.join().expect("the input was written");
    Answer {
        status: output.status.code().expect("an exit status"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn setup(name: &str) -> String {
    format!("{}/tests/setups/{name}.json", env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own for one test, with a file in it.
fn file(test: &str, name: &str, text: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{test}"));
    fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    fs::write(&path, text).expect("a file");
    path.to_string_lossy().into_owned()
}

fn policy(test: &str) -> String {
    let answer = call(&["generate", &setup("one-scope"), "--only", "trust-policy"], b"");
    assert_eq!(answer.status, 0, "{}", answer.err);
    file(test, "policy.json", &answer.out)
}

fn payload(sub: &str) -> String {
    format!(
        r#"{{"iss":"https://gitlab.com","aud":"https://gitlab.com","sub":"{sub}","iat":1795168800,"exp":1795172400}}"#
    )
}

#[test]
fn a_token_is_allowed_denied_or_undecided_and_the_status_says_so() {
    let policy_file = policy("status");
    let json = |arguments: &[&str], token: &str| {
        let mut all = vec!["check", "--policy", &policy_file, "--token", "-", "--format", "json"];
        all.extend(arguments);
        let answer = call(&all, token.as_bytes());
        (answer.status, serde_json::from_str::<serde_json::Value>(&answer.out).unwrap_or_default())
    };
    let (status, verdict) = json(&["--now", "issued"], &payload(MAIN));
    assert_eq!((status, &verdict["allowed"], &verdict["stage"]), (0, &true.into(), &"credentials".into()));
    let (status, verdict) = json(&["--now", "issued"], &payload(&MAIN.replace("main", "dev")));
    assert_eq!((status, &verdict["stage"]), (1, &"trust-policy".into()));
    assert_eq!(verdict["error"]["message"], "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    let (status, verdict) = json(&["--now", "1795172700"], &payload(MAIN));
    assert_eq!(
        (status, &verdict["stage"], &verdict["error"]["code"]),
        (1, &"time".into(), &"ExpiredTokenException".into())
    );
    let (status, verdict) = json(&["--now", "issued", "--audience", "other"], &payload(MAIN));
    assert_eq!((status, &verdict["stage"]), (1, &"audience".into()));
    let (status, verdict) = json(&["--now", "issued", "--provider", "https://gitlab.example.com"], &payload(MAIN));
    assert_eq!((status, &verdict["stage"]), (1, &"provider".into()));
    let (status, verdict) = json(&["--now", "issued", "--account", "210987654321"], &payload(MAIN));
    assert_eq!((status, &verdict["stage"]), (1, &"trust-policy".into()));
    assert_eq!(verdict["statements"][0]["principal"]["matched"], false);
    for field in ["id", "allowed", "stage", "error", "also", "depends_on", "refused_by_iam", "statements", "findings"] {
        assert!(verdict.get(field).is_some(), "{field}");
    }
}

#[test]
fn a_verdict_tells_what_is_wrong_with_the_policy() {
    let role = |name: &str, sub: &str| {
        format!(
            r#"{{"RoleName": "{name}", "AssumeRolePolicyDocument": {{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
  "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}, "Action": "sts:AssumeRoleWithWebIdentity",
  "Condition": {{"StringLike": {{"gitlab.com:sub": "{sub}"}}, "StringEquals": {{"gitlab.com:aud": "https://gitlab.com", "gitlab.com:project_id": "4711"}}}}}}]}}}}"#
        )
    };
    let wide = role("wide", "project_path:mygroup/myrepo:ref_type:branch:ref:*");
    let text = format!("[{},\n{wide}]", role("other", "project_path:*"));
    let policies = file("with-findings", "roles.json", &text);
    let base = ["check", "--policy", &policies, "--token", "-", "--now", "issued", "--format", "json", "--role"];
    let findings = |role: &str| -> serde_json::Value {
        let answer = call(&[&base[..], &[role]].concat(), payload(MAIN).as_bytes());
        let verdict: serde_json::Value = serde_json::from_str(&answer.out).expect("a verdict");
        verdict["findings"].clone()
    };
    let found = findings("wide");
    let ids: Vec<_> = found.as_array().expect("a list").iter().map(|it| it["rule"].as_str().expect("a rule")).collect();
    assert_eq!(ids, ["subject-any-branch"]);
    let pattern = text.lines().position(|it| it.contains("ref:*")).expect("its line") + 1;
    let is = (&found[0]["severity"], &found[0]["path"], &found[0]["line"]);
    let path = "Statement[0].Condition.StringLike.gitlab.com:sub";
    assert_eq!(is, (&"high".into(), &path.into(), &pattern.into()));
    let ids = findings("other");
    assert!(ids.as_array().expect("a list").iter().all(|it| it["rule"] != "subject-any-branch"), "{ids}");
}

#[test]
fn what_hangs_on_the_request_is_status_3_until_it_is_given() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}}"#;
    let policy = file("depends", "policy.json", text);
    let base = ["check", "--policy", &policy, "--token", "-", "--now", "issued"];
    let with = |more: &[&str]| call(&[&base[..], more].concat(), payload(MAIN).as_bytes());
    let answer = with(&[]);
    assert_eq!(answer.status, 3);
    assert!(answer.out.contains("aws:RequestedRegion"), "{}", answer.out);
    assert_eq!(with(&["--context", "aws:RequestedRegion=eu-west-1"]).status, 0);
    assert_eq!(with(&["--context", "aws:RequestedRegion=us-east-1"]).status, 1);
    let answer = with(&["--context", "gitlab.com:sub=x"]);
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("the token sets `gitlab.com:sub` already"), "{}", answer.err);
    let regional = ["--context", "aws:RequestedRegion=eu-west-1"];
    assert!(!with(&regional).out.contains("as you gave it"));
    let answer = with(&[&regional[..], &["--context", "aws:PrincipalOrgID=o-1"]].concat());
    assert!(
        answer.out.contains("the answer is for a request that has `aws:PrincipalOrgID` as you gave it"),
        "{}",
        answer.out
    );
}

#[test]
fn what_cannot_be_read_is_status_2_with_its_place() {
    let policy_file = policy("unreadable");
    for (policy, token, words) in [
        ("{\"a\": ", "{}", "line 1, column"),
        (
            &fs::read_to_string(&policy_file).expect("a policy"),
            "{\"iss\": \"x\", \"https://aws.amazon.com/tags\": {}}",
            "not evaluated: the claim `https://aws.amazon.com/tags`",
        ),
        (&fs::read_to_string(&policy_file).expect("a policy"), "no token", "neither a JWT nor a JSON object"),
    ] {
        let file = file("unreadable", "p.json", policy);
        let answer = call(&["check", "--policy", &file, "--token", "-"], token.as_bytes());
        assert_eq!(answer.status, 2);
        assert!(answer.err.contains(words) && answer.out.is_empty(), "{}", answer.err);
    }
    assert_eq!(call(&["check", "--policy", "no-such-file", "--token", "-"], b"").status, 2);
    assert_eq!(call(&["check"], b"").status, 2);
    assert_eq!(call(&["conjure"], b"").status, 2);
    let answer = call(&["check", "--policy", &policy_file, "--token", "-"], &[0xff, 0xfe]);
    assert!(answer.status == 2 && answer.err.contains("not UTF-8"), "{}", answer.err);
}

#[test]
fn a_provider_is_named_by_its_url_or_as_iam_prints_it_and_an_audience_is_some_text() {
    let policy_file = policy("provider");
    let check = |flag: &str, value: &str| {
        let all = ["check", "--policy", &policy_file, "--token", "-", "--now", "issued", flag, value];
        let answer = call(&all, payload(MAIN).as_bytes());
        (answer.status, answer.err)
    };
    for (value, status) in
        [("https://gitlab.com", 0), ("gitlab.com", 0), ("gitlab.example.com", 1), ("", 2), ("http://gitlab.com", 2)]
    {
        assert_eq!(check("--provider", value).0, status, "{value}");
    }
    assert_eq!((check("--audience", "").0, check("--audience", "other").0), (2, 1));
    let (status, problem) = check("--context", "aws:CurrentTime=2026-01-01T00:00:00Z");
    assert_eq!(status, 2);
    assert!(problem.contains("--now"), "{problem}");
}

#[test]
fn json_that_is_no_policy_is_status_2_and_a_policy_with_a_mistake_is_refused() {
    let check = |policy: &str| {
        call(&["check", "--policy", "-", "--token", &file("foreign", "t.json", &payload(MAIN))], policy.as_bytes())
    };
    for text in [
        "1",
        "null",
        "[]",
        r#"{"version": 4, "terraform_version": "1.9.0", "resources": []}"#,
        r#"{"name": "x", "version": "1.0.0"}"#,
        "{\"Version\": \"2012-10-17\",\u{a0}\"Statement\": []}",
    ] {
        let answer = check(text);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{text}");
    }
    assert!(check("{\"Version\":\u{a0}\"2012-10-17\", \"Statement\": []}").err.contains("U+00A0"));
    for text in ["{}", r#"{"Version": "2012-10-17"}"#, r#"{"Statements": [], "More": 1}"#, r#"{"Statement": "\u00a0"}"#]
    {
        assert_eq!(check(text).status, 1, "{text}");
    }
}

#[test]
fn what_is_printed_for_people_commands_no_terminal() {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Sid": "\u001b[2J", "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"gitlab.com:\u001b]0;x\u0007sub": "\u0000\u202e", "gitlab.com:sub": "\u001b[31m"}}}]}"#;
    let token = file("terminal", "t.json", &payload("\\u001b]0;y\\u0007"));
    let answer = call(&["check", "--policy", "-", "--token", &token], policy.as_bytes());
    assert_eq!(answer.status, 1, "{}", answer.err);
    assert!(answer.out.contains("\\u{1b}[2J") && answer.out.contains("\\u{1b}]0;y"), "{}", answer.out);
    assert!(!answer.out.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}'), "{:?}", answer.out);
}

#[test]
fn streams_answer_line_by_line_and_end_with_the_worst() {
    let policy = policy("stream");
    let lines = [payload(MAIN), "garbage".to_owned(), payload(&MAIN.replace("main", "dev"))].join("\n");
    let tokens = |input: &str| {
        call(&["check", "--policy", &policy, "--tokens", "-", "--now", "issued", "--format", "json"], input.as_bytes())
    };
    let answer = tokens(&lines);
    let rows: Vec<serde_json::Value> = answer.out.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    assert_eq!((answer.status, rows.len()), (2, 3));
    assert_eq!(rows[0]["allowed"], true);
    assert_eq!((&rows[1]["unreadable"]["line"], &rows[1]["unreadable"]["column"]), (&2.into(), &1.into()));
    assert_eq!(rows[2]["allowed"], false);
    assert!(rows[0].get("findings").is_none(), "streams leave findings out");
    assert_eq!(tokens(&payload(MAIN)).status, 0);
    assert_eq!(tokens(&payload("x")).status, 1);

    let policy: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&policy).expect("a policy")).expect("JSON");
    let case = |id: &str, sub: &str| {
        serde_json::json!({ "id": id, "policy": policy, "token": serde_json::from_str::<serde_json::Value>(&payload(sub)).expect("JSON"), "now": 1_795_168_900 }).to_string()
    };
    let mut undecided: serde_json::Value = serde_json::from_str(&case("c", MAIN)).expect("JSON");
    undecided["policy"]["Statement"][0]["Condition"]["StringEquals"]["aws:RequestedRegion"] = "x".into();
    let mut given = undecided.clone();
    given["context"] = serde_json::json!({ "aws:RequestedRegion": "x" });
    let lines = [case("a", MAIN), case("b", "x"), undecided.to_string(), given.to_string()].join("\n");
    let answer = call(&["check", "--cases", "-", "--format", "json"], lines.as_bytes());
    let rows: Vec<serde_json::Value> = answer.out.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    assert_eq!(
        rows.iter().map(|it| it["allowed"].clone()).collect::<Vec<_>>(),
        [true.into(), false.into(), serde_json::Value::Null, true.into()]
    );
    assert_eq!((&rows[0]["id"], answer.status), (&"a".into(), 3));
    let answer = call(
        &["check", "--cases", "-", "--format", "json"],
        b"{\"id\": 7, \"polcy\": {}}\n{\"id\": 8, \"policy\": {}, \"token\": 3}",
    );
    let rows: Vec<serde_json::Value> = answer.out.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    assert_eq!((&rows[0]["id"], &rows[0]["unreadable"]["column"]), (&7.into(), &11.into()));
    assert_eq!((&rows[1]["id"], answer.status), (&8.into(), 2));
}

#[test]
fn generate_writes_every_file_and_overwrites_nothing_unasked() {
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cli-generate-out");
    _ = fs::remove_dir_all(&out);
    let folder = out.to_string_lossy().into_owned();
    let arguments = ["generate", &setup("contract-example"), "--out", &folder];
    let answer = call(&arguments, b"");
    assert_eq!(answer.status, 0, "{}", answer.err);
    assert!(answer.err.contains("note: roles[0].scopes[1].ref"), "{}", answer.err);
    for name in ["claimcheck.json", "trust-policy-gitlab-prod-deploy.json", "main.tf", ".gitlab-ci.yml"] {
        assert!(out.join(name).exists(), "{name}");
    }
    assert_eq!(call(&arguments, b"").status, 0, "the same again is no difference");
    fs::write(out.join("main.tf"), "mine").expect("a file");
    let answer = call(&arguments, b"");
    assert_eq!(answer.status, 1);
    assert!(answer.err.contains("main.tf") && answer.err.contains("--force"), "{}", answer.err);
    assert_eq!(fs::read_to_string(out.join("main.tf")).expect("a file"), "mine");
    assert_eq!(call(&[&arguments[..], &["--force"]].concat(), b"").status, 0);
    assert_ne!(fs::read_to_string(out.join("main.tf")).expect("a file"), "mine");
}

#[test]
fn a_role_has_to_be_named_where_there_are_several() {
    let several = setup("several-roles");
    let answer = call(&["generate", &several, "--only", "trust-policy"], b"");
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("--role"), "{}", answer.err);
    let answer = call(&["generate", &several, "--only", "trust-policy", "--role", "nobody"], b"");
    assert!(answer.status == 2 && answer.err.contains("no role `nobody`"), "{}", answer.err);
    assert_eq!(call(&["generate", &several, "--only", "terraform"], b"").status, 0);
    assert_eq!(call(&["generate", &several, "--only", "sonnet"], b"").status, 2);
    assert_eq!(call(&["generate", &several], b"").status, 2);
}

#[test]
fn a_link_is_made_and_read_back() {
    let link = call(&["share", &setup("pins"), "--base", "https://claims.example/"], b"").out;
    assert!(link.starts_with("https://claims.example/#1."), "{link}");
    let opened = call(&["open", link.trim()], b"");
    let again = call(&["share", "-"], opened.out.as_bytes());
    assert_eq!(link.trim().split_once('#').map(|it| it.1), again.out.trim().strip_prefix('#'));
    let answer = call(&["open", "#2.abc"], b"");
    assert!(answer.status == 2 && answer.err.contains("version 2"), "{}", answer.err);
}

#[test]
fn a_broken_setup_is_one_message_with_every_place() {
    let text = fs::read_to_string(setup("contract-example"))
        .expect("a setup")
        .replace("123456789012", "1234")
        .replace("main", "ma in");
    let answer = call(&["generate", "-", "--only", "terraform"], text.as_bytes());
    assert_eq!(answer.status, 2);
    assert!(answer.out.is_empty());
    assert!(
        answer.err.contains("aws.account_id: AWS account ids have 12 digits")
            && answer.err.contains("scopes[0].ref: git takes no space"),
        "{}",
        answer.err
    );
}

#[test]
fn a_hostile_token_is_refused_without_being_repeated() {
    let policy = policy("hostile");
    let secret = format!("eyJhbGciOiJIUzI1NiJ9.{}.SIGNATURE", "QUJD".repeat(250_000));
    let answer = call(&["check", "--policy", &policy, "--token", "-"], secret.as_bytes());
    assert_eq!(answer.status, 2);
    assert!(
        answer.err.len() < 400 && !answer.err.contains("QUJDQUJD") && !answer.err.contains("SIGNATURE"),
        "{}",
        answer.err
    );
    for wild in ["[".repeat(200_000), "{\"a\":".repeat(100_000), "\u{202e}{}".to_owned(), "\0".repeat(100)] {
        let answer = call(&["check", "--policy", &policy, "--token", "-"], wild.as_bytes());
        assert!(answer.status == 2 && answer.err.len() < 400, "{}", answer.err);
    }
}

#[test]
fn a_setup_in_the_place_of_a_policy_brings_remedies() {
    let setup_file = setup("one-scope");
    let base = ["check", "--setup", &setup_file, "--token", "-", "--now", "issued"];
    let with = |more: &[&str], sub: &str| call(&[&base[..], more].concat(), payload(sub).as_bytes());
    let dev = MAIN.replace("main", "dev");
    let answer = with(&[], &dev);
    assert_eq!(answer.status, 1, "{}", answer.err);
    let remedy =
        "remedy, an edit: Add a scope for branch `dev`\n  Lets in whoever can run a pipeline on the branch `dev`";
    assert!(
        answer.out.contains(remedy) && answer.out.contains("remedy, with care: Let any branch in"),
        "{}",
        answer.out
    );
    let answer = with(&["--format", "json"], &dev);
    let verdict: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((answer.status, verdict["remedies"].as_array().expect("a list").len()), (1, 2));
    let first = &verdict["remedies"][0];
    assert_eq!((&first["title"], &first["caution"]), (&"Add a scope for branch `dev`".into(), &false.into()));
    let mended = file("remedies", "mended.json", &first["setup"].to_string());
    assert_eq!(
        call(&["check", "--setup", &mended, "--token", "-", "--now", "issued"], payload(&dev).as_bytes()).status,
        0
    );
    let answer = with(&["--format", "json"], MAIN);
    let verdict: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((answer.status, &verdict["remedies"]), (0, &serde_json::json!([])));
    // Advice has no setup, and a policy of one's own is edited itself.
    let answer = call(
        &["check", "--setup", &setup_file, "--token", "-", "--now", "1795999999", "--format", "json"],
        payload(MAIN).as_bytes(),
    );
    let verdict: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!((&verdict["stage"], &verdict["remedies"][0]["setup"]), (&"time".into(), &serde_json::Value::Null));
    let policy_file = policy("remedies");
    let answer = call(
        &["check", "--policy", &policy_file, "--token", "-", "--now", "issued", "--format", "json"],
        payload(&dev).as_bytes(),
    );
    let verdict: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert!(answer.status == 1 && verdict.get("remedies").is_none(), "{}", answer.out);
    let edit = &verdict["edits"][0];
    assert!(edit["title"].as_str().is_some_and(|it| it.starts_with("Add ")), "{edit}");
    assert_eq!(verdict["nearest_token"]["sub"], MAIN);
    let (mut edited, mut changes) =
        (fs::read_to_string(&policy_file).expect("the policy"), edit["changes"].as_array().expect("a list").clone());
    changes.sort_by_key(|it| std::cmp::Reverse(it["start"].as_u64()));
    for it in &changes {
        let at = |name: &str| it[name].as_u64().expect("a number") as usize;
        edited.replace_range(at("start")..at("end"), it["text"].as_str().expect("a text"));
    }
    let mended = file("remedies", "mended-policy.json", &edited);
    let check = ["check", "--policy", &mended, "--token", "-", "--now", "issued"];
    assert_eq!(call(&check, payload(&dev).as_bytes()).status, 0, "{edited}");
    let answer =
        call(&["check", "--policy", &policy_file, "--token", "-", "--now", "issued"], payload(&dev).as_bytes());
    assert!(
        answer.out.contains("\nremedy, ") && answer.out.contains("the nearest token that this policy admits"),
        "{}",
        answer.out
    );
    assert!(answer.out.contains(": insert ,\n"), "typed in as it is shown it is a list's next item: {}", answer.out);
}

#[test]
fn a_setup_says_which_role_account_and_audience() {
    let several = setup("several-roles");
    let check = |more: &[&str]| {
        let base = ["check", "--setup", several.as_str(), "--token", "-", "--now", "issued"];
        call(&[&base[..], more].concat(), payload(MAIN).as_bytes())
    };
    let answer = check(&[]);
    assert!(answer.status == 2 && answer.err.contains("one of `gitlab-prod`, `gitlab-review`"), "{}", answer.err);
    let answer = check(&["--role", "nobody"]);
    assert!(answer.status == 2 && answer.err.contains("no role `nobody`"), "{}", answer.err);
    let answer = check(&["--role", "gitlab-prod"]);
    assert!(answer.status == 1 && answer.out.contains("DENIED at audience"), "{}", answer.out);
    for (flag, value) in
        [("--audience", "x"), ("--provider", "https://gitlab.com"), ("--account", "123456789012"), ("--policy", "x")]
    {
        assert_eq!(check(&["--role", "gitlab-prod", flag, value]).status, 2, "{flag}");
    }
    assert_eq!(call(&["check", "--role", "x", "--policy", "x", "--token", "-"], b"").status, 2);
    // A stream has the setup's policy too, and no remedies.
    let one = setup("one-scope");
    let answer = call(
        &["check", "--setup", &one, "--tokens", "-", "--now", "issued", "--format", "json"],
        payload(MAIN).as_bytes(),
    );
    assert!(answer.status == 0 && !answer.out.contains("remedies"), "{}", answer.out);
}

#[test]
fn a_policy_is_read_out_of_what_holds_it() {
    let text = fs::read_to_string(policy("holds")).expect("the policy");
    let account = text.split("iam::").nth(1).and_then(|it| it.split(':').next()).expect("an account");
    let text = text.replace(account, "123456789012");
    let role = |name: &str, sub: &str| {
        let policy = text.replace("mygroup/myrepo", sub);
        format!(
            r#"{{"RoleName": "{name}", "Arn": "arn:aws:iam::123456789012:role/{name}", "AssumeRolePolicyDocument": {policy}}}"#
        )
    };
    let two = format!(r#"{{"Roles": [{}, {}]}}"#, role("good", "mygroup/myrepo"), role("other", "else/where"));
    let path = file("holds", "roles.json", &two);
    let check = |more: &[&str], token: &str| {
        let mut all = vec!["check", "--policy", &path, "--token", "-", "--now", "issued"];
        all.extend(more);
        call(&all, token.as_bytes())
    };
    let answer = check(&["--role", "good"], &payload(MAIN));
    assert_eq!(answer.status, 0, "{}{}", answer.out, answer.err);
    assert_eq!(check(&["--role", "other"], &payload(MAIN)).status, 1);
    let answer = check(&[], &payload(MAIN));
    assert_eq!(answer.status, 2);
    assert!(answer.err.contains("`good`, `other`"), "{}", answer.err);
    let answer = check(&["--role", "gone"], &payload(MAIN));
    assert!(answer.status == 2 && answer.err.contains("no role `gone`"), "{}", answer.err);
    assert_eq!(check(&["--role", "good", "--var", "account_id"], &payload(MAIN)).status, 2);
    let event = format!(
        r#"{{"eventName": "AssumeRoleWithWebIdentity", "eventTime": "2026-11-20T10:00:00Z", "userIdentity": {{"userName": "{MAIN}",
          "principalId": "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:{MAIN}",
          "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}}}"#
    );
    let answer = check(&["--role", "good"], &format!(r#"{{"Records": [{{"eventName": "Decrypt"}}, {event}]}}"#));
    assert_eq!(answer.status, 0, "{}{}", answer.out, answer.err);
    let token = file("holds", "token.json", &payload(MAIN));
    let answer = call(&["check", "--policy", &token, "--token", &token], b"");
    assert!(answer.status == 2 && answer.err.contains("this is a token: expected a trust policy"), "{}", answer.err);
}

#[test]
fn a_jobs_log_tells_its_error_and_with_a_policy_which_cause_it_is() {
    let log = "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity\n";
    let answer = call(&["doctor", "-"], log.as_bytes());
    assert_eq!(answer.status, 1);
    assert!(answer.out.starts_with("not-authorized, line 1\n"), "{}", answer.out);
    let answer = call(&["doctor", "-", "--format", "json"], log.as_bytes());
    let json: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(json["errors"][0]["stages"][0], "trust-policy");
    let answer = call(&["doctor", "-"], b"Job succeeded");
    assert!(answer.status == 2 && answer.err.contains("no error that is known here"), "{}", answer.err);

    let (policy, log) = (policy("log"), file("log", "job.log", log));
    let base = ["check", "--policy", &policy, "--token", "-", "--log", &log];
    let denied = call(&base, payload(&MAIN.replace("main", "dev")).as_bytes());
    assert!(denied.status == 1 && denied.out.contains("  yes the trust policy has no statement"), "{}", denied.out);
    let allowed = call(&base, payload(MAIN).as_bytes());
    assert!(allowed.status == 0 && allowed.out.contains("the policy in the account differs"), "{}", allowed.out);
    let over = "An error occurred (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity operation: Token expired: current date/time 1764010000 must be before the expiration date/time 1764003600";
    let over = file("log", "over.log", over);
    let expired = call(&["check", "--policy", &policy, "--token", "-", "--log", &over], payload(MAIN).as_bytes());
    assert!(expired.status == 1 && expired.out.contains("the token expired at"), "{}", expired.out);
}

#[test]
fn a_log_of_a_time_error_is_judged_at_the_jobs_time() {
    let policy = policy("log-time");
    let at = |name: &str, log: &str, token: &str| {
        let log = file("log-time", name, log);
        let base = ["check", "--policy", &policy, "--token", "-", "--format", "json", "--log", &log];
        let answer = call(&base, token.as_bytes());
        serde_json::from_str::<serde_json::Value>(&answer.out).expect("JSON")
    };
    let holds = |json: &serde_json::Value| json["log"][0]["causes"][0]["holds"].clone();
    let main = payload(MAIN);
    // By STS's own time, which it prints five minutes early or late.
    let expired = "Token expired: current date/time 1795172500 must be before the expiration date/time 1795172400";
    let json = at("expired.log", expired, &main);
    assert!(json["error"]["message"].as_str().unwrap().contains("1795172500"), "{json}");
    assert_eq!((holds(&json), json["log"][0]["compared"].is_string()), (true.into(), true));
    // Of a token of the future it prints no time of its own.
    let json = at("future.log", "Token issued in the future: 1795168800", &main);
    assert_eq!((&json["stage"], holds(&json)), (&"time".into(), true.into()), "{json}");
    let early = main.replace("\"exp\"", "\"nbf\":1795168795,\"exp\"");
    let log = "Token not yet valid: current date/time 1795168700 must be after or equal to the not-before date/time 1795168795";
    let json = at("early.log", log, &early);
    assert_eq!((&json["stage"], holds(&json)), (&"time".into(), true.into()), "{json}");
    // By the runner's mark.
    let cut = "2026-11-20T11:30:00.000000Z 00O (ExpiredTokenException) when calling the AssumeRoleWithWebIdentity";
    let json = at("cut.log", cut, &main);
    assert!(json["error"]["message"].as_str().unwrap().contains("current date/time 1795173900 "), "{json}");
    // Where neither tells it, a token that has expired by now is no cause, nor one that was made after the log.
    for (name, mark) in [("unknown.log", ""), ("before.log", "2026-11-20T08:00:00.000000Z 00O ")] {
        let json = at(name, &format!("{mark}InvalidIdentityToken: (cut here"), &main);
        let causes = json["log"][0]["causes"].as_array().unwrap();
        let of_time = causes.iter().find(|it| it["what"].as_str().unwrap().contains("too old")).unwrap();
        assert!(of_time["holds"].is_null() && of_time["why"].as_str().unwrap().contains("--now"), "{json}");
    }
}

#[test]
fn a_remark_on_a_record_is_in_the_json_too() {
    let role = get_role("remark", "123456789012", "deploy", "");
    let base = ["check", "--policy", &role, "--token", "-", "--format", "json"];
    let json = |record: &str| {
        let answer = call(&base, record.as_bytes());
        serde_json::from_str::<serde_json::Value>(&answer.out).expect("JSON")
    };
    let other = json(&record("other", ""));
    assert!(other["remark"].as_str().unwrap().contains("the record is of another role"), "{other}");
    assert!(json(&record("deploy", ""))["remark"].is_null());
}

#[test]
fn a_provider_in_the_same_file_tells_its_client_ids() {
    let role = |ids: &str| {
        format!(
            r#"resource "aws_iam_openid_connect_provider" "gitlab" {{
  url            = "https://gitlab.com"
  client_id_list = {ids}
}}
resource "aws_iam_role" "deploy" {{
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = {{ Federated = aws_iam_openid_connect_provider.gitlab.arn }}
      Condition = {{ StringEquals = {{ "gitlab.com:sub" = "{MAIN}" }} }}
    }}]
  }})
}}
"#
        )
    };
    for (ids, extra, status, words) in [
        (r#"["https://gitlab.com"]"#, [].as_slice(), 0, "ALLOWED"),
        (r#"["sts.amazonaws.com"]"#, &[], 1, "DENIED at audience"),
        (r#"["sts.amazonaws.com"]"#, &["--audience", "https://gitlab.com"], 0, "ALLOWED"),
        ("[var.audience]", &[], 0, "ALLOWED"),
    ] {
        let file = file("client-ids", "main.tf", &role(ids));
        let base = ["check", "--policy", &file, "--token", "-", "--now", "issued"];
        let answer = call(&[&base[..], extra].concat(), payload(MAIN).as_bytes());
        assert!(answer.status == status && answer.out.starts_with(words), "{ids}: {}{}", answer.out, answer.err);
    }
}

/// A call of the role in account 123456789012, as CloudTrail records it, with other fields before the end.
fn record(role: &str, more: &str) -> String {
    format!(
        r#"{{"eventName": "AssumeRoleWithWebIdentity", "eventTime": "2026-11-20T10:00:00Z", "recipientAccountId": "123456789012",
          "userIdentity": {{"userName": "{MAIN}", "principalId": "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:{MAIN}",
          "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},
          "requestParameters": {{"roleArn": "arn:aws:iam::123456789012:role/ci/{role}"}}{more}}}"#
    )
}

/// What `get-role` prints of a role for the branch `main`.
fn get_role(test: &str, account: &str, name: &str, condition: &str) -> String {
    let text = format!(
        r#"{{"Role": {{"RoleName": "{name}", "Arn": "arn:aws:iam::{account}:role/ci/{name}", "AssumeRolePolicyDocument": {{"Version": "2012-10-17",
          "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
          "Principal": {{"Federated": "arn:aws:iam::{account}:oidc-provider/gitlab.com"}},
          "Condition": {{"StringEquals": {{"gitlab.com:sub": "{MAIN}"}}{condition}}}}}]}}}}}}"#
    );
    file(test, &format!("{name}-{account}.json"), &text)
}

#[test]
fn a_record_tells_its_role_and_account() {
    let denied = r#", "errorCode": "AccessDenied""#;
    let check = |account: &str, name: &str, more: &[&str], record: &str| {
        let policy = get_role("record", account, name, "");
        let answer = call(&[&["check", "--policy", &policy, "--token", "-"], more].concat(), record.as_bytes());
        (answer.status, answer.out + &answer.err)
    };
    let (status, out) = check("123456789012", "deploy", &[], &record("deploy", ""));
    assert!(status == 0 && !out.contains("the record"), "{out}");
    let (status, out) = check("999999999999", "deploy", &[], &record("deploy", ""));
    assert!(status == 1 && out.contains("the record is of another account, 123456789012"), "{out}");
    let given = ["--account", "999999999999"];
    let (status, out) = check("999999999999", "deploy", &given, &record("deploy", ""));
    assert!(status == 0 && out.contains("the record is of another account"), "{out}");
    let without = record("deploy", "").replace("\"recipientAccountId\": \"123456789012\",", "");
    assert_eq!(check("999999999999", "deploy", &[], &without).0, 1);
    let (status, out) = check("123456789012", "other", &[], &record("deploy", denied));
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("the record is of another role, `deploy`: the policy is that of `other`"), "{out}");
    assert!(!out.contains("changed since"), "{out}");
    let (status, out) = check("123456789012", "deploy", &[], &record("deploy", denied));
    assert_eq!(status, 0, "{out}");
    assert!(
        out.contains("the policy has changed since, the role or the policy was saved only seconds before"),
        "{out}"
    );
    let answer =
        call(&["check", "--setup", &setup("one-scope"), "--token", "-"], record("gitlab-deploy", denied).as_bytes());
    assert!(answer.status == 1 && answer.out.contains("the record is of another account"), "{}", answer.out);
    assert!(!answer.out.contains("remedy"), "{}", answer.out);
}

#[test]
fn a_record_tells_the_region_the_address_and_the_program_of_the_call() {
    let condition = r#", "StringLike": {"aws:RequestedRegion": "eu-west-1", "aws:UserAgent": "aws-cli/*"}, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#;
    let policy = get_role("request", "123456789012", "deploy", condition);
    let check = |region: &str, address: &str, more: &str| {
        let fields = format!(
            r#", "awsRegion": "{region}", "sourceIPAddress": "{address}", "userAgent": "aws-cli/2.31.0"{more}"#
        );
        let answer = call(&["check", "--policy", &policy, "--token", "-"], record("deploy", &fields).as_bytes());
        (answer.status, answer.out)
    };
    let (status, out) = check("eu-west-1", "203.0.113.7", "");
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("`aws:RequestedRegion` is what the record says; AWS documents the key"), "{out}");
    assert_eq!(check("us-east-1", "203.0.113.7", "").0, 1);
    assert_eq!(check("eu-west-1", "198.51.100.7", "").0, 1);
    for (address, more) in [("cloudformation.amazonaws.com", ""), ("203.0.113.7", r#", "vpcEndpointId": "vpce-1""#)] {
        let (status, out) = check("eu-west-1", address, more);
        assert!(status == 3 && out.contains("it depends on `aws:SourceIp`"), "{out}");
    }
    let given = ["check", "--policy", &policy, "--token", "-", "--context", "aws:RequestedRegion=us-east-1"];
    let answer = call(&given, record("deploy", r#", "awsRegion": "eu-west-1""#).as_bytes());
    assert!(
        answer.status == 2 && answer.err.contains("the record sets `aws:RequestedRegion` already"),
        "{}",
        answer.err
    );
}

#[test]
fn the_way_to_a_cause_is_told_where_check_can_tell_it() {
    for (log, is_told) in [
        ("Not authorized to perform sts:AssumeRoleWithWebIdentity", true),
        ("jq: command not found", false),
        ("Unable to locate credentials", false),
    ] {
        let answer = call(&["doctor", "-"], log.as_bytes());
        assert_eq!((answer.status, answer.out.contains("which of them it is")), (1, is_told), "{}", answer.out);
    }
}
