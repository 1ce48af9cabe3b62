//! Who is a stranger to a policy that says who stays out: a list of exceptions keeps no finding from being told.

#![expect(clippy::unwrap_used, reason = "a test's own data")]

use claimcheck::lint::{Bench, File, Finding, lint};
use claimcheck::source::read;
use claimcheck::verdict::{Circumstances, evidence_of, is_allowed};

const MAIN: &str = "project_path:mygroup/myrepo:ref_type:branch:ref:main";

/// The policy of GitLab.com's tokens with that condition, beside `aud`, and perhaps a `Deny` with the other.
fn policy(condition: &str, denied: Option<&str>) -> String {
    let statement = |effect: &str, condition: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}, "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {{{condition}}}}}"#
        )
    };
    let all: Vec<String> =
        [statement("Allow", condition)].into_iter().chain(denied.map(|it| statement("Deny", it))).collect();
    format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, all.join(", "))
}

fn findings(policy: &str) -> Vec<Finding> {
    let file = File { name: "policy.json".to_owned(), text: policy.to_owned(), source: read(policy, &[]) };
    let found = lint(&Bench::new(std::slice::from_ref(&file), &Circumstances::default()));
    let read = file.source.policies.first().unwrap().policy.as_ref().unwrap();
    for it in found.iter().filter_map(|it| it.witness.as_ref()) {
        let evidence = evidence_of(it.token()).unwrap();
        assert_eq!(is_allowed(read, &evidence, &Circumstances::default()).unwrap(), Some(true), "{policy}");
    }
    found
}

/// The grave ones.
fn grave(policy: &str) -> Vec<&'static str> {
    let all = [
        "subject-missing",
        "subject-any-project",
        "subject-ref-protected-alone",
        "subject-whole-group",
        "subject-group-prefix",
        "subject-negated-only",
        "subject-any-ref",
        "subject-any-branch",
    ];
    findings(policy).iter().map(|it| it.rule.id.as_str()).filter(|it| all.contains(it)).collect()
}

