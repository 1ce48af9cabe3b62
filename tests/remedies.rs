//! Remedies: every edit that is offered does what it says, for every setup and sample of the tests, and for random ones.
//!
//! What is held: the edited setup lets the token in, by its printed policy; whoever was meant keeps their verdict, or the text says
//! that they lose it; an edit that lets in less stands before one that lets in more; a finding that comes is spoken of; an edit
//! that is put in and taken out leaves the draft as it was.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use claimcheck::aws::keys::GITLAB_COM;
use claimcheck::document::json::{self, Node};
use claimcheck::gitlab::{Component, segments};
use claimcheck::playground::{Action, Compiled, Model, Remedy, SampleKind, Table, remedies, update};
use claimcheck::setup::{Draft, PinDraft, RoleDraft, ScopeDraft, Setup, Severity, check, file, findings};
use claimcheck::verdict::{Evidence, evidence_of, is_allowed, judge};
use common::random::{Words, components, pick, scope};
use proptest::prelude::*;

const NOW: i64 = 1_795_168_800;

/// A role of a setup, with what a sitting derives of it.
struct Bench {
    compiled: Compiled,
    role: usize,
    table: Table,
}

impl Bench {
    fn new(setup: Setup, role: usize) -> Self {
        let compiled = Compiled::new(Rc::new(setup));
        let table = Table::of(&compiled, role, NOW);
        Self { compiled, role, table }
    }

    fn example(name: &str, role: usize) -> Self {
        let setup = common::setups().into_iter().find(|it| it.0 == name).unwrap().1;
        Self::new(setup, role)
    }

    fn setup(&self) -> &Setup {
        self.compiled.setup()
    }

    fn remedies(&self, token: &Evidence) -> Vec<Remedy> {
        let (text, policy) = self.compiled.policy(self.role).unwrap();
        let verdict = judge(text, policy, token, &self.compiled.circumstances(NOW)).unwrap();
        remedies(&self.compiled, self.role, &self.table, token, NOW, &verdict)
    }

    fn admits(&self, token: &Evidence) -> bool {
        is_allowed(self.compiled.policy(self.role).unwrap().1, token, &self.compiled.circumstances(NOW))
            == Ok(Some(true))
    }

    fn sample(&self, kind: SampleKind) -> Rc<Evidence> {
        Rc::clone(self.table.rows.iter().find(|it| it.0.kind == kind).unwrap().0.token.as_ref().unwrap())
    }

    fn titles(&self, token: &Evidence) -> Vec<String> {
        self.remedies(token).into_iter().map(|it| it.title).collect()
    }

    /// Holds every law against the remedies for one token; answers how many edits there were.
    fn hold(&self, token: &Evidence) -> usize {
        let all = self.remedies(token);
        let edits: Vec<(&Remedy, Bench)> =
            all.iter().filter_map(|it| Some((it, Bench::new(check(it.edit.as_ref()?).unwrap(), self.role)))).collect();
        assert!(all.len() <= 5);
        if self.admits(token) {
            assert!(all.is_empty(), "{}", all[0].title);
        }
        let old = findings(self.setup());
        for (remedy, bench) in &edits {
            let words = format!("{}\n{}\n{token:?}\n{}", remedy.title, remedy.text, file::write(self.setup()));
            assert!(bench.admits(token), "lets it in: {words}");
            self.hold_meant(remedy, bench, &words);
            self.hold_undo(remedy, &words);
            let new = findings(bench.setup());
            for finding in new.iter().filter(|it| it.severity == Severity::Caution && !old.contains(it)) {
                let said = finding.message.chars().skip(1).collect::<String>();
                assert!(remedy.is_caution && remedy.text.contains(&said), "{}: {words}", finding.message);
            }
            for part in [&remedy.title, &remedy.text] {
                assert!(!part.is_empty() && !part.contains("``") && !part.contains("  "), "{words}");
                assert_eq!(part.matches('`').count() % 2, 0, "{words}");
            }
            assert!(remedy.text.ends_with('.') && remedy.text.starts_with(|c: char| !c.is_lowercase()), "{words}");
        }
        self.hold_order(&edits, token);
        edits.len()
    }

