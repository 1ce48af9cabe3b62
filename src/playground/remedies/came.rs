//! What came: the parts of a token or record that an edit of the setup can be made from, and how they fit the scopes that are
//! there.

use crate::gitlab::{Component, Segment, SubjectFormat, segments};
use crate::pattern::Pattern;
use crate::setup::{RefTypes, Role, Scope};
use crate::verdict::Evidence;

/// What came.
pub(super) struct Came<'e> {
    evidence: &'e Evidence,
    /// The form of its `sub`.
    pub(super) format: SubjectFormat,
    parts: Vec<Segment<'e>>,
}

impl<'e> Came<'e> {
    /// Takes the `sub` apart; none where it is none of GitLab's.
    pub(super) fn new(evidence: &'e Evidence) -> Option<Self> {
        let subject = match evidence {
            Evidence::Token(it) => it.text("sub")?,
            Evidence::Record(it) => &it.subject,
        };
        let parts = segments(subject)?;
        let format = SubjectFormat::new(parts.iter().map(|it| it.component).collect()).ok()?;
        Some(Self { evidence, format, parts })
    }

    pub(super) fn is_record(&self) -> bool {
        matches!(self.evidence, Evidence::Record(_))
    }

    /// A claim of the token; a record tells none.
    pub(super) fn claim(&self, name: &str) -> Option<&'e str> {
        match self.evidence {
            Evidence::Token(it) => it.text(name),
            Evidence::Record(_) => None,
        }
    }

    /// The component's value in `sub`, which is what AWS sees; else the claim of that name.
    pub(super) fn value(&self, component: Component) -> Option<&'e str> {
        let part = self.parts.iter().find(|it| it.component == component).map(|it| it.value);
        part.or_else(|| self.claim(component.as_str()))
    }

    pub(super) fn project(&self) -> Option<&'e str> {
        self.value(Component::ProjectPath)
    }

    pub(super) fn reference(&self) -> Option<&'e str> {
        self.value(Component::Ref)
    }

    pub(super) fn is_tag(&self) -> bool {
        self.value(Component::RefType) == Some("tag")
    }
}

/// How a scope fits what came, part by part.
pub(super) struct Fit {
    /// The scope, an index into the role's.
    pub(super) at: usize,
    pub(super) format: bool,
    pub(super) project: bool,
    pub(super) ref_type: bool,
    pub(super) reference: bool,
    /// The values of other components of `sub`.
    pub(super) values: bool,
    /// The pins that what came does not satisfy.
    pub(super) wrong_pins: Vec<&'static str>,
}

impl Fit {
    fn of(at: usize, scope: &Scope, came: &Came<'_>) -> Self {
        let project = came.project().is_some_and(|it| matches(scope.project.as_str(), it));
        let value = |component: Component| scope.subject_values.iter().find(|it| it.0 == component).map(|it| &it.1);
        let id = value(Component::ProjectId).map(|it| came.value(Component::ProjectId) == Some(it));
        let ref_type = match scope.ref_types {
            RefTypes::Any => true,
            RefTypes::Tag => came.is_tag(),
            RefTypes::Branch => !came.is_tag(),
        };
        Self {
            at,
            format: scope.subject == came.format,
            project: if scope.subject.has(Component::ProjectPath) { project } else { id.unwrap_or(project) },
            ref_type: ref_type || !scope.subject.has(Component::RefType),
            reference: came.reference().is_some_and(|it| matches(scope.reference.as_str(), it)),
            values: scope.subject_values.iter().all(|it| came.value(it.0) == Some(it.1.as_str())),
            wrong_pins: scope
                .pins
                .iter()
                .filter(|pin| !came.claim(pin.claim).is_some_and(|it| pin.values.iter().any(|value| value == it)))
                .map(|pin| pin.claim)
                .collect(),
        }
    }

    /// Whether `sub` is the scope's, so that only pins are in the way.
    pub(super) fn subject(&self) -> bool {
        self.format && self.project && self.ref_type && self.reference && self.values
    }

    fn distance(&self) -> usize {
        let parts = [(self.project, 16), (self.format, 8), (self.ref_type, 4), (self.values, 2), (self.reference, 2)];
        let differing: usize = parts.iter().filter(|it| !it.0).map(|it| it.1).sum();
        differing + self.wrong_pins.len()
    }
}

/// The scope that is nearest to what came; the first of several that are equally near.
pub(super) fn nearest(role: &Role, came: &Came<'_>) -> Option<Fit> {
    role.scopes.iter().enumerate().map(|(at, scope)| Fit::of(at, scope, came)).min_by_key(Fit::distance)
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
