//! The shape of a value of `sub`, by its text alone: its components, the one flaw for which no token has it, and how wide it is.

use super::stranger::{ref_taken, stranger};
use crate::gitlab::ci::DEPLOYMENT_TIERS;
use crate::gitlab::{Component, ProjectPattern, RefPattern};
use crate::pattern::{Pattern, has_wildcard, is_all_wild};
use crate::text::nearest;

/// How names of refs begin that no `sub` has.
const FULL_REFS: [&str; 3] = ["refs/heads/", "refs/tags/", MERGE_REQUEST_REFS];

/// How the refs begin that GitLab keeps for merge requests. Their pipelines' tokens name the source branch. Source: GitLab's source code.
pub(super) const MERGE_REQUEST_REFS: &str = "refs/merge-requests/";

/// A piece of a value: a component's name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'t> {
    /// The name, in full where a wildcard stands for a part of it.
    pub(super) name: &'t str,
    pub(super) value: &'t str,
    /// The byte at which the name begins.
    pub(super) start: usize,
    /// The byte at which the value begins.
    pub(super) value_start: usize,
}

/// How a value begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Front {
    /// With a component's name, or with a wildcard that can stand for nothing else.
    Named,
    /// With a wildcard that may stand for a stranger's project, so that the pieces are those behind it.
    Anybodys,
    /// As no `sub` does.
    Nobodys,
}

/// A value, taken apart at its colons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape<'t> {
    pub(super) front: Front,
    pub(super) pieces: Vec<Piece<'t>>,
    /// Whether a run of wildcards stands where a component's name would.
    pub(super) has_gap: bool,
    /// Whether the last of the names has no value behind it.
    pub(super) rest: Option<(&'t str, usize)>,
}

impl<'t> Shape<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let mut shape = Self { front: Front::Named, pieces: Vec::new(), has_gap: false, rest: None };
        let first = text.split(':').next().unwrap_or("");
        if !has_wildcard(first) {
            shape.take_apart(text, 0);
            return shape;
        }
        let is_open = stranger(text, true, "stranger", "branch", "main").is_some();
        match front_name(text, first).filter(|_| !is_open) {
            Some((name, value_start)) => {
                let value = text.get(value_start..).and_then(|it| it.split(':').next()).unwrap_or("");
                shape.pieces.push(Piece { name, value, start: 0, value_start });
                shape.take_apart(text, value_start + value.len() + 1);
            }
            None => {
                shape.front = if is_open { Front::Anybodys } else { Front::Nobodys };
                shape.has_gap = true;
                let is_name = |it: &str| is_component(it) || it == "environment";
                let behind = text.split(':').skip_while(|it| !is_name(it)).map(|it| it.len() + 1).sum::<usize>();
                shape.take_apart(text, text.len() + 1 - behind);
            }
        }
        shape
    }

    /// Takes the pieces from that byte on.
    fn take_apart(&mut self, text: &'t str, from: usize) {
        let Some(tail) = text.get(from..) else { return };
        let mut at = from;
        let mut parts = tail.split(':');
        while let Some(name) = parts.next() {
            let start = at;
            at += name.len() + 1;
            if !name.is_empty() && is_all_wild(name) {
                self.has_gap = true;
                continue;
            }
            let Some(value) = parts.next() else {
                self.rest = Some((name, start));
                break;
            };
            self.pieces.push(Piece { name, value, start, value_start: at });
            at += value.len() + 1;
        }
    }

    /// The value of a component; of several that name a project, the one that is not open.
    pub(super) fn get(&self, component: Component) -> Option<Piece<'t>> {
        let own = self.pieces.iter().filter(|it| component_of(it.name) == Some(component));
        own.min_by_key(|it| has_wildcard(it.value)).copied()
    }

    /// What stands alone behind a wildcard at the end, as `main` in `…:*:main`: the name of a ref.
    pub(super) fn last_word(&self) -> Option<&'t str> {
        let is_behind = self.has_gap && self.front == Front::Named;
        self.rest.filter(|it| is_behind && !it.0.is_empty()).map(|it| it.0)
    }

    pub(super) fn project(&self) -> Option<Piece<'t>> {
        self.get(Component::ProjectPath)
    }

    /// What stands behind the project, from the first `*` in its value on, and where that begins.
    pub(super) fn behind(&self, text: &'t str) -> Option<(&'t str, usize)> {
        let it = self.project().or(self.get(Component::ProjectId)).filter(|_| self.front == Front::Named)?;
        let at = it.value_start + it.value.find('*').unwrap_or(it.value.len());
        Some((text.get(at..)?, at))
    }

    /// Whether it names a project, by path or number.
    pub(super) fn has_project(&self) -> bool {
        self.project().or(self.get(Component::ProjectId)).is_some()
    }
}

