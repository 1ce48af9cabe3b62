//! What is pasted is recognised by its content.

use super::*;

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
  "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
  "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:a/b:ref_type:branch:ref:main"}}}]}"#;

/// As the API sends a document: every byte but the unreserved ones as `%XX`.
fn url_encoded(text: &str) -> String {
    let byte = |it: u8| match it {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(it).to_string(),
        it => format!("%{it:02X}"),
    };
    text.bytes().map(byte).collect()
}

fn one(text: &str) -> Found {
    let source = read(text, &[]);
    assert_eq!(source.problems, [], "{text}");
    assert_eq!(source.policies.len(), 1, "{text}");
    source.policies.into_iter().next().unwrap()
}

#[test]
fn the_kind_is_told_from_the_content() {
    let encoded = url_encoded(POLICY);
    let role = format!(r#"{{"RoleName": "ci", "AssumeRolePolicyDocument": {POLICY}}}"#);
    let record = r#"{"eventName": "AssumeRoleWithWebIdentity", "userIdentity": {"userName": "a",
      "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}"#;
    for (text, kind) in [
        (POLICY, Kind::Policy),
        (&format!("\u{feff}{POLICY}"), Kind::Policy),
        (&encoded, Kind::Policy),
        (&format!("\"{encoded}\"\n"), Kind::Policy),
        (&encoded.replace("%20", "+"), Kind::Policy),
        ("{}", Kind::Policy),
        (&format!(r#"{{"Role": {role}}}"#), Kind::Role),
        (&role, Kind::Role),
        (&format!("[{role}, {role}]"), Kind::Role),
        (&format!(r#"{{"Roles": [{role}]}}"#), Kind::Role),
        (&format!(r#"{{"UserDetailList": [], "RoleDetailList": [{role}], "Policies": []}}"#), Kind::Role),
        (r#"{"Url": "gitlab.com", "ClientIDList": ["https://gitlab.com"], "ThumbprintList": []}"#, Kind::Provider),
        (record, Kind::Record),
        (r#"{"iss": "https://gitlab.com", "sub": "a"}"#, Kind::Token),
        ("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", Kind::Token),
        (include_str!("../../tests/setups/pins.json"), Kind::Setup),
    ] {
        let source = read(text, &[]);
        assert_eq!((source.kind, source.problems), (kind, vec![]), "{text}");
    }
    assert_eq!(read("good morning", &[]).kind, Kind::Nothing);
    let lines = format!(
        "{}\n{record}",
        record.replace("\"eventName\"", "\"resources\": [{\"type\": \"AWS::IAM::Role\"}], \"eventName\"")
    );
    assert_eq!(
        read(&lines, &[]).kind,
        Kind::Record,
        "two records that stand behind each other are none, and look like them"
    );
}

#[test]
fn what_is_broken_is_said_with_what_it_looks_like_and_the_place() {
    let text = POLICY.replace("\"Allow\",", "\"Allow\"");
    let source = read(&text, &[]);
    assert_eq!(source.kind, Kind::Policy);
    let problem = &source.problems[0];
    assert_eq!(problem.message, "looks like a trust policy, but expected `,`");
    assert!(text.get(..problem.span.unwrap().start).unwrap().trim_end().ends_with("\"Effect\": \"Allow\""));
    for text in ["", "  \n", "%7B%2", "%7B%22", "[", "hello: ["] {
        assert_eq!(read(text, &[]).problems.len(), 1, "{text}");
    }
    assert_eq!(read(&" ".repeat(10_000_000), &[]).problems.len(), 1);
    assert!(read(&"[".repeat(10_000_000), &[]).problems[0].message.contains("at most"));
}

#[test]
fn the_description_of_a_role_tells_more_than_its_policy() {
    let text = format!(
        r#"{{"Role": {{"Path": "/", "RoleName": "ci", "Arn": "arn:aws:iam::123456789012:role/ci",
          "AssumeRolePolicyDocument": {POLICY}, "MaxSessionDuration": 3600}}}}"#
    );
    let found = one(&text);
    assert_eq!((found.name.as_str(), found.is_embedded), ("ci", false));
    assert_eq!(found.account().unwrap().as_str(), "123456789012");
    assert_eq!(found.max_session_seconds.unwrap().span.of(&text), "3600");
    assert_eq!(found.document.span.of(&text), POLICY);
    assert_eq!(found.policy.unwrap().statements[0].span.of(&text).split_once(',').unwrap().0, "{\"Effect\": \"Allow\"");

    let packed = url_encoded(POLICY);
    let text = format!(
        r#"{{"RoleDetailList": [{{"RoleName": "ci", "AssumeRolePolicyDocument": "{packed}",
          "AttachedManagedPolicies": [{{"PolicyName": "A", "PolicyArn": "arn:aws:iam::aws:policy/A"}}]}}]}}"#
    );
    let found = one(&text);
    assert!(found.is_embedded);
    assert_eq!(found.attached[0].value, "arn:aws:iam::aws:policy/A");
    assert_eq!(found.policy.unwrap().statements[0].span.of(&text), format!("\"{packed}\""));
}

#[test]
fn an_encoded_document_is_the_same_policy() {
    use crate::print::json::compact;
    let plain = compact(&one(POLICY).document);
    assert_eq!(compact(&one(&url_encoded(POLICY)).document), plain);
    assert_eq!(
        compact(&one(&format!("{{\"AssumeRolePolicyDocument\": \"{}\"}}", url_encoded(POLICY))).document),
        plain
    );
    let quoted = compact(&Node::text(POLICY));
    assert_eq!(compact(&one(&format!("{{\"AssumeRolePolicyDocument\": {quoted}}}")).document), plain);
}

/// What STS would answer a job of `a/b` on `main`, and what that depends on.
#[track_caller]
pub(super) fn answered(text: &str, given: &[(&str, &str)]) -> (Option<bool>, String) {
    let given: Vec<_> = given.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    let source = read(text, &given);
    assert_eq!(source.problems, [], "{text}");
    let policy = source.policies[0].policy.as_ref().unwrap_or_else(|it| panic!("{text}: {}", it.refusal.message));
    let token = r#"{"iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": "project_path:a/b:ref_type:branch:ref:main",
        "iat": 1700000000, "nbf": 1700000000, "exp": 1700003600, "project_path": "a/b", "project_id": "7"}"#;
    let evidence = crate::verdict::read_evidence(token).unwrap();
    let circumstances = crate::verdict::Circumstances { now: 1_700_000_060, ..Default::default() };
    let verdict = crate::verdict::judge(text, policy, &evidence, &circumstances).unwrap();
    (verdict.allowed, verdict.depends_on.join(", "))
}
