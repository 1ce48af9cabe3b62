//! Laws of findings: proofs that prove, fixes that keep who was meant, the kinds of policies that people write, and the time it takes.

#![expect(clippy::unwrap_used, reason = "a test's own data")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use claimcheck::aws::policy::Policy;
use claimcheck::document::json;
use claimcheck::lint::{Bench, File, Finding, RULES, apply, lint};
use claimcheck::source::read;
use claimcheck::verdict::{Circumstances, evidence_of, is_allowed};

struct Wild {
    name: String,
    policy: String,
    expected: BTreeSet<String>,
}

/// The kinds of policies that are found in public, each written anew.
fn wild() -> Vec<Wild> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/wild");
    let mut found: Vec<Wild> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let node = json::parse(&text).unwrap();
            let json::Value::Array(ids) = &node.member("findings").unwrap().value else { unreachable!() };
            Wild {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                policy: node.member("policy").unwrap().span.of(&text).to_owned(),
                expected: ids.iter().map(|it| it.as_str().unwrap().to_owned()).collect(),
            }
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn file(text: &str) -> File {
    File { name: "policy.json".to_owned(), text: text.to_owned(), source: read(text, &[]) }
}

fn findings(file: &File) -> Vec<Finding> {
    lint(&Bench::new(std::slice::from_ref(file), &Circumstances::default()))
}

fn policy(file: &File) -> &Policy {
    file.source.policies.first().unwrap().policy.as_ref().unwrap()
}

/// Every policy of the wild, and every example of a rule that is one policy alone.
fn policies() -> Vec<String> {
    let mut all: Vec<String> = wild().into_iter().map(|it| it.policy).collect();
    for rule in RULES {
        let parts: Vec<&str> = rule.explanation.split("```").collect();
        for pair in parts.chunks(2).filter_map(|it| it.get(1)) {
            let text = pair.split_once('\n').filter(|it| matches!(it.0, "json bad" | "json good")).map(|it| it.1);
            all.extend(
                text.filter(|it| file(it).source.policies.iter().any(|it| it.policy.is_ok())).map(str::to_owned),
            );
        }
    }
    assert!(all.len() > 150, "{}", all.len());
    all
}

fn admits(file: &File, token: &json::Node) -> Option<bool> {
    is_allowed(policy(file), &evidence_of(token).unwrap(), &Circumstances::default()).ok().flatten()
}

#[test]
fn each_kind_of_the_wild_has_its_findings_and_no_other() {
    let (mut kinds, mut wanted, mut good) = (0, 0, 0);
    for it in wild() {
        let found: BTreeSet<String> =
            findings(&file(&it.policy)).iter().map(|it| it.rule.id.as_str().to_owned()).collect();
        assert_eq!(found, it.expected, "{}", it.name);
        kinds += 1;
        wanted += usize::from(!it.expected.is_empty());
        good += usize::from(it.expected.is_empty());
    }
    println!("{kinds} kinds: {wanted} with a mistake, each found; {good} without, none accused");
    assert!(wanted >= 40 && good >= 5);
}

#[test]
fn every_proof_is_let_in_when_asked_again() {
    let mut proofs = 0;
    for text in policies() {
        let file = file(&text);
        for finding in findings(&file) {
            if let Some(witness) = &finding.witness {
                assert_eq!(admits(&file, witness.token()), Some(true), "{} in\n{text}", finding.rule.id.as_str());
                proofs += 1;
            }
        }
    }
    println!("{proofs} proofs");
    assert!(proofs > 40, "{proofs}");
}

/// Policies with one mistake beside another: every spelling of a part with every spelling of each other part.
fn mistaken() -> Vec<String> {
    let mut all = vec![
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ACTION", "Principal": {"Federated":
        "arn:aws:iam::123456789012:oidc-provider/HOSTgitlab.com"}, "Condition": {"OPERATOR": {"KEY": "PROJECTREF"},
        "StringEquals": {"gitlab.com:aud": "https://gitlab.comSPACE"}}}]}"#
            .to_owned(),
    ];
    let spellings: [(&str, &[&str]); 7] = [
        ("HOST", &["", "https://"]),
        ("ACTION", &["sts:AssumeRoleWithWebIdentity", "sts:AssumeRole"]),
        ("SPACE", &["", " "]),
        ("OPERATOR", &["StringEquals", "StringLike", "ForAllValues:StringLike"]),
        ("KEY", &["gitlab.com:sub", "https://gitlab.com:sub"]),
        (
            "PROJECT",
            &["project_path:mygroup/myrepo", "project_path:mygroup/*", "project:mygroup/my*", "mygroup/myrepo"],
        ),
        (
            "REF",
            &[":ref_type:branch:ref:refs/heads/main", ":ref_type:branch:ref:refs/heads/*", ":type:*:ref:release*", ""],
        ),
    ];
    for (part, spellings) in spellings {
        all = all.iter().flat_map(|text| spellings.iter().map(|it| text.replace(part, it))).collect();
    }
    all
}