/// The name that wildcards at the beginning stand for, where they can stand for one alone, and the byte at which its value begins.
fn front_name(text: &str, first: &str) -> Option<(&'static str, usize)> {
    let names = || [Component::ProjectPath, Component::ProjectId].map(Component::as_str).into_iter();
    // A `?` is as long as what it stands for, be it the colon.
    let begins = |name: &&str| {
        let chars = format!("{name}:").into_bytes();
        chars.len() < text.len() && chars.iter().zip(text.bytes()).all(|(a, b)| *a == b || b == b'?')
    };
    if let Some(name) = names().find(begins) {
        return Some((name, name.len() + 1));
    }
    let value = text.get(first.len() + 1..)?.split(':').next()?;
    if is_component(value) || (is_all_wild(first) && !value.contains(['/', '*', '?'])) {
        return None;
    }
    let whole = Pattern::like(first, false).ok()?;
    names().find(|it| whole.matches(it)).map(|it| (it, first.len() + 1))
}

/// Components that the newest versions have, and what they are like. Nothing here writes tokens with them. Source:
/// <https://gitlab.com/gitlab-org/gitlab/-/merge_requests/258245>; from which version on is not established.
const LATER: [(&str, Component); 4] = [
    ("job_project_path", Component::ProjectPath),
    ("job_project_id", Component::ProjectId),
    ("source_project_path", Component::ProjectPath),
    ("source_project_id", Component::ProjectId),
];

/// The component of that name, or the one that it is like.
fn component_of(name: &str) -> Option<Component> {
    let later = LATER.into_iter().find(|it| it.0 == name).map(|it| it.1);
    Component::all().find(|it| it.as_str() == name).or(later)
}

/// Whether that is the name of a component that the newest versions alone have.
pub(super) fn is_later_component(name: &str) -> bool {
    LATER.iter().any(|it| it.0 == name)
}

/// Whether that is the name of a component.
fn is_component(name: &str) -> bool {
    component_of(name).is_some()
}

/// Why no token of GitLab's has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// An audience, where a subject should stand.
    Audience,
    /// GitHub's grammar.
    GitHub,
    /// Something that was to be replaced.
    Placeholder,
    /// A variable of CI, which IAM does not fill in.
    CiVariable,
    /// The name `project_path:` is missing before the path.
    NoName,
    /// A component of the environment's name.
    Environment,
    /// A component that GitLab does not have.
    UnknownComponent,
    /// A kind of ref that is neither branch nor tag.
    RefType,
    /// A value that no component of this name has.
    Value,
    /// `refs/heads/` before the name, or the ref that GitLab keeps for a merge request.
    FullRef,
    /// A path that no project has.
    Path,
    /// A name that no ref has.
    Ref,
    /// It ends before it says which ref.
    CutShort,
}

/// The beginnings and parts of texts that stand for something to be filled in. Names that GitLab's own documents use for
/// real-looking projects are left out.
const PLACEHOLDERS: [&str; 14] = [
    "my-group/my-project",
    "my-org/my-repo",
    "your-",
    "your_",
    "yourgroup",
    "yourorg",
    "group/project",
    "namespace/project",
    "org/repo",
    "changeme",
    "change-me",
    "todo",
    "xxx",
    "example-group/example-project",
];

