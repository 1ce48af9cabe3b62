//! Recorded and documented behaviour of STS and IAM, a row each.

use super::*;
use crate::aws::policy::read;
use crate::document::json;
use crate::setup::file;

const NOW: i64 = 1_795_168_860;
const MAIN: &str = "project_path:mygroup/myrepo:ref_type:branch:ref:main";

fn policy_with(conditions: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow",
        "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},
        "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {conditions}}}]}}"#
    )
}

fn token_with(edit: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>)) -> String {
    let mut claims = serde_json::json!({
        "iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": MAIN, "project_id": "4711", "ref_protected": "true",
        "environment": "production", "iat": NOW - 60, "nbf": NOW - 65, "exp": NOW + 3540
    });
    edit(claims.as_object_mut().unwrap());
    claims.to_string()
}

fn judged(policy: &str, token: &str, circumstances: &Circumstances) -> Result<Verdict, String> {
    let root = json::parse(policy).unwrap();
    let read = match read(&root) {
        Ok(it) => it,
        Err(it) => return Ok(malformed(&it)),
    };
    judge(policy, &read, &read_evidence(token).unwrap(), circumstances).map_err(|it| it.message())
}

fn at_now() -> Circumstances {
    Circumstances {
        audiences: Some(vec!["https://gitlab.com".to_owned()]),
        providers: Some(vec!["https://gitlab.com".to_owned()]),
        now: NOW,
        ..Circumstances::default()
    }
}

#[track_caller]
fn decides(conditions: &str, expected: Option<bool>) -> Verdict {
    let verdict = judged(&policy_with(conditions), &token_with(|_| {}), &at_now()).unwrap();
    assert_eq!(verdict.allowed, expected, "{conditions}: {verdict:#?}");
    verdict
}

