//! The contract's own example, each field's message, and reading back what was written.

use super::{check, file, findings};
use crate::text::position;

const EXAMPLE: &str = include_str!("../../tests/setups/contract-example.json");

#[track_caller]
fn refused(edit: (&str, &str), path: &str, words: &str) {
    let text = EXAMPLE.replacen(edit.0, edit.1, 1);
    assert_ne!(text, EXAMPLE, "the edit changes nothing: {}", edit.0);
    let wrong = file::read(&text).expect_err("refused");
    let first = wrong.first().expect("one message");
    assert!(
        wrong.iter().any(|it| it.path == path && format!("{} {}", it.message, it.help).contains(words)),
        "{wrong:#?}"
    );
    assert!(first.span.is_some(), "{first:?} has a place");
}

#[test]
fn the_contracts_example_is_read_and_written_back() {
    let setup = file::read(EXAMPLE).unwrap();
    assert_eq!(setup.roles().len(), 1);
    assert_eq!(setup.provider_arn(), "arn:aws:iam::123456789012:oidc-provider/gitlab.com");
    assert_eq!(setup.role_arn(&setup.roles()[0]), "arn:aws:iam::123456789012:role/gitlab-prod-deploy");
    assert_eq!(file::read(&file::write(&setup)).unwrap(), setup);
    assert_eq!(file::read(&file::write_compact(&setup)).unwrap(), setup);
    assert_eq!(check(setup.draft()).unwrap(), setup);
}

#[test]
fn wrong_shapes_are_refused_at_their_place() {
    refused(("\"region\"", "\"regoin\""), "aws", "did you mean `region`?");
    refused(("\"version\": 1,", ""), "version", "add `\"version\": 1`");
    refused(("\"version\": 1", "\"version\": 2"), "version", "newer");
    refused(("\"version\": 1", "\"version\": \"1\""), "version", "number");
    refused(("\"project_id\": \"4711\"", "\"project_id\": 4711"), "roles[0].scopes[0].project_id", "`\"4711\"`");
    refused(("3600", "\"3600\""), "roles[0].max_session_seconds", "expected a number");
    refused(
        ("\"ref_protected\": true", "\"ref_protected\": \"true\""),
        "roles[0].scopes[0].ref_protected",
        "`true` or `false`",
    );
    refused(("\"aws\": {", "\"aws\": { \"account_id\": \"123456789012\","), "aws", "twice");
    refused(("\"roles\": [", "\"ci\": 1, \"roles\": ["), "ci", "object");
    let wrong = file::read("[1]").unwrap_err();
    assert!(wrong[0].message.contains("a setup is a JSON object"), "{wrong:?}");
    let text = EXAMPLE.replacen("eu-west-1", "EU", 1);
    let wrong = file::read(&text).unwrap_err();
    assert_eq!(position(&text, wrong[0].span.unwrap().start).line, 4);
}

#[test]
fn values_that_gitlab_or_aws_refuse_are_refused_at_their_field() {
    refused(("https://gitlab.com", "https://gitlab.com/"), "gitlab.url", "slash");
    refused(("https://gitlab.com\", \"aud", "https://g.example:8443\", \"aud"), "gitlab.url", "port");
    refused(("123456789012", "1234"), "aws.account_id", "12 digits");
    refused(("\"partition\": \"aws\"", "\"partition\": \"aws-cn\""), "aws.region", "partition");
    refused(("\"provider\": \"create\"", "\"provider\": \"make\""), "aws.provider", "existing");
    refused(("gitlab-prod-deploy", "gitlab prod"), "roles[0].name", "IAM takes no space");
    refused(("3600", "60"), "roles[0].max_session_seconds", "3600 to 43200");
    refused(("policy/ReadOnlyAccess", "role/x"), "roles[0].permissions[0]", "managed policies");
    refused(("arn:aws:iam::aws:policy", "arn:aws-cn:iam::aws:policy"), "roles[0].permissions[0]", "partition");
    refused(
        ("\"ref_type\": \"tag\"", "\"ref_type\": \"merge_request\""),
        "roles[0].scopes[1].ref_type",
        "source branch",
    );
    refused((", \"ref\": \"v*\"", ""), "roles[0].scopes[1].ref", "missing");
    refused(("\"project_id\": \"4711\"", "\"project_id\": \"47x\""), "roles[0].scopes[0].project_id", "digits");
    refused(("\"project_id\": \"4711\"", "\"user_login\": \"j*\""), "roles[0].scopes[0].user_login[0]", "wildcard");
    refused(("\"project_id\": \"4711\"", "\"user_login\": []"), "roles[0].scopes[0].user_login", "nobody");
    refused(("\"job\": \"deploy\"", "\"job\": \"image\""), "ci.job", "keyword");
    refused(("\"token-file\"", "\"token-file\", \"session_seconds\": 900"), "ci.session_seconds", "renew");
    refused(("\"token-file\"", "\"assume-role\", \"session_seconds\": 7200"), "ci.session_seconds", "900 to 3600");
}

