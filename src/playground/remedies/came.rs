//! What came: the parts of a token or record that an edit of the setup can be made from, and what of the scopes that are there
//! does not fit them. Parts go by their names in the setup file and in the token, so that one table of names serves all.

use crate::gitlab::{Component, Segment, segments};
use crate::pattern::Pattern;
use crate::setup::{Pin, RefTypes, Role, Scope};
use crate::verdict::Evidence;

/// What came.
pub(super) struct Came<'e> {
    pub(super) evidence: &'e Evidence,
    /// Its `sub`, taken apart.
    pub(super) parts: Vec<Segment<'e>>,
}

impl<'e> Came<'e> {
    /// Takes the `sub` apart; none where it is none of GitLab's.
    pub(super) fn new(evidence: &'e Evidence) -> Option<Self> {
        let subject = match evidence {
            Evidence::Token(it) => it.text("sub")?,
            Evidence::Record(it) => &it.subject,
        };
        Some(Self { evidence, parts: segments(subject)? })
    }

    /// A claim of the token; a record tells none.
    pub(super) fn claim(&self, name: &str) -> Option<&'e str> {
        match self.evidence {
            Evidence::Token(it) => it.text(name),
            Evidence::Record(_) => None,
        }
    }

    /// The value of the component of that name, if `sub` has it.
    pub(super) fn part(&self, name: &str) -> Option<&'e str> {
        self.parts.iter().find(|it| it.component.as_str() == name).map(|it| it.value)
    }

    /// The component's value in `sub`, which is what AWS sees; else the claim of that name.
    pub(super) fn value(&self, name: &str) -> Option<&'e str> {
        self.part(name).or_else(|| self.claim(name))
    }

    pub(super) fn is_tag(&self) -> bool {
        self.value("ref_type") == Some("tag")
    }

    /// Whether the token satisfies a pin.
    pub(super) fn fits(&self, pin: &Pin) -> bool {
        let came = self.claim(pin.claim);
        pin.values.iter().any(|it| came == Some(it))
    }
}

/// Parts of a scope's sentence that do not fit: a bit each.
pub(super) const PROJECT: u8 = 1;
/// The form of `sub`.
pub(super) const FORMAT: u8 = 2;
const KIND: u8 = 4;
pub(super) const REF: u8 = 8;
const VALUES: u8 = 16;
pub(super) const ONLY_KIND: u8 = KIND;

/// What of a scope does not fit what came.
pub(super) struct Misfit<'r> {
    /// The scope, and its index.
    pub(super) scope: &'r Scope,
    pub(super) at: usize,
    /// Parts of the sentence.
    pub(super) parts: u8,
    /// The pins that are in the way: how many, and the first.
    pub(super) pins: usize,
    pub(super) pin: Option<&'r Pin>,
}

impl<'r> Misfit<'r> {
    fn of(at: usize, scope: &'r Scope, came: &Came<'_>) -> Self {
        let has = |component: Component| scope.subject.has(component);
        let value = |name: &str| came.value(name).unwrap_or("");
        let id = scope.subject_values.iter().find(|it| it.0 == Component::ProjectId);
        let project = match id.filter(|_| !has(Component::ProjectPath)) {
            Some((_, id)) => id == value("project_id"),
            None => matches(scope.project.as_str(), value("project_path")),
        };
        let is_kind = match scope.ref_types {
            RefTypes::Any => true,
            RefTypes::Tag => came.is_tag(),
            RefTypes::Branch => !came.is_tag(),
        };
        let mut parts = 0;
        for (bit, fits) in [
            (PROJECT, project),
            (FORMAT, scope.subject.components().iter().eq(came.parts.iter().map(|it| &it.component))),
            (KIND, is_kind || !has(Component::RefType)),
            (REF, !has(Component::Ref) || matches(scope.reference.as_str(), value("ref"))),
            (VALUES, scope.subject_values.iter().all(|it| it.1 == value(it.0.as_str()))),
        ] {
            if !fits {
                parts |= bit;
            }
        }
        let wrong = || scope.pins.iter().filter(|it| !came.fits(it));
        Self { scope, at, parts, pins: wrong().count(), pin: wrong().next() }
    }

    pub(super) fn has(&self, bits: u8) -> bool {
        self.parts & bits != 0
    }

    /// Whether these parts alone are in the way.
    pub(super) fn is_only(&self, bits: u8) -> bool {
        self.parts == bits && self.pins == 0
    }

    /// The one pin that alone is in the way.
    pub(super) fn one_pin(&self) -> Option<&'r Pin> {
        self.pin.filter(|_| self.parts == 0 && self.pins == 1)
    }

    fn distance(&self) -> usize {
        let weigh = |(bit, weight): (u8, usize)| if self.has(bit) { weight } else { 0 };
        self.pins + [(PROJECT, 16), (FORMAT, 8), (KIND, 4), (REF, 2), (VALUES, 2)].map(weigh).iter().sum::<usize>()
    }
}

/// What does not fit of the scope that is nearest to what came, the first of several that are equally near.
pub(super) fn nearest<'r>(role: &'r Role, came: &Came<'_>) -> Option<Misfit<'r>> {
    role.scopes.iter().enumerate().map(|(at, it)| Misfit::of(at, it, came)).min_by_key(Misfit::distance)
}

/// Whether a setup's pattern, which has no escapes, matches.
pub(super) fn matches(pattern: &str, value: &str) -> bool {
    Pattern::like(pattern, false).is_ok_and(|it| it.matches(value))
}

/// Whether `written` is probably `meant`: other case, or a prefix that git shows and tokens do not have.
pub(super) fn is_slip(written: &str, meant: &str) -> bool {
    let short = ["origin/", "heads/", "tags/"].iter().find_map(|it| written.strip_prefix(it)).unwrap_or(written);
    written != meant && short.eq_ignore_ascii_case(meant)
}
