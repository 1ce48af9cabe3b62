//! What a value of `sub` says: which projects and refs it lets in, or why no token has it.
//!
//! Each value has one flaw at most, the one that says most about it, and one breadth for projects and one for refs, beside what else
//! its statement asks for; the rules on `sub` each look for one of them, so that one mistake is one finding.

use super::shape::{Flaw, Front, Projects, Shape, Wide, flaw_of, is_one_word, width_of};
use super::statement::{Seen, allowing, filled, instance, takes};
use super::stranger::{ref_taken, stranger};
use super::{Bench, Finding, Rule, Witness};
use crate::aws::policy::{Condition, Wanted};
use crate::document::Text;
use crate::gitlab::Component;
use crate::pattern::has_wildcard;
use crate::text::{Span, quoted};

/// A value that a statement wants of `sub`.
pub(super) struct Value<'b> {
    condition: &'b Condition,
    wanted: &'b Wanted,
    flaw: Option<(Flaw, usize, usize)>,
    wide: Wide,
}

/// Every value that a statement wants of `sub`.
pub(super) fn values<'b>(seen: &Seen<'b>) -> Vec<Value<'b>> {
    let beside = Beside {
        project: seen.pins("project_id"),
        namespace: seen.pins("namespace_id"),
        user: seen.pinned_person().is_some(),
        protected: seen.pins_protected(),
    };
    let lists = seen.lists("sub");
    let of = |condition: &'b Condition| condition.values.iter().map(move |wanted| (condition, wanted));
    // What a `Deny` leaves is told once where the statement says the same.
    let own = || lists.iter().filter(|it| !it.operator.negated).flat_map(|it| &it.values);
    let is_told = |it: &Wanted| own().any(|own| own.text.value == it.text.value);
    let each = lists.iter().copied().flat_map(of).filter(|it| !(it.0.operator.negated && is_told(it.1)));
    each.map(|(condition, wanted)| {
        let is_like = condition.operator.reads_wildcards();
        let open = Open::of(&wanted.text);
        let text = open.text.as_str();
        // What its operator does not read as it was meant is neither flawed nor wide.
        let is_known = is_like || !has_wildcard(text);
        let shape = Shape::of(text);
        let flaw = is_known.then(|| flaw_of(text, &shape)).flatten();
        let is_minted = flaw.is_none_or(|it| it.0 == Flaw::CutShort);
        let wide = if is_known && is_minted {
            beside_pins(open.width(width_of(text, &shape, is_like)), text, beside)
        } else {
            Wide::default()
        };
        let flaw = flaw.filter(|it| open.tells(*it) && !condition.operator.negated);
        Value { condition, wanted, flaw, wide }
    })
    .collect()
}

impl Seen<'_> {
    /// Whether a value is one of `sub`, and neither flawed nor wider than one project and what is asked of its refs.
    pub(super) fn is_right(&self, wanted: &Wanted) -> bool {
        let own = self.subjects.iter().find(|it| std::ptr::eq(it.wanted, wanted));
        own.is_some_and(|it| it.flaw.is_none() && it.wide.projects.is_none() && it.wide.refs.is_none())
    }
}

/// A value in which something of a path's look, and as long, stands for each reference that has no value.
struct Open {
    text: String,
    /// Where the references are.
    gaps: Vec<(usize, usize)>,
}

impl Open {
    fn of(text: &Text) -> Self {
        let mut open = Self { text: text.value.clone(), gaps: Vec::new() };
        let mut at = 0;
        for (name, known) in text.unknown.iter().zip(&text.known) {
            let start = at + known.len();
            at = start + name.len() + "${}".len();
            open.gaps.push((start, at));
            open.text.replace_range(start..at, &format!("a/{}", "a".repeat(name.len() + 1)));
        }
        open
    }

    /// Whether a reference is in that part.
    fn hides(&self, start: usize, end: usize) -> bool {
        self.gaps.iter().any(|it| it.0 < end && start < it.1)
    }

    /// Whether a flaw lies in what is known: where it needs but the beginning of its part, in that.
    fn tells(&self, (flaw, start, length): (Flaw, usize, usize)) -> bool {
        let needed = match flaw {
            Flaw::Audience | Flaw::GitHub | Flaw::Environment | Flaw::FullRef => 1,
            Flaw::CutShort => self.text.len(),
            _ => length,
        };
        !self.hides(start, start + needed)
    }