/// The flaw of a value, and where in it.
pub(super) fn flaw(text: &str) -> Option<(Flaw, usize, usize)> {
    flaw_of(text, &Shape::of(text))
}

/// The same of a value that is taken apart.
pub(super) fn flaw_of(text: &str, shape: &Shape<'_>) -> Option<(Flaw, usize, usize)> {
    let whole = |flaw| Some((flaw, 0, text.len()));
    let starts = |list: &[&str]| list.iter().any(|it| text.starts_with(it));
    if starts(&["http://", "https://", "sts.amazonaws."]) {
        return whole(Flaw::Audience);
    }
    if starts(&["repo:", "repository:", "repository_owner:"]) {
        return whole(Flaw::GitHub);
    }
    if let Some(at) = text.find('$').filter(|_| !text.contains("${$}")) {
        return Some((Flaw::CiVariable, at, text.len() - at)).filter(|_| text.get(at..).is_some_and(names_ci_variable));
    }
    if let Some(it) = shape.project().filter(|it| is_placeholder(it.value)) {
        return Some((Flaw::Placeholder, it.value_start, it.value.len()));
    }
    if let Some((at, length)) = in_angles(text) {
        return Some((Flaw::Placeholder, at, length));
    }
    let first = text.split(':').next().unwrap_or("");
    if first.contains('/') && !has_wildcard(first) {
        return Some((Flaw::NoName, 0, first.len()));
    }
    if shape.front == Front::Anybodys {
        return None;
    }
    let mut wild = false;
    for it in &shape.pieces {
        let is_known = is_component(it.name);
        if it.name == "environment" {
            return Some((Flaw::Environment, it.start, it.name.len() + 1 + it.value.len()));
        }
        if !is_known && !wild && !has_wildcard(it.name) {
            return Some((Flaw::UnknownComponent, it.start, it.name.len()));
        }
        let value = (it.value_start, it.value.len());
        let bad = match it.name {
            "ref_type" if !has_wildcard(it.value) && !matches!(it.value, "branch" | "tag") => Some(Flaw::RefType),
            name if component_of(name).is_some_and(|component| !may_be(component, it.value)) => Some(Flaw::Value),
            "ref" if FULL_REFS.iter().any(|full| it.value.starts_with(full)) => Some(Flaw::FullRef),
            name if component_of(name) == Some(Component::ProjectPath) && ProjectPattern::parse(it.value).is_err() => {
                Some(Flaw::Path)
            }
            "ref" if RefPattern::parse(it.value).is_err() => Some(Flaw::Ref),
            _ => None,
        };
        if let Some(flaw) = bad {
            return Some((flaw, value.0, value.1));
        }
        wild |= it.value.contains('*');
    }
    if shape.front == Front::Nobodys {
        let start = if is_all_wild(first) { (first.len() + 1).min(text.len()) } else { 0 };
        let part = text.get(start..).and_then(|it| it.split(':').next()).unwrap_or("");
        return Some((Flaw::UnknownComponent, start, part.len()));
    }
    if let Some((name, start)) = shape.rest.filter(|_| !wild && !has_wildcard(text)) {
        return Some((Flaw::UnknownComponent, start, name.len()));
    }
    let is_open = |(name, _): (&str, usize)| {
        name.contains('*') && shape.behind(text).is_some_and(|it| ref_taken(it.0, true, "branch", "main").is_some())
    };
    wild |= shape.rest.is_some_and(is_open);
    // A part with a `*` may be all that follows.
    let names_ref = shape.get(Component::Ref).is_some() || shape.get(Component::DeploymentTier).is_some();
    (shape.has_project() && !names_ref && !shape.has_gap && !wild).then_some((Flaw::CutShort, 0, text.len()))
}

/// Whether a component may have that value. Paths and refs are looked at by themselves.
fn may_be(component: Component, value: &str) -> bool {
    has_wildcard(value)
        || match component {
            Component::ProjectId => !value.is_empty() && value.bytes().all(|it| it.is_ascii_digit()),
            Component::RefProtected => matches!(value, "true" | "false"),
            Component::DeploymentTier => DEPLOYMENT_TIERS.contains(&value),
            _ => true,
        }
}

