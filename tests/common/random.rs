//! Random scopes for the laws: each law says which projects, refs and ids they are made of.

use claimcheck::setup::{PinDraft, ScopeDraft};
use proptest::prelude::*;

/// What scopes are made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    pub(crate) projects: &'static [&'static str],
    pub(crate) refs: &'static [&'static str],
    pub(crate) project_ids: &'static [&'static str],
    pub(crate) namespace_ids: &'static [&'static str],
    /// How often a scope has a project id, and asks whether the ref is protected.
    pub(crate) pinned: f64,
}

/// One of `values`.
pub(crate) fn pick(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(values).prop_map(str::to_owned)
}

prop_compose! {
    /// A scope, right or wrong.
    pub(crate) fn scope(words: Words)(
        project in pick(words.projects),
        ref_type in pick(&["branch", "tag", "any"]),
        reference in pick(words.refs),
        ref_protected in prop::option::weighted(words.pinned, any::<bool>()),
        project_id in prop::option::weighted(words.pinned, pick(words.project_ids)),
        namespace_id in prop::option::weighted(0.1, pick(words.namespace_ids)),
        sources in prop_oneof![
            3 => Just(Vec::new()),
            1 => prop::collection::vec(pick(&["push", "schedule", "merge_request_event"]), 1..3),
        ],
    ) -> ScopeDraft {
        let pins = if sources.is_empty() { vec![] } else { vec![PinDraft { claim: "pipeline_source".to_owned(), values: sources }] };
        ScopeDraft {
            project: Some(project), ref_type: Some(ref_type), reference: Some(reference), ref_protected, project_id, namespace_id, pins,
            ..ScopeDraft::default()
        }
    }
}

/// The components of `sub`: mostly GitLab's own.
pub(crate) fn components() -> impl Strategy<Value = Option<Vec<String>>> {
    let custom = |list: &[&str]| Some(list.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
    prop_oneof![
        6 => Just(None),
        1 => Just(custom(&["project_path", "ref", "ref_type"])),
        1 => Just(custom(&["project_id", "ref_type", "ref"])),
        1 => Just(custom(&["project_path", "ref_type", "ref", "ref_protected"])),
    ]
}
