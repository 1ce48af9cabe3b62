//! The `sub` of a stranger's project that a pattern takes, if there is one: of a group that whoever wrote the pattern never named.
//!
//! A pattern that begins with a wildcard, or cuts the first name, cannot be read at its colons. So it is walked beside each form that a
//! project may give its `sub`, and the shortest text that both take is the answer. Rejected: filling the wildcards of the pattern with
//! likely texts, which misses those that have to begin in one component and to end in another.

use std::collections::VecDeque;

use crate::gitlab::{Component, RefPattern, Segment, segments};
use crate::pattern::{Element, Pattern};

/// The longest pattern that is walked. No `sub` is near it.
const PATTERN_MOST: usize = 512;

/// A step of a form: a character, any run of those that a path or the name of a ref may have, or one that either may end with.
#[derive(Clone, Copy)]
enum Step {
    Char(char),
    Path,
    PathEnd,
    Ref,
    RefEnd,
}

impl Step {
    fn takes(self, c: char) -> bool {
        match self {
            Self::Char(own) => own == c,
            Self::Path => c.is_ascii_alphanumeric() || "_.-/".contains(c),
            Self::PathEnd => c.is_ascii_alphanumeric() || "_-".contains(c),
            Self::Ref => !c.is_whitespace() && !c.is_control() && !"~^:?*[\\".contains(c),
            Self::RefEnd => Self::Ref.takes(c) && !"/.".contains(c),
        }
    }

    /// What it is where nothing asks for more.
    fn own(self) -> char {
        if let Self::Char(it) = self { it } else { 'x' }
    }

    /// Whether it is a run, which may be empty.
    fn is_run(self) -> bool {
        matches!(self, Self::Path | Self::Ref)
    }
}

/// The `sub` of a job in that group that the pattern takes, on a ref of that kind and name where it takes that too.
pub(super) fn stranger(text: &str, variables: bool, group: &str, kind: &str, reference: &str) -> Option<String> {
    let pattern = Pattern::like(text, variables).ok().filter(|it| it.elements().len() <= PATTERN_MOST)?;
    let heads = [format!("{group}/"), format!("{group}/project")];
    let forms = forms(text, kind);
    let mut pairs = forms.iter().flat_map(|form| heads.iter().map(move |head| (head, form)));
    let found = pairs.find_map(|(head, form)| {
        let steps = steps(head, form);
        shortest(pattern.elements(), &steps).filter(|it| is_written(it))
    })?;
    Some(pleasant(found, &pattern, group, reference))
}

/// The name of a branch or a tag with which a pattern of what stands behind the project takes GitLab's own form: that one, if it can.
pub(super) fn ref_taken(behind: &str, variables: bool, kind: &str, reference: &str) -> Option<String> {
    let pattern = Pattern::like(behind, variables).ok().filter(|it| it.elements().len() <= PATTERN_MOST)?;
    let head = format!(":{}:{kind}:{}:", Component::RefType.as_str(), Component::Ref.as_str());
    if pattern.matches(&format!("{head}{reference}")) {
        return Some(reference.to_owned());
    }
    let mut steps: Vec<Step> = head.chars().map(Step::Char).collect();
    steps.extend([Step::Ref, Step::RefEnd]);
    let found = shortest(pattern.elements(), &steps)?;
    found.strip_prefix(&head).filter(|it| RefPattern::parse(it).is_ok()).map(str::to_owned)
}

