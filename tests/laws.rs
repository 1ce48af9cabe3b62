//! Laws over all inputs: what is composed is what is admitted, and what is written reads back.
//!
//! The policy is generated, printed, parsed and evaluated; the meaning is read off the setup's sentences by code that shares
//! nothing with them. Random setups, and for each of them the tokens nearest to its edges.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use claimcheck::aws::policy::read;
use claimcheck::document::json;
use claimcheck::generate::trust_policy;
use claimcheck::playground::share;
use claimcheck::setup::meaning::is_meant;
use claimcheck::setup::{Beside, Draft, RoleDraft, Setup, check, file, from_policy};
use claimcheck::verdict::{Circumstances, evidence_of, is_allowed, judge};
use common::random::{Words, components, pick, scope};
use proptest::prelude::*;

const NOW: i64 = 1_795_168_800;
const PROJECTS: [&str; 8] = ["g/p", "g/p2", "g/*", "g*", "g/?", "h/s/p", "*/p", "g/s/*"];
const CONCRETE_PROJECTS: [&str; 7] = ["g/p", "g/p2", "g2/p", "h/s/p", "g/s/p", "g/pp", "G/p"];
const REFS: [&str; 9] = ["main", "v*", "*", "release/*", "m?in", "a${b}", "it's", "%{x}", "$${"];
const CONCRETE_REFS: [&str; 11] =
    ["main", "dev", "v1", "v", "release/1", "min", "mxin", "a${b}", "it's", "%{x}", "$${"];
const IDS: [&str; 3] = ["4711", "4712", "72"];

const WORDS: Words = Words { projects: &PROJECTS, refs: &REFS, project_ids: &IDS, namespace_ids: &IDS, pinned: 0.2 };

/// Setups of one role; those that are not right are left out.
fn setup() -> impl Strategy<Value = Setup> {
    let scopes = (prop::collection::vec(scope(WORDS), 1..5), components());
    scopes.prop_filter_map("a setup that GitLab or AWS would refuse", |(mut scopes, components)| {
        // A project has one form of `sub`, so the scopes that may speak of it have one too.
        scopes.iter_mut().for_each(|it| it.sub_claim_components.clone_from(&components));
        let mut draft = Draft::default();
        draft.aws.account_id = Some("123456789012".to_owned());
        draft.roles = vec![RoleDraft { name: Some("role".to_owned()), scopes, ..RoleDraft::default() }];
        check(&draft).ok()
    })
}

/// A payload as GitLab would write it, for one of the forms of `sub` that the setup's scopes have.
fn token(setup: &Setup, choice: &TokenChoice) -> serde_json::Value {
    let scopes = &setup.roles()[0].scopes;
    let subject =
        scopes[choice.scope % scopes.len()].subject.write(&|component: claimcheck::gitlab::Component| match component
            .as_str()
        {
            "project_path" => Some(&choice.project),
            "project_id" => Some(&choice.project_id),
            "ref_type" => Some(&choice.ref_type),
            "ref" => Some(&choice.reference),
            "ref_protected" => Some(&choice.ref_protected),
            _ => None,
        });
    serde_json::json!({
        "iss": choice.issuer, "aud": choice.audience, "sub": subject, "project_id": choice.project_id, "namespace_id": choice.namespace_id,
        "ref_protected": choice.ref_protected, "pipeline_source": choice.source, "iat": NOW, "exp": NOW + choice.lifetime
    })
}

#[derive(Debug, Clone)]
struct TokenChoice {
    scope: usize,
    project: String,
    project_id: String,
    namespace_id: String,
    ref_type: String,
    reference: String,
    ref_protected: String,
    source: String,
    issuer: String,
    audience: serde_json::Value,
    lifetime: i64,
}

prop_compose! {
    fn token_choice()(
        scope in 0usize..4,
        project in pick(&CONCRETE_PROJECTS),
        project_id in pick(&IDS),
        namespace_id in pick(&IDS),
        ref_type in pick(&["branch", "tag"]),
        reference in pick(&CONCRETE_REFS),
        ref_protected in pick(&["true", "false"]),
        source in pick(&["push", "schedule", "merge_request_event", "web"]),
        issuer in prop_oneof![19 => Just("https://gitlab.com".to_owned()), 1 => Just("https://gitlab.example.com".to_owned())],
        audience in prop_oneof![
            18 => Just(serde_json::json!("https://gitlab.com")),
            1 => Just(serde_json::json!(["https://gitlab.com"])),
            1 => Just(serde_json::json!("other")),
            1 => Just(serde_json::json!(["https://gitlab.com", "other"])),
        ],
        lifetime in prop_oneof![19 => Just(3600i64), 1 => Just(-400i64)],
    ) -> TokenChoice {
        TokenChoice { scope, project, project_id, namespace_id, ref_type, reference, ref_protected, source, issuer, audience, lifetime }
    }
}

