//! The generator adds no finding of its own: what the rules say of a generated trust policy is what the setup deserves, at its field.

#![expect(clippy::unwrap_used, reason = "a test's own data")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use claimcheck::generate;
use claimcheck::lint::{self, Bench, RULES, of_setup};
use claimcheck::setup::{Draft, GitLabDraft, RoleDraft, ScopeDraft, Setup, check, file, findings};
use claimcheck::source;
use claimcheck::verdict::Circumstances;
use proptest::prelude::*;

mod common;
use common::random::{Words, components, scope};

/// Rules that see in the policy what the form has no field finding for: advice, and values that lie side by side.
const OF_THE_POLICY_ALONE: [&str; 4] =
    ["subject-name-only", "value-covered", "subject-case-differs", "subject-placeholder"];

fn read(name: &str) -> Setup {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setups").join(name);
    file::read(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Rule and path of each.
type Found = BTreeSet<(String, String)>;

/// Rules on what stands beside the policies, in the files alone.
const OF_THE_FILES: [&str; 3] = ["role-administrator", "role-session-long", "ci-image-not-pinned"];

/// What is found in the policies, and what is said of the setup.
fn both(setup: &Setup) -> (Found, Found) {
    let linted = of_setup(setup).into_iter().map(|it| (it.rule.id.as_str().to_owned(), it.path)).collect();
    let said = findings(setup).into_iter().filter(|it| !OF_THE_FILES.contains(&it.rule));
    (linted, said.map(|it| (it.rule.to_owned(), it.path)).collect())
}

/// Rules and how often, in files that are looked at together.
fn counts(files: &[(String, String)]) -> BTreeMap<String, usize> {
    let read = |(name, text): &(String, String)| {
        let source = source::read(text, &[]);
        assert_eq!(source.problems, [], "{name}");
        lint::File { name: name.clone(), text: text.clone(), source }
    };
    let files: Vec<lint::File> = files.iter().map(read).collect();
    let mut counts = BTreeMap::new();
    for it in lint::lint(&Bench::new(&files, &Circumstances::default())) {
        *counts.entry(it.rule.id.as_str().to_owned()).or_default() += 1;
    }
    counts
}

/// Each file by itself, and all of them together, have the findings that the setup deserves: of the policies those of each policy,
/// of the roles and the CI file those that are said of the setup.
fn files_agree(name: &str, setup: &Setup, files: &[(String, String)]) {
    let is_read = |it: &str| {
        matches!(it, "main.tf" | "cloudformation.yaml" | ".gitlab-ci.yml" | "claimcheck.json")
            || it.starts_with("trust-policy")
    };
    let files: Vec<_> = files.iter().filter(|it| is_read(&it.0)).cloned().collect();
    let policies: Vec<_> = files.iter().filter(|it| it.0.starts_with("trust-policy")).cloned().collect();
    let mut of_policies = BTreeMap::new();
    for it in &policies {
        for (rule, count) in counts(std::slice::from_ref(it)) {
            *of_policies.entry(rule).or_insert(0) += count;
        }
    }
    let rules: BTreeSet<String> = of_setup(setup).iter().map(|it| it.rule.id.as_str().to_owned()).collect();
    assert_eq!(of_policies.keys().cloned().collect::<BTreeSet<_>>(), rules, "{name}");
    let of_setup = findings(setup);
    let said = |of: &dyn Fn(&str) -> bool| {
        let mut counts = BTreeMap::new();
        for it in of_setup.iter().filter(|it| OF_THE_FILES.contains(&it.rule) && of(it.rule)) {
            *counts.entry(it.rule.to_owned()).or_insert(0) += 1;
        }
        counts
    };
    let of_roles = said(&|it| it.starts_with("role-"));
    let of_job = said(&|it| it.starts_with("ci-"));
    let mut whole = of_job.clone();
    for (file, text) in &files {
        let found = counts(&[(file.clone(), text.clone())]);
        let wanted = match file.as_str() {
            "main.tf" | "cloudformation.yaml" => of_policies.clone().into_iter().chain(of_roles.clone()).collect(),
            ".gitlab-ci.yml" => of_job.keys().map(|it| (it.clone(), found.get(it).copied().unwrap_or(0))).collect(),
            "claimcheck.json" => BTreeMap::new(),
            _ => found.clone(),
        };
        assert_eq!(found, wanted, "{name}: {file}");
        found.into_iter().for_each(|it| *whole.entry(it.0).or_insert(0) += it.1);
    }
    let rules = |it: BTreeMap<String, usize>| it.into_keys().collect::<Vec<_>>();
    assert_eq!(rules(counts(&files)), rules(whole), "{name}: all together");
}

#[test]
fn the_generated_files_have_no_finding_of_their_own() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut folders = 0;
    for folder in fs::read_dir(golden).unwrap().map(|it| it.unwrap().path()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let read_file =
            |it: fs::DirEntry| (it.file_name().to_string_lossy().into_owned(), fs::read_to_string(it.path()).unwrap());
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|it| read_file(it.unwrap())).collect();
        files.sort();
        files_agree(&name, &read(&format!("{name}.json")), &files);
        folders += 1;
    }
    assert!(folders > 10);
    for text in CLEAN {
        let setup = clean(text);
        let files: Vec<_> = generate::files(&setup).into_iter().map(|it| (it.name, it.text)).collect();
        files_agree(text, &setup, &files);
        let [tf, cf, ci] = ["main.tf", "cloudformation.yaml", ".gitlab-ci.yml"]
            .map(|name| files.iter().find(|it| it.0 == name).unwrap().clone());
        assert_eq!(counts(&[tf, cf, ci]), BTreeMap::new(), "{text}");
    }
}