/// Tokens that a policy of these tests may have been meant for.
fn meant() -> Vec<json::Node> {
    let subjects = [
        "project_path:mygroup/myrepo:ref_type:branch:ref:main",
        "project_path:mygroup/myrepo:ref_type:branch:ref:release/1",
        "project_path:mygroup/myrepo:ref_type:tag:ref:v1",
        "project_path:acme/shop:ref_type:branch:ref:main",
        "project_path:acme/shop:ref_type:branch:ref:release/1",
        "project_path:acme/shop:ref_type:tag:ref:v1",
    ];
    let hosts = ["gitlab.com", "gitlab.example.com", "git.acme.example"];
    let token = |host: &str, subject: &str| {
        json::parse(&format!(
            r#"{{"iss": "https://{host}", "aud": "https://{host}", "sub": "{subject}", "project_id": "4711", "namespace_id": "72",
                "ref_protected": "true", "pipeline_source": "push", "runner_environment": "gitlab-hosted", "user_id": "1001",
                "user_login": "jdoe", "user_email": "jdoe@example.com", "user_access_level": "developer",
                "iat": 0, "nbf": -5, "exp": 3600}}"#
        ))
        .unwrap()
    };
    hosts.iter().flat_map(|host| subjects.iter().map(move |subject| token(host, subject))).collect()
}

#[test]
fn a_fix_keeps_in_who_was_in_and_adds_no_finding() {
    let (mut fixes, mut kept) = (0, 0);
    for text in policies().into_iter().chain(mistaken()) {
        let before = file(&text);
        let found = findings(&before);
        for finding in &found {
            let Some(fix) = &finding.fix else { continue };
            let after = file(&apply(&text, &fix.edits));
            assert!(after.source.problems.is_empty(), "{}", after.text);
            fixes += 1;
            for token in meant() {
                if admits(&before, &token) == Some(true) {
                    assert_eq!(admits(&after, &token), Some(true), "{} in\n{}", finding.rule.id.as_str(), after.text);
                    kept += 1;
                }
            }
            let ids = |all: &[Finding]| all.iter().map(|it| it.rule.id.as_str()).collect::<Vec<_>>();
            let (had, has) = (ids(&found), ids(&findings(&after)));
            let own = finding.rule.id.as_str();
            let count = |all: &[&str], id: &str| all.iter().filter(|it| **it == id).count();
            assert!(count(&has, own) < count(&had, own), "{own} stays in\n{}", after.text);
            for id in &has {
                assert!(count(&has, id) <= count(&had, id), "the fix of {own} adds {id} in\n{}", after.text);
            }
        }
    }
    println!("{fixes} fixes, {kept} tokens kept in");
    assert!(fixes > 20 && kept > 10, "{fixes} {kept}");
}

#[test]
fn a_long_policy_is_looked_through_within_a_frame() {
    let subject = |at: usize| format!(r#""project_path:mygroup/myrepo{at}:ref_type:branch:ref:release-{at}/*""#);
    let subjects: Vec<String> = (0..86).map(subject).collect();
    let text = format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},
        "Condition": {{"StringEquals": {{"gitlab.com:aud": "https://gitlab.com"}}, "StringLike": {{"gitlab.com:sub": [{}]}}}}}}]}}"#,
        subjects.join(", ")
    );
    let file = file(&text);
    let found = findings(&file);
    let started = Instant::now();
    for _ in 0..10 {
        assert_eq!(findings(&file).len(), found.len());
    }
    let each = started.elapsed() / 10;
    println!("{} characters, {} findings: {each:?}", text.len(), found.len());
    assert!(each.as_millis() < if cfg!(debug_assertions) { 400 } else { 4 }, "{each:?}");
}

/// A statement for these providers of an account.
fn statement(hosts: &[&str], condition: &str) -> String {
    let providers: Vec<String> =
        hosts.iter().map(|it| format!("\"arn:aws:iam::123456789012:oidc-provider/{it}\"")).collect();
    format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Federated\": [{}]}}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {condition}}}]}}",
        providers.join(", ")
    )
}