    fn hold_meant(&self, remedy: &Remedy, bench: &Bench, words: &str) {
        for (sample, cells) in &self.table.rows {
            let Ok(meant) = &sample.token else { continue };
            if cells[self.role].allowed == Some(true) && !bench.admits(meant) {
                let said =
                    remedy.text.contains(&format!("“{}”", sample.title)) && remedy.text.contains("No longer let in: ");
                assert!(
                    said || remedy.text.contains("are then refused"),
                    "{} keeps its verdict: {words}",
                    sample.title
                );
            }
        }
        assert!(bench.table.rows.iter().all(|it| it.1.iter().all(|it| it.is_as_expected())), "{words}");
    }

    fn hold_undo(&self, remedy: &Remedy, words: &str) {
        let model = Model::new(self.setup().clone(), NOW);
        let replace = |draft: &Draft| Action::Replace(Box::new(draft.clone()));
        let edited = update(&model, replace(remedy.edit.as_ref().unwrap())).unwrap();
        assert!(!edited.is_stale() && *edited.setup != *model.setup, "{words}");
        let back = update(&edited, replace(&model.draft)).unwrap();
        assert_eq!((&back.draft, &back.setup), (&model.draft, &model.setup), "{words}");
    }

    /// Of two edits, the one whose tokens are all the other's too comes first.
    fn hold_order(&self, edits: &[(&Remedy, Bench)], token: &Evidence) {
        let probes = probes(self.setup(), token);
        let reach: Vec<Vec<bool>> =
            edits.iter().map(|it| probes.iter().map(|probe| it.1.admits(probe)).collect()).collect();
        for (at, later) in reach.iter().enumerate().skip(1) {
            for (before, earlier) in reach.iter().enumerate().take(at) {
                let is_subset = later.iter().zip(earlier).all(|(later, earlier)| *earlier || !later);
                let words = format!("{} before {}", edits[before].0.title, edits[at].0.title);
                assert!(!is_subset || later == earlier, "{words}\n{}", file::write(self.setup()));
            }
        }
    }
}