#[test]
fn a_list_of_who_stays_out_hides_no_stranger() {
    let aud = r#""StringEquals": {"gitlab.com:aud": "https://gitlab.com"}"#;
    let any = r#""StringLike": {"gitlab.com:sub": "project_path:*"}"#;
    for (condition, denied, wanted) in [
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-any-project"),
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:sub": "*"}}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-any-project"),
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:sub": "*:ref:main"}}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-any-project"),
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:sub": "project_path:g*"}}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-group-prefix"),
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:sub": "project_path:g/*"}}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-whole-group"),
        (format!(r#"{aud}, "StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-ref-protected-alone"),
        (format!(r#"{aud}, "StringNotLike": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-ref-protected-alone"),
        (format!(r#"{aud}, "StringNotEqualsIfExists": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-ref-protected-alone"),
        (format!(r#"{aud}, "ForAnyValue:StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-ref-protected-alone"),
        (format!(r#"{aud}, "ForAllValues:StringNotEquals": {{"gitlab.com:ref_protected": "false"}}"#), None, "subject-ref-protected-alone"),
        (format!(r#"{aud}, "StringNotEquals": {{"gitlab.com:user_access_level": "developer"}}"#), None, "subject-missing"),
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:user_access_level": ["guest", "reporter", "developer"]}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:runner_environment": "gitlab-hosted"}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:pipeline_source": "push"}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:project_id": "4711"}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringNotLike": {{"gitlab.com:user_login": "j*"}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringNotEquals": {{"gitlab.com:aud": "https://gitlab.com"}}"#), None, "subject-any-project"),
        (any.to_owned(), Some(r#""StringEquals": {"gitlab.com:user_access_level": "developer"}"#), "subject-any-project"),
        (any.to_owned(), Some(r#""StringEquals": {"gitlab.com:project_id": "4711"}"#), "subject-any-project"),
        (any.to_owned(), Some(r#""StringEquals": {"gitlab.com:pipeline_source": "push"}"#), "subject-any-project"),
        (any.to_owned(), Some(r#""StringEquals": {"gitlab.com:runner_environment": "gitlab-hosted"}"#), "subject-any-project"),
        (any.to_owned(), Some(r#""StringEquals": {"gitlab.com:pipeline_source": ["push", "web"], "gitlab.com:runner_environment": "gitlab-hosted"}"#), "subject-any-project"),
        // And of several that pass, the first need not be one that passes all.
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:ref_protected": "t*"}}"#), None, "subject-ref-protected-alone"),
        (r#""StringLike": {"gitlab.com:sub": "project_path:*", "gitlab.com:ref_protected": "tr?e"}"#.to_owned(), None, "subject-any-project"),
        (format!(r#"{any}, "StringEquals": {{"gitlab.com:ref_protected": ["True", "true"]}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringEqualsIgnoreCase": {{"gitlab.com:ref_protected": "TRUE"}}"#), None, "subject-any-project"),
        (format!(r#"{aud}, "StringLike": {{"gitlab.com:aud": "https://*", "gitlab.com:sub": "project_path:*"}}"#), None, "subject-any-project"),
        (format!(r#"{any}, "StringEquals": {{"gitlab.com:aud": ["sts.amazonaws.com", "https://gitlab.com"]}}, "StringNotEquals": {{"gitlab.com:aud": "sts.amazonaws.com"}}"#), None, "subject-any-project"),
        (format!(r#""StringNotEquals": {{"gitlab.com:sub": "{MAIN}"}}, "Null": {{"gitlab.com:sub": "false"}}"#), None, "subject-negated-only"),
        (r#""StringNotLike": {"gitlab.com:sub": "project_path:bad/*"}, "Null": {"gitlab.com:sub": "false"}"#.to_owned(), None, "subject-negated-only"),
        (format!(r#""StringNotEquals": {{"gitlab.com:sub": "{MAIN}", "gitlab.com:project_id": "4711"}}"#), None, "subject-negated-only"),
        (format!(r#""StringNotEquals": {{"gitlab.com:sub": "{MAIN}", "gitlab.com:ref_protected": "false"}}"#), None, "subject-negated-only"),
        (r#""StringLike": {"gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:*"}, "StringNotEquals": {"gitlab.com:pipeline_source": "push"}"#.to_owned(), None, "subject-any-ref"),
    ] {
        let policy = policy(&condition, denied);
        assert!(grave(&policy).contains(&wanted), "{wanted}: {condition} {denied:?}: {:?}", grave(&policy));
    }
}

#[test]
fn who_is_kept_out_is_no_stranger() {
    let aud = r#""StringEquals": {"gitlab.com:aud": "https://gitlab.com"}"#;
    let any = r#""StringLike": {"gitlab.com:sub": "project_path:*"}"#;
    for (condition, denied) in [
        // Only the ids and the names that are excepted.
        (any, Some(r#""StringNotEquals": {"gitlab.com:project_id": "99", "gitlab.com:namespace_id": "5"}"#)),
        (any, Some(r#""StringNotLike": {"gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:main"}"#)),
        (any, Some(r#""StringLike": {"gitlab.com:sub": "project_path:*"}"#)),
        (any, Some(r#""StringEquals": {"gitlab.com:ref_protected": ["true", "false"]}"#)),
        // The refs are protected ones.
        (
            r#""StringLike": {"gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:*"}, "StringNotEquals": {"gitlab.com:ref_protected": "false"}"#,
            None,
        ),
        (
            r#""StringLike": {"gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:*"}"#,
            Some(r#""StringLike": {"gitlab.com:ref_protected": "f*"}"#),
        ),
        (
            r#""StringLike": {"gitlab.com:sub": "project_path:*", "gitlab.com:user_access_level": "x"}, "StringNotLike": {"gitlab.com:user_access_level": "x"}"#,
            None,
        ),
    ] {
        let policy = policy(&format!("{aud}, {condition}"), denied);
        assert_eq!(grave(&policy), [""; 0], "{condition} {denied:?}");
    }
}