fn is_placeholder(path: &str) -> bool {
    let begins = |text: &str, it: &str| text.get(..it.len()).is_some_and(|head| head.eq_ignore_ascii_case(it));
    let after_slash = || path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..));
    path.contains(['<', '>', '{', '['])
        || PLACEHOLDERS.iter().any(|it| begins(path, it) || after_slash().any(|rest| begins(rest, it)))
}

/// The first word in angle brackets, as `<branch>`, with its brackets.
fn in_angles(text: &str) -> Option<(usize, usize)> {
    let at = text.find('<')?;
    let (word, _) = text.get(at + 1..)?.split_once('>')?;
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_ ".contains(c));
    is_word.then_some((at, word.len() + 2))
}

/// Whether a text that begins with `$` is a variable of GitLab CI.
fn names_ci_variable(text: &str) -> bool {
    let name = text.trim_start_matches(['$', '{']);
    name.starts_with("CI_") || name.starts_with("GITLAB_")
}

/// The component that an unknown name was meant to be.
pub(super) fn component_like(name: &str) -> Option<&'static str> {
    match name {
        "project" | "path" | "namespace_path" | "project-path" => Some("project_path"),
        "branch" | "tag" | "ref_name" => Some("ref"),
        _ => nearest(name, Component::names()),
    }
}

/// Which projects a value lets in beyond one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Projects {
    /// Any.
    Any,
    /// Any directly in the groups whose ids are asked for beside it.
    OfNamespace,
    /// Any in which the person who is asked for beside it runs a job.
    OfUser,
    /// Those of every group whose name begins alike.
    OfGroupsLike,
    /// All of a group.
    OfGroup,
    /// Those whose name begins alike.
    Like,
}

/// Which refs a value lets in beyond one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refs {
    /// Any, branch or tag.
    Any,
    /// Any branch.
    AnyBranch,
    /// The named one, be it a branch or a tag.
    AnyType,
    /// Branches whose name begins alike, with nothing that ends the beginning.
    BranchPrefix,
    /// Branches of a pattern.
    BranchPattern,
    /// Tags of a pattern.
    TagPattern,
}

/// Which projects and refs a value lets in beyond one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wide {
    pub(super) projects: Option<Projects>,
    pub(super) refs: Option<Refs>,
}

/// How wide a value of a gate on `sub` is.
pub(super) fn width(text: &str, is_like: bool) -> Wide {
    width_of(text, &Shape::of(text), is_like)
}

/// The same of a value that is taken apart.
pub(super) fn width_of(text: &str, shape: &Shape<'_>, is_like: bool) -> Wide {
    let (mut projects, mut swallows) = (None, false);
    let has_number = shape.get(Component::ProjectId).is_some_and(|it| !has_wildcard(it.value));
    match shape.project() {
        _ if !is_like => {}
        None if has_number => {}
        None => {
            projects = Some(Projects::Any).filter(|_| shape.front != Front::Nobodys);
            swallows = shape.pieces.is_empty();
        }
        // Its one `?` can stand for nothing but the slash.
        Some(it) if is_one_word(it.value) && it.value.matches('?').count() == 1 => {}
        Some(it) => {
            projects = it.value.find(['*', '?']).map(|at| {
                let head = it.value.get(..at).unwrap_or("");
                match head.rsplit_once('/') {
                    None if head.is_empty() => Projects::Any,
                    None => Projects::OfGroupsLike,
                    Some((_, "")) => Projects::OfGroup,
                    Some(_) => Projects::Like,
                }
            });
            swallows = it.value.ends_with('*') && it.value_start + it.value.len() == text.len();
        }
    }
    let projects = projects.filter(|_| !has_number);
    let kind = shape.get(Component::RefType).map(|it| it.value);
    let reference = shape.get(Component::Ref).map(|it| it.value).or(shape.last_word());
    let is_open = |it: Component| shape.get(it).is_some_and(|it| has_wildcard(it.value));
    let is_protected = shape.get(Component::RefProtected).is_some_and(|it| it.value == "true");
    let refs = match (kind, reference) {
        _ if is_protected => None,
        (None, None) if shape.front == Front::Anybodys && !text.ends_with('*') => None,
        (None, None) if swallows => Some(Refs::Any),
        (None, None) if is_like && is_open(Component::RefProtected) => Some(Refs::Any),
        (kind, reference) => {
            let is_plain = shape.get(Component::Ref).is_some() && kind.is_some_and(|it| !has_wildcard(it));
            let behind = shape.behind(text).filter(|it| is_like && !is_plain && it.0.contains(['*', '?']));
            let own = || refs_of(kind, reference, is_like, shape.has_gap);
            behind.and_then(|it| refs_behind(it.0)).unwrap_or_else(own)
        }
    };
    Wide { projects, refs }
}