    /// The width that what is known shows.
    fn width(&self, wide: Wide) -> Wide {
        if self.gaps.is_empty() {
            return wide;
        }
        let shape = Shape::of(&self.text);
        let hides =
            |it: Component| shape.get(it).is_some_and(|it| self.hides(it.value_start, it.value_start + it.value.len()));
        let is_own = match wide.projects {
            // A reference before a wildcard may end in a slash, or not.
            Some(Projects::Like | Projects::OfGroupsLike) => !hides(Component::ProjectPath),
            Some(Projects::Any) => shape.project().is_some() || shape.front == Front::Anybodys,
            _ => true,
        };
        let ends_open = self.gaps.iter().any(|it| self.text.get(it.1..) == Some("*"));
        let is_behind = |it: (&str, usize)| shape.get(Component::Ref).is_none() && self.hides(it.1, self.text.len());
        let hides_behind = shape.behind(&self.text).is_some_and(is_behind);
        let knows_ref = !hides(Component::Ref) && !hides(Component::RefType) && !hides_behind && !ends_open;
        Wide { projects: wide.projects.filter(|_| is_own), refs: wide.refs.filter(|_| knows_ref) }
    }
}

/// What a statement asks for beside `sub`.
#[derive(Clone, Copy)]
struct Beside {
    project: bool,
    namespace: bool,
    user: bool,
    protected: bool,
}

/// How wide a value is beside what else its statement asks for.
fn beside_pins(mut wide: Wide, text: &str, beside: Beside) -> Wide {
    wide.projects = wide.projects.filter(|_| !beside.project).map(|it| match it {
        Projects::Any | Projects::OfGroupsLike if beside.namespace => Projects::OfNamespace,
        Projects::Any | Projects::OfGroupsLike if beside.user => Projects::OfUser,
        it => it,
    });
    if wide.projects.is_some() && is_one_star(text) {
        // One `*` that stands for the project and for what follows it is one mistake.
        wide.refs = None;
    }
    if beside.protected {
        wide.refs = None;
    }
    wide
}

/// A value of `sub`, and what it stands in.
pub(super) struct Asked<'s, 'b> {
    pub(super) seen: &'s Seen<'b>,
    pub(super) condition: &'b Condition,
    pub(super) wanted: &'b Wanted,
    /// Its flaw, and where in it; none where a part of it is not known, or its wildcards are none.
    pub(super) flaw: Option<(Flaw, usize, usize)>,
    /// How wide it is, beside what else the statement asks for.
    pub(super) wide: Wide,
}

impl Asked<'_, '_> {
    /// The value.
    pub(super) fn value(&self) -> &str {
        &self.wanted.text.value
    }

    /// A finding about it.
    pub(super) fn finding(&self, rule: &'static Rule, span: Span, message: impl Into<String>) -> Finding {
        self.seen.of_condition(rule, self.condition, span, message)
    }

    /// The finding, with a fix that writes the value anew.
    pub(super) fn rewriting(&self, finding: Finding, new: &str) -> Finding {
        self.seen.respelling(finding, format!("write {}", quoted(new)), self.wanted.text.span, new)
    }

    /// A subject that it lets in, with these in the place of its wildcards; what it leaves open is filled up to GitLab's usual form.
    pub(super) fn sample(&self, project: &str, kind: &str, reference: &str) -> Option<String> {
        let shape = Shape::of(self.value());
        let variables = self.seen.policy.variables;
        if shape.front == Front::Anybodys {
            let group = project.split_once('/').map_or("stranger", |it| it.0);
            return stranger(self.value(), variables, group, kind, reference);
        }
        let mut pieces: Vec<(&str, String)> = Vec::new();
        for it in &shape.pieces {
            let value = match it.name {
                // Every project has a group or a person above it.
                "project_path" if is_one_word(it.value) => {
                    let (group, name) = it.value.rsplit_once('?').unwrap_or(("", it.value));
                    instance(&format!("{group}/{name}"), variables, project)?
                }
                "project_path" => instance(it.value, variables, project)?,
                "project_id" => filled(it.value, variables, "1", '1')?,
                "ref_type" if has_wildcard(it.value) => kind.to_owned(),
                "ref" => instance(it.value, variables, reference)?,
                _ => instance(it.value, variables, "x")?,
            };
            pieces.push((it.name, value));
        }
        let has = |pieces: &[(&str, String)], name: &str| pieces.iter().any(|it| it.0 == name);
        if !shape.has_project() {
            pieces.insert(0, ("project_path", project.to_owned()));
        }
        let is_open = shape.has_gap || self.value().ends_with('*');
        if is_open && !has(&pieces, "ref_type") {
            let at = pieces.iter().position(|it| it.0 == "ref").unwrap_or(pieces.len());
            pieces.insert(at, ("ref_type", kind.to_owned()));
        }
        if is_open && !has(&pieces, "ref") {
            let word = shape.last_word().map(|it| instance(it, variables, reference));
            pieces.push(("ref", word.unwrap_or(Some(reference.to_owned()))?));
        }
        let pieces: Vec<String> = pieces.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        let subject = pieces.join(":");
        if self.takes(&subject) {
            return Some(subject);
        }
        // A wildcard may begin or end inside a name.
        let whole = shape.behind(self.value()).and_then(|(behind, at)| {
            let name = ref_taken(behind, variables, kind, reference)?;
            let head = instance(self.value().get(..at)?, variables, project)?;
            Some(format!("{head}:ref_type:{kind}:ref:{name}"))
        });
        Some(whole.unwrap_or(subject))
    }

