//! The doctor: every message of `aws::sts`, logs of many clients as data in `tests/cases/logs.txt`, and what a verdict adds.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use claimcheck::aws::policy::read as read_policy;
use claimcheck::aws::sts;
use claimcheck::doctor::{Beside, Diagnosis, Holds, diagnose, known, read};
use claimcheck::document::json;
use claimcheck::verdict::{Circumstances, Stage, judge, read_evidence};

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

/// The causes of what `log` says, beside a policy for the branch `main` and a token of these two claims.
fn beside(log: &str, sub: &str, audience: &str, circumstances: &Circumstances) -> Diagnosis {
    let token = format!(
        r#"{{"iss": "https://gitlab.com", "aud": "{audience}", "sub": "{sub}", "iat": {NOW}, "exp": {}}}"#,
        NOW + 3_600
    );
    beside_token(log, &token, circumstances, false)
}

/// The same of a whole token; nobody may have said when the call was made.
fn beside_token(log: &str, token: &str, circumstances: &Circumstances, is_time_assumed: bool) -> Diagnosis {
    let policy = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:g/p:ref_type:branch:ref:main"}}}]}"#;
    let (policy_read, evidence) = (read_policy(&json::parse(policy).unwrap()).unwrap(), read_evidence(token).unwrap());
    let circumstances = Circumstances { now: NOW + 60, ..circumstances.clone() };
    let verdict = judge(policy, &policy_read, &evidence, &circumstances).unwrap();
    let beside = Beside { verdict: &verdict, evidence: &evidence, circumstances: &circumstances, is_time_assumed };
    diagnose(&read(log).remove(0), Some(beside))
}

/// What is known of a call to an account whose provider for gitlab.com has its URL for a client ID.
fn given() -> Circumstances {
    let list = || Some(vec!["https://gitlab.com".to_owned()]);
    Circumstances { audiences: list(), providers: list(), ..Circumstances::default() }
}

const MAIN: &str = "project_path:g/p:ref_type:branch:ref:main";

#[test]
fn with_a_policy_and_a_token_it_says_which_cause_it_is() {
    let log = "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity";
    let denied = beside(log, &MAIN.replace("main", "dev"), "https://gitlab.com", &given());
    let first = denied.causes.first().unwrap();
    assert_eq!((first.holds, first.cause.stage), (Holds::Yes, Some(Stage::TrustPolicy)));
    assert!(first.why.contains("another ref"), "{}", first.why);
    assert!(denied.compared.unwrap().contains("explain it"));

    let allowed = beside(log, MAIN, "https://gitlab.com", &given());
    assert_eq!(allowed.causes.last().unwrap().holds, Holds::No);
    assert!(allowed.causes.iter().rev().skip(1).all(|it| it.holds == Holds::Open));
    assert!(allowed.compared.unwrap().contains("the policy in the account differs"));

    let other = beside(log, MAIN, "other", &given());
    assert!(other.compared.unwrap().contains("InvalidIdentityToken"));

    let alone = diagnose(&read(log).remove(0), None);
    assert!(alone.compared.is_none() && alone.causes.iter().all(|it| it.holds == Holds::Open));
}

#[test]
fn what_nobody_gave_of_the_provider_rules_no_cause_out() {
    let rows = [
        ("InvalidIdentityToken: Incorrect token audience", Stage::Audience, "--audience"),
        ("No OpenIDConnect provider found in your account for https://gitlab.com", Stage::Provider, "--provider"),
    ];
    for (log, stage, flag) in rows {
        for (sub, ids) in [(MAIN, vec![]), ("other", vec![("https://other.example.com".to_owned(), vec![])])] {
            let open =
                beside(log, sub, "https://gitlab.com", &Circumstances { client_ids: ids, ..Circumstances::default() });
            let cause = open.causes.iter().find(|it| it.cause.stage == Some(stage)).unwrap();
            assert!(cause.holds == Holds::Open && cause.why.contains(flag), "{log}: {}", cause.why);
            assert!(open.compared.unwrap().contains("hangs on what was not given"), "{log}");
        }
        // The policy is asked after the provider, so it explains nothing here.
        let passes = beside(log, MAIN, "https://gitlab.com", &given());
        assert_eq!(passes.causes.last().unwrap().holds, Holds::No, "{log}");
        assert!(!passes.compared.unwrap().contains("the policy in the account differs"), "{log}");
    }
    let ids = vec![("https://gitlab.com".to_owned(), vec!["other".to_owned()])];
    let circumstances = Circumstances { client_ids: ids, ..Circumstances::default() };
    let shown = beside(rows[0].0, MAIN, "https://gitlab.com", &circumstances);
    assert_eq!(shown.causes.first().unwrap().holds, Holds::Yes);
}

#[test]
fn a_log_of_another_token_is_told_by_its_own_values() {
    let provider = |issuer: &str| format!("No OpenIDConnect provider found in your account for {issuer}");
    let expired = |exp: i64| {
        format!("Token expired: current date/time {} must be before the expiration date/time {exp}", exp + 900)
    };
    let rows = [
        (
            provider("https://gitlab.example.com"),
            Some("`iss` is `https://gitlab.example.com` there, and `https://gitlab.com`"),
        ),
        (provider("https://gitlab.com/"), Some("`iss`")),
        (provider("https://gitlab.com."), None),
        (provider("https://[MASKED]"), None),
        (expired(NOW), Some("`exp` is `1795168800` there, and `1795172400` in the one that you gave")),
        (expired(NOW + 3_600), None),
        (format!("Token issued in the future: {}", NOW + 1), Some("`iat`")),
        (format!("Token issued in the future: {NOW}"), None),
    ];
    for (log, words) in rows {
        let found = beside(&log, MAIN, "https://gitlab.com", &given());
        let compared = found.compared.unwrap();
        assert_eq!(compared.contains("another token"), words.is_some(), "{log}: {compared}");
        assert!(compared.contains(words.unwrap_or("")), "{log}: {compared}");
        assert!(words.is_none() || found.causes.iter().all(|it| it.holds == Holds::Open && it.why.is_empty()), "{log}");
    }
}

