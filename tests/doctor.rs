//! The doctor: every message of `aws::sts`, logs of many clients as data in `tests/cases/logs.txt`, and what a verdict adds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use claimcheck::aws::policy::read as read_policy;
use claimcheck::aws::sts;
use claimcheck::doctor::{Holds, diagnose, known, read};
use claimcheck::document::json;
use claimcheck::verdict::{Circumstances, Stage, Verdict, judge, read_evidence};

const NOW: i64 = 1_795_168_800;

#[test]
fn every_log_tells_the_error_that_is_in_it() {
    let mut tried = 0;
    for case in include_str!("cases/logs.txt").split("=== ").skip(1) {
        let (head, log) = case.split_once('\n').unwrap();
        let wanted = head.split(' ').next().unwrap();
        let found: Vec<&str> = read(log).iter().map(|it| it.known.id).collect();
        if wanted == "none" {
            assert!(found.is_empty(), "{head}: {found:?}");
        } else {
            assert!(found.contains(&wanted), "{head}: {found:?}");
            assert!(!head.contains(" alone ") || found.len() == 1, "{head}: {found:?}");
        }
        // What was found lies in the log.
        assert!(read(log).iter().all(|it| !it.span.of(log).is_empty()), "{head}");
        tried += 1;
    }
    assert!(tried >= 45);
}

#[test]
fn every_message_of_sts_is_told_at_its_stage() {
    let rows = [
        (sts::access_denied(), Stage::TrustPolicy),
        (sts::not_a_jwt(), Stage::Token),
        (sts::missing_claim("aud"), Stage::Token),
        (sts::empty_claim("aud"), Stage::Token),
        (sts::no_provider("https://gitlab.com"), Stage::Provider),
        (sts::issuer_is_no_url(), Stage::Provider),
        (sts::invalid_timestamp(), Stage::Time),
        (sts::expired(NOW, NOW - 400), Stage::Time),
        (sts::issued_in_future(NOW + 400), Stage::Time),
        (sts::not_yet_valid(NOW, NOW + 400), Stage::Time),
        (sts::audience_not_registered(), Stage::Audience),
        (sts::several_audiences(), Stage::Audience),
    ];
    for (error, stage) in rows {
        let log = format!(
            "An error occurred ({}) when calling the AssumeRoleWithWebIdentity operation: {}",
            error.code, error.message
        );
        let found = read(&log);
        let [one] = found.as_slice() else { panic!("{log}: {}", found.len()) };
        assert_eq!((one.known.code, one.known.stages), (error.code, [stage].as_slice()), "{log}");
    }
}

#[test]
fn every_known_error_can_be_told_and_says_what_to_do() {
    let mut ids = BTreeSet::new();
    for it in known() {
        assert!(ids.insert(it.id), "{} stands twice", it.id);
        assert!(!it.causes.is_empty() && !it.says.is_empty() && !it.says.ends_with('.'), "{}", it.id);
        for pattern in it.patterns {
            let text = pattern.replace("{}", "thing");
            let found = read(&text);
            assert!(found.iter().any(|found| found.known == it), "{}: {pattern} is told as another", it.id);
        }
        for cause in it.causes {
            assert!(!cause.what.ends_with('.') && !cause.remedy.is_empty(), "{}", it.id);
        }
    }
    assert!(ids.len() >= 45, "{}", ids.len());
}

#[test]
fn a_message_is_told_as_it_stands_in_the_log() {
    let found = read("Could not connect to the endpoint URL: \"https://sts.eu-west-99.amazonaws.com/\"");
    assert_eq!(
        found.first().unwrap().message(),
        "Could not connect to the endpoint URL: \"https://sts.eu-west-99.amazonaws.com/\""
    );
    let found = read("Executing \"step_script\" stage of the job script\nUsing docker image\n\nusage: aws [options]");
    assert_eq!(
        found.first().unwrap().message(),
        "Executing \"step_script\" stage of the job script…usage: aws [options]"
    );
    let expired = "(ExpiredToken) when calling the PutObject operation: The provided token has expired";
    assert_eq!(read(&format!("An error occurred {expired}.")).first().unwrap().message(), expired);
}

fn verdict(sub: &str, audience: &str) -> Verdict {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main"}}}]}"#;
    let token = format!(
        r#"{{"iss": "https://gitlab.com", "aud": "{audience}", "sub": "{sub}", "iat": {NOW}, "exp": {}}}"#,
        NOW + 3_600
    );
    let circumstances = Circumstances {
        audiences: Some(vec!["https://gitlab.com".to_owned()]),
        now: NOW + 60,
        ..Circumstances::default()
    };
    judge(policy, &read_policy(&json::parse(policy).unwrap()).unwrap(), &read_evidence(&token).unwrap(), &circumstances)
        .unwrap()
}

#[test]
fn with_a_policy_and_a_token_it_says_which_cause_it_is() {
    let log = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
    let complaint = read(log).remove(0);
    let main = "project_path:g/p:ref_type:branch:ref:main";

    let denied = diagnose(&complaint, Some(&verdict("project_path:g/p:ref_type:branch:ref:dev", "https://gitlab.com")));
    let first = denied.causes.first().unwrap();
    assert_eq!((first.holds, first.cause.stage), (Holds::Yes, Some(Stage::TrustPolicy)));
    assert!(first.why.contains("another ref"), "{}", first.why);
    assert!(denied.compared.unwrap().contains("explain it"));

    let allowed = diagnose(&complaint, Some(&verdict(main, "https://gitlab.com")));
    assert_eq!(allowed.causes.last().unwrap().holds, Holds::No);
    assert!(allowed.causes.iter().rev().skip(1).all(|it| it.holds == Holds::Open));
    assert!(allowed.compared.unwrap().contains("the policy in the account differs"));

    let other = diagnose(&complaint, Some(&verdict(main, "other")));
    assert!(other.compared.unwrap().contains("InvalidIdentityToken"));

    let alone = diagnose(&complaint, None);
    assert!(alone.compared.is_none() && alone.causes.iter().all(|it| it.holds == Holds::Open));
}
