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

#[test]
fn a_variable_that_a_script_sets_may_hold_the_token() {
    let call = |token: &str| hand_over(token);
    for script in [
        vec![format!("login() {{ {}; }}", call("\"$2\"")), "login r \"$OIDC\"".to_owned()],
        vec![format!("login() {{ local token=\"$1\"; {}; }}", call("\"$token\"")), "login \"$OIDC\"".to_owned()],
        vec!["printf -v T %s \"$OIDC\"".to_owned(), call("\"$T\"")],
        vec![": ${T:=$OIDC}".to_owned(), call("$T")],
        vec![": \"${T=$OIDC}\"".to_owned(), call("\"${T}\"")],
        vec![call("\"${T:-$OIDC}\"")],
        vec!["source ./env.sh".to_owned(), call("$T")],
        vec![". ./env.sh".to_owned(), call("$T")],
        vec!["set -a; . env; set +a".to_owned(), call("$T")],
        vec!["eval \"$(./env.sh)\"".to_owned(), call("$T")],
        vec!["eval \"$(printf 'T=%s' \"$OIDC\")\"".to_owned(), call("$T")],
        vec!["export $(cat .env)".to_owned(), call("$T")],
        vec!["while getopts t: T; do :; done".to_owned(), call("$T")],
        vec!["for T in \"$OIDC\"; do".to_owned(), call("$T"), "done".to_owned()],
    ] {
        let script: Vec<&str> = script.iter().map(String::as_str).collect();
        for tokens in [["OIDC"].as_slice(), &["OIDC", "VAULT"]] {
            let found = findings(&file(&job(tokens, &script)));
            assert!(of(&found, "ci-unknown-token").is_empty(), "{script:?}");
        }
    }
    let exports = "export $(printf \"AWS_ACCESS_KEY_ID=%s\" $keys)";
    let agent = "eval $(ssh-agent -s)".to_owned();
    for script in [
        vec![agent, call("$T")],
        vec![call("$T")],
        vec![call("${T}")],
        vec![call("\"${T:?}\"")],
        vec![call("$T"), exports.to_owned()],
    ] {
        let script: Vec<&str> = script.iter().map(String::as_str).collect();
        assert_eq!(of(&findings(&file(&job(&["OIDC"], &script))), "ci-unknown-token").len(), 1, "{script:?}");
    }
}

#[test]
fn an_earlier_job_may_hand_the_token_on() {
    let job = job(&["OIDC"], &[&hand_over("$T")]);
    for (before, is_found) in [
        ("build:\n  script: [make]\n", true),
        ("build:\n  script: [make]\n  artifacts:\n    reports:\n      junit: a.xml\n", true),
        ("build:\n  script: [make]\n  artifacts:\n    reports:\n      dotenv: a.env\n", false),
        (".b:\n  artifacts: {reports: {dotenv: a.env}}\nbuild:\n  extends: .b\n  script: [make]\n", false),
    ] {
        let found = findings(&file(&format!("{before}{job}")));
        assert_eq!(of(&found, "ci-unknown-token").len(), usize::from(is_found), "{before}");
    }
    let found = findings(&file(&format!(
        "{job}  needs:\n    - project: g/p\n      job: build\n      ref: main\n      artifacts: true\n"
    )));
    assert!(of(&found, "ci-unknown-token").is_empty());
}

#[test]
fn a_line_that_jobs_share_is_mended_where_it_is_wrong_for_each() {
    let call = hand_over("$GITLAB");
    let tokens = |name: &str| format!("  id_tokens:\n    {name}:\n      aud: https://gitlab.com\n");
    for (first, second, is_mended) in [("GITLAB", "OTHER", false), ("OTHER", "OTHER", true), ("OTHER", "GITLAB", false)]
    {
        for (shared, uses) in [
            (format!(".x:\n  script:\n    - {call}\n"), "  script:\n    - !reference [.x, script]\n"),
            (format!(".x:\n  script:\n    - {call}\n"), "  extends: .x\n"),
            (format!(".x: &x\n  script:\n    - {call}\n"), "  <<: *x\n"),
            (format!("default:\n  before_script:\n    - {call}\n"), "  script: [make]\n"),
        ] {
            let text = format!("{shared}a:\n{}{uses}b:\n{}{uses}", tokens(first), tokens(second));
            let found = findings(&file(&text));
            let unknown = of(&found, "ci-unknown-token");
            assert!(!unknown.is_empty(), "{text}");
            assert!(unknown.iter().all(|it| it.fix.is_some() == is_mended), "{text}");
        }
    }
}

