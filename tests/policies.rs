//! Whole policies with the answer that AWS's text gives, as data: `tests/cases/policies.jsonl`.
//!
//! `want` is true, false, or null where what decides was not given or AWS has not confirmed it, or why there is no verdict. Each case is
//! the same token of a job on `main` of `mygroup/myrepo`, with the claims of `token` in the place of its own, one minute after it was
//! issued; or the CloudTrail record of a call. `refused` is what IAM would not save today, all of it;
//! `registered`, where it is `open`, that providers and client IDs are not given.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use claimcheck::aws::AccountId;
use claimcheck::aws::policy::read;
use claimcheck::document::json;
use claimcheck::source;
use claimcheck::verdict::{Circumstances, evidence_of, is_allowed, judge, malformed};
use serde_json::{Value, json};

const ISSUED: i64 = 1_795_168_800;

fn token(change: &Value) -> String {
    let mut claims = json!({
        "iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": "project_path:mygroup/myrepo:ref_type:branch:ref:main",
        "project_id": "4711", "namespace_id": "72", "ref_protected": "true", "pipeline_source": "push", "user_access_level": null,
        "user_login": "alice", "user_email": "a@x.org", "user_id": "9", "runner_environment": "gitlab-hosted",
        "iat": ISSUED, "exp": ISSUED + 3_600, "ref": "main", "project_path": "mygroup/myrepo"
    });
    if let Some(change) = change.as_object() {
        claims.as_object_mut().unwrap().extend(change.clone());
    }
    claims.to_string()
}

fn context(case: &Value) -> Vec<(String, Vec<String>)> {
    let Some(given) = case["context"].as_object() else { return Vec::new() };
    let texts = |value: &Value| match value {
        Value::Array(all) => all.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    };
    given.iter().map(|(key, value)| (key.clone(), texts(value))).collect()
}

/// The provider's client IDs, and the account's providers; none where the case leaves them open.
fn registered(case: &Value) -> Option<Vec<String>> {
    (case["registered"] != "open").then(|| vec!["https://gitlab.com".to_owned()])
}

#[test]
fn every_policy_gets_the_answer_that_aws_documents() {
    let cases = include_str!("cases/policies.jsonl");
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        // The policy as it is written in the line: `serde_json` would drop a double key.
        let root = json::parse(line).unwrap();
        let circumstances = Circumstances {
            account: AccountId::parse("123456789012").ok().filter(|_| case["account"] != "open"),
            audiences: registered(&case),
            providers: registered(&case),
            now: case["now"].as_i64().unwrap_or(ISSUED + 60),
            context: context(&case),
            ..Circumstances::default()
        };
        let evidence = match root.member("record") {
            Some(record) => evidence_of(record).unwrap(),
            None => evidence_of(&json::parse(&token(&case["token"])).unwrap()).unwrap(),
        };
        let verdict = match read(root.member("policy").unwrap()) {
            Err(refusal) => malformed(&refusal),
            Ok(policy) => {
                let verdict = match judge(line, &policy, &evidence, &circumstances) {
                    Ok(it) => it,
                    Err(it) => {
                        assert_eq!(json!(it.message()), case["want"], "{line}");
                        continue;
                    }
                };
                assert_eq!(is_allowed(&policy, &evidence, &circumstances), Ok(verdict.allowed), "{line}");
                verdict
            }
        };
        if json!(verdict.allowed) != case["want"] {
            wrong.push(format!("{}: {:?}", case["id"], verdict.allowed));
        }
        if let Some(refused) = case.get("refused") {
            let said: Vec<_> =
                verdict.refused_by_iam.iter().map(|it| format!("{}: {}", it.known, it.message)).collect();
            assert_eq!(json!(said), *refused, "{line}");
        }
        let open = !verdict.depends_on.is_empty() || !verdict.unconfirmed.is_empty();
        assert_eq!(verdict.allowed.is_none(), open, "an undecided verdict says what it hangs on: {line}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(cases.lines().count() >= 80);
}

/// The verdict on a policy of Terraform's with these elements, and what it hangs on.
fn of_terraform(principal: &str, action: &str, conditions: &str, account: &str) -> (&'static str, String) {
    let text = format!(
        r#"resource "aws_iam_role" "r" {{
          assume_role_policy = jsonencode({{ Version = "2012-10-17", Statement = [{{ Effect = "Allow",
            Principal = {{ Federated = {principal} }}, Action = {action}, Condition = {conditions} }}] }})
        }}"#
    );
    let source = source::read(&text, &[]);
    let policy = source.policies.first().unwrap().policy.as_ref().unwrap();
    let circumstances =
        Circumstances { account: AccountId::parse(account).ok(), now: ISSUED + 60, ..Circumstances::default() };
    let evidence = evidence_of(&json::parse(&token(&Value::Null)).unwrap()).unwrap();
    let verdict = judge(&text, policy, &evidence, &circumstances).unwrap();
    assert_eq!(is_allowed(policy, &evidence, &circumstances), Ok(verdict.allowed), "{text}");
    (verdict.allowed.map_or("open", |it| if it { "yes" } else { "no" }), verdict.depends_on.join(", "))
}

#[test]
fn a_principal_without_a_value_is_not_known() {
    for line in include_str!("cases/principals.txt").lines().filter(|it| !it.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [principal, account, answer, hangs_on] = cells[..] else { panic!("{line}") };
        let said = of_terraform(principal, "\"sts:AssumeRoleWithWebIdentity\"", "{}", account);
        assert_eq!((said.0, said.1.as_str()), (answer, hangs_on), "{line}");
    }
}

#[test]
fn a_part_without_a_value_is_not_known() {
    const OURS: &str = r#""arn:aws:iam::123456789012:oidc-provider/gitlab.com""#;
    for line in include_str!("cases/references.txt").lines().filter(|it| !it.starts_with('#')) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [action, conditions, answer, hangs_on] = cells[..] else { panic!("{line}") };
        let said = of_terraform(OURS, action, conditions, "");
        assert_eq!((said.0, said.1.as_str()), (answer, hangs_on), "{line}");
    }
}