#[test]
fn string_equals_and_string_like() {
    decides(&format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{MAIN}"}}}}"#), Some(true));
    decides(r#"{"StringEquals": {"gitlab.com:sub": "project_path:mygroup/*"}}"#, Some(false));
    decides(r#"{"StringLike": {"gitlab.com:sub": "project_path:mygroup/*"}}"#, Some(true));
    decides(
        r#"{"StringLike": {"gitlab.com:sub": ["x", "project_path:mygroup/*:ref_type:branch:ref:m?in"]}}"#,
        Some(true),
    );
    decides(&format!(r#"{{"StringEquals": {{"GitLab.com:SUB": "{MAIN}"}}}}"#), Some(true));
    decides(&format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{}"}}}}"#, MAIN.to_uppercase()), Some(false));
    decides(
        &format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{MAIN}", "gitlab.com:project_id": "4712"}}}}"#),
        Some(false),
    );
    decides(
        &format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{MAIN}"}}, "StringLike": {{"gitlab.com:sub": "x*"}}}}"#),
        Some(false),
    );
}

#[test]
fn the_reason_names_wanted_and_came() {
    let verdict = decides(
        r#"{"StringEquals": {"gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:tag:ref:v1"}}"#,
        Some(false),
    );
    let failure = verdict.failure.unwrap();
    assert_eq!(failure.stage, Stage::TrustPolicy);
    assert_eq!(failure.error.message, "Not authorized to perform sts:AssumeRoleWithWebIdentity");
    assert!(
        failure.why.contains("another kind of ref: `tag`, and the token is for `branch`; another ref: `v1`"),
        "{}",
        failure.why
    );
    let verdict = decides(r#"{"StringEquals": {"gitlab.com:sub": "project_path:mygroup/*"}}"#, Some(false));
    assert!(verdict.failure.unwrap().why.contains("`StringLike` would let"));
    let verdict = decides(
        &format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{}"}}}}"#, MAIN.replace("main", "Main")),
        Some(false),
    );
    let condition = verdict.stopper().unwrap().1.unwrap();
    let layout = lay_out(condition).unwrap();
    assert_eq!(layout.rows.iter().map(|it| it.agrees).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(layout.rows[2].came[0].text, "m");
}

#[test]
fn what_is_no_key_is_absent_and_named() {
    for (key, words) in [
        ("gitlab.com:environment", "AWS has no key for the claim `environment`"),
        ("gitlab.com:ref", "AWS has no key for the claim `ref`"),
        ("gitlab.com:user_id", "this token has no `user_id`"),
        ("gitlab.example.com:sub", "belong to another provider"),
        ("aws:PrincipalOrgID", "STS does not have"),
        ("sts:ExternalId", "STS does not have"),
    ] {
        let verdict = decides(&format!(r#"{{"StringEquals": {{"{key}": "production"}}}}"#), Some(false));
        assert!(verdict.failure.unwrap().why.contains(words), "{key}");
        decides(&format!(r#"{{"StringEqualsIfExists": {{"{key}": "production"}}}}"#), Some(true));
        decides(&format!(r#"{{"StringLikeIfExists": {{"{key}": "production"}}}}"#), Some(true));
    }
}

#[test]
fn the_nine_keys_are_gitlab_coms_alone() {
    let policy = policy_with(r#"{"StringEquals": {"gitlab.example.com:project_id": "4711"}}"#)
        .replace("provider/gitlab.com", "provider/gitlab.example.com");
    let token = token_with(|it| _ = it.insert("iss".to_owned(), "https://gitlab.example.com".into()));
    let verdict = judged(&policy, &token, &Circumstances { now: NOW, ..Circumstances::default() }).unwrap();
    assert_eq!(verdict.allowed, Some(false));
    assert!(verdict.failure.unwrap().why.contains("gitlab.com alone"));
}

#[test]
fn what_was_not_given_is_unknown_and_asked_for() {
    let conditions = r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1", "gitlab.com:project_id": "4711"}}"#;
    let verdict = decides(conditions, None);
    assert_eq!(verdict.depends_on, ["aws:RequestedRegion"]);
    assert!(verdict.failure.is_none());
    decides(r#"{"StringEquals": {"aws:RequestedRegion": "eu-west-1", "gitlab.com:project_id": "1"}}"#, Some(false));
    let mut given = at_now();
    for (region, expected) in [("eu-west-1", true), ("us-east-1", false)] {
        given.context = vec![("AWS:requestedregion".to_owned(), vec![region.to_owned()])];
        let verdict = judged(&policy_with(conditions), &token_with(|_| {}), &given).unwrap();
        assert_eq!(verdict.allowed, Some(expected));
    }
    let number = token_with(|it| _ = it.insert("project_id".to_owned(), 4711.into()));
    let verdict =
        judged(&policy_with(r#"{"StringEquals": {"gitlab.com:project_id": "4711"}}"#), &number, &at_now()).unwrap();
    assert_eq!(verdict.allowed, None, "what STS makes of a number is not known");
    let null = token_with(|it| _ = it.insert("user_access_level".to_owned(), serde_json::Value::Null));
    let verdict =
        judged(&policy_with(r#"{"StringEquals": {"gitlab.com:user_access_level": "owner"}}"#), &null, &at_now())
            .unwrap();
    assert_eq!(verdict.allowed, Some(false), "a null claim is an absent key");
}

#[test]
fn deny_outweighs_allow_and_statements_are_alternatives() {
    let statement = |effect: &str, sub: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Principal": {{"Federated": ["arn:aws:iam::123456789012:oidc-provider/gitlab.com"]}},
            "Action": ["sts:TagSession", "STS:assumerolewithweb*"], "Condition": {{"StringLike": {{"gitlab.com:sub": "{sub}"}}}}}}"#
        )
    };
    let policy = |statements: &[String]| format!(r#"{{"Statement": [{}]}}"#, statements.join(","));
    let check = |statements: &[String]| judged(&policy(statements), &token_with(|_| {}), &at_now()).unwrap();
    assert_eq!(check(&[statement("Allow", "x"), statement("Allow", "*main")]).allowed, Some(true));
    let denied = check(&[statement("Allow", "*main"), statement("Deny", "*mygroup*")]);
    assert_eq!(denied.allowed, Some(false));
    assert!(denied.failure.unwrap().why.contains("statement 2 denies it"));
    assert_eq!(check(&[statement("Allow", "*main"), statement("Deny", "*other*")]).allowed, Some(true));
    assert_eq!(check(&[statement("Deny", "*other*")]).allowed, Some(false));
}

#[test]
fn principals_and_actions_must_be_the_calls() {
    for (from, to) in [
        ("123456789012:oidc", "210987654321:oidc"),
        ("oidc-provider/gitlab.com", "oidc-provider/GitLab.com"),
        ("oidc-provider/gitlab.com", "oidc-provider/gitlab.com/"),
        ("sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"),
    ] {
        let policy = policy_with("{}").replace(from, to);
        let circumstances = Circumstances { account: crate::aws::AccountId::parse("123456789012").ok(), ..at_now() };
        assert_eq!(judged(&policy, &token_with(|_| {}), &circumstances).unwrap().allowed, Some(false), "{to}");
    }
    let policy = policy_with("{}")
        .replace(r#"{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}"#, r#"{"AWS": "*"}"#);
    assert_eq!(
        judged(&policy, &token_with(|_| {}), &at_now()).unwrap().allowed,
        Some(false),
        "AWS principals are no OIDC callers"
    );
    let two = policy_with("{}").replace(
        r#""arn:aws:iam::123456789012:oidc-provider/gitlab.com""#,
        r#"["arn:aws:iam::123456789012:oidc-provider/gitlab.com", "arn:aws:iam::210987654321:oidc-provider/gitlab.com"]"#,
    );
    assert!(judged(&two, &token_with(|_| {}), &at_now()).unwrap_err().contains("several accounts"));
}

#[test]
fn what_aws_does_not_say_of_other_providers_letters_and_claims_is_not_decided() {
    let google = policy_with("{}").replace("arn:aws:iam::123456789012:oidc-provider/gitlab.com", "accounts.google.com");
    let issued_by = |host: &str| token_with(|it| _ = it.insert("iss".to_owned(), format!("https://{host}").into()));
    let any = Circumstances { now: NOW, ..Circumstances::default() };
    for (host, expected) in [("accounts.google.com", None), ("gitlab.com", Some(false))] {
        assert_eq!(judged(&google, &issued_by(host), &any).unwrap().allowed, expected, "{host}");
    }
    let on = |name: &str| token_with(|it| _ = it.insert("sub".to_owned(), MAIN.replace("main", name).into()));
    for (operator, wanted, name, expected) in [
        ("StringEqualsIgnoreCase", "É", "É", Some(true)),
        ("StringEqualsIgnoreCase", "É", "é", None),
        ("StringEqualsIgnoreCase", "e", "é", Some(false)),
        ("StringNotEqualsIgnoreCase", "É", "é", None),
        ("StringLike", "?", "é", Some(true)),
        ("StringLike", "?", "🚀", None),
        ("StringLike", "*", "🚀", Some(true)),
        ("StringEquals", "🚀", "🚀", Some(true)),
    ] {
        let conditions = format!(r#"{{"{operator}": {{"gitlab.com:sub": "{}"}}}}"#, MAIN.replace("main", wanted));
        let verdict = judged(&policy_with(&conditions), &on(name), &at_now()).unwrap();
        assert_eq!(verdict.allowed, expected, "{conditions} {name}");
    }
    for (claim, value) in
        [("nbf", serde_json::Value::Null), ("azp", serde_json::json!(["a"])), ("azp", serde_json::Value::Null)]
    {
        let token = token_with(|it| _ = it.insert(claim.to_owned(), value));
        assert_eq!(
            judged(&policy_with("{}"), &token, &at_now()).unwrap_err(),
            format!("not evaluated: the claim `{claim}`")
        );
    }
}

#[test]
fn each_stage_says_what_sts_says() {
    let set = |name: &'static str, value: serde_json::Value| token_with(|it| _ = it.insert(name.to_owned(), value));
    let without = |name: &'static str| token_with(|it| _ = it.remove(name));
    let rows: Vec<(String, Stage, &str, &str)> = vec![
        (without("aud"), Stage::Token, "InvalidIdentityToken", "Missing a required claim: aud"),
        (without("sub"), Stage::Token, "InvalidIdentityToken", "Missing a required claim: sub"),
        (without("iat"), Stage::Token, "InvalidIdentityToken", "Missing a required claim: iat"),
        (
            set("aud", serde_json::json!([])),
            Stage::Token,
            "InvalidIdentityToken",
            "Claim is not allowed to be empty: aud",
        ),
        (set("sub", serde_json::Value::Null), Stage::Token, "InternalFailure", ""),
        (
            set("iss", "https://gitlab.com/".into()),
            Stage::Provider,
            "InvalidIdentityToken",
            "No OpenIDConnect provider found in your account for https://gitlab.com/",
        ),
        (
            set("exp", (NOW - 300).into()),
            Stage::Time,
            "ExpiredTokenException",
            "Token expired: current date/time 1795168560 must be before the expiration date/time 1795168560",
        ),
        (set("iat", (NOW + 301).into()), Stage::Time, "InvalidIdentityToken", "Token issued in the future: 1795169161"),
        (
            set("nbf", (NOW + 301).into()),
            Stage::Time,
            "InvalidIdentityToken",
            "Token not yet valid: current date/time 1795169160 must be after or equal to the not-before date/time 1795169161",
        ),
        (set("exp", serde_json::json!(1.5)), Stage::Time, "InvalidIdentityToken", "Invalid timestamp in token claims."),
        (set("exp", serde_json::Value::Null), Stage::Time, "InvalidIdentityToken", ""),
        (set("aud", "".into()), Stage::Audience, "InvalidIdentityToken", ""),
        (
            set("aud", "other".into()),
            Stage::Audience,
            "InvalidIdentityToken",
            "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.",
        ),
        (
            set("aud", serde_json::json!(["https://gitlab.com", "b"])),
            Stage::Audience,
            "InvalidIdentityToken",
            "Token audience contains more than one audience while authorized party is not present",
        ),
    ];
    let policy = policy_with(r#"{"StringLike": {"gitlab.com:sub": "project_path:mygroup/*"}}"#);
    for (token, stage, code, message) in rows {
        let verdict = judged(&policy, &token, &at_now()).unwrap();
        let failure = verdict.failure.unwrap();
        assert_eq!(
            (verdict.allowed, failure.stage, failure.error.code, failure.error.message.as_str()),
            (Some(false), stage, code, message),
            "{token}"
        );
    }
    for token in [
        set("exp", (NOW - 299).into()),
        set("iat", (NOW + 300).into()),
        set("nbf", (NOW + 300).into()),
        set("exp", (NOW + 60).to_string().into()),
        set("aud", serde_json::json!(["https://gitlab.com"])),
        set("azp", "https://gitlab.com".into()),
        without("nbf"),
    ] {
        assert_eq!(judged(&policy, &token, &at_now()).unwrap().allowed, Some(true), "{token}");
    }
}

#[test]
fn the_first_failing_stage_answers_and_the_others_stand_beside_it() {
    let token = token_with(|it| {
        it.insert("aud".to_owned(), "other".into());
        it.insert("exp".to_owned(), (NOW - 5000).into());
    });
    let verdict =
        judged(&policy_with(r#"{"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}"#), &token, &at_now())
            .unwrap();
    assert_eq!(verdict.stage, Stage::Time);
    assert_eq!(verdict.also.iter().map(|it| it.stage).collect::<Vec<_>>(), [Stage::Audience, Stage::TrustPolicy]);
    assert_eq!(verdict.statements.len(), 1, "the trust policy is always evaluated");
}

#[test]
fn what_aws_has_not_confirmed_is_said_and_never_guessed() {
    let own = format!(r#""gitlab.com:sub": "{MAIN}""#);
    for (conditions, words) in [
        (r#"{"NumericLessThan": {"gitlab.com:project_id": "5"}}"#.to_owned(), "key of another type"),
        (r#"{"Bool": {"gitlab.com:ref_protected": "true"}}"#.to_owned(), "key of another type"),
        (r#"{"DateLessThan": {"aws:CurrentTime": "tomorrow"}}"#.to_owned(), "as the operator wants it"),
        (r#"{"StringEquals": {"gitlab.com:sub": "${aws:x y}"}}"#.to_owned(), "written like this"),
        (format!(r#"{{"StringEquals": {{{own}}}, "StringEquals": {{"gitlab.com:aud": "y"}}}}"#), "stands twice"),
        (format!(r#"{{"StringEquals": {{{own}, "GitLab.com:sub": "y"}}}}"#), "stands twice"),
        (format!(r#"{{"stringequals": {{{own}}}}}"#), "in this spelling"),
        (r#"{"NullIfExists": {"gitlab.com:sub": "false"}}"#.to_owned(), "`NullIfExists`"),
        (r#"{"ForAnyValue:StringEqualsIfExists": {"gitlab.com:environment": "x"}}"#.to_owned(), "absent key"),
    ] {
        let verdict = decides(&conditions, None);
        assert!(verdict.depends_on.is_empty(), "{conditions}");
        assert!(verdict.unconfirmed.iter().any(|it| it.contains(words)), "{conditions}: {:?}", verdict.unconfirmed);
    }
    let token = token_with(|it| _ = it.insert("ref_protected".to_owned(), true.into()));
    let china =
        policy_with(r#"{"StringEquals": {"gitlab.com:project_id": "4711"}}"#).replace("arn:aws:", "arn:aws-cn:");
    let no_text = policy_with(r#"{"StringEquals": {"gitlab.com:ref_protected": "true"}}"#);
    for (policy, words) in [
        (china, "`StringEquals` on `gitlab.com:project_id`"),
        (no_text, "`StringEquals` on `gitlab.com:ref_protected`"),
    ] {
        let verdict = judged(&policy, &token, &at_now()).unwrap();
        assert_eq!((verdict.allowed, verdict.depends_on.as_slice()), (None, &[][..]), "{policy}");
        assert!(verdict.unconfirmed.concat().contains(words), "{policy}: {:?}", verdict.unconfirmed);
    }
    for (element, words) in [
        (r#""NotAction": "sts:AssumeRole","#, "`NotAction`"),
        (r#""effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity","#, "stands twice"),
    ] {
        let policy = policy_with("{}").replace(r#""Action": "sts:AssumeRoleWithWebIdentity","#, element);
        let verdict = judged(&policy, &token_with(|_| {}), &at_now()).unwrap();
        assert_eq!(verdict.allowed, None, "{element}");
        assert!(verdict.unconfirmed.concat().contains(words), "{element}: {:?}", verdict.unconfirmed);
    }
    let tags = token_with(|it| _ = it.insert("https://aws.amazon.com/tags".to_owned(), serde_json::json!({})));
    assert!(judged(&policy_with("{}"), &tags, &at_now()).unwrap_err().contains("https://aws.amazon.com/tags"));
}

#[test]
fn what_no_role_can_hold_is_the_stage_policy() {
    for (policy, words) in [
        (r#"{"Statement": []}"#.to_owned(), "at least one statement"),
        (r"{}".to_owned(), "at least one statement"),
        ("[]".to_owned(), "JSON object"),
        (policy_with("{}").replace("Effect\": \"Allow", "Effect\": \"allow"), "`Allow` or `Deny`"),
        (policy_with("{}").replace("Action", "Actions"), "did you mean `Action`?"),
        (policy_with("{}").replace("2012-10-17", "2012-10-18"), "valid version"),
        (policy_with(r#"{"StringLikes": {"gitlab.com:sub": "x"}}"#), "did you mean `StringLike`?"),
        (
            policy_with("{}").replace("\"Action\": \"sts:AssumeRoleWithWebIdentity\",", ""),
            "Missing required field Action",
        ),
        (policy_with("{}").replace("\"Effect", "\"Resource\": \"*\", \"Effect"), "Has prohibited field Resource"),
        (policy_with("{}").replace("\"Effect", "\"NotPrincipal\": {}, \"Effect"), "must not contain NotPrincipal"),
    ] {
        let verdict = judged(&policy, &token_with(|_| {}), &at_now()).unwrap();
        assert_eq!((verdict.allowed, verdict.stage), (Some(false), Stage::Policy), "{policy}");
        assert!(verdict.failure.unwrap().error.message.contains(words), "{policy}");
    }
}

#[test]
fn what_iam_refuses_today_never_changes_the_verdict() {
    let verdict = decides(r#"{"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}"#, Some(true));
    assert!(verdict.refused_by_iam[0].message.contains("gitlab.com:sub"));
    let verdict = decides(r#"{"StringLike": {"gitlab.com:sub": "*"}}"#, Some(true));
    assert_eq!(verdict.refused_by_iam.len(), 1);
    let verdict = decides(r#"{"StringLike": {"gitlab.com:sub": "project_path:*"}}"#, Some(true));
    assert!(verdict.refused_by_iam.is_empty());
}

#[test]
fn a_record_is_judged_by_sub_and_aud_alone() {
    let record = format!(
        r#"{{"eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied", "recipientAccountId": "123456789012",
        "userIdentity": {{"principalId": "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:{MAIN}",
        "userName": "{MAIN}", "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}}}"#
    );
    let check = |conditions: &str| judged(&policy_with(conditions), &record, &Circumstances::default()).unwrap();
    assert_eq!(
        check(&format!(
            r#"{{"StringEquals": {{"gitlab.com:sub": "{MAIN}", "gitlab.com:aud": "https://gitlab.com"}}}}"#
        ))
        .allowed,
        Some(true)
    );
    let verdict =
        check(&format!(r#"{{"StringEquals": {{"gitlab.com:sub": "{MAIN}", "gitlab.com:project_id": "4711"}}}}"#));
    assert_eq!((verdict.allowed, verdict.depends_on), (None, vec!["gitlab.com:project_id".to_owned()]));
    assert_eq!(
        check(r#"{"StringEquals": {"gitlab.com:sub": "x", "gitlab.com:project_id": "4711"}}"#).allowed,
        Some(false)
    );
}

#[test]
fn the_nearest_statement_is_spoken_of() {
    let setup = file::read(include_str!("../../tests/setups/contract-example.json")).unwrap();
    let policy = crate::generate::trust_policy(&setup, &setup.roles()[0]);
    let token = token_with(|it| {
        it.insert("sub".to_owned(), MAIN.replace("main", "dev").into());
        it.insert("ref_protected".to_owned(), "false".into());
    });
    let verdict = judged(&policy, &token, &at_now()).unwrap();
    let (statement, condition) = verdict.stopper().unwrap();
    assert_eq!((statement.index, condition.unwrap().key.as_str()), (0, "gitlab.com:sub"));
}