/// Whether a pattern of paths has neither a slash nor a `*`, so that one of its `?` stands for the slash.
pub(super) fn is_one_word(path: &str) -> bool {
    path.contains('?') && !path.contains(['/', '*'])
}

/// Which refs a pattern of what stands behind the project lets in, by trying it: none where it takes no token of GitLab's own form.
fn refs_behind(behind: &str) -> Option<Option<Refs>> {
    const ANY: [&str; 2] = ["some-name", "another/1.0"];
    let of = |kind: &str| ANY.map(|it| ref_taken(behind, true, kind, it));
    let is_any = |taken: &[Option<String>; 2]| taken.iter().zip(ANY).all(|(name, any)| name.as_deref() == Some(any));
    let (branch, tag) = (of("branch"), of("tag"));
    // Where a longer name passes too, the name is open.
    let is_open = |kind: &str, taken: &[Option<String>; 2]| {
        let longer = |it: &String| [format!("{it}x"), format!("x{it}")];
        let mut names = taken.iter().flatten().flat_map(longer);
        names.any(|it| ref_taken(behind, true, kind, &it).as_ref() == Some(&it))
    };
    Some(match (is_any(&branch), is_any(&tag), branch.iter().any(Option::is_some), tag.iter().any(Option::is_some)) {
        (true, true, ..) => Some(Refs::Any),
        (true, ..) => Some(Refs::AnyBranch),
        (_, _, true, true) => Some(Refs::AnyType),
        (_, _, true, false) => Some(Refs::BranchPattern).filter(|_| is_open("branch", &branch)),
        (_, _, false, true) => Some(Refs::TagPattern).filter(|_| is_open("tag", &tag)),
        (_, _, false, false) => return None,
    })
}

