//! Templates as people write them.

use super::*;
use crate::print::json::compact;
use crate::source::tests::answered;
use crate::source::{Kind, read as read_source};

fn template(text: &str, variables: &[(String, String)]) -> Source {
    let source = read_source(text, variables);
    assert_eq!((source.kind, source.problems.as_slice()), (Kind::CloudFormation, [].as_slice()), "{text}");
    source
}

const FILE: &str = r#"
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Group: {Type: String, Default: acme}
  Host: {Type: String}
  Audiences: {Type: CommaDelimitedList, Default: "https://gitlab.com, sts.amazonaws.com"}
Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: https://gitlab.com
      ClientIdList: !Ref Audiences
      ThumbprintList: [aaaa]
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "${Group}-deploy"
      MaxSessionDuration: 3600
      ManagedPolicyArns:
        - !Join [":", ["arn", !Ref AWS::Partition, "iam::aws:policy/ReadOnlyAccess"]]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal:
              Federated: !Ref Provider
            Condition:
              StringLike:
                gitlab.com:sub: !Sub project_path:${Group}/${!x}*:ref_type:branch:ref:main
                "${Host}:aud": !If [A, b, c]
  Text:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: !Sub |
        {
          "Version": "2012-10-17",
          "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": "arn:aws:iam::${AWS::AccountId}:oidc-provider/${Host}"},
            "Condition": {"StringEquals": {"${Host}:sub": "project_path:a/b:ref_type:branch:ref:main"}}}]
        }
"#;

#[test]
fn functions_give_what_the_template_tells() {
    let source = template(FILE, &[]);
    let provider = &source.providers[0];
    assert_eq!(provider.url.as_ref().unwrap().span.of(FILE), "https://gitlab.com");
    let client_ids: Vec<_> = provider.client_ids.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(client_ids, ["https://gitlab.com", "sts.amazonaws.com"]);
    assert_eq!(provider.thumbprints_span.unwrap().of(FILE), "ThumbprintList: [aaaa]");

    let deploy = &source.policies[0];
    assert_eq!((deploy.name.as_str(), deploy.is_embedded), ("Deploy", false));
    assert_eq!(deploy.role_name.as_ref().unwrap().value, "acme-deploy");
    assert_eq!(deploy.max_session_seconds.as_ref().unwrap().value, "3600");
    assert_eq!(deploy.attached[0].value, "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess");
    let statement = &deploy.policy.as_ref().unwrap().statements[0];
    let condition = &statement.conditions[0];
    assert_eq!(condition.values[0].text.value, "project_path:acme/${x}*:ref_type:branch:ref:main");
    assert_eq!(condition.values[0].text.span.of(FILE), "project_path:${Group}/${!x}*:ref_type:branch:ref:main");
    let federated = deploy.document.member("Statement").map(|it| match &it.value {
        Value::Array(items) => Text::of(items[0].member("Principal").unwrap().member("Federated").unwrap()).unwrap(),
        _ => panic!("a list"),
    });
    assert_eq!(federated.unwrap().value, "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/gitlab.com");

    let unknown: Vec<_> = source.unknown.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(unknown, ["AWS::Partition", "AWS::AccountId", "!If [A, b, c]", "Host"]);
    assert_eq!(source.notes[0].message, "`${Host}:aud` is a key: CloudFormation puts no values into keys");
    assert_eq!(source.notes.len(), 1);
}

