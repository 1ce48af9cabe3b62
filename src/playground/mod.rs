//! One sitting: what is stored, what may happen, and what is derived from it. No browser in it.
//!
//! `Model` is stored, `update` changes it, everything on the screen is derived from it by pure functions: `Derived` holds it. What a person typed wrong stays in the draft; the last setup that was right stays beside it, and every answer
//! comes from that one.

mod derived;
mod edit;
mod example;
mod field;
mod highlight;
mod history;
mod look;
mod marks;
mod own;
mod place;
mod remedies;
mod review;
mod samples;
pub mod share;
mod target;
mod typing;
mod update;

pub use derived::Derived;
pub use edit::has_gitlab_keys;
pub use example::example;
pub use field::{Field, RoleField, ScopeField};
pub use highlight::{Lines, Paint, highlight};
pub use history::{Change, History};
pub use look::{Look, Seen, Stopper, has_expired_since, look};
pub use marks::{Mark, MarkKind, marks};
pub use own::{Editor, LARGEST_POLICY, Own, Reading, formatted};
pub use place::Place;
pub use remedies::{Remedy, remedies};
pub use review::{Line, Places, Whereabouts, edit_of, explanation, is_mendable, moved, review};
pub use samples::{Cell, Sample, SampleKind, Table, samples};
pub use target::{Compiled, Target};
pub use typing::{Edit, Key, press};
pub use update::{Action, SubjectEdit, update};

use std::rc::Rc;

use crate::doctor::Complaint;
use crate::generate::Kind;
use crate::gitlab::token::Token;
use crate::lint::File;
use crate::setup::{Draft, Setup, check};
use crate::text::Diagnostic;
use crate::verdict::Evidence;

/// Everything that is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// What was typed.
    pub draft: Rc<Draft>,
    /// The last draft that was right, checked.
    pub setup: Rc<Setup>,
    /// The wrong fields of the draft; none where `setup` is the draft's own.
    pub wrong: Rc<Vec<Diagnostic>>,
    /// Whether this is still the example that a new page opens with, untouched.
    pub is_example: bool,
    /// The policy that is judged: the composed one, or the person's own.
    pub editor: Editor,
    /// Files that are looked at beside the person's own policy: a CI file, a provider.
    pub beside: Rc<Vec<Rc<File>>>,
    /// Request keys that no token tells, each with the value that the person gave it.
    pub context: Rc<Vec<(String, String)>>,
    /// The chosen role, an index into the draft's roles.
    pub role: usize,
    /// The file that is shown.
    pub tab: Kind,
    /// The token that is looked at.
    pub token: Chosen,
    /// The errors that a pasted log told of; the log itself is not kept.
    pub complaints: Rc<Vec<Complaint>>,
    /// When a pasted token is judged.
    pub as_of: AsOf,
    /// The clock, in seconds since 1970, as the page last told it.
    pub now: i64,
    /// What can be undone and done again.
    pub history: Rc<History>,
}

/// The token that is looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Chosen {
    /// One made from the setup.
    Sample(SampleKind),
    /// A sample as it was when the setup was mended for it: the samples follow the setup, this token stays.
    Kept(Rc<Sample>),
    /// One that was pasted: header and payload, the signature dropped. It lives here and nowhere else.
    Pasted(Rc<Pasted>),
}

/// What was pasted as a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Pasted {
    /// It could be read.
    Read(Evidence),
    /// It could not.
    Unreadable(Diagnostic),
}

/// When a pasted token is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOf {
    /// One minute after it was issued: when the job ran.
    #[default]
    Issued,
    /// Now.
    Now,
}

/// How long after `iat` a pasted token is judged, in seconds.
pub const AFTER_ISSUE: i64 = 60;

impl Model {
    /// A new sitting with this setup, at `now` (seconds since 1970).
    pub fn new(setup: Setup, now: i64) -> Self {
        Self {
            draft: Rc::new(setup.draft().clone()),
            setup: Rc::new(setup),
            wrong: Rc::default(),
            is_example: false,
            editor: Editor::default(),
            beside: Rc::default(),
            context: Rc::default(),
            role: 0,
            tab: Kind::TrustPolicy,
            token: Chosen::Sample(SampleKind::Meant(0)),
            complaints: Rc::default(),
            as_of: AsOf::default(),
            now,
            history: Rc::default(),
        }
    }

    /// A new sitting with the example.
    pub fn with_example(now: i64) -> Self {
        let mut model = Self::new(example(), now);
        model.is_example = true;
        model
    }

    /// Whether the answers on the screen are older than the draft.
    pub fn is_stale(&self) -> bool {
        !self.wrong.is_empty()
    }

    /// The chosen role in the setup: the one of the same place, or the last.
    pub fn role_in_setup(&self) -> usize {
        self.role.min(self.setup.roles().len().saturating_sub(1))
    }

    /// What a link to this sitting says of the chosen role: its name, where it is not the first.
    pub fn role_in_link(&self) -> Option<&str> {
        let at = self.role_in_setup();
        self.setup.roles().get(at).filter(|_| at > 0).map(|it| it.name.as_str())
    }

    /// The message at a field, if it is wrong.
    pub fn wrong_at(&self, path: &str) -> Option<&Diagnostic> {
        self.wrong.iter().find(|it| it.path == path)
    }

    fn with_draft(&self, draft: Draft) -> Self {
        let mut next = self.clone();
        next.is_example = false;
        match check(&draft) {
            Ok(setup) => {
                next.setup = Rc::new(setup);
                next.wrong = Rc::default();
            }
            Err(wrong) => next.wrong = Rc::new(wrong),
        }
        next.role = next.role.min(draft.roles.len().saturating_sub(1));
        next.draft = Rc::new(draft);
        next
    }
}

/// When the evidence is judged, in seconds since 1970.
pub fn judged_at(evidence: &Evidence, as_of: AsOf, now: i64) -> i64 {
    match (as_of, evidence) {
        (AsOf::Issued, Evidence::Token(token)) => token.seconds("iat").map_or(now, |it| it.saturating_add(AFTER_ISSUE)),
        // A record is of the past: the call was when it says.
        (_, Evidence::Record(record)) => record.time.unwrap_or(now),
        (AsOf::Now, Evidence::Token(_)) => now,
    }
}

/// A token of claims that were made here.
pub(crate) fn token_of(claims: crate::document::json::Node) -> Token {
    Token { header: None, claims, length: None }
}
