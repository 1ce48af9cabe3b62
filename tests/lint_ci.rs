//! Findings in `.gitlab-ci.yml`: which variable a script hands to STS, in the shells that runners have, and what a script may do that
//! no reader of the file knows.

use claimcheck::lint::{Bench, File, Finding, apply, lint};
use claimcheck::source::read;
use claimcheck::verdict::Circumstances;

fn file(text: &str) -> File {
    File { name: ".gitlab-ci.yml".to_owned(), text: text.to_owned(), source: read(text, &[]) }
}

fn findings(file: &File) -> Vec<Finding> {
    lint(&Bench::new(std::slice::from_ref(file), &Circumstances::default()))
}

/// A job with these ID tokens and these lines of its script.
fn job(tokens: &[&str], script: &[&str]) -> String {
    let tokens: String = tokens.iter().map(|it| format!("    {it}:\n      aud: https://gitlab.com\n")).collect();
    let script: String = script.iter().map(|it| format!("    - |\n      {}\n", it.replace('\n', "\n      "))).collect();
    format!("deploy:\n  id_tokens:\n{tokens}  script:\n{script}")
}

/// The call of STS with that token.
fn hand_over(token: &str) -> String {
    format!(
        "aws sts assume-role-with-web-identity --role-arn arn:aws:iam::123456789012:role/r --role-session-name ci --web-identity-token {token}"
    )
}

fn of<'f>(found: &'f [Finding], rule: &str) -> Vec<&'f Finding> {
    found.iter().filter(|it| it.rule.id.as_str() == rule).collect()
}

#[test]
fn a_variable_of_powershell_is_named_behind_env() {
    for token in ["$env:OIDC", "$Env:OIDC", "\"$env:OIDC\"", "\"$($env:OIDC)\"", "${env:OIDC}", "$ENV:oidc"] {
        let file = file(&job(&["OIDC"], &[&format!("$creds = ({} | ConvertFrom-Json)", hand_over(token))]));
        assert!(findings(&file).is_empty(), "{token}");
    }
    let before = file(&job(&["OIDC"], &[&hand_over("$env:OTHER")]));
    let found = findings(&before);
    let [one] = of(&found, "ci-unknown-token")[..] else { unreachable!("{found:?}") };
    assert!(one.message.starts_with("`$env:OTHER` is none of"), "{}", one.message);
    let fix = one.fix.as_ref().unwrap();
    assert_eq!(fix.title, "hand over `$env:OIDC`");
    let after = apply(&before.text, &fix.edits);
    assert_eq!(after, before.text.replace("OTHER", "OIDC"));
    assert!(findings(&file(&after)).is_empty(), "{after}");
    // What stands without it is the script's own there.
    for token in ["$token", "\"$token\"", "$env:TOKEN", "$env:Other"] {
        let script = ["$token = $env:OIDC", "$env:TOKEN = $token", "$env:OTHER=$token", &hand_over(token)];
        let file = file(&job(&["OIDC"], &script));
        assert!(findings(&file).is_empty(), "{token}");
    }
}