#[test]
fn json_in_a_string_keeps_its_places() {
    let source = template(FILE, &[]);
    let text = &source.policies[1];
    assert!(!text.is_embedded);
    let policy = text.policy.as_ref().unwrap();
    let condition = &policy.statements[0].conditions[0];
    assert_eq!(condition.values[0].text.span.of(FILE), "\"project_path:a/b:ref_type:branch:ref:main\"");
    assert_eq!(condition.key, "${Host}:sub");

    let given =
        [("Host".to_owned(), "gitlab.com".to_owned()), ("AWS::AccountId".to_owned(), "123456789012".to_owned())];
    let text = &template(FILE, &given).policies[1];
    let document = compact(&text.document);
    assert!(document.contains(r#""arn:aws:iam::123456789012:oidc-provider/gitlab.com""#), "{document}");
    assert!(document.contains(r#"{"gitlab.com:sub":"project_path:a/b"#), "{document}");
    let condition = &text.policy.as_ref().unwrap().statements[0].conditions[0];
    assert_eq!(condition.key_span.of(FILE), "\"${Host}:sub\"", "a reference with a value keeps the places around it");
    assert_eq!(condition.values[0].text.span.of(FILE), "\"project_path:a/b:ref_type:branch:ref:main\"");
    assert!(!text.is_embedded);
}

#[test]
fn json_with_long_names_is_the_same_as_yaml_with_short_ones() {
    let json = r#"{"Resources": {"P": {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": "https://gitlab.com"}},
      "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow",
        "Action": {"Fn::Join": [":", ["sts", "AssumeRoleWithWebIdentity"]]},
        "Principal": {"Federated": {"Fn::GetAtt": ["P", "Arn"]}}}}}}}}"#;
    let yaml = "Resources:\n  P: {Type: AWS::IAM::OIDCProvider, Properties: {Url: https://gitlab.com}}\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          Effect: Allow\n          Action: !Join [':', [sts, AssumeRoleWithWebIdentity]]\n          Principal: {Federated: !GetAtt P.Arn}\n";
    let (json, yaml) = (template(json, &[]), template(yaml, &[]));
    let shown = |it: &Source| {
        Text::of(
            it.policies[0]
                .document
                .member("Statement")
                .unwrap()
                .member("Principal")
                .unwrap()
                .member("Federated")
                .unwrap(),
        )
    };
    assert_eq!(shown(&json).unwrap().value, shown(&yaml).unwrap().value);
    let action = json.policies[0].document.member("Statement").unwrap().member("Action").unwrap().as_str();
    assert_eq!(action, Some("sts:AssumeRoleWithWebIdentity"));
    assert!(json.providers[0].client_ids_span.is_none());
}

#[test]
fn hostile_templates_end() {
    let role = |url: &str| {
        format!(
            "Resources:\n  A: {{Type: AWS::IAM::OIDCProvider, Properties: {{Url: !Join ['', [{url}]]}}}}\n  R: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: !Ref A}}}}}}\n"
        )
    };
    let circle = read_source(&role(&"!Ref A,".repeat(1000)), &[]);
    let gives_up = |it: &Source| it.problems.iter().any(|it| it.message.contains("lead to more"));
    assert!(gives_up(&circle), "{:?}", circle.problems);
    let long = format!(
        "Parameters: {{P: {{Type: String, Default: {}}}}}\n{}",
        "x".repeat(500_000),
        role(&"!Ref P,".repeat(1000))
    );
    assert!(gives_up(&read_source(&long, &[])));
    let open = read_source(&role(&format!("!Sub '{}'", "${a}".repeat(100_000))), &[]);
    assert_eq!(open.kind, Kind::CloudFormation);
    assert!(
        read_source("AWSTemplateFormatVersion: 2010-09-09\na: b: c", &[]).problems[0]
            .message
            .starts_with("looks like a CloudFormation template, but")
    );
}

#[test]
fn a_provider_that_the_cdk_makes_is_one() {
    let text = r#"{"Resources": {
      "P": {"Type": "Custom::AWSCDKOpenIdConnectProvider", "Properties": {"Url": "https://gitlab.com", "ClientIDList": ["a"]}},
      "R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": {"Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": {"Ref": "P"}}}}}}}}"#;
    let source = template(text, &[]);
    assert_eq!(source.client_ids(), [("https://gitlab.com".to_owned(), vec!["a".to_owned()])]);
    let principal = &source.policies[0].policy.as_ref().unwrap().statements[0].principals[0];
    assert!(principal.text.value.ends_with(":oidc-provider/gitlab.com"), "{}", principal.text.value);
}

#[test]
fn a_host_is_cut_out_of_a_url() {
    let text = "Parameters:\n  Url: {Type: String, Default: https://gitlab.com}\nResources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument:\n        Fn::Sub:\n          - '{\"Statement\": {\"Effect\": \"Allow\", \"Action\": \"sts:AssumeRoleWithWebIdentity\", \"Principal\": {\"Federated\": \"arn:aws:iam::123456789012:oidc-provider/${Host}\"}, \"Condition\": {\"StringLike\": {\"${Host}:sub\": \"a\"}}}}'\n          - Host: !Select [1, !Split [\"//\", !Ref Url]]\n";
    let source = template(text, &[]);
    let statement = &source.policies[0].policy.as_ref().unwrap().statements[0];
    assert_eq!(statement.conditions[0].key, "gitlab.com:sub");
    assert!(source.unknown.is_empty() && statement.principals[0].text.value.ends_with("/gitlab.com"));
    let beyond = template(&text.replace("Select [1", "Select [2"), &[]);
    assert_eq!(beyond.unknown[0].name, "!Select [2, !Split [\"//\", !Ref Url]]");
}