/// A trust policy in Terraform: the provider's partition and account, and what is said of the role.
fn policy(partition: &str, account: &str, role: &str) -> String {
    format!(
        "resource \"aws_iam_role\" \"r\" {{\n{role}  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ Federated = \"arn:{partition}:iam::{account}:oidc-provider/gitlab.com\" }}, Action = \"sts:AssumeRoleWithWebIdentity\", Condition = {{ StringEquals = {{ \"gitlab.com:aud\" = \"https://gitlab.com\", \"gitlab.com:sub\" = \"project_path:g/p:ref_type:branch:ref:main\" }} }} }}] }})\n}}\n"
    )
}

#[test]
fn a_role_of_another_partition_or_of_a_variables_account_is_told() {
    let (name, other) = ("  name = \"r\"\n", "  name = \"other\"\n");
    for (policy, variables, arn, words) in [
        (policy("aws", "123456789012", name), "", "arn:aws:iam::123456789012:role/r", ""),
        (policy("aws", "123456789012", name), "", "arn:aws-cn:iam::123456789012:role/r", "partition here is `aws-cn`"),
        (policy("aws-us-gov", "123456789012", ""), "", "arn:aws:iam::123456789012:role/r", "trusts `aws-us-gov`"),
        (
            policy("${data.aws_partition.p.partition}", "123456789012", name),
            "",
            "arn:aws-cn:iam::123456789012:role/r",
            "",
        ),
        (policy("aws", "123456789012", other), "", "arn:aws-cn:iam::123456789012:role/r", ""),
        (
            policy("aws", "123456789012", name),
            "ACC: \"210987654321\"",
            "arn:aws:iam::${ACC}:role/r",
            "is in account `210987654321`",
        ),
        (
            policy("aws", "123456789012", name),
            "ACC: \"210987654321\"",
            "\"arn:aws:iam::$ACC:role/r\"",
            "is in account `210987654321`",
        ),
        (policy("aws", "123456789012", name), "ACC: \"123456789012\"", "arn:aws:iam::${ACC}:role/r", ""),
        (policy("aws", "123456789012", name), "OTHER: \"1\"", "arn:aws:iam::${ACC}:role/r", ""),
        (policy("aws", "123456789012", name), "ACC: \"210987654321\"", "'arn:aws:iam::${ACC}:role/r'", ""),
        (
            policy("aws", "123456789012", name),
            "ACC: \"210987654321\"\n  R: arn:aws:iam::$ACC:role/r",
            "$R",
            "is in account `210987654321`",
        ),
        (policy("aws", "123456789012", name), "ACC: $A\n  A: $ACC", "arn:aws:iam::${ACC}:role/r", ""),
    ] {
        let call = hand_over("$OIDC").replace("arn:aws:iam::123456789012:role/r", arn);
        let head = if variables.is_empty() { String::new() } else { format!("variables:\n  {variables}\n") };
        for script in [vec![call.as_str()], vec!["ACC=1", &call]] {
            let files = [head.clone() + &job(&["OIDC"], &script), policy.clone()].map(|it| file(&it));
            let found = lint(&Bench::new(&files, &Circumstances::default()));
            let own = of(&found, "ci-role-differs");
            // What a script sets too is not known.
            let words = if script.len() > 1 && variables.starts_with("ACC") { "" } else { words };
            assert_eq!(own.len(), usize::from(!words.is_empty()), "{policy}{variables} {arn}");
            assert!(own.iter().all(|it| it.message.contains(words)), "{own:?}");
        }
    }
}

#[test]
fn a_session_name_is_followed_into_the_files_variables() {
    for (variables, name, words) in [
        ("N: $CI_PROJECT_PATH", "$N", "`$CI_PROJECT_PATH` has a `/`"),
        ("N: gitlab-${CI_COMMIT_REF_NAME}", "\"ci-${N}\"", "`$CI_COMMIT_REF_NAME` can have"),
        ("N: a/b", "$N", "`a/b` has"),
        ("N: ab", "$N", ""),
        ("N: $CI_JOB_ID", "$N", ""),
        ("N: $CI_PROJECT_PATH", "${N//\\//-}", ""),
        ("N: $CI_PROJECT_PATH", "'$N'", ""),
        ("N: $OTHER", "$N", ""),
    ] {
        let call = hand_over("$OIDC").replace("name ci", &format!("name {name}"));
        for script in [vec![call.as_str()], vec!["N=x", &call]] {
            let text = format!("variables:\n  {variables}\n{}", job(&["OIDC"], &script));
            let file = file(&text);
            let found = findings(&file);
            let own = of(&found, "ci-session-name");
            assert_eq!(own.len(), usize::from(!words.is_empty() && script.len() == 1), "{text}");
            assert!(own.iter().all(|it| it.message.contains(words) && it.fix.is_none()), "{own:?}");
        }
    }
}