/// A token with these members in the place of the usual ones; `-` takes one away.
fn token_with(members: &[(&str, &str)]) -> String {
    let exp = (NOW + 3_600).to_string();
    let (iat, sub) = (NOW.to_string(), format!("\"{MAIN}\""));
    let usual = [
        ("iss", "\"https://gitlab.com\""),
        ("aud", "\"https://gitlab.com\""),
        ("sub", &sub),
        ("iat", &iat),
        ("exp", &exp),
    ];
    let own = |name: &str| members.iter().find(|it| it.0 == name).map(|it| it.1);
    let members: Vec<String> = usual
        .into_iter()
        .map(|(name, value)| (name, own(name).unwrap_or(value)))
        .filter(|it| it.1 != "-")
        .map(|(name, value)| format!("\"{name}\": {value}"))
        .collect();
    format!("{{{}}}", members.join(", "))
}

#[test]
fn a_claim_that_the_message_misses_is_not_in_the_token() {
    let missing = "InvalidIdentityToken: Missing a required claim: ";
    let empty = "InvalidIdentityToken: Claim is not allowed to be empty: ";
    let rows = [
        (format!("{missing}sub"), token_with(&[("aud", "-")]), "another token: `sub` is missing there"),
        (format!("{missing}sub."), token_with(&[]), "another token: `sub` is missing there"),
        (format!("{missing}aud"), token_with(&[("aud", "-")]), "explain it"),
        (format!("{missing}sub"), token_with(&[("aud", "-"), ("sub", "-")]), "explain it"),
        (format!("{missing}aud"), token_with(&[("aud", "null")]), "explain it"),
        (format!("{missing}aud"), token_with(&[("aud", "[]")]), "another error, `InvalidIdentityToken: Claim is not"),
        (format!("{empty}aud"), token_with(&[("aud", "[]")]), "explain it"),
        (format!("{empty}aud"), token_with(&[]), "another token: `aud` is empty there, and not in"),
        (format!("{empty}aud"), token_with(&[("aud", "-")]), "another token: `aud` is empty there, and missing in"),
    ];
    for (log, token, words) in rows {
        let found = beside_token(&log, &token, &given(), false);
        let compared = found.compared.unwrap();
        assert!(compared.contains(words), "{log} {token}: {compared}");
        let explains = words == "explain it";
        assert_eq!(found.causes.iter().any(|it| it.holds == Holds::Yes), explains, "{log} {token}");
    }
}

#[test]
fn what_the_token_alone_shows_hangs_on_nothing_else() {
    let several = "Token audience contains more than one audience while authorized party is not present";
    let no_url = "InvalidIdentityToken: Issuer must be a valid URL";
    let timestamp = "Invalid timestamp in token claims";
    for log in [several, no_url, timestamp] {
        let found = beside_token(log, &token_with(&[]), &Circumstances::default(), true);
        assert_eq!(found.causes.last().unwrap().holds, Holds::No, "{log}");
        assert!(!found.compared.unwrap().contains("not given"), "{log}");
    }
    let rows = [
        (several, token_with(&[("aud", r#"["a", "b"]"#)])),
        (no_url, token_with(&[("iss", "\"gitlab.com\"")])),
        (timestamp, token_with(&[("exp", "1.5")])),
    ];
    for (log, token) in rows {
        let found = beside_token(log, &token, &Circumstances::default(), true);
        assert_eq!(found.causes.first().unwrap().holds, Holds::Yes, "{log}");
        assert!(found.compared.unwrap().contains("explain it"), "{log}");
    }
}

#[test]
fn another_message_of_the_same_stage_explains_nothing() {
    let other = Circumstances { audiences: Some(vec!["other".to_owned()]), ..given() };
    let elsewhere = Circumstances { providers: Some(vec!["https://other.example.com".to_owned()]), ..given() };
    let late = (NOW + 4_000).to_string();
    let rows = [
        (
            "Token audience contains more than one audience while authorized party is not present",
            token_with(&[]),
            &other,
        ),
        ("Incorrect token audience", token_with(&[("aud", r#"["a", "b"]"#)]), &other),
        ("InvalidIdentityToken: Issuer must be a valid URL", token_with(&[]), &elsewhere),
        ("The ID Token provided is not a valid JWT", token_with(&[("aud", "-")]), &given()),
        ("Token expired: current date/time", token_with(&[("iat", &late)]), &given()),
        ("(InternalFailure) when calling the AssumeRoleWithWebIdentity", token_with(&[("aud", "-")]), &given()),
    ];
    for (log, token, circumstances) in rows {
        let found = beside_token(log, &token, circumstances, false);
        assert!(found.causes.iter().all(|it| it.holds != Holds::Yes), "{log}");
        let compared = found.compared.unwrap();
        assert!(compared.contains("another error"), "{log}: {compared}");
    }
    let shown = beside_token("Incorrect token audience", &token_with(&[]), &other, false);
    assert!(shown.compared.unwrap().contains("explain it"));
}