#[test]
fn pins_belong_to_gitlab_com_and_custom_subjects_take_their_values() {
    let own = EXAMPLE.replace("\"url\": \"https://gitlab.com\"", "\"url\": \"https://gitlab.example.com\"");
    let wrong = file::read(&own).unwrap_err();
    assert_eq!(wrong.len(), 2, "{wrong:#?}");
    assert!(wrong.iter().all(|it| it.message.contains("gitlab.com alone") && it.help.contains("sub_claim_components")));

    let components =
        |list: &str| own.replace("\"project_id\":", &format!("\"sub_claim_components\": {list}, \"project_id\":"));
    let setup = file::read(&components(r#"["project_id", "ref_type", "ref", "ref_protected"]"#)).unwrap();
    let scope = &setup.roles()[0].scopes[0];
    assert_eq!(scope.subjects(), ["project_id:4711:ref_type:branch:ref:main:ref_protected:true"]);
    assert!(scope.pins.is_empty(), "what is in the subject is no pin");

    for (list, path, words) in [
        (r#"["ref"]"#, "sub_claim_components", "first"),
        (r#"[]"#, "sub_claim_components", "at least one"),
        (r#"["project_id", "project_id"]"#, "sub_claim_components", "twice"),
        (r#"["project_id", "environment"]"#, "sub_claim_components[1]", "environment"),
        (r#"["project_id", "deployment_tier", "ref_type", "ref", "ref_protected"]"#, "deployment_tier", "no value"),
        (r#"["project_id", "ref", "ref_protected"]"#, "ref_type", "any"),
        (r#"["project_id", "ref_type", "ref_protected"]"#, "ref", "`*`"),
        (r#"["project_path", "ref_type", "ref"]"#, "project_id", "gitlab.com alone"),
    ] {
        let wrong = file::read(&components(list)).unwrap_err();
        let path = format!("roles[0].scopes[0].{path}");
        assert!(
            wrong.iter().any(|it| it.path == path && format!("{} {}", it.message, it.help).contains(words)),
            "{list} {wrong:#?}"
        );
    }
}

#[test]
fn versions_decide_which_components_there_are() {
    let text = EXAMPLE.replace(
        "\"project_id\":",
        "\"sub_claim_components\": [\"project_path\", \"ref_type\", \"ref\", \"ref_protected\"], \"project_id\":",
    );
    let with = |version: &str| text.replace("\"audience\":", &format!("\"version\": \"{version}\", \"audience\":"));
    assert!(file::read(&with("18.6")).unwrap_err()[0].message.contains("came with 18.7"));
    assert!(file::read(&with("18.7")).is_ok());
    assert!(file::read(&with("15.6")).unwrap_err()[0].message.contains("no ID tokens"));
}

#[test]
fn merge_requests_are_named_where_they_get_in() {
    for (sources, are_named) in [("\"push\"", false), ("[\"push\", \"merge_request_event\"]", true)] {
        let pins = format!("\"ref_protected\": false, \"pipeline_source\": {sources}");
        let text = EXAMPLE.replacen("\"ref_protected\": true", &pins, 1).replacen("\"main\"", "\"*\"", 1);
        let all = findings(&file::read(&text).unwrap());
        let found = all.iter().find(|it| it.path == "roles[0].scopes[0].ref").unwrap();
        assert_eq!(found.message.ends_with("gets in, merge requests too"), are_named, "{}", found.message);
    }
}

#[test]
fn what_is_unwise_is_a_finding_and_no_error() {
    let found = |edit: (&str, &str)| {
        let setup = file::read(&EXAMPLE.replacen(edit.0, edit.1, 1)).unwrap();
        findings(&setup).into_iter().map(|it| it.path).collect::<Vec<_>>()
    };
    assert_eq!(found(("\"v*\"", "\"v1\"")), Vec::<String>::new());
    assert_eq!(found(("x", "x")), ["roles[0].scopes[1].ref"]);
    assert!(
        found(("\"ref_protected\": true", "\"ref_protected\": false"))
            .contains(&"roles[0].scopes[0].ref_protected".to_owned())
    );
    assert!(
        !found(("mygroup/myrepo", "mygroup*")).contains(&"roles[0].scopes[0].project".to_owned()),
        "its id is asked for"
    );
    let loose = EXAMPLE.replace("\"project_id\": \"4711\",", "");
    let loose = file::read(&loose.replacen("mygroup/myrepo", "mygroup*", 1)).unwrap();
    assert!(
        findings(&loose).iter().any(|it| it.path == "roles[0].scopes[0].project" && it.rule == "subject-group-prefix")
    );
    assert!(
        found(("\"project_id\": \"4711\"", "\"user_email\": \"a@b.c\""))
            .contains(&"roles[0].scopes[0].user_email".to_owned())
    );
    assert!(
        found(("\"job\": \"deploy\"", "\"job\": \"deploy\", \"image\": \"amazon/aws-cli\""))
            .contains(&"ci.image".to_owned())
    );
}

#[test]
fn a_policy_over_every_quota_is_refused_and_one_over_the_default_is_a_finding() {
    let scopes = |count: usize| {
        let many: Vec<String> = (0..count)
            .map(|it| format!("{{\"project\": \"mygroup/a-rather-long-project-name-{it}\", \"ref\": \"main\"}}"))
            .collect();
        let start = EXAMPLE.find("\"scopes\": [").unwrap() + "\"scopes\": [".len();
        let end = EXAMPLE.rfind("]\n    }").unwrap();
        format!("{}{}{}", EXAMPLE.get(..start).unwrap(), many.join(","), EXAMPLE.get(end..).unwrap())
    };
    let setup = file::read(&scopes(40)).unwrap();
    assert!(findings(&setup).iter().any(|it| it.path == "roles[0].scopes" && it.help.contains("L-C07B4B0D")));
    assert!(file::read(&scopes(200)).unwrap_err()[0].message.contains("at most 8192"));
}
