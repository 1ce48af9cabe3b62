//! Laws of the files that make things in AWS, of the prose beside them, and of several setups together: what was meant reads back,
//! in readers that are not ours.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test's own data")]

mod common;

use std::collections::HashSet;
use std::process::Command;

use claimcheck::document::json::Node;
use claimcheck::generate::{Kind, ci_of_several, files, files_of_several, render, trust_policy};
use claimcheck::print::json::compact;
use claimcheck::print::markdown::Document;
use claimcheck::setup::{Provider, Setup, file};
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use serde_json::{Value as Json, json};

fn text(setup: &Setup, kind: Kind) -> String {
    render(setup, kind, None).unwrap().text
}

fn json_of(node: &Node) -> Json {
    serde_json::from_str(&compact(node)).unwrap()
}

/// A template's value with its references resolved, as CloudFormation would.
fn resolved(value: &Json, setup: &Setup) -> Json {
    match value {
        Json::Object(members) if members.contains_key("Ref") => match members["Ref"].as_str().unwrap() {
            "Audience" => json!(setup.gitlab().audience.as_str()),
            "GitLabProvider" => json!(setup.provider_arn()),
            other => panic!("no such thing: {other}"),
        },
        Json::Object(members) => members.iter().map(|(key, it)| (key.clone(), resolved(it, setup))).collect(),
        Json::Array(items) => items.iter().map(|it| resolved(it, setup)).collect(),
        other => other.clone(),
    }
}

#[test]
fn cloudformation_says_what_the_json_says() {
    for (name, setup) in common::setups() {
        let text = text(&setup, Kind::CloudFormation);
        assert!(text.len() < 51_200, "{name}: CloudFormation takes no longer template from the command line");
        // Inside of it, `${` would be a variable of CloudFormation's.
        assert!(!text.contains("Fn::Sub"), "{name}");
        let template: Json = serde_yaml_ng::from_str(&text).unwrap();
        let audience = setup.gitlab().audience.as_str();
        assert_eq!(template["Parameters"]["Audience"]["Default"], audience, "{name}");
        let assertion = &template["Rules"]["TheAccount"]["Assertions"][0]["Assert"]["Fn::Equals"];
        assert_eq!(assertion, &json!([{ "Ref": "AWS::AccountId" }, setup.aws().account_id.as_str()]), "{name}");
        let resources = template["Resources"].as_object().unwrap();
        let is_made = setup.aws().provider == Provider::Create;
        assert_eq!(resources.contains_key("GitLabProvider"), is_made, "{name}");
        if is_made {
            let wanted = json!({ "Url": setup.gitlab().issuer.as_str(), "ClientIdList": [audience] });
            assert_eq!(resolved(&resources["GitLabProvider"]["Properties"], &setup), wanted, "{name}");
        }
        let roles: Vec<(&String, &Json)> = resources.iter().filter(|it| it.1["Type"] == "AWS::IAM::Role").collect();
        assert_eq!(roles.len(), setup.roles().len(), "{name}: each role has a name of its own");
        for ((id, resource), role) in roles.iter().zip(setup.roles()) {
            assert!(id.chars().all(|it| it.is_ascii_alphanumeric()), "{name}: {id}");
            assert_eq!(
                template["Outputs"][format!("{id}Arn")]["Value"],
                json!({ "Fn::GetAtt": [id, "Arn"] }),
                "{name}"
            );
            let made = resolved(&resource["Properties"], &setup);
            let trust: Json = serde_json::from_str(&trust_policy(&setup, role)).unwrap();
            let mut wanted = json!({
                "RoleName": role.name.as_str(),
                "MaxSessionDuration": role.max_session_seconds,
                "AssumeRolePolicyDocument": trust,
            });
            if role.path.as_str() != "/" {
                wanted["Path"] = json!(role.path.as_str());
            }
            if !role.permissions.is_empty() {
                wanted["ManagedPolicyArns"] = role.permissions.iter().map(|it| it.as_str()).collect();
            }
            if let Some(document) = &role.permissions_document {
                wanted["Policies"] = json!([{ "PolicyName": role.name.as_str(), "PolicyDocument": json_of(document) }]);
            }
            assert_eq!(made, wanted, "{name}: {}", role.name);
        }
    }
}