#[test]
fn no_fix_locks_out_who_is_in_by_a_claim_that_his_provider_does_not_have() {
    let (both, gitlab) = (["gitlab.com", "token.actions.githubusercontent.com"], ["gitlab.com"]);
    let sub = "\"gitlab.com:sub\": \"project_path:g/p:ref_type:branch:ref:main\"";
    let github = "\"token.actions.githubusercontent.com:sub\": \"repo:o/p:ref:refs/heads/main\"";
    for (hosts, keys, is_mended) in [
        (gitlab.as_slice(), sub.to_owned(), true),
        (&both, sub.to_owned(), false),
        (&both, format!("{sub}, {github}"), false),
        (&gitlab, format!("{sub}, {github}"), false),
        (&gitlab, format!("{sub}, \"gitlab.com:user_login\": \"jdoe\""), false),
    ] {
        for (operator, rule) in
            [("StringEqualsIfExists", "operator-if-exists"), ("ForAllValues:StringEquals", "operator-for-all-values")]
        {
            let found = findings(&file(&statement(hosts, &format!("{{\"{operator}\": {{{keys}}}}}"))));
            let first = found.iter().find(|it| it.rule.id.as_str() == rule).unwrap();
            assert_eq!(first.fix.is_some(), is_mended, "{operator} {hosts:?} {keys}");
            assert_eq!(first.help.contains("for each provider"), hosts.len() > 1, "{operator}: {}", first.help);
        }
    }
}

#[test]
fn an_operator_has_the_finding_that_is_true_of_it_alone() {
    let main = "project_path:g/p:ref_type:branch:ref:main";
    let plain = format!("\"StringEquals\": {{\"gitlab.com:project_id\": \"1\", \"gitlab.com:sub\": \"{main}\"}}");
    for (beside, operator, value, expected) in [
        ("", "ForAllValue:StringEquals", main, "policy-refused"),
        ("", "ForAllValues:StringEquals", main, "operator-for-all-values"),
        (plain.as_str(), "NullIfExists", "false", "operator-wrong-type"),
        (&plain, "ForAllValues:NullIfExists", "false", "operator-wrong-type"),
        (&plain, "ForAllValues:Null", "true", "condition-always-met"),
        (&plain, "ForAnyValue:Null", "false", "condition-never-met"),
        (&plain, "Null", "false", ""),
    ] {
        let aud = "\"StringLike\": {\"gitlab.com:aud\": \"https://gitlab.com*\"}";
        let all = [aud, beside, &format!("\"{operator}\": {{\"gitlab.com:sub\": \"{value}\"}}")];
        let all: Vec<&str> = all.into_iter().filter(|it| !it.is_empty()).collect();
        let found = findings(&file(&statement(&["gitlab.com"], &format!("{{{}}}", all.join(", ")))));
        let ids: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().filter(|it| *it != "subject-name-only").collect();
        assert_eq!(ids.join(" "), expected, "{operator}");
    }
}

#[test]
fn no_fix_keeps_the_value_that_is_too_wide() {
    let main = "project_path:g/p:ref_type:branch:ref:main";
    for (key, narrow, wide, is_mended) in [
        ("sub", main, "project_path:*", false),
        ("sub", main, "project_path:g/*", false),
        ("sub", main, "project_path:g/p:ref_type:branch:ref:*", false),
        ("project_id", "4711", "*", false),
        ("sub", main, main, true),
        ("project_id", "4711", "4711", true),
    ] {
        let condition = format!("{{\"StringLike\": {{\"gitlab.com:{key}\": [\"{narrow}\", \"{wide}\"]}}}}");
        let found = findings(&file(&statement(&["gitlab.com"], &condition)));
        let it = found.iter().find(|it| it.rule.id.as_str() == "value-covered").unwrap();
        assert_eq!(it.fix.is_some(), is_mended, "{key} {wide}");
    }
    let protected = format!(
        "{{\"StringEquals\": {{\"gitlab.com:ref_protected\": \"true\"}}, \"StringLike\": {{\"gitlab.com:sub\": [\"{main}\", \"project_path:g/p:*\"]}}}}"
    );
    let found = findings(&file(&statement(&["gitlab.com"], &protected)));
    let it = found.iter().find(|it| it.rule.id.as_str() == "value-covered").unwrap();
    assert!(it.fix.is_some(), "{protected}");
}