/// The token itself with other refs, kinds, projects and pins, in every combination, and in the form of `sub` that the scopes have:
/// another grid than the engine's own. What a correction takes away is seen on the scopes' own projects, refs and ids.
fn probes(setup: &Setup, token: &Evidence) -> Vec<Evidence> {
    let Evidence::Token(token) = token else { return Vec::new() };
    let Some(parts) = token.text("sub").and_then(segments) else { return Vec::new() };
    let value = |name: &str| {
        let part = parts.iter().find(|it| it.component.as_str() == name).map(|it| it.value);
        part.or_else(|| token.text(name)).unwrap_or_default().to_owned()
    };
    let scopes = || setup.roles().iter().flat_map(|it| &it.scopes);
    let namespaces = scopes().filter_map(|it| it.pin("namespace_id")).flat_map(|it| it.values.clone());
    let ids = scopes().flat_map(|it| {
        let pins = it.pins.iter().filter(|it| it.claim == "project_id").flat_map(|it| it.values.clone());
        pins.chain(it.subject_values.iter().filter(|it| it.0.as_str() == "project_id").map(|it| it.1.clone()))
    });
    let others: [(&str, Vec<String>); 7] = [
        ("project_path", scopes().map(|it| it.project.to_string()).chain(["zz/zz".to_owned()]).collect()),
        ("ref", scopes().map(|it| it.reference.to_string()).chain(["main", "zz", "v9"].map(str::to_owned)).collect()),
        ("ref_type", ["branch", "tag"].map(str::to_owned).to_vec()),
        ("ref_protected", ["true", "false"].map(str::to_owned).to_vec()),
        ("pipeline_source", vec!["merge_request_event".to_owned()]),
        ("namespace_id", namespaces.collect()),
        ("project_id", ids.chain(["31337".to_owned()]).collect()),
    ];
    let mut grid: Vec<BTreeMap<&str, String>> = vec![BTreeMap::new()];
    for (name, values) in others {
        let values: BTreeSet<String> = values.into_iter().chain([value(name)]).collect();
        let with = |row: &BTreeMap<&'static str, String>, value: &String| {
            let mut row = row.clone();
            row.insert(name, value.clone());
            row
        };
        grid = grid.iter().flat_map(|row| values.iter().map(move |value| with(row, value))).collect();
    }
    let mut forms: Vec<Vec<Component>> = vec![parts.iter().map(|it| it.component).collect()];
    forms.extend(scopes().map(|it| it.subject.components().to_vec()));
    forms.dedup();
    let mut found = Vec::new();
    for form in forms.iter().take(2) {
        for row in &grid {
            let of = |name: &str| row.get(name).cloned().unwrap_or_else(|| value(name));
            let subject = form.iter().map(|it| format!("{}:{}", it.as_str(), of(it.as_str())));
            let mut claims = vec![
                ("iss", Node::text(value("iss"))),
                ("aud", token.claim("aud").unwrap().clone()),
                ("sub", Node::text(subject.collect::<Vec<_>>().join(":"))),
                ("iat", Node::number(NOW)),
                ("exp", Node::number(NOW + 3600)),
            ];
            claims.extend(GITLAB_COM.iter().filter(|it| token.claim(it).is_some()).map(|it| (*it, Node::text(of(it)))));
            found.push(evidence_of(&Node::object(claims)).unwrap());
        }
    }
    found
}

fn evidence(claims: &serde_json::Value) -> Evidence {
    evidence_of(&json::parse(&claims.to_string()).unwrap()).unwrap()
}

#[test]
fn every_remedy_of_every_sample_does_what_it_says() {
    let (mut samples, mut offered) = (0, 0);
    for (name, setup) in common::setups() {
        for role in 0..setup.roles().len() {
            let bench = Bench::new(setup.clone(), role);
            for (sample, cells) in &bench.table.rows {
                let Ok(token) = &sample.token else { continue };
                let edits = bench.hold(token);
                let hopeless = matches!(sample.kind, SampleKind::TwoAudiences | SampleKind::Expired);
                let denied = cells[role].allowed == Some(false);
                assert_eq!(edits > 0, denied && !hopeless, "{name}, role {role}: {}", sample.title);
                samples += 1;
                offered += edits;
                if hopeless {
                    let advice = bench.remedies(token);
                    assert!(advice.len() == 1 && advice[0].edit.is_none(), "{name}");
                }
            }
        }
    }
    assert!(samples > 200 && offered > 200, "{samples} samples, {offered} edits");
}

#[test]
fn whoever_looks_like_a_stranger_is_let_in_with_care_alone() {
    for (name, setup) in common::setups() {
        for role in 0..setup.roles().len() {
            let bench = Bench::new(setup.clone(), role);
            for kind in [SampleKind::Fork, SampleKind::TakenOver, SampleKind::OtherGroup, SampleKind::OtherIssuer] {
                let Some(row) = bench.table.rows.iter().find(|it| it.0.kind == kind) else { continue };
                let Ok(token) = &row.0.token else { continue };
                for remedy in bench.remedies(token) {
                    assert!(remedy.is_caution || remedy.edit.is_none(), "{name}, role {role}: {}", remedy.title);
                }
            }
        }
    }
}