fn refs_of(kind: Option<&str>, reference: Option<&str>, is_like: bool, has_gap: bool) -> Option<Refs> {
    let all = |it: &str| is_like && it.contains('*') && is_all_wild(it);
    let kind_is_open = kind.is_none_or(|it| is_like && has_wildcard(it));
    match reference {
        None if !has_gap && !kind.is_some_and(|it| is_like && it.ends_with('*')) => None,
        None if kind == Some("branch") => Some(Refs::AnyBranch),
        None if kind == Some("tag") => Some(Refs::TagPattern),
        None => Some(Refs::Any),
        Some(it) if all(it) && kind_is_open => Some(Refs::Any),
        Some(it) if all(it) && kind == Some("branch") => Some(Refs::AnyBranch),
        Some(it) if !is_like || !has_wildcard(it) => kind_is_open.then_some(Refs::AnyType),
        Some(_) if kind == Some("tag") => Some(Refs::TagPattern),
        Some(_) if kind_is_open => Some(Refs::AnyType),
        Some(it) => {
            let head = it.split(['*', '?']).next().unwrap_or("");
            let is_word = head.len() > 1 && head.ends_with(|c: char| c.is_ascii_alphanumeric());
            Some(if is_word { Refs::BranchPrefix } else { Refs::BranchPattern })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_one_flaw_at_most() {
        for (text, expected) in [
            ("project_path:g/p:ref_type:branch:ref:main", None),
            ("project_path:g/p:*", None),
            ("project_path:g/*", None),
            ("project_id:20:ref_type:branch:ref:main", None),
            ("project_path:g/p:ref:main:ref_type:branch", None),
            ("project_path:g/p:environment_protected:true:deployment_tier:production", None),
            ("*", None),
            ("*:ref:main", None),
            ("*/p:ref_type:branch:ref:main", None),
            ("p*:ref_type:branch:ref:main", None),
            ("?roject_path:g/p:ref_type:branch:ref:main", None),
            ("*:g/p:ref_type:branch:ref:main", None),
            ("g*:ref_type:branch:ref:main", Some(Flaw::UnknownComponent)),
            ("*:ref_typ:branch:*", Some(Flaw::UnknownComponent)),
            ("*:ref_type:mr:ref:main", Some(Flaw::RefType)),
            ("*:environment:production", Some(Flaw::Environment)),
            ("https://gitlab.com", Some(Flaw::Audience)),
            ("repo:o/r:ref:refs/heads/main", Some(Flaw::GitHub)),
            ("project_path:<group>/p:ref_type:branch:ref:main", Some(Flaw::Placeholder)),
            ("project_path:my-group/my-project:ref_type:branch:ref:main", Some(Flaw::Placeholder)),
            ("project_path:$CI_PROJECT_PATH:ref_type:branch:ref:main", Some(Flaw::CiVariable)),
            ("g/p:ref_type:branch:ref:main", Some(Flaw::NoName)),
            ("project_path:g/p:environment:production", Some(Flaw::Environment)),
            ("project:g/p:ref_type:branch:ref:main", Some(Flaw::UnknownComponent)),
            ("project_path:g/p:ref_type:branch:ref", Some(Flaw::UnknownComponent)),
            ("project_path:g/p:ref_type:mr:ref:*", Some(Flaw::RefType)),
            ("project_path:g/p:ref_type:branch:ref:refs/heads/main", Some(Flaw::FullRef)),
            ("project_path:g/p:ref_type:branch:ref:refs/merge-requests/1/head", Some(Flaw::FullRef)),
            ("project_path:g/p:ref_type:branch:ref:refs/merge-requests/*", Some(Flaw::FullRef)),
            ("project_id:g/p:ref_type:branch:ref:main", Some(Flaw::Value)),
            ("project_path:g/p:ref_type:branch:ref:main:ref_protected:TRUE", Some(Flaw::Value)),
            ("project_path:g/p:deployment_tier:prod", Some(Flaw::Value)),
            ("project_path:g/p:environment_protected:yes:deployment_tier:prod*", None),
            ("project_path:g:ref_type:branch:ref:main", Some(Flaw::Path)),
            ("project_path:g/p:ref_type:branch:ref:a b", Some(Flaw::Ref)),
            ("project_path:g/p", Some(Flaw::CutShort)),
            ("project_path:g/p:ref_type:branch", Some(Flaw::CutShort)),
            ("project_path:g/p:ref*", None),
            ("project_path:g/p:ref_type:branch:*main", None),
            ("project_path:g/p:environment*", Some(Flaw::CutShort)),
            ("job_project_path:g/p:ref_type:branch:ref:main", None),
            ("source_project_id:20:ref_type:branch:ref:main", None),
            ("job_project_path:g:ref_type:branch:ref:main", Some(Flaw::Path)),
            ("job_project_name:p:ref_type:branch:ref:main", Some(Flaw::UnknownComponent)),
        ] {
            assert_eq!(flaw(text).map(|it| it.0), expected, "{text}");
        }
    }

    #[test]
    fn a_pattern_is_as_wide_as_its_first_wildcard() {
        use Projects as P;
        use Refs as R;
        for (text, projects, refs) in [
            ("project_path:g/p:ref_type:branch:ref:main", None, None),
            ("*", Some(P::Any), Some(R::Any)),
            ("project_path:*", Some(P::Any), Some(R::Any)),
            ("*:ref:main", Some(P::Any), Some(R::AnyType)),
            ("*main", Some(P::Any), None),
            ("*/p:ref_type:branch:ref:main", Some(P::Any), None),
            ("*/p:ref_type:branch:*", Some(P::Any), Some(R::AnyBranch)),
            ("*g/*", Some(P::Any), Some(R::Any)),
            ("p*:ref_type:branch:ref:main", Some(P::Any), None),
            ("?roject_path:g/p:ref_type:branch:ref:main", None, None),
            ("project_path?g/p*", Some(P::Like), Some(R::Any)),
            ("project*:g/*:ref_type:branch:ref:main", Some(P::OfGroup), None),
            ("*:g/p:ref_type:branch:*", Some(P::Any), Some(R::AnyBranch)),
            ("*:g/p:ref_type:branch:ref:main", None, None),
            ("project_path:g*:ref_type:branch:ref:main", Some(P::OfGroupsLike), None),
            ("project_path:g?p:ref_type:branch:ref:main", None, None),
            ("project_path:g??p:ref_type:branch:ref:main", Some(P::OfGroupsLike), None),
            ("project_path:g/*", Some(P::OfGroup), Some(R::Any)),
            ("project_path:g/*:ref_type:branch:ref:main", Some(P::OfGroup), None),
            ("project_path:g/p*:ref_type:branch:ref:main", Some(P::Like), None),
            ("project_path:g/p:*", None, Some(R::Any)),
            ("project_path:g/p:ref_type:*", None, Some(R::Any)),
            ("project_path:g/p:ref_type:*:ref:*", None, Some(R::Any)),
            ("project_path:g/p:ref_type:branch:*", None, Some(R::AnyBranch)),
            ("project_path:g/p:ref_type:branch:ref:*", None, Some(R::AnyBranch)),
            ("project_path:g/p:ref_type:*:ref:main", None, Some(R::AnyType)),
            ("project_path:g/p:ref:main", None, Some(R::AnyType)),
            ("project_path:g/p:*:main", None, Some(R::AnyType)),
            ("project_path:g/*:*:main", Some(P::OfGroup), Some(R::AnyType)),
            ("project_path:g/p:ref_type:branch:ref:main*", None, Some(R::BranchPrefix)),
            ("project_path:g/p:ref_type:branch:ref:release/*", None, Some(R::BranchPattern)),
            ("project_path:g/p:ref_type:tag:ref:v*", None, Some(R::TagPattern)),
            ("project_path:g/p:ref_type:tag:ref:*", None, Some(R::TagPattern)),
            ("project_id:20:ref_type:branch:ref:*", None, Some(R::AnyBranch)),
            ("job_project_path:g/p:ref_type:branch:ref:main*", None, Some(R::BranchPrefix)),
            ("project_path:g/p:ref*", None, Some(R::Any)),
            ("project_path:g/p:r*", None, Some(R::Any)),
            ("project_path:g/p:ref_type:branch:ref*", None, Some(R::AnyBranch)),
            ("project_path:g/p:ref_type:branch*", None, Some(R::AnyBranch)),
            ("project_path:g/p:ref_type:tag*", None, Some(R::TagPattern)),
            ("project_path:g/p:*main", None, Some(R::AnyType)),
            ("project_path:g/p:ref_type:*main", None, Some(R::AnyType)),
            ("project_path:g/p:ref_type:branch:*main", None, Some(R::BranchPattern)),
            ("project_path:g/p:ref_type:t*:ref:v1", None, None),
            ("project_path:g/p:ref_type:bran*:ref:main", None, None),
            ("project_path:g/p:ref_type:??????:ref:main", None, None),
            ("project_id:20:ref_protected:*", None, Some(R::Any)),
            ("job_project_path:g/*:ref_type:branch:ref:main", Some(P::OfGroup), None),
            ("project_path:*:job_project_id:20:ref_type:branch:ref:main", None, None),
            ("source_project_path:*:ref_type:branch:ref:main", Some(P::Any), None),
            ("project_path:g/p:ref_type:branch:ref:*:ref_protected:true", None, None),
        ] {
            let wide = width(text, true);
            assert_eq!((wide.projects, wide.refs), (projects, refs), "{text}");
        }
    }
}