#[test]
fn no_fix_writes_over_a_reference_or_over_what_stands_between_the_values_of_a_list() {
    let document = |around: &str, values: &str| {
        format!(
            "{around}\ndata \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = [\"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"]\n    }}\n    condition {{\n      test = \"StringLike\"\n      variable = \"gitlab.com:sub\"\n      values = {values}\n    }}\n  }}\n}}\n"
        )
    };
    let full = "project_path:${it}:ref_type:branch:ref:refs/heads/main";
    for (around, values, rule) in [
        ("locals {\n  a = [\"a/b\", \"c/d\"]\n}", format!("[for it in local.a : \"{full}\"]"), "subject-full-ref"),
        (
            "variable \"it\" {\n  default = \"a/b\"\n}",
            format!("[\"{}\"]", full.replace("it", "var.it")),
            "subject-full-ref",
        ),
        (
            "locals {\n  a = [\"project_path:a/b:ref_type:branch:ref:x1\"]\n}\nresource \"aws_s3_bucket\" \"kept\" {\n}",
            "concat(local.a, [\"project_path:a/b:ref_type:branch:ref:x*\"])".to_owned(),
            "value-covered",
        ),
    ] {
        let file = file(&document(around, &values));
        let found = findings(&file);
        let of_rule: Vec<_> = found.iter().filter(|it| it.rule.id.as_str() == rule).collect();
        assert!(!of_rule.is_empty() && of_rule.iter().all(|it| it.fix.is_none()), "{}", file.text);
    }
}

#[test]
fn what_is_known_beside_a_reference_is_found_and_nothing_else() {
    let document = |host: &str, sub: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = [var.provider]\n    }}\n    condition {{\n      test = \"StringEquals\"\n      variable = \"{host}:aud\"\n      values = [\"x\"]\n    }}\n    condition {{\n      test = \"StringLike\"\n      variable = \"{host}:sub\"\n      values = [\"{sub}\"]\n    }}\n  }}\n}}\n"
        )
    };
    for (sub, expected) in [
        ("project_path:${var.p}:ref_type:branch:ref:*", "subject-any-branch"),
        ("project_path:${var.p}:*", "subject-any-ref"),
        ("project_path:${var.g}/*:ref_type:branch:ref:main", "subject-whole-group"),
        ("project_path:g/*:ref_type:branch:ref:${var.b}", "subject-whole-group"),
        ("project_path:${var.p}:ref_type:tag:ref:v*", "subject-tag-pattern"),
        ("project_path:${var.p}:ref_type:mr:ref:*", "subject-ref-type-unknown"),
        ("project_path:${var.p}:environment:${var.e}*", "subject-environment"),
        ("project_path:${var.p}:ref_type:branch:ref:refs/heads/${var.b}*", "subject-full-ref"),
        ("project_path:${var.p}*", ""),
        ("project_path:${var.p}*:ref_type:branch:ref:main", ""),
        ("project_path:${var.p}:ref_type:${var.t}:ref:*", ""),
        ("project_path:${var.p}:ref_type:branch:ref:${var.b}*", ""),
        ("project_path:${var.p}*${var.rest}", ""),
    ] {
        for host in ["gitlab.com", "${var.host}"] {
            let found = findings(&file(&document(host, sub)));
            let found: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
            assert_eq!(found.join(" "), expected, "{host} {sub}");
        }
    }
}

#[test]
fn a_role_that_names_its_provider_by_a_reference_alone_is_looked_at_too() {
    let role = |host: &str, sub: &str| {
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  managed_policy_arns = [\"arn:aws:iam::aws:policy/AdministratorAccess\"]\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ Federated = var.provider }}, Action = \"sts:AssumeRoleWithWebIdentity\", Condition = {{ StringEquals = {{ \"{host}:aud\" = \"x\", \"{host}:sub\" = \"{sub}\" }} }} }}] }})\n}}\n"
        )
    };
    let subject = "project_path:g/p:ref_type:branch:ref:main";
    for (host, sub, is_found) in [
        ("gitlab.com", subject, true),
        ("${var.host}", subject, true),
        ("${var.host}", "system:serviceaccount:a:b", false),
        ("token.actions.githubusercontent.com", "repo:a/b:ref:refs/heads/main", false),
    ] {
        let found = findings(&file(&role(host, sub)));
        assert_eq!(found.iter().any(|it| it.rule.id.as_str() == "role-administrator"), is_found, "{host} {sub}");
    }
}