#[test]
fn the_narrowest_edit_comes_first_and_the_wide_one_last() {
    let bench = Bench::example("one-scope", 0);
    let all = bench.remedies(&bench.sample(SampleKind::OtherBranch));
    assert_eq!(
        all.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(),
        ["Add a scope for branch `dev`", "Let any branch in"]
    );
    assert!(!all[0].is_caution && all[1].is_caution);
    assert!(all[0].text.contains("merge request with that source branch"), "{}", all[0].text);
    assert!(
        all[0].text.ends_with("Of the samples it lets in too: “A merge request from a branch”."),
        "{}",
        all[0].text
    );
    let tags = Bench::example("tags", 0);
    assert!(
        tags.titles(&tags.sample(SampleKind::OtherBranch)).iter().any(|it| it.starts_with("Add a scope for branch"))
    );
}

/// The claims of a job of the setups' usual project; `change` says what is different.
fn job(change: &[(&str, &str)]) -> serde_json::Value {
    let mut claims = BTreeMap::from([
        ("iss", "https://gitlab.com"),
        ("aud", "https://gitlab.com"),
        ("project_path", "mygroup/myrepo"),
        ("project_id", "4711"),
        ("namespace_id", "72"),
        ("ref", "main"),
        ("ref_type", "branch"),
        ("ref_protected", "true"),
        ("pipeline_source", "push"),
    ]);
    claims.extend(change.iter().copied());
    let sub = format!("project_path:{}:ref_type:{}:ref:{}", claims["project_path"], claims["ref_type"], claims["ref"]);
    let mut claims = serde_json::to_value(claims).unwrap();
    let all = claims.as_object_mut().unwrap();
    all.entry("sub").or_insert(sub.into());
    all.insert("iat".to_owned(), NOW.into());
    all.insert("exp".to_owned(), (NOW + 3600).into());
    claims
}

fn one_scope(change: impl FnOnce(&mut ScopeDraft)) -> Bench {
    let mut scope = ScopeDraft { project: Some("mygroup/myrepo".to_owned()), ..ScopeDraft::default() };
    change(&mut scope);
    let mut draft = Draft::default();
    draft.aws.account_id = Some("123456789012".to_owned());
    draft.roles = vec![RoleDraft { name: Some("role".to_owned()), scopes: vec![scope], ..RoleDraft::default() }];
    Bench::new(check(&draft).unwrap(), 0)
}