#[test]
fn a_condition_of_which_both_sides_are_the_same_is_that() {
    let read = |principal: &str| {
        let text = format!(
            "Resources:\n  P: {{Type: AWS::IAM::OIDCProvider, Properties: {{Url: https://gitlab.com}}}}\n  R:\n    Type: AWS::IAM::Role\n    \
            Properties:\n      AssumeRolePolicyDocument:\n        Statement:\n          Effect: Allow\n          \
            Action: sts:AssumeRoleWithWebIdentity\n          Principal: {{Federated: {principal}}}\n"
        );
        let source = template(&text, &[]);
        let principals = &source.policies[0].policy.as_ref().unwrap().statements[0].principals;
        let values: Vec<String> = principals.iter().map(|it| it.text.value.clone()).collect();
        (values.join(" "), source.unknown.len(), source.notes.len())
    };
    let arn = "arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/gitlab.com";
    assert_eq!(read(&format!("!If [Make, !GetAtt P.Arn, !Sub '{arn}']")), (arn.to_owned(), 2, 0));
    assert_eq!(read("!If [Make, a, b]"), ("${!If [Make, a, b]}".to_owned(), 1, 0));
    // What may not be there hangs on the condition.
    assert_eq!(read("!If [Make, a, !Ref AWS::NoValue]"), ("a".to_owned(), 1, 0));
    let open = "${!If [Make, !Ref 'AWS::NoValue', b]}";
    assert_eq!(read("[a, !If [Make, !Ref 'AWS::NoValue', b]]"), (format!("a {open}"), 1, 0));
    assert_eq!(read("[a, !Ref 'AWS::NoValue']"), ("a".to_owned(), 0, 0));
}