/// What a script of `sh` writes, split at NUL.
fn shell(script: &str) -> Vec<String> {
    let output = Command::new("sh").args(["-c", script]).output().unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn the_script_says_what_the_json_says() {
    for (name, setup) in common::setups() {
        let text = text(&setup, Kind::AwsCli);
        let (_, rest) = text.split_once("\neverything() {\n").unwrap();
        let (everything, _) = rest.split_once("\n}\n\naccount_here=").unwrap();
        let written = r#"printf '%s\0' "$trust" "$inline" "$managed_names" "$inline_names" "$#" "$@""#;
        let said = shell(&format!("provider() {{ :; }}\nrole() {{ {written}\n}}\n{everything}"));
        let mut said = said.iter();
        for role in setup.roles() {
            let mut next = || said.next().unwrap();
            let json = |text: &str| serde_json::from_str::<Json>(text).unwrap_or(Json::Null);
            assert_eq!(json(next()), json(&trust_policy(&setup, role)), "{name}: {}", role.name);
            assert_eq!(
                json(next()),
                role.permissions_document.as_ref().map_or(Json::Null, json_of),
                "{name}: {}",
                role.name
            );
            let mut policies: Vec<&str> = role.permissions.iter().map(|it| it.as_str()).collect();
            policies.sort_unstable();
            assert_eq!(json(next()), json!(policies), "{name}");
            let inline: Vec<&str> = role.permissions_document.iter().map(|_| role.name.as_str()).collect();
            assert_eq!(json(next()), json!(inline), "{name}");
            let count: usize = next().parse().unwrap();
            let arguments: Vec<&String> = (0..count).map(|_| said.next().unwrap()).collect();
            let seconds = role.max_session_seconds.to_string();
            let arn = setup.role_arn(role);
            let wanted = [role.name.as_str(), &arn, role.path.as_str(), &seconds].into_iter().chain(policies);
            assert!(arguments.into_iter().eq(wanted), "{name}: {}", role.name);
        }
        assert!(said.next().is_none(), "{name}");
    }
}

/// The blocks of code of a document: language and text.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut inside = false;
    for event in Parser::new(text) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                blocks.push((language.to_string(), String::new()));
                inside = true;
            }
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(piece) if inside => blocks.last_mut().unwrap().1.push_str(&piece),
            _ => {}
        }
    }
    blocks
}