fn circumstances() -> Circumstances {
    Circumstances {
        audiences: Some(vec!["https://gitlab.com".to_owned()]),
        providers: Some(vec!["https://gitlab.com".to_owned()]),
        now: NOW,
        ..Circumstances::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_composed_is_taken_back(setup in setup()) {
        let policy_of = |setup: &Setup| {
            let text = trust_policy(setup, &setup.roles()[0]);
            let policy = read(&json::parse(&text).unwrap()).unwrap();
            (text, policy)
        };
        let (text, policy) = policy_of(&setup);
        let back = from_policy(&policy, &Beside::default(), &setup).map_err(|it| TestCaseError::fail(format!("{it:?}\n{text}")))?;
        let (_, again) = policy_of(&back);
        // Statements may stand in another order; what they let in is the same, and taken back once more nothing changes.
        prop_assert_eq!(again.statements.len(), policy.statements.len());
        prop_assert_eq!(&policy_of(&from_policy(&again, &Beside::default(), &back).unwrap()).0, &policy_of(&back).0);
    }

    #[test]
    fn what_is_composed_is_exactly_what_is_admitted(setup in setup(), choices in prop::collection::vec(token_choice(), 20)) {
        let role = &setup.roles()[0];
        let text = trust_policy(&setup, role);
        let policy = read(&json::parse(&text).unwrap()).unwrap();
        for choice in choices {
            let payload = token(&setup, &choice);
            let evidence = evidence_of(&json::parse(&payload.to_string()).unwrap()).unwrap();
            let claimcheck::verdict::Evidence::Token(read) = &evidence else { panic!("a token") };
            let verdict = judge(&text, &policy, &evidence, &circumstances()).unwrap();
            prop_assert_eq!(is_allowed(&policy, &evidence, &circumstances()).unwrap(), verdict.allowed);
            prop_assert_eq!(verdict.allowed, Some(is_meant(&setup, role, read, NOW)), "{}\n{}", text, payload);
        }
    }

    #[test]
    fn a_setup_reads_back_from_its_file_and_its_link(setup in setup()) {
        prop_assert_eq!(&file::read(&file::write(&setup)).unwrap(), &setup);
        prop_assert_eq!(&share::read(&share::write(&setup)).unwrap().setup, &setup);
    }
}

/// The random law must not be empty: among such tokens both answers are common.
#[test]
fn both_answers_are_common_among_the_random_tokens() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut admitted, mut refused) = (0, 0);
    for _ in 0..2_000 {
        let setup = setup().new_tree(&mut runner).unwrap().current();
        let choice = token_choice().new_tree(&mut runner).unwrap().current();
        let evidence = evidence_of(&json::parse(&token(&setup, &choice).to_string()).unwrap()).unwrap();
        let claimcheck::verdict::Evidence::Token(read) = &evidence else { panic!("a token") };
        if is_meant(&setup, &setup.roles()[0], read, NOW) { admitted += 1 } else { refused += 1 }
    }
    assert!(admitted > 100 && refused > 100, "{admitted} admitted, {refused} refused");
}

/// Every role of the setups that people read gives its own policy again, byte for byte.
#[test]
fn every_setup_file_is_taken_back() {
    let mut seen = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/setups")).unwrap() {
        let path = entry.unwrap().path();
        let Ok(setup) = file::read(&std::fs::read_to_string(&path).unwrap()) else { continue };
        for role in setup.roles() {
            let text = trust_policy(&setup, role);
            let policy = read(&json::parse(&text).unwrap()).unwrap();
            let back = from_policy(&policy, &Beside::default(), &setup)
                .unwrap_or_else(|it| panic!("{path:?}: {it:?}\n{text}"));
            assert_eq!(trust_policy(&back, &back.roles()[0]), text, "{path:?}");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}