#[test]
fn each_cause_has_its_own_remedy() {
    let plain = || one_scope(|_| {});
    let of = |values: &[&str]| {
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        vec![PinDraft { claim: "pipeline_source".to_owned(), values }]
    };
    let custom = r#"{"sub": "project_path:mygroup/myrepo:ref:main"}"#;
    let custom: serde_json::Map<String, serde_json::Value> = serde_json::from_str(custom).unwrap();
    let mut by_path_and_ref = job(&[]);
    by_path_and_ref.as_object_mut().unwrap().extend(custom);
    let rows: Vec<(Bench, serde_json::Value, &[&str])> = vec![
        (
            one_scope(|it| it.reference = Some("Main".to_owned())),
            job(&[]),
            &["Change the ref `Main` to `main`", "Add a scope for branch `main`", "Let any branch in"],
        ),
        (
            one_scope(|it| it.reference = Some("origin/main".to_owned())),
            job(&[]),
            &["Change the ref `origin/main` to `main`", "Add a scope for branch `main`", "Let any branch in"],
        ),
        (
            one_scope(|it| it.project = Some("MyGroup/MyRepo".to_owned())),
            job(&[]),
            &[
                "Change the path `MyGroup/MyRepo` to `mygroup/myrepo`",
                "Add a scope for `mygroup/myrepo`, branch `main`",
            ],
        ),
        (
            one_scope(|it| it.project_id = Some("4711".to_owned())),
            job(&[("project_path", "newgroup/myrepo")]),
            &[
                "Change the path `mygroup/myrepo` to `newgroup/myrepo`",
                "Add a scope for `newgroup/myrepo`, branch `main`",
            ],
        ),
        (
            one_scope(|it| it.project_id = Some("1".to_owned())),
            job(&[]),
            &[
                "Change the `project_id` `1` to `4711`",
                "Add a scope for branch `main` with `project_id` `4711`",
                "Do not ask for `project_id`",
            ],
        ),
        (
            one_scope(|it| it.ref_protected = Some(true)),
            job(&[("ref_protected", "false")]),
            &["Protect the branch `main` in GitLab", "Do not ask for `ref_protected`"],
        ),
        (
            one_scope(|it| it.ref_protected = Some(true)),
            job(&[("ref_protected", "false"), ("pipeline_source", "merge_request_event")]),
            &["Run the job after the merge of `main`", "Do not ask for `ref_protected`"],
        ),
        (
            one_scope(|it| it.pins = of(&["push"])),
            job(&[("pipeline_source", "schedule")]),
            &["Let `pipeline_source` be `schedule` too", "Do not ask for `pipeline_source`"],
        ),
        (
            plain(),
            job(&[("ref", "feature/login")]),
            &["Add a scope for branch `feature/login`", "Let branches `feature/*` in", "Let any branch in"],
        ),
        (
            one_scope(|it| it.reference = Some("feature/a".to_owned())),
            job(&[("ref", "feature/b")]),
            &["Add a scope for branch `feature/b`", "Let branches `feature/*` in", "Let any branch in"],
        ),
        (
            plain(),
            job(&[("ref", "v1.2"), ("ref_type", "tag")]),
            &["Add a scope for tag `v1.2`", "Let tags `v*` in", "Add a scope for any tag"],
        ),
        (plain(), job(&[("ref_type", "tag")]), &["Add a scope for tag `main`"]),
        (
            plain(),
            by_path_and_ref,
            &["Take the `sub` of `mygroup/myrepo` as `project_path, ref`", "Add a scope for branch or tag `main`"],
        ),
        (
            plain(),
            job(&[("aud", "sts.amazonaws.com")]),
            &["Ask for `https://gitlab.com` in `.gitlab-ci.yml`", "Set the audience to `sts.amazonaws.com`"],
        ),
        (
            plain(),
            job(&[("aud", "sts.amazonaws.com"), ("ref", "dev")]),
            &[
                "Ask for `https://gitlab.com` in `.gitlab-ci.yml`",
                "Set the audience to `sts.amazonaws.com` · Add a scope for branch `dev`",
            ],
        ),
        (
            one_scope(|it| it.ref_protected = Some(true)),
            job(&[("aud", "sts.amazonaws.com"), ("ref_protected", "false")]),
            &[
                "Ask for `https://gitlab.com` in `.gitlab-ci.yml`",
                "Protect the branch `main` in GitLab",
                "Set the audience to `sts.amazonaws.com` · Add a scope for branch `main` without `ref_protected`",
            ],
        ),
        (plain(), job(&[("iss", "https://git.example.com")]), &["Take tokens of `https://git.example.com`"]),
        (plain(), job(&[("iss", "https://gitlab.com/")]), &[]),
        (plain(), job(&[("sub", "repo:mygroup/myrepo:ref:refs/heads/main")]), &["No scope can speak of this `sub`"]),
    ];
    for (bench, claims, titles) in rows {
        let token = evidence(&claims);
        bench.hold(&token);
        assert_eq!(bench.titles(&token), titles, "{claims}");
    }
}

#[test]
fn another_role_that_lets_it_in_is_named() {
    let bench = Bench::example("several-roles", 0);
    let token = Bench::example("several-roles", 1).sample(SampleKind::Meant(0));
    let all = bench.remedies(&token);
    assert_eq!((all[0].title.as_str(), &all[0].edit), ("Assume `gitlab-review` instead", &None));
    bench.hold(&token);
}