#[test]
fn a_policy_has_the_same_findings_in_every_form() {
    let encoded = |text: &str| text.bytes().map(|it| format!("%{it:02X}")).collect::<String>();
    let string = |text: &str| serde_json::Value::from(text).to_string();
    let terraform = |text: &str| text.replace("${", "$${").replace("%{", "%%{");
    let indented = |text: &str| text.lines().map(|it| format!("        {it}\n")).collect::<String>();
    for it in wild() {
        let policy = it.policy.as_str();
        for text in [
            format!("{{\"Role\": {{\"RoleName\": \"r\", \"AssumeRolePolicyDocument\": \"{}\"}}}}", encoded(policy)),
            format!("{{\"RoleName\": \"r\", \"AssumeRolePolicyDocument\": {}}}", string(policy)),
            format!(
                "resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = <<-EOF\n{}\n  EOF\n}}\n",
                terraform(policy)
            ),
            format!(
                "{{\"resource\": {{\"aws_iam_role\": {{\"r\": {{\"assume_role_policy\": {}}}}}}}}}",
                string(&terraform(policy))
            ),
            format!(
                "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: !Sub |\n{}",
                indented(&policy.replace("${", "${!"))
            ),
        ] {
            let found: BTreeSet<String> =
                findings(&file(&text)).iter().map(|it| it.rule.id.as_str().to_owned()).collect();
            assert_eq!(found, it.expected, "{}: {text}", it.name);
        }
    }
}

#[test]
fn variables_of_the_ci_file_are_looked_up_and_both_places_named() {
    let policy = "resource \"aws_iam_openid_connect_provider\" \"g\" {\n  url = \"https://gitlab.com\"\n  client_id_list = [\"https://gitlab.com\"]\n}\nresource \"aws_iam_role\" \"r\" {\n  name = \"deploy\"\n  assume_role_policy = jsonencode({ Version = \"2012-10-17\", Statement = [{ Effect = \"Allow\", Principal = { Federated = \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\" }, Action = \"sts:AssumeRoleWithWebIdentity\", Condition = { StringEquals = { \"gitlab.com:aud\" = \"https://gitlab.com\", \"gitlab.com:project_id\" = \"1\", \"gitlab.com:sub\" = \"project_path:g/p:ref_type:branch:ref:main\" } } }] })\n}\n";
    let ci = |aud: &str, role: &str, seconds: &str| {
        format!(
            "variables:\n  AUD: https://gitlab.com/\n  ROLE: arn:aws:iam::123456789012:role/deploy\n  LONG: \"7200\"\ndeploy:\n  id_tokens:\n    T:\n      aud: {aud}\n  script:\n    - aws sts assume-role-with-web-identity --role-arn {role} --role-session-name ci --web-identity-token \"$T\" --duration-seconds {seconds}\n"
        )
    };
    let both = ["ci-audience-differs", "ci-audience-not-registered"];
    for (aud, role, seconds, expected) in [
        ("https://gitlab.com", "$ROLE", "3600", [].as_slice()),
        ("$AUD", "$ROLE", "3600", &both),
        ("${AUD}", "$ROLE", "3600", &both),
        ("$CI_SERVER_URL", "$OTHER", "$LONG", &[]),
        ("https://gitlab.com", "${ROLE}", "$LONG", &["ci-session-longer"]),
    ] {
        let files = [policy.to_owned(), ci(aud, role, seconds)].map(|it| file(&it));
        let found = lint(&Bench::new(&files, &Circumstances::default()));
        let ids: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
        assert_eq!(ids, expected, "{aud} {role} {seconds}");
        assert!(found.iter().all(|it| it.file == 1 && it.related.iter().all(|it| it.file == 0)), "{aud}");
        assert!(found.iter().all(|it| !it.related.is_empty()), "{aud}");
    }
}

#[test]
fn what_a_key_without_a_value_may_ask_for_is_not_missed() {
    let document = |key: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"t\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = [\"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"]\n    }}\n    {key}\n  }}\n}}\n"
        )
    };
    let condition = |key: &str| {
        format!(
            "condition {{\n      test = \"StringEquals\"\n      variable = \"{key}\"\n      values = [\"x\"]\n    }}"
        )
    };
    let dynamic = "dynamic \"condition\" {\n      for_each = var.all\n      content {\n        test = condition.test\n        variable = condition.key\n        values = condition.value\n      }\n    }";
    for (key, expected) in [
        (condition("gitlab.com:${var.field}"), ""),
        (condition("${var.key}"), ""),
        (dynamic.to_owned(), ""),
        (
            condition("gitlab.com:aud")
                + &condition("gitlab.com:project_id").replace("\"x\"", "\"4711\"")
                + &condition("gitlab.com:ref_protected").replace("\"x\"", "var.p")
                + &condition("gitlab.com:sub").replace("\"x\"", "\"project_path:g/p:*\"").replace("Equals", "Like"),
            "",
        ),
        (condition("${var.host}:aud"), "subject-missing"),
        (condition("gitlab.com:aud"), "subject-missing"),
    ] {
        let found = findings(&file(&document(&key)));
        let ids: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "{key}");
    }
}

