//! What we print as YAML is read back as what it was made of.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use claimcheck::document::json;
use claimcheck::generate::{Kind, render, trust_policy};
use claimcheck::print::json::compact;
use claimcheck::setup::{Provider, Setup};
use claimcheck::source::{self, Source};

fn read(setup: &Setup, kind: Kind, variables: &[(String, String)]) -> (String, Source) {
    let text = render(setup, kind, None).unwrap().text;
    let source = source::read(&text, variables);
    assert_eq!(source.problems, [], "{text}");
    (text, source)
}

#[test]
fn our_templates_hold_the_policies_that_they_were_made_of() {
    for (name, setup) in common::setups() {
        let arn = setup.provider_arn();
        let partition = arn.split(':').nth(1).unwrap().to_owned();
        let given = [
            ("AWS::AccountId".to_owned(), setup.aws().account_id.as_str().to_owned()),
            ("AWS::Partition".to_owned(), partition),
        ];
        let (_, source) = read(&setup, Kind::CloudFormation, &given);
        assert_eq!(source.policies.len(), setup.roles().len(), "{name}");
        assert_eq!((source.unknown.len(), source.notes.len()), (0, 0), "{name}");
        for (role, found) in setup.roles().iter().zip(&source.policies) {
            let wanted = json::parse(&trust_policy(&setup, role)).unwrap();
            assert_eq!(compact(&found.document), compact(&wanted), "{name}");
            assert_eq!(found.role_name.as_ref().unwrap().value, role.name.as_str());
            assert_eq!(found.attached.len(), role.permissions.len());
            assert!(!found.is_embedded && found.policy.is_ok());
        }
        let is_made = setup.aws().provider == Provider::Create;
        assert_eq!(source.providers.len(), usize::from(is_made));
        for it in &source.providers {
            assert_eq!(it.url.as_ref().unwrap().value, setup.gitlab().issuer.as_str());
            assert_eq!(it.client_ids[0].value, setup.gitlab().audience.as_str());
        }
    }
}

#[test]
fn our_jobs_ask_for_the_tokens_that_they_were_made_for() {
    let mut jobs = 0;
    for (name, setup) in common::setups() {
        let (text, source) = read(&setup, Kind::GitlabCi, &[]);
        let ci = source.ci.unwrap();
        for it in ci.jobs.iter().filter(|it| !it.is_hidden) {
            assert_eq!(it.id_tokens.len(), 1, "{name}");
            let audience = &it.id_tokens[0].audiences[0];
            assert_eq!(audience.value, setup.gitlab().audience.as_str(), "{name}");
            assert!(!audience.span.of(&text).is_empty(), "{name}");
            let arns: Vec<String> = setup.roles().iter().map(|it| setup.role_arn(it)).collect();
            assert!(
                !it.role_arns.is_empty() && it.role_arns.iter().all(|it| arns.contains(&it.value)),
                "{name}: {text}"
            );
            jobs += 1;
        }
    }
    assert!(jobs >= common::setups().len());
}

#[test]
fn a_second_document_is_not_passed_over() {
    let statement = |effect: &str| {
        format!(
            "Version: \"2012-10-17\"\nStatement:\n  - Effect: {effect}\n    Principal: {{Federated: p}}\n    Action: sts:A\n"
        )
    };
    let (allow, deny) = (statement("Allow"), statement("Deny"));
    let one = |text: &str| source::read(text, &[]);
    for text in [allow.clone(), format!("---\n{allow}"), format!("---\n{allow}---\n"), format!("{allow}...\n")] {
        let source = one(&text);
        assert_eq!((source.policies.len(), source.problems.len()), (1, 0), "{text}: {:?}", source.problems);
    }
    for text in [format!("---\n{allow}---\n{deny}"), format!("{allow}---\n---\n{deny}"), format!("{allow}---\n- x\n")] {
        let source = one(&text);
        assert_eq!((source.policies.len(), source.problems.len()), (0, 1), "{text}");
        let behind = text.get(source.problems[0].span.unwrap().start..).unwrap();
        assert!(
            behind.starts_with("Version: \"2012-10-17\"\nStatement:\n  - Effect: Deny") || behind.starts_with("- x"),
            "{behind}"
        );
    }
    // A CI file may have its inputs in front.
    let ci = "spec:\n  inputs:\n    x: {}\n---\njob:\n  script: [ls]\n";
    assert_eq!((one(ci).ci.unwrap().jobs.len(), one(ci).problems.len()), (1, 0));
    assert_eq!(one(&format!("{ci}---\nother:\n  script: [ls]\n")).problems.len(), 1);
}
