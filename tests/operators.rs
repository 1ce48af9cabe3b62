//! Every condition operator with every prefix and suffix, on a key that is absent, there, and there several times: what AWS's text
//! says, as the two tables of `tests/cases/operators.txt`, crossed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use claimcheck::aws::policy::{OPERATORS, read};
use claimcheck::document::json;
use claimcheck::verdict::{Circumstances, Evidence, evidence_of, is_allowed, judge};
use serde_json::json;

const NOW: i64 = 1_795_168_800;

fn evidence() -> Evidence {
    let token =
        json!({"iss": "https://gitlab.com", "aud": "https://gitlab.com", "sub": "x", "iat": NOW, "exp": NOW + 60});
    evidence_of(&json::parse(&token.to_string()).unwrap()).unwrap()
}

fn answer(operator: &str, key: &str, wanted: &[&str], came: &[&str]) -> &'static str {
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Condition": {operator: {key: wanted}}
    }})
    .to_string();
    let document = read(&json::parse(&policy).unwrap()).unwrap();
    let came = came.iter().map(|it| (*it).to_owned()).collect();
    let circumstances = Circumstances { now: NOW, context: vec![(key.to_owned(), came)], ..Circumstances::default() };
    let verdict = judge(&policy, &document, &evidence(), &circumstances).unwrap();
    assert_eq!(is_allowed(&document, &evidence(), &circumstances), Ok(verdict.allowed));
    match verdict.allowed {
        Some(true) => "yes",
        Some(false) => "no",
        None => "open",
    }
}

#[test]
fn every_operator_answers_what_aws_documents() {
    let rows: Vec<Vec<&str>> = include_str!("cases/operators.txt")
        .lines()
        .filter(|it| !it.is_empty() && !it.starts_with('#'))
        .map(|it| it.split('|').map(str::trim).collect())
        .collect();
    let operators: Vec<_> = rows.iter().filter(|it| it.len() == 6).collect();
    let forms: Vec<_> = rows.iter().filter(|it| it.len() == 11).collect();
    assert_eq!(operators.len() + forms.len(), rows.len(), "a row of neither table");
    for (name, ..) in OPERATORS {
        assert!(operators.iter().any(|it| it[0] == name), "{name} has no row");
    }
    let (mut count, mut wrong) = (0, Vec::new());
    for row in operators {
        let [name, sort, key, wanted, hit, miss] = row[..] else { panic!("{row:?}") };
        let forms: Vec<_> = forms.iter().filter(|it| it[0] == sort).collect();
        assert_eq!(forms.len(), 6, "{sort}: three prefixes, with and without the suffix");
        for form in forms {
            let operator = format!("{}{name}{}", form[1], form[2]);
            let cases: [(&[&str], &[&str]); 8] = [
                (&[wanted], &[]),
                (&[wanted], &[hit]),
                (&[wanted], &[miss]),
                (&[wanted], &[hit, hit]),
                (&[wanted], &[hit, miss]),
                (&[wanted], &[miss, miss]),
                (&[], &[hit]),
                (&[], &[]),
            ];
            for ((wanted, came), expected) in cases.into_iter().zip(&form[3..]) {
                count += 1;
                let answer = answer(&operator, key, wanted, came);
                if answer != *expected {
                    wrong.push(format!("{operator} {key} {wanted:?}, came {came:?}: {answer}, and not {expected}"));
                }
            }
        }
    }
    println!("{count} answers");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 27 * 6 * 8);
}