#[test]
fn the_help_is_for_the_mistake_that_was_made() {
    for (reference, help) in [("a b", "short name"), ("\\u65e5\\u672c", "Latin-1")] {
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {{\"Federated\": \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\"}}, \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Condition\": {{\"StringEquals\": {{\"gitlab.com:aud\": \"x\", \"gitlab.com:sub\": \"project_path:g/p:ref_type:branch:ref:{reference}\"}}}}}}]}}"
        );
        let found = findings(&file(&text));
        let it = found.iter().find(|it| it.rule.id.as_str() == "subject-ref-impossible").unwrap();
        assert!(it.help.contains(help), "{reference}: {}", it.help);
    }
}

#[test]
fn a_subject_that_no_token_has_is_told_why() {
    let unknown = "subject-component-unknown";
    for (host, operator, sub, rule, words) in [
        ("gitlab.com", "StringLike", "project_path:g/p?ref_type:branch:ref:main", unknown, ""),
        ("gitlab.com", "StringLike", "project_path:g/p?ref_typ:branch:ref:main", unknown, "have the component"),
        ("gitlab.com", "StringEquals", "project_path:g/p:ref_type:branch:ref", unknown, "behind `ref` here; write its"),
        ("gitlab.com", "StringEquals", "project_path:g/p:", unknown, "ends with a colon"),
        ("gitlab.com", "StringEquals", "", unknown, "IAM is said to refuse"),
        ("git.corp.example", "StringEquals", "", unknown, "this is empty, and no token's `sub` is; by default"),
        ("git.corp.example", "StringEquals", "project_path:g/p", "subject-cut-short", "write it to the end"),
        ("git.corp.example", "StringEquals", "project_id:20:ref_protected:true", "subject-cut-short", "components`"),
        (
            "gitlab.com",
            "STRINGLIKE",
            "project_path:g/p:ref_type:branch:ref:main",
            "operator-like-without-wildcard",
            "`STRINGLIKE` compares like `StringEquals`",
        ),
    ] {
        let condition = format!("{{\"{operator}\": {{\"{host}:sub\": \"{sub}\"}}}}");
        let found = findings(&file(&statement(&[host], &condition)));
        let own = found.iter().find(|it| it.rule.id.as_str() == rule);
        let said = own.map(|it| format!("{}; {}", it.message, it.help));
        assert_eq!(said.is_some(), !words.is_empty(), "{sub}: {said:?}");
        assert!(said.is_none_or(|it| it.contains(words)), "{sub}: {:?}", own.map(|it| (&it.message, &it.help)));
    }
}

#[test]
fn a_form_differs_where_no_value_has_the_tokens() {
    let main = "project_path:g/p:ref_type:branch:ref:main";
    let by_id = "project_id:4711:ref_type:branch:ref:main";
    let tier = format!("{main}:deployment_tier:production");
    let environment = ", \"deployment_tier\": \"production\"";
    for (values, sub, beside, help) in [
        (vec![main], by_id, "", Some("write the value")),
        (vec![main], "job_project_path:g/p:ref_type:branch:ref:main", "", Some("write the value")),
        (vec![by_id, main], main, "", None),
        (vec![&tier], main, "", Some("give the job an `environment:`")),
        (vec![&tier], main, environment, Some("write the value")),
        (vec![&tier], by_id, "", Some("write the value")),
        (vec![main], &tier, environment, Some("write the value")),
    ] {
        let condition = format!("{{\"StringEquals\": {{\"gitlab.com:sub\": {values:?}}}}}");
        let token = format!(
            "{{\"iss\": \"https://gitlab.com\", \"sub\": \"{sub}\", \"aud\": \"a\", \"project_path\": \"g/p\", \"project_id\": \"4711\"{beside}, \"iat\": 0, \"exp\": 3600}}"
        );
        let files = [statement(&["gitlab.com"], &condition), token].map(|it| file(&it));
        let found = lint(&Bench::new(&files, &Circumstances::default()));
        let all: Vec<&str> = found
            .iter()
            .filter(|it| it.rule.id.as_str() == "subject-form-differs")
            .map(|it| it.help.as_str())
            .collect();
        assert_eq!(all.len(), usize::from(help.is_some()), "{values:?} {sub}");
        assert!(all.iter().all(|it| it.contains(help.unwrap_or(""))), "{values:?} {sub}: {all:?}");
    }
}

#[test]
fn a_statement_for_tokens_without_a_provider_lets_none_in() {
    for (principal, action, is_found) in [
        ("{\"AWS\": \"*\"}", "sts:AssumeRoleWithWebIdentity", true),
        ("{\"AWS\": \"arn:aws:iam::123456789012:root\"}", "sts:AssumeRoleWithWebIdentity", true),
        ("{\"AWS\": \"arn:aws:iam::123456789012:root\"}", "sts:AssumeRole", false),
        ("{\"Service\": \"ec2.amazonaws.com\"}", "sts:AssumeRole*", false),
        ("{\"Federated\": \"cognito-identity.amazonaws.com\"}", "sts:AssumeRoleWithWebIdentity", false),
    ] {
        let text = format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Effect\": \"Allow\", \"Principal\": {principal}, \"Action\": \"{action}\"}}]}}"
        );
        let found = findings(&file(&text));
        assert_eq!(found.iter().any(|it| it.rule.id.as_str() == "principal-malformed"), is_found, "{text}");
    }
}