#[test]
fn the_record_of_a_call_is_mended_by_what_it_shows() {
    let subject = "project_path:mygroup/myrepo:ref_type:branch:ref:dev";
    let record = serde_json::json!({
        "eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied", "recipientAccountId": "123456789012",
        "userIdentity": {
            "principalId": format!("arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:{subject}"),
            "userName": subject, "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com",
        },
    });
    let bench = one_scope(|it| it.project_id = Some("4711".to_owned()));
    let all = bench.remedies(&evidence(&record));
    assert_eq!(
        all.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(),
        ["Add a scope for branch `dev` without `project_id`", "Add a scope for any branch"]
    );
    assert!(all[0].text.contains("A CloudTrail record does not show what pins ask for"), "{}", all[0].text);
    bench.hold(&evidence(&record));
}

const WORDS: Words = Words {
    projects: &["g/p", "g/p2", "g/*", "G/p", "h/s/p"],
    refs: &["main", "Main", "v*", "*", "release/*", "release/2", "a${b}"],
    project_ids: &["4711", "4712"],
    namespace_ids: &["72", "73"],
    pinned: 0.3,
};

fn setup() -> impl Strategy<Value = Setup> {
    let scopes = (
        prop::collection::vec(scope(WORDS), 1..5),
        components(),
        pick(&["https://gitlab.com", "https://git.example.com"]),
    );
    scopes.prop_filter_map("a setup that GitLab or AWS would refuse", |(mut scopes, components, url)| {
        scopes.iter_mut().for_each(|it| it.sub_claim_components.clone_from(&components));
        if url != "https://gitlab.com" {
            for it in &mut scopes {
                (it.namespace_id, it.pins) = (None, Vec::new());
                let has = |name: &str| components.iter().flatten().any(|it| it == name);
                (it.project_id, it.ref_protected) = (
                    it.project_id.take().filter(|_| has("project_id")),
                    it.ref_protected.filter(|_| has("ref_protected")),
                );
            }
        }
        let mut draft = Draft::default();
        draft.gitlab.url = Some(url);
        draft.gitlab.audience = Some("aud".to_owned());
        draft.aws.account_id = Some("123456789012".to_owned());
        draft.roles = vec![RoleDraft { name: Some("role".to_owned()), scopes, ..RoleDraft::default() }];
        check(&draft).ok()
    })
}

prop_compose! {
    fn token()(
        components in components(),
        project in pick(&["g/p", "g/p2", "g/q", "G/p", "x/p"]),
        id in pick(&["4711", "4712", "9"]),
        namespace in pick(&["72", "73"]),
        kind in pick(&["branch", "tag"]),
        reference in pick(&["main", "dev", "v1", "release/1", "feature/x/y", "a${b}"]),
        protected in pick(&["true", "false"]),
        source in pick(&["push", "schedule", "merge_request_event"]),
        issuer in pick(&["https://gitlab.com", "https://gitlab.com", "https://git.example.com"]),
        audience in prop_oneof![9 => Just("aud".to_owned()), 1 => Just("other".to_owned())],
    ) -> serde_json::Value {
        let default = ["project_path", "ref_type", "ref"].map(str::to_owned).to_vec();
        let value = |name: &str| match name {
            "project_path" => &project,
            "project_id" => &id,
            "ref_type" => &kind,
            "ref" => &reference,
            _ => &protected,
        };
        let sub: Vec<String> = components.unwrap_or(default).iter().map(|it| format!("{it}:{}", value(it))).collect();
        serde_json::json!({
            "iss": issuer, "aud": audience, "sub": sub.join(":"), "project_path": project, "project_id": id, "namespace_id": namespace,
            "ref": reference, "ref_type": kind, "ref_protected": protected, "pipeline_source": source, "iat": NOW, "exp": NOW + 3600
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_remedy_of_random_tokens_does_what_it_says(setup in setup(), tokens in prop::collection::vec(token(), 3)) {
        let bench = Bench::new(setup, 0);
        for token in tokens {
            let token = evidence(&token);
            let edits = bench.hold(&token);
            prop_assert!(edits > 0 || bench.admits(&token), "{:?}\n{}", token, file::write(bench.setup()));
        }
    }
}
