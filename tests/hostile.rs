//! Policies that somebody made to be slow: reading and judging end in bounded time, with an answer or a message of one line.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::time::{Duration, Instant};

use claimcheck::aws::policy::read;
use claimcheck::document::json;
use claimcheck::verdict::{Circumstances, NoVerdict, Stage, Verdict, evidence_of, is_allowed, judge};

const NOW: i64 = 1_795_168_800;
/// Many times what the slowest takes, unoptimized and beside other work; what is quadratic takes more.
const LIMIT: Duration = Duration::from_secs(8);

const HEAD: &str = r#""Principal":{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"},"Action":"sts:AssumeRoleWithWebIdentity""#;

/// The verdict on a policy, or the message of what refuses it.
fn verdict(name: &str, policy: &str, sub: &str) -> Result<Verdict, String> {
    let start = Instant::now();
    let token = format!(
        r#"{{"iss":"https://gitlab.com","aud":"https://gitlab.com","sub":"{sub}","iat":{NOW},"exp":{}}}"#,
        NOW + 3_600
    );
    let evidence = evidence_of(&json::parse(&token).unwrap()).unwrap();
    let circumstances = Circumstances { now: NOW, ..Circumstances::default() };
    let answer = json::parse(policy).map_err(|it| it.message).and_then(|root| {
        let document = read(&root).map_err(|it| it.refusal.message)?;
        let message = |it: NoVerdict| it.message();
        let verdict = judge(policy, &document, &evidence, &circumstances).map_err(message)?;
        assert_eq!(is_allowed(&document, &evidence, &circumstances), Ok(verdict.allowed), "{name}");
        Ok(verdict)
    });
    let took = start.elapsed();
    println!("{name}: {} kB, {} ms", policy.len() / 1_000, took.as_millis());
    assert!(took < LIMIT, "{name} takes {took:?}");
    if let Err(message) = &answer {
        assert!(!message.contains('\n') && message.len() < 400, "{name}: {message}");
    }
    answer
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..count {
        let comma = if at == 0 { "" } else { "," };
        write!(text, "{comma}{}", one(at)).unwrap();
    }
    text
}