#[test]
fn what_a_condition_leaves_out_is_judged_by_the_condition() {
    let of = |parameter: &str, condition: &str, more: &str| {
        format!(
            r#"Parameters:
  P: {{Type: String{parameter}}}
  Q: {{Type: String, Default: "q"}}
Conditions:
  If: !Equals [!Ref P, "yes"]
  IfNot: !Not [!Condition If]
  Never: !And [!Condition If, !Equals [!Ref Q, "x"]]
  Always: !Or [!Condition Never, !Equals [!Ref Q, q]]
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {{Federated: "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}
            Condition: {condition}
          - {more}
"#
        )
    };
    let (yes, no, open) = (Some(true), Some(false), None);
    let none = "!Ref AWS::NoValue";
    let other = "{StringLike: {\"gitlab.com:sub\": \"project_path:other/x:*\"}}";
    let statement = |effect: &str| {
        format!(
            "{{Effect: {effect}, Action: 'sts:AssumeRoleWithWebIdentity', Principal: {{Federated: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com'}}}}"
        )
    };
    let (allow, deny) = (statement("Allow"), statement("Deny"));
    for (condition, more, answers) in [
        (format!("!If [If, {other}, {none}]"), none.to_owned(), [yes, open, no]),
        (format!("!If [IfNot, {other}, {none}]"), none.to_owned(), [no, open, yes]),
        (format!("!If [Never, {other}, {none}]"), none.to_owned(), [yes, yes, yes]),
        (format!("!If [Always, {other}, {none}]"), none.to_owned(), [no, no, no]),
        (format!("{{StringLike: !If [If, {{'gitlab.com:sub': 'x'}}, {none}]}}"), none.to_owned(), [yes, open, no]),
        (format!("{{StringLike: {{'gitlab.com:sub': !If [If, x, {none}]}}}}"), none.to_owned(), [yes, open, no]),
        (format!("{{StringLike: {{'gitlab.com:sub': [x, !If [If, '*', {none}]]}}}}"), none.to_owned(), [no, open, yes]),
        ("{StringLike: {'gitlab.com:sub': !If [If, '*', x]}}".to_owned(), none.to_owned(), [no, open, yes]),
        (none.to_owned(), format!("!If [If, {deny}, {none}]"), [yes, open, no]),
        (none.to_owned(), format!("!If [If, {none}, {deny}]"), [no, open, yes]),
        (other.to_owned(), format!("!If [If, {allow}, {none}]"), [no, open, yes]),
        (other.to_owned(), format!("!If [If, {allow}, !If [IfNot, {allow}, {none}]]"), [yes, open, yes]),
        // Nobody has told what this condition is.
        (format!("!If [Gone, {other}, {none}]"), none.to_owned(), [open, open, open]),
    ] {
        let found = [", Default: \"no\"", "", ", Default: \"yes\""].map(|parameter| {
            let (allowed, on) = answered(&of(parameter, &condition, &more), &[]);
            assert_eq!(allowed.is_none(), on.contains("If") || on.contains("Gone"), "{condition} {more}: {on}");
            allowed
        });
        assert_eq!(found, answers, "{condition} {more}");
    }
    let text = of("", &format!("!If [If, {other}, {none}]"), none);
    assert_eq!(template(&text, &[]).unknown[0].name, "P");
    assert_eq!(answered(&text, &[("P", "yes")]).0, no);
    assert_eq!(answered(&text, &[("If", "false")]).0, yes);
}

#[test]
fn a_dynamic_reference_is_not_known() {
    let of = |document: &str| {
        format!(
            "Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: '{{{{resolve:ssm:/name}}}}'\n      AssumeRolePolicyDocument: {document}\n"
        )
    };
    let statement = |effect: &str, account: &str, condition: &str| {
        format!(
            r#"{{"Effect": "{effect}", "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {condition},
            "Principal": {{"Federated": "arn:aws:iam::{account}:oidc-provider/gitlab.com"}}}}"#
        )
    };
    let allow = statement("Allow", "123456789012", "{}");
    let sub =
        |it: &str| statement("Allow", "123456789012", &format!(r#"{{"StringLike": {{"gitlab.com:sub": {it}}}}}"#));
    let project = "{{resolve:ssm:/proj:1}}";
    for (statements, on) in [
        (sub(&format!("\"project_path:{project}:*\"")), project),
        (
            sub(r#""{{resolve:secretsmanager:gitlab:SecretString:sub}}""#),
            "{{resolve:secretsmanager:gitlab:SecretString:sub}}",
        ),
        (statement("Allow", "{{resolve:ssm:/acct}}", "{}"), "{{resolve:ssm:/acct}}"),
        (
            allow.clone()
                + ", "
                + &statement(
                    "Deny",
                    "123456789012",
                    r#"{"StringNotEquals": {"gitlab.com:project_id": "{{resolve:ssm:/id}}"}}"#,
                ),
            "{{resolve:ssm:/id}}",
        ),
        (
            statement("Allow", "123456789012", r#"{"StringEquals": {"{{resolve:ssm:/host}}:sub": "x"}}"#),
            "{{resolve:ssm:/host}}",
        ),
    ] {
        let document = format!(r#"{{"Version": "2012-10-17", "Statement": [{statements}]}}"#);
        let text = document.replace('\n', " ");
        for document in [document.clone(), format!("'{text}'"), format!("!Sub '{text}'")] {
            let text = of(&document);
            assert_eq!(answered(&text, &[]), (None, on.to_owned()), "{text}");
            assert!(template(&text, &[]).policies[0].role_name.as_ref().is_some_and(|it| !it.unknown.is_empty()));
        }
    }
    let join = sub(&format!(r#"{{"Fn::Join": [":", ["project_path", "{project}", "*"]]}}"#));
    assert_eq!(answered(&of(&format!("{{\"Statement\": [{join}]}}")), &[]).1, project);
    let named = sub(r#"{"Fn::Sub": "{{resolve:ssm:/${Stage}/sub}}"}"#);
    assert_eq!(answered(&of(&format!("{{\"Statement\": [{named}]}}")), &[]).1, "{{resolve:ssm:/${Stage}/sub}}");
    // What only begins like one is a text.
    assert_eq!(answered(&of(&format!("{{\"Statement\": [{}]}}", sub("\"{{resolve:ssm:x\""))), &[]).0, Some(false));
}