/// A component and its value; none where it may have any.
type Part = (Component, Option<&'static str>);

/// What may follow the path: GitLab's own form, the components that the pattern names, in its order, the ref before its kind, with and
/// without one more behind them, and nothing.
fn forms(text: &str, kind: &str) -> Vec<Vec<Part>> {
    let kinds = if kind == "tag" { ["tag", "branch"] } else { ["branch", "tag"] };
    let reference = (Component::Ref, None);
    let mut named: Vec<(usize, Part)> = Component::all().filter_map(|it| of_text(text, it)).collect();
    named.sort_by_key(|it| it.0);
    let named: Vec<Part> = named.into_iter().map(|it| it.1).collect();
    let is_missing = |of: &[Part], component: Component| of.iter().all(|it| it.0 != component);
    let mut forms = Vec::new();
    for kind in kinds {
        let kind = (Component::RefType, Some(kind));
        forms.push(vec![kind, reference]);
        let mut filled = named.clone();
        filled.extend([kind, reference].into_iter().filter(|it| is_missing(&named, it.0)));
        forms.push(filled);
        forms.push(vec![reference, kind]);
        forms.push(vec![reference, kind, (Component::RefProtected, Some("false"))]);
    }
    forms.push(named.clone());
    if is_missing(&named, Component::Ref) {
        forms.push([reference].into_iter().chain(named).collect());
    }
    forms.push(Vec::new());
    forms
}

/// Where a text names a component that may follow the path, with the value that it gives it.
fn of_text(text: &str, component: Component) -> Option<(usize, Part)> {
    let allowed: &[&'static str] = match component {
        Component::ProjectPath | Component::ProjectId => return None,
        Component::Ref => &[],
        Component::RefType => &["branch", "tag"],
        Component::RefProtected | Component::EnvironmentProtected => &["false", "true"],
        Component::DeploymentTier => &["production", "staging", "testing", "development", "other"],
    };
    let name = format!("{}:", component.as_str());
    let at = text.match_indices(&name).map(|it| it.0).find(|at| text.get(..*at).is_some_and(is_before_name))?;
    let wanted = text.get(at + name.len()..)?.split(':').next()?;
    let takes = |it: &&&str| Pattern::like(wanted, false).is_ok_and(|pattern| pattern.matches(it));
    Some((at, (component, allowed.iter().find(takes).or(allowed.first()).copied())))
}

/// Whether a name may begin after that text: at a colon, or where a wildcard may hide one.
fn is_before_name(text: &str) -> bool {
    text.ends_with([':', '*', '?'])
}

fn steps(head: &str, form: &[Part]) -> Vec<Step> {
    let literal = |it: &str| it.chars().map(Step::Char).collect::<Vec<_>>();
    let mut steps = literal(&format!("{}:{head}", Component::ProjectPath.as_str()));
    steps.extend([Step::Path, Step::PathEnd]);
    for (component, value) in form {
        steps.extend(literal(&format!(":{}:", component.as_str())));
        steps.extend(value.map_or(vec![Step::Ref, Step::RefEnd], literal));
    }
    steps
}

/// The shortest text that a pattern and a form both take.
fn shortest(pattern: &[Element], form: &[Step]) -> Option<String> {
    // Where the walk stands: how much of the pattern is done, and how much of the form.
    let place = |p: usize, f: usize| p * (form.len() + 1) + f;
    let mut came: Vec<Option<(usize, Option<char>)>> = vec![None; place(pattern.len() + 1, 0)];
    let mut open = VecDeque::from([(0, 0)]);
    while let Some((p, f)) = open.pop_front() {
        if (p, f) == (pattern.len(), form.len()) {
            return Some(way(&came, place(p, f)));
        }
        let mut go = |p: usize, f: usize, from: usize, c: Option<char>| {
            if let Some(it @ None) = came.get_mut(place(p, f)) {
                *it = Some((from, c));
                // A step that writes nothing comes first, so that the shortest text is found first.
                if c.is_none() { open.push_front((p, f)) } else { open.push_back((p, f)) }
            }
        };
        let (element, step, here) = (pattern.get(p).copied(), form.get(f).copied(), place(p, f));
        if element == Some(Element::Run) {
            go(p + 1, f, here, None);
        }
        let Some(step) = step else { continue };
        if step.is_run() {
            go(p, f + 1, here, None);
        }
        let c = match element {
            Some(Element::Char(c)) => Some(c).filter(|it| step.takes(*it)),
            Some(Element::One | Element::Run) => Some(step.own()),
            None => None,
        };
        if c.is_some() {
            let p = if element == Some(Element::Run) { p } else { p + 1 };
            go(p, if step.is_run() { f } else { f + 1 }, here, c);
        }
    }
    None
}

/// The text that was written on the way to a place.
fn way(came: &[Option<(usize, Option<char>)>], end: usize) -> String {
    let (mut at, mut text) = (end, Vec::new());
    while let Some((before, c)) = came.get(at).copied().flatten().filter(|_| at != 0) {
        text.extend(c);
        at = before;
    }
    text.into_iter().rev().collect()
}

/// Whether GitLab has a project and a ref of these names.
fn is_written(subject: &str) -> bool {
    segments(subject).is_some_and(|it| it.iter().all(Segment::is_nameable))
}

/// The same, with names that people give, where the pattern takes them too.
fn pleasant(mut subject: String, pattern: &Pattern, group: &str, reference: &str) -> String {
    let (dull, project) = (format!("{group}/x"), format!("{group}/project"));
    for component in [Component::ProjectPath, Component::Ref] {
        let nicer = segments(&subject).unwrap_or_default().into_iter().map(|it| {
            let value: &str = match it.value {
                it if it == dull && component == Component::ProjectPath => &project,
                "x" if it.component == component && component == Component::Ref => reference,
                value => value,
            };
            format!("{}:{value}", it.component.as_str())
        });
        let nicer = nicer.collect::<Vec<_>>().join(":");
        if pattern.matches(&nicer) {
            subject = nicer;
        }
    }
    subject
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_is_found_where_there_is_one() {
        for (pattern, wanted) in [
            ("*", Some("project_path:stranger/project:ref_type:branch:ref:main")),
            ("*/myrepo:ref_type:branch:ref:main", Some("project_path:stranger/myrepo:ref_type:branch:ref:main")),
            (
                "*mygroup/myrepo:ref_type:branch:ref:main",
                Some("project_path:stranger/mygroup/myrepo:ref_type:branch:ref:main"),
            ),
            ("p*:ref_type:branch:ref:main", Some("project_path:stranger/project:ref_type:branch:ref:main")),
            ("?roject_path:*:ref:v?", Some("project_path:stranger/project:ref_type:branch:ref:vx")),
            ("*:ref_type:tag:*", Some("project_path:stranger/project:ref_type:tag:ref:main")),
            ("*-x:ref_type:*", Some("project_path:stranger/project-x:ref_type:branch:ref:main")),
            ("*main", Some("project_path:stranger/project:ref_type:branch:ref:main")),
            // The parts of one's own `sub` may stand in another order.
            ("*:mygroup/myrepo:*", Some("project_path:stranger/project:ref:mygroup/myrepo:ref_type:branch")),
            ("*:ref_protected:true", Some("project_path:stranger/project:ref_protected:true")),
            ("*:mygroup/myrepo:ref_type:branch:ref:main", None),
            ("?roject_path:mygroup/myrepo:ref_type:branch:ref:main", None),
            ("project_path?mygroup/*", None),
            ("project_*:mygroup/*", Some("project_path:stranger/project:ref_type:branch:ref:mygroup/x")),
            ("project_*:mygroup/*:ref_type:branch:ref:main", None),
            ("*_id:4711:ref_type:branch:ref:main", None),
            ("*:environment:production", None),
            ("*:ref_type:mr:ref:main", None),
            ("g*:ref_type:branch:ref:main", None),
            ("*//x", None),
        ] {
            assert_eq!(stranger(pattern, true, "stranger", "branch", "main").as_deref(), wanted, "{pattern}");
            if let Some(it) = wanted {
                assert!(Pattern::like(pattern, true).unwrap().matches(it), "{pattern} {it}");
            }
        }
    }

    #[test]
    fn hostile_patterns_end() {
        for it in ["*a", "?*", "*:", "*ref:"] {
            stranger(&it.repeat(2_000), true, "stranger", "branch", "main");
            stranger(&it.repeat(200), true, "stranger", "branch", "main");
        }
    }
}