    /// Whether its pattern takes that subject.
    fn takes(&self, subject: &str) -> bool {
        takes(self.condition, self.wanted, subject).unwrap_or(true)
    }

    /// A subject of another project that it lets in: of that group, where it leaves the group open.
    pub(super) fn sample_of(&self, group: &str) -> Option<String> {
        let shape = Shape::of(self.value());
        let path = shape.project().map_or("", |it| it.value);
        let project = if path.starts_with(['*', '?']) || shape.front == Front::Anybodys { group } else { "-other" };
        if path.contains('/') {
            self.sample(project, "branch", "main")
        } else {
            self.sample(&format!("{project}/project"), "branch", "main")
        }
    }

    /// Whether the policy lets that subject in: none where it does not, and else the proof, if there is one.
    pub(super) fn tried(&self, subject: Option<String>) -> Option<Option<Witness>> {
        match subject.filter(|it| self.takes(it)) {
            Some(it) => self.seen.admits(&it).unless_refused(),
            None => Some(None),
        }
    }

    /// What a message on open refs adds where merge requests get in too.
    pub(super) fn and_merge_requests(&self, subject: Option<&str>) -> &'static str {
        subject.map_or(", merge requests too", |it| self.seen.and_merge_requests(it))
    }

    /// What keeps its refs to protected ones. AWS has a key for that of GitLab.com alone.
    pub(super) fn protecting(&self) -> String {
        if self.seen.is_gitlab_com() {
            "ask for `ref_protected` as well".to_owned()
        } else {
            format!("have `sub` end in `:ref_protected:true` (GitLab {})", Component::RefProtected.since().0)
        }
    }

    /// Where a part of it stands.
    pub(super) fn span(&self, start: usize, length: usize) -> Span {
        self.seen.inside(&self.wanted.text, start, length)
    }
}

/// Every value that a sitting's policies want of `sub`.
pub(super) fn each(bench: &Bench<'_>, mut look: impl FnMut(&Asked<'_, '_>)) {
    for seen in allowing(bench) {
        asked(seen).for_each(|it| look(&it));
    }
}

/// Every value with that flaw, the part that has it, and where that stands.
pub(super) fn each_flaw(bench: &Bench<'_>, wanted: Flaw, mut look: impl FnMut(&Asked<'_, '_>, &str, Span)) {
    each(bench, |asked| {
        if let Some((flaw, start, length)) = asked.flaw
            && flaw == wanted
        {
            look(asked, asked.value().get(start..start + length).unwrap_or(""), asked.span(start, length));
        }
    });
}

/// The value of that component, and where it stands.
pub(super) fn component<'a>(asked: &'a Asked<'_, '_>, component: Component) -> (&'a str, Span) {
    match Shape::of(asked.value()).get(component) {
        Some(it) => (it.value, asked.span(it.value_start, it.value.len())),
        None => (asked.value(), asked.wanted.text.span),
    }
}

fn is_one_star(text: &str) -> bool {
    text.matches(['*', '?']).count() == 1 || (text.ends_with('*') && !has_wildcard(text.trim_end_matches('*')))
}

/// Every value that a statement wants of `sub`.
fn asked<'s, 'b>(seen: &'s Seen<'b>) -> impl Iterator<Item = Asked<'s, 'b>> {
    let each = seen.subjects.iter();
    each.map(move |it| Asked { seen, condition: it.condition, wanted: it.wanted, flaw: it.flaw, wide: it.wide })
}