#[test]
fn a_proof_is_a_token_of_a_project_that_can_be() {
    let text = |token: &json::Node, name: &str| token.member(name).and_then(json::Node::as_str).unwrap().to_owned();
    let mut proofs = 0;
    let patterns = ["g?p", "g??p", "?", "??p*", "*-?", "g*p", "g/*.git", "*/p", "g/?", "*", "?/?"];
    for policy in policies().into_iter().chain(patterns.map(|it| {
        let sub = format!("project_path:{it}:ref_type:branch:ref:main");
        format!(
            r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},
                "Condition": {{"StringLike": {{"gitlab.com:sub": "{sub}"}}}}}}}}"#
        )
    })) {
        for witness in findings(&file(&policy)).iter().filter_map(|it| it.witness.as_ref()) {
            let token = witness.token();
            let (path, namespace) = (text(token, "project_path"), text(token, "namespace_path"));
            assert!(
                !namespace.is_empty() && path.starts_with(&format!("{namespace}/")),
                "{path} {namespace}\n{policy}"
            );
            let sub = text(token, "sub");
            assert_eq!(sub, witness.subject());
            if let Some(rest) = sub.strip_prefix("project_path:") {
                assert_eq!(rest.split(':').next(), Some(path.as_str()), "{sub}");
            }
            proofs += 1;
        }
    }
    assert!(proofs > 50, "{proofs}");
}

#[test]
fn of_two_operators_alike_terraform_asks_for_the_last() {
    let of = |first: &str, last: &str| {
        format!(
            "resource \"aws_iam_role\" \"r\" {{\n  name = \"deploy\"\n  assume_role_policy = jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Principal = {{ Federated = \"arn:aws:iam::123456789012:oidc-provider/gitlab.com\" }}, Action = \"sts:AssumeRoleWithWebIdentity\", Condition = {{ StringEquals = {{ \"gitlab.com:{first}\" = \"4711\" }}, StringEquals = {{ \"gitlab.com:{last}\" = \"4711\" }} }} }}] }})\n}}\n"
        )
    };
    for (first, last, expected) in
        [("aud", "project_id", "subject-project-id-alone"), ("project_id", "aud", "subject-missing")]
    {
        let found = findings(&file(&of(first, last)));
        let ids: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
        assert!(ids.contains(&expected) && ids.contains(&"policy-duplicate-key"), "{first} {last}: {ids:?}");
    }
}

/// Terraform with locals, and a role for each host whose policy names the key of `sub` and its value by locals.
fn sharing(key: &str, sub: &str, hosts: &[&str]) -> String {
    let locals = format!("locals {{\n  key = \"{key}\"\n  sub = \"{sub}\"\n}}\n");
    let condition = |key: &str, value: &str| {
        format!(
            "    condition {{\n      test = \"StringEquals\"\n      variable = {key}\n      values = [{value}]\n    }}\n"
        )
    };
    let role = |(at, host): (usize, &&str)| {
        let aud = condition(&format!("\"{host}:aud\""), &format!("\"https://{host}\""));
        let sub = condition("local.key", "local.sub");
        format!(
            "data \"aws_iam_policy_document\" \"t{at}\" {{\n  statement {{\n    actions = [\"sts:AssumeRoleWithWebIdentity\"]\n    principals {{\n      type = \"Federated\"\n      identifiers = [\"arn:aws:iam::123456789012:oidc-provider/{host}\"]\n    }}\n{aud}{sub}  }}\n}}\nresource \"aws_iam_role\" \"r{at}\" {{\n  assume_role_policy = data.aws_iam_policy_document.t{at}.json\n}}\n"
        )
    };
    locals + &hosts.iter().enumerate().map(role).collect::<String>()
}