#[test]
fn administrators_and_half_days_are_said_of_the_setup_and_of_its_files() {
    let mut draft = clean(CLEAN.last().unwrap()).draft().clone();
    for role in &mut draft.roles {
        role.permissions = ["PowerUserAccess", "ReadOnlyAccess", "AdministratorAccess"]
            .map(|it| format!("arn:aws:iam::aws:policy/{it}"))
            .to_vec();
        role.max_session_seconds = Some("43200".into());
    }
    let setup = check(&draft).unwrap();
    let said: Vec<_> = findings(&setup).into_iter().map(|it| (it.rule, it.path)).collect();
    let at = |rule, field: &str| (rule, format!("roles[0].{field}"));
    assert_eq!(
        said,
        [
            at("role-administrator", "permissions[0]"),
            at("role-administrator", "permissions[2]"),
            at("role-session-long", "max_session_seconds")
        ]
    );
    let files: Vec<_> = generate::files(&setup).into_iter().map(|it| (it.name, it.text)).collect();
    files_agree("an administrator", &setup, &files);
}

/// Each finding on the policy is said of the setup, at the same field, and the other way round.
fn agree(setup: &Setup) {
    let (linted, said) = both(setup);
    for (rule, path) in &linted {
        let is_said = said.iter().any(|it| it.1 == *path);
        assert!(
            is_said || OF_THE_POLICY_ALONE.contains(&rule.as_str()),
            "{rule} at {path} is said of no field: {said:?}"
        );
    }
    for it in said.iter().filter(|it| !it.0.is_empty()) {
        assert!(linted.contains(it), "{it:?} is not found in the policy: {linted:?}");
    }
}

#[test]
fn every_setup_of_the_tests_has_the_findings_that_it_deserves() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setups");
    let mut setups = 0;
    for entry in fs::read_dir(folder).unwrap() {
        agree(&read(&entry.unwrap().file_name().to_string_lossy()));
        setups += 1;
    }
    assert!(setups > 10);
    for setup in findings(&read("group-wildcard.json")) {
        assert!(setup.rule.is_empty() || RULES.iter().any(|it| it.id.as_str() == setup.rule), "{}", setup.rule);
    }
}

/// Setups that deserve nothing: every pin, another instance by the project's id, a role for each environment, protected tags.
const CLEAN: [&str; 4] = [
    r#"{"url": "https://gitlab.com", "roles": [{"name": "pinned", "scopes": [{"project": "mygroup/myrepo", "ref": "main", "ref_protected": true,
        "project_id": "4711", "namespace_id": "72", "pipeline_source": ["push"], "user_id": "1001", "user_access_level": "maintainer",
        "runner_environment": "gitlab-hosted"}]}]}"#,
    r#"{"url": "https://git.example.com", "version": "19.2", "roles": [{"name": "by-id", "scopes": [{"project": "mygroup/myrepo", "ref": "main",
        "project_id": "4711", "sub_claim_components": ["project_id", "ref_type", "ref"]}]}]}"#,
    r#"{"url": "https://gitlab.com", "roles": [
        {"name": "staging", "environment": "staging", "scopes": [{"project": "mygroup/myrepo", "ref": "next", "project_id": "4711"}]},
        {"name": "production", "environment": "production", "scopes": [{"project": "mygroup/myrepo", "ref": "main", "project_id": "4711"}]}]}"#,
    r#"{"url": "https://gitlab.com", "roles": [{"name": "release", "scopes": [{"project": "mygroup/myrepo", "ref_type": "tag", "ref": "v*",
        "ref_protected": true, "project_id": "4711"}]}]}"#,
];

