//! Whose policy is judged: one of those in a text, or a role's of a setup.

use std::rc::Rc;

use crate::cli::input::{Problem, read_setup};
use crate::document::Text;
use crate::document::json::{Member, Node};
use crate::playground::{Compiled, Remedy, Table, remedies};
use crate::source::{Found, Source, Unread};
use crate::text::{Diagnostic, Span, nearest, quoted};
use crate::verdict::{Evidence, Verdict};

/// The policy that is meant, and which of the text's it is. Where a role could not be read, no other is taken in its place.
pub(super) fn chosen<'s>(source: &'s Source, text: &str, role: Option<&str>) -> Result<(usize, &'s Found), Diagnostic> {
    let says = |name: &str, role_name: Option<&Text>, wanted: &str| {
        name == wanted || role_name.is_some_and(|it| it.value == wanted) || name.rsplit('.').next() == Some(wanted)
    };
    let list = |names: &[&str]| names.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
    let named = |wanted: Option<&str>| {
        let is_wanted =
            |name: &str, role_name: Option<&Text>| wanted.is_none_or(|wanted| says(name, role_name, wanted));
        let read = source.policies.iter().enumerate().filter(|it| is_wanted(&it.1.name, it.1.role_name.as_ref()));
        let unread = source.unread.iter().filter(|it| is_wanted(&it.name, it.role_name.as_ref()));
        (read.collect::<Vec<_>>(), unread.collect::<Vec<_>>())
    };
    let which = |read: &[(usize, &Found)], unread: &[&Unread]| {
        let names: Vec<&str> = read.iter().map(|it| it.1.name.as_str()).collect();
        let mut message = format!("which role? say it with --role, one of {}", list(&names));
        if !unread.is_empty() {
            let reasons: Vec<&str> = unread.iter().map(|it| it.problem.message.as_str()).collect();
            message += &format!("; not read: {}", reasons.join("; "));
        }
        Diagnostic::new(message)
    };
    if source.policies.is_empty() && (role.is_none() || source.unread.is_empty()) {
        return Err(source.problems.first().cloned().unwrap_or_else(|| {
            let message = format!("this is {}: expected a trust policy", source.kind.words());
            Diagnostic::new(message).at(Span::new(0, text.len()))
        }));
    }
    let (read, unread) = named(role);
    // A name that the text gives goes before one that a role has.
    let is_exact = |name: &str| role == Some(name);
    let exact = (read.iter().filter(|it| is_exact(&it.1.name)), unread.iter().filter(|it| is_exact(&it.name)));
    let (read, unread) = match (exact.0.clone().count(), exact.1.clone().count()) {
        (1, 0) | (0, 1) => (exact.0.copied().collect(), exact.1.copied().collect()),
        _ => (read, unread),
    };
    match (read.as_slice(), unread.as_slice(), role) {
        ([one], [], _) => Ok(*one),
        ([], [], Some(name)) => {
            let (read, unread) = named(None);
            let names = read.iter().map(|it| it.1.name.as_str()).chain(unread.iter().map(|it| it.name.as_str()));
            let names = list(&names.collect::<Vec<_>>());
            Err(Diagnostic::new(format!("there is no role {} here; there is {names}", quoted(name))))
        }
        ([], [one], _) => Err(one.problem.clone()),
        (read, unread, _) => Err(which(read, unread)),
    }
}

/// Whether JSON that is nothing known is a policy with a mistake: it has statements, perhaps under a name that is near, or nothing else.
pub(super) fn is_meant_as_policy(root: &Node) -> bool {
    let Some(members) = root.as_object() else { return false };
    let near = |it: &Member| nearest(&it.key, ["Version", "Id", "Statement"]);
    members.iter().any(|it| near(it) == Some("Statement")) || members.iter().all(|it| near(it).is_some())
}

/// A role of a setup, in the place of a policy.
pub(super) struct Composed {
    pub(super) compiled: Compiled,
    role: usize,
}

impl Composed {
    pub(super) fn read(path: &str, name: Option<&str>) -> Result<Self, Problem> {
        let setup = read_setup(path)?;
        let names = || setup.roles().iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
        let role = match name {
            Some(name) => setup
                .roles()
                .iter()
                .position(|it| it.name.as_str() == name)
                .ok_or_else(|| Problem::new(format!("this setup has no role `{name}`; it has {}", names())))?,
            None if setup.roles().len() > 1 => {
                return Err(Problem::new(format!("which role? say it with --role, one of {}", names())));
            }
            None => 0,
        };
        Ok(Self { compiled: Compiled::new(Rc::new(setup)), role })
    }

    /// The role's policy, as it is generated.
    pub(super) fn policy(&self) -> &str {
        self.compiled.policy(self.role).map_or("", |it| it.0)
    }

    pub(super) fn name(&self) -> &str {
        self.compiled.setup().roles().get(self.role).map_or("", |it| it.name.as_str())
    }

    pub(super) fn remedies(&self, evidence: &Evidence, now: i64, verdict: &Verdict) -> Vec<Remedy> {
        let table = Table::of(&self.compiled, self.role, now);
        remedies(&self.compiled, self.role, &table, evidence, now, verdict)
    }
}