#[test]
fn a_fix_of_what_several_share_is_offered_where_all_have_the_mistake() {
    let (sub, full) =
        ("project_path:g/p:ref_type:branch:ref:main", "project_path:g/p:ref_type:branch:ref:refs/heads/main");
    for (key, sub, hosts, rule, is_mended) in [
        ("gitlab.com:sub", sub, ["gitlab.example.com", "gitlab.example.com"].as_slice(), "key-other-host", true),
        ("gitlab.com:sub", sub, &["gitlab.com", "gitlab.example.com"], "key-other-host", false),
        ("gitlab.com:sub", sub, &["gitlab.example.com", "gitlab.com"], "key-other-host", false),
        ("gitlab.com:sub", full, &["gitlab.com", "gitlab.com"], "subject-full-ref", true),
        ("gitlab.com:sub", full, &["gitlab.com"], "subject-full-ref", true),
    ] {
        let before = file(&sharing(key, sub, hosts));
        let found = findings(&before);
        let it = found.iter().find(|it| it.rule.id.as_str() == rule).unwrap();
        assert_eq!(it.fix.is_some(), is_mended, "{key} {sub} {hosts:?}");
    }
    // The same between two statements of one policy.
    let text = sharing("gitlab.com:sub", sub, &["gitlab.com", "gitlab.example.com"]);
    let (first, second) = text.split_once("  }\n}\nresource \"aws_iam_role\" \"r0\"").unwrap();
    let statement = second.split_once("\"t1\" {\n").unwrap().1;
    let found = findings(&file(&format!("{first}  }}\n{statement}").replace(".t1.", ".t0.")));
    let it = found.iter().find(|it| it.rule.id.as_str() == "key-other-host").unwrap();
    assert!(it.fix.is_none());
}

#[test]
fn a_fix_of_a_provider_adds_no_finding() {
    let text = "resource \"aws_iam_openid_connect_provider\" \"g\" {\n  url = \"https://gitlab.com/\"\n  client_id_list = [\"https://gitlab.com\"]\n  thumbprint_list = [\"b3dd7606d2b5a8b4a13771dbecc9ee1cecafa38a\"]\n}\n";
    let before = file(text);
    let found = findings(&before);
    let ids: Vec<&str> = found.iter().map(|it| it.rule.id.as_str()).collect();
    assert_eq!(ids, ["provider-url-slash", "provider-thumbprint"]);
    for it in &found {
        let after = file(&apply(text, &it.fix.as_ref().unwrap().edits));
        assert_eq!(findings(&after).len(), 1, "{}", after.text);
    }
}

#[test]
fn a_roles_own_policy_that_gives_the_account_is_found() {
    let main = "{\"gitlab.com:aud\": \"https://gitlab.com\", \"gitlab.com:sub\": \"project_path:g/p:ref_type:branch:ref:main\"}";
    let trust = statement(&["gitlab.com"], &format!("{{\"StringEquals\": {main}}}"));
    for (allowed, is_found) in [
        ("\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\"", true),
        ("\"Effect\": \"Allow\", \"Action\": [\"iam:*\"], \"Resource\": [\"*\"]", true),
        ("\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"", false),
        ("\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"", false),
        ("\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"arn:aws:s3:::b/*\"", false),
    ] {
        let policy = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{allowed}}}]}}");
        let role = |more: &str| {
            format!("resource \"aws_iam_role\" \"r\" {{\n  assume_role_policy = jsonencode({trust})\n{more}}}\n")
        };
        for text in [
            role(&format!("  inline_policy {{\n    name = \"a\"\n    policy = jsonencode({policy})\n  }}\n")),
            role("")
                + &format!(
                    "resource \"aws_iam_role_policy\" \"a\" {{\n  role = aws_iam_role.r.id\n  policy = jsonencode({policy})\n}}\n"
                ),
            format!(
                "{{ \"Role\": {{ \"RoleName\": \"r\", \"AssumeRolePolicyDocument\": {trust}, \"RolePolicyList\": [{{ \"PolicyName\": \"a\", \"PolicyDocument\": {policy} }}] }} }}"
            ),
            format!(
                "{{ \"Resources\": {{ \"R\": {{ \"Type\": \"AWS::IAM::Role\", \"Properties\": {{ \"AssumeRolePolicyDocument\": {trust}, \"Policies\": [{{ \"PolicyName\": \"a\", \"PolicyDocument\": {policy} }}] }} }} }} }}"
            ),
        ] {
            let file = file(&text);
            assert_eq!((file.source.problems.len(), file.source.policies.len()), (0, 1), "{text}");
            let found = findings(&file);
            assert_eq!(found.iter().any(|it| it.rule.id.as_str() == "role-administrator"), is_found, "{text}");
        }
    }
}