#[test]
fn prose_holds_commands_that_a_shell_reads() {
    for (name, setup) in common::setups() {
        for kind in [Kind::Audit, Kind::Readme] {
            let text = text(&setup, kind);
            assert!(!text.contains("<script") && text.is_ascii() || name == "odd-refs", "{name}");
            let commands: Vec<String> = blocks(&text).into_iter().filter(|it| it.0 == "sh").map(|it| it.1).collect();
            assert!(commands.len() >= 3, "{name}: {kind:?}");
            for command in commands {
                let output = Command::new("sh").args(["-n", "-c", &command]).output().unwrap();
                assert!(output.status.success(), "{name}: {command}");
            }
        }
        let audit = text(&setup, Kind::Audit);
        let readme = text(&setup, Kind::Readme);
        for role in setup.roles() {
            assert!(audit.contains(&setup.role_arn(role)) && readme.contains(role.name.as_str()), "{name}");
        }
        for file in files(&setup) {
            let named = readme.contains(&format!("`{}`", file.name)) || file.role.is_some() || file.name == "README.md";
            assert!(named, "{name}: the README does not name {}", file.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn markdown_reads_back(value in "[ -~é字`*_<>&|\\\\\\[\\]()#-]{1,12}", lines in "((``?`?|~~~|[a-z #*>`-]{0,6})\n){1,6}") {
        let mut document = Document::default();
        document.prose("Before {}, after.\n\n- {}\n  - more", &[&value, &value]);
        document.code("sh", &lines);
        let text = document.print();
        let spans: Vec<String> =
            Parser::new(&text).filter_map(|it| if let Event::Code(it) = it { Some(it.to_string()) } else { None }).collect();
        prop_assert_eq!(spans, [value.clone(), value], "{}", text);
        prop_assert_eq!(blocks(&text), [("sh".to_owned(), lines)], "{}", text);
    }
}

fn setup(account: &str, more: &Json) -> Setup {
    let mut setup = json!({
        "version": 1,
        "aws": { "account_id": account },
        "roles": [{ "name": "deploy", "scopes": [{ "project": "g/p" }] }],
    });
    for (key, value) in more.as_object().unwrap() {
        setup[key] = value.clone();
    }
    file::read(&setup.to_string()).unwrap()
}

const A: &str = "111111111111";
const B: &str = "222222222222";

#[test]
fn several_setups_make_one_ci_file_and_a_folder_each() {
    let aws = json!({ "account_id": B, "provider": "existing" });
    let role = json!([{ "name": "other", "scopes": [{ "project": "g/q" }] }]);
    let third = setup(B, &json!({ "aws": aws, "roles": role, "ci": { "job": "deploy-222222222222" } }));
    let setups = [setup(A, &json!({})), setup(B, &json!({})), third];
    let setups: Vec<&Setup> = setups.iter().collect();
    let all = files_of_several(&setups).unwrap();
    let paths: Vec<String> =
        all.iter().map(|(folder, it)| format!("{}/{}", folder.as_deref().unwrap_or(""), it.name)).collect();
    assert_eq!(paths.iter().collect::<HashSet<_>>().len(), paths.len());
    assert_eq!(paths.iter().filter(|it| it.ends_with("/.gitlab-ci.yml")).collect::<Vec<_>>(), ["/.gitlab-ci.yml"]);
    for folder in [A, B, "222222222222-2"] {
        for name in ["claimcheck.json", "main.tf", "cloudformation.yaml", "create-roles.sh", "audit.md", "README.md"] {
            assert!(paths.contains(&format!("{folder}/{name}")), "{folder}/{name}");
        }
    }
    let readme = &all.iter().find(|it| it.1.name == "README.md").unwrap().1.text;
    assert!(readme.contains("`../.gitlab-ci.yml`"));
    let jobs: Json = serde_yaml_ng::from_str(&all[0].1.text).unwrap();
    let names: Vec<&String> = jobs.as_object().unwrap().keys().collect();
    // The second account's job would have the third's name, and the third was there under that name.
    assert_eq!(names, ["deploy-111111111111", "deploy-222222222222-2", "deploy-222222222222"]);
    // Two projects: each rule asks for its own.
    let rule = jobs["deploy-111111111111"]["rules"][0]["if"].as_str().unwrap();
    assert!(rule.starts_with("$CI_PROJECT_PATH == \"g/p\" && "), "{rule}");
    let alone = setup(A, &json!({}));
    assert_eq!(ci_of_several(&[&alone]).unwrap(), text(&alone, Kind::GitlabCi));
}

#[test]
fn setups_that_cannot_be_true_together_are_refused() {
    let existing = |role: &str| {
        let roles = json!([{ "name": role, "scopes": [{ "project": "g/p" }] }]);
        setup(A, &json!({ "aws": { "account_id": A, "provider": "existing" }, "roles": roles }))
    };
    let elsewhere = |gitlab: Json| setup(B, &json!({ "gitlab": gitlab }));
    for (second, words) in [
        (elsewhere(json!({ "url": "https://gitlab.example.com" })), "one CI file is for one GitLab"),
        (elsewhere(json!({ "url": "https://gitlab.com", "issuer": "https://x.example.com" })), "one issuer"),
        (setup(A, &json!({})), "both make the provider of the account 111111111111"),
        (existing("DEPLOY"), "both make the role `deploy`"),
    ] {
        let first = setup(A, &json!({}));
        let conflict = files_of_several(&[&setup("333333333333", &json!({})), &first, &second]);
        let conflict = conflict.unwrap_err();
        assert!(conflict.diagnostic.message.contains(words), "{}", conflict.diagnostic.message);
        assert!(conflict.setups == (1, 2) || words.contains("one "), "{:?}", conflict.setups);
    }
    assert!(files_of_several(&[&setup(A, &json!({})), &existing("other")]).is_ok());
}