#[test]
fn a_careful_setup_has_no_finding_at_all() {
    for text in CLEAN {
        let setup = clean(text);
        assert_eq!(
            of_setup(&setup).iter().map(|it| it.rule.id.as_str()).collect::<Vec<_>>(),
            Vec::<&str>::new(),
            "{text}"
        );
        assert!(findings(&setup).iter().all(|it| it.rule.is_empty()), "{text}");
    }
}

/// A setup of what stands above, in the form of a setup file.
fn clean(text: &str) -> Setup {
    let node = claimcheck::document::json::parse(text).unwrap();
    let part = |name: &str| node.member(name).map(|it| it.span.of(text).to_owned());
    let version = part("version").map(|it| format!(", \"version\": {it}")).unwrap_or_default();
    let whole = format!(
        r#"{{"version": 1, "gitlab": {{"url": {url}, "audience": {url}{version}}},
            "aws": {{"account_id": "123456789012"}}, "roles": {roles}}}"#,
        url = part("url").unwrap(),
        roles = part("roles").unwrap()
    );
    file::read(&whole).unwrap_or_else(|it| unreachable!("{it:?}"))
}

#[test]
fn a_finding_goes_when_its_field_is_mended() {
    let with = |edit: &dyn Fn(&mut ScopeDraft)| {
        let mut draft = clean(CLEAN.last().unwrap()).draft().clone();
        draft.roles.iter_mut().flat_map(|it| &mut it.scopes).for_each(edit);
        both(&check(&draft).unwrap()).0
    };
    let broken = with(&|it| it.ref_protected = None);
    assert_eq!(
        broken.into_iter().collect::<Vec<_>>(),
        [("subject-tag-pattern".to_owned(), "roles[0].scopes[0].ref".to_owned())]
    );
    assert!(with(&|it| (it.ref_protected, it.reference) = (None, Some("v1".to_owned()))).is_empty());
    let nameless = with(&|it| it.project_id = None);
    assert_eq!(nameless.into_iter().map(|it| it.1).collect::<Vec<_>>(), ["roles[0].scopes[0].project_id"]);
    let wide = with(&|it| (it.project_id, it.project) = (None, Some("mygroup/*".to_owned())));
    assert!(wide.contains(&("subject-whole-group".to_owned(), "roles[0].scopes[0].project".to_owned())), "{wide:?}");
}

const WORDS: Words = Words {
    projects: &["g/p", "g/*", "g*", "*", "g/p*", "*/p", "g/p/q", "a/b"],
    refs: &["main", "*", "release/*", "main*", "v*", "r?"],
    project_ids: &["1", "2"],
    namespace_ids: &["7"],
    pinned: 0.3,
};

fn setup_of(scopes: Vec<ScopeDraft>, format: Option<Vec<String>>, url: &str) -> Option<Setup> {
    let base = clean(CLEAN.first().unwrap()).draft().clone();
    let scopes = scopes.into_iter().map(|it| ScopeDraft { sub_claim_components: format.clone(), ..it }).collect();
    let role = RoleDraft { scopes, ..base.roles.first().unwrap().clone() };
    let gitlab = GitLabDraft { url: Some(url.to_owned()), ..base.gitlab.clone() };
    check(&Draft { gitlab, roles: vec![role], ..base }).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_setup_has_the_findings_that_it_deserves(
        scopes in prop::collection::vec(scope(WORDS), 1..5),
        format in components(),
        is_gitlab_com in any::<bool>(),
    ) {
        let url = if is_gitlab_com { "https://gitlab.com" } else { "https://git.example.com" };
        if let Some(setup) = setup_of(scopes, format, url) {
            agree(&setup);
        }
    }
}