/// One statement with these conditions.
fn under(conditions: &str) -> String {
    policy(&format!(r#"{{"Effect":"Allow",{HEAD},"Condition":{{{conditions}}}}}"#))
}

#[test]
fn many_statements() {
    let one =
        |at| format!(r#"{{"Effect":"Allow",{HEAD},"Condition":{{"StringEquals":{{"gitlab.com:sub":"s{at}"}}}}}}"#);
    let text = policy(&list(10_000, one));
    assert_eq!(verdict("10,000 statements", &text, "x").unwrap().allowed, Some(false));
    assert_eq!(verdict("10,000 statements, the last applies", &text, "s9999").unwrap().allowed, Some(true));
}

#[test]
fn many_values_and_keys() {
    let values = list(100_000, |at| format!(r#""p:{at}*""#));
    let text = under(&format!(r#""StringLike":{{"gitlab.com:sub":[{values}]}}"#));
    assert_eq!(verdict("100,000 values", &text, "q:h").unwrap().allowed, Some(false));
    let text = under(&format!(r#""StringEquals":{{{}}}"#, list(20_000, |at| format!(r#""aws:Unheard{at}":"x""#))));
    let open = verdict("20,000 keys that nobody knows", &text, "x").unwrap();
    assert_eq!((open.allowed, open.depends_on.len()), (None, 20_000));
    let text = under(&format!(r#""StringEquals":{{{}}}"#, list(20_000, |_| r#""gitlab.com:sub":"y""#.to_owned())));
    assert_eq!(verdict("one key 20,000 times", &text, "x").unwrap().allowed, None);
    let variables = list(20_000, |at| format!(r#""${{aws:Unheard{at}}}""#));
    let text = under(&format!(r#""StringEquals":{{"gitlab.com:sub":[{variables}]}}"#));
    assert_eq!(verdict("20,000 policy variables", &text, "x").unwrap().allowed, None);
}

#[test]
fn many_accounts_and_principals() {
    let principal = |at| format!(r#""arn:aws:iam::{:012}:oidc-provider/gitlab.com""#, at);
    let text = policy(&format!(
        r#"{{"Effect":"Allow","Action":"sts:AssumeRoleWithWebIdentity","Principal":{{"Federated":[{}]}}}}"#,
        list(30_000, principal)
    ));
    let message = verdict("30,000 accounts", &text, "x").unwrap_err();
    assert!(message.starts_with("the policy names providers of several accounts, "), "{message}");
    let odd = list(10_000, |at| {
        format!(r#"{{"Effect":"Allow",{HEAD},"{}":{{}}}}"#, if at == 0 { "Conditions" } else { "Condition" })
    });
    assert!(verdict("an unknown element before 10,000 statements", &policy(&odd), "x").is_err());
}

#[test]
fn wildcards_that_backtrack() {
    let sub = "a".repeat(4_000);
    let wild = format!("{}b", "*a".repeat(2_000));
    for operator in ["StringLike", "StringNotLike", "ForAnyValue:StringLike"] {
        let text = under(&format!(r#""{operator}":{{"gitlab.com:sub":"{wild}"}}"#));
        let answer = verdict(operator, &text, &sub).unwrap().allowed;
        assert_eq!(answer, Some(operator == "StringNotLike"));
    }
    let text = under(&format!(r#""StringLike":{{"gitlab.com:sub":"{}"}}"#, "*?".repeat(3_000)));
    assert_eq!(verdict("*?*?*?", &text, &sub).unwrap().allowed, Some(true));
    let action = format!("sts:{}x", "*s".repeat(20_000));
    let text = policy(&format!(
        r#"{{"Effect":"Allow","Principal":{{"Federated":"arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},"Action":"{action}"}}"#
    ));
    assert_eq!(verdict("an action of wildcards", &text, "x").unwrap().allowed, Some(false));
}

#[test]
fn long_subjects() {
    let sub = "a".repeat(14_000);
    let stars = format!("{}*b", "*a".repeat(1_000));
    let list = |value: &str, count: usize| list(count, |_| format!("\"{value}\""));
    for (name, values) in [
        ("a long stretch before the end", list(&format!("*{}b", "a".repeat(7_000)), 100)),
        ("a long stretch in the middle", list(&format!("*{}b*", "a".repeat(7_000)), 100)),
        ("a long stretch that fits late", list(&format!("b*{}*", "a".repeat(7_000)), 100)),
        ("a long stretch with `?`", list(&format!("*{}?b*", "a".repeat(400)), 4)),
        ("many stars", list(&stars, 300)),
    ] {
        for operator in ["StringLike", "StringEquals"] {
            let text = under(&format!(r#""{operator}":{{"gitlab.com:sub":[{values}]}}"#));
            assert_eq!(verdict(name, &text, &sub).unwrap().allowed, Some(false));
        }
    }
    // No policy sees a token that is longer than STS takes.
    let long = "a".repeat(1_000_000);
    let text = under(&format!(r#""StringLike":{{"gitlab.com:sub":[{}]}}"#, list(&stars, 300)));
    let answer = verdict("a subject of 1 MB", &text, &long).unwrap();
    assert_eq!((answer.allowed, answer.stage, answer.also.len()), (Some(false), Stage::Token, 0));
    assert!(answer.failure.unwrap().why.contains("20000 characters; this has at least 1333"));
    let record = format!(
        r#"{{"eventName":"AssumeRoleWithWebIdentity","userIdentity":{{"identityProvider":"x.example.com","userName":"{long}"}}}}"#
    );
    assert_eq!(
        evidence_of(&json::parse(&record).unwrap()).unwrap_err().message,
        "no token has a `sub` of 1000000 bytes"
    );
}

#[test]
fn deep_and_long_texts() {
    for (open, close, levels) in [("[", "]", 500_000), (r#"{"Statement":"#, "}", 100_000)] {
        let deep = format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(verdict("many levels", &deep, "x").is_err());
        assert!(verdict("many levels, not closed", &open.repeat(levels), "x").is_err());
    }
    let long = |half: usize| under(&format!(r#""StringLike":{{"gitlab.com:sub":"{}"}}"#, "x*".repeat(half)));
    assert_eq!(verdict("a value of 2 MB", &long(1_000_000), &"x".repeat(9_000)).unwrap().allowed, Some(false));
    let message = verdict("a value of 10 MB", &long(5_000_000), "x").unwrap_err();
    assert!(message.ends_with("at most 2097152 are read"), "{message}");
    assert!(verdict("10 MB that is no JSON", &"x ".repeat(5_000_000), "x").is_err());
    assert!(verdict("10 MB of white space", &" ".repeat(10_000_000), "x").is_err());
    let keys = list(150_000, |at| format!(r#""k{at}":1"#));
    assert!(verdict("150,000 elements that IAM does not know", &format!("{{{keys}}}"), "x").is_err());
    let operator = format!("{}Equals", "String".repeat(100_000));
    assert!(verdict("an operator of 600 kB", &under(&format!(r#""{operator}":{{}}"#)), "x").is_err());
}

#[test]
fn a_key_that_stands_twice_among_many() {
    let keys =
        |last: &str| format!("{{{},\"{last}\":{{\"x\":1,\"x\":2}}}}", list(150_000, |at| format!(r#""k{at}":1"#)));
    let start = Instant::now();
    let found = |text: &str| json::double_key(&json::parse(text).unwrap()).map(|it| it.key.clone());
    assert_eq!(found(&keys("k0")).as_deref(), Some("k0"));
    assert_eq!(found(&keys("other")).as_deref(), Some("x"));
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
}
