//! What is said of an edit: its title, which is a button's, and who else it lets in. The engine's words, for page and command.

use super::came::{Came, Fit, matches};
use crate::gitlab::Component;
use crate::setup::{RefTypes, Scope, ScopeDraft, Setup};
use crate::text::quoted;

/// Title and first sentences of an edit.
pub(super) struct Wording {
    pub(super) title: String,
    /// Whole sentences, or nothing.
    pub(super) lead: String,
}

/// A project has one form of `sub`.
pub(super) const ONE_FORM: &str = "A project has one form of `sub`, and the token shows it.";

pub(super) fn yes_no(it: bool) -> &'static str {
    if it { "true" } else { "false" }
}

fn reference(came: &Came<'_>) -> String {
    let kind = match (came.format.has(Component::RefType), came.is_tag()) {
        (false, _) => "branch or tag",
        (_, true) => "tag",
        _ => "branch",
    };
    format!("{kind} {}", quoted(came.reference().unwrap_or_default()))
}

/// What a scope that was made asks of the pins that did not fit: the value, or nothing.
pub(super) fn pins_of<'p>(scope: &ScopeDraft, wrong: &[&'p str]) -> Vec<(&'p str, Option<String>)> {
    let value = |claim: &str| match claim {
        "ref_protected" => scope.ref_protected.map(|it| yes_no(it).to_owned()),
        "project_id" => scope.project_id.clone(),
        "namespace_id" => scope.namespace_id.clone(),
        _ => scope.pins.iter().find(|it| it.claim == claim).map(|it| it.values.concat()),
    };
    wrong.iter().map(|claim| (*claim, value(claim))).collect()
}

/// Title and lead of a scope that is added.
pub(super) fn exact(came: &Came<'_>, scope: &Scope, fit: &Fit, pins: &[(&str, Option<String>)]) -> (String, String) {
    let mut title = "Add a scope for ".to_owned();
    let project = quoted(came.project().unwrap_or(scope.project.as_str()));
    match (fit.project, came.format.has(Component::Ref)) {
        (true, true) => title.push_str(&reference(came)),
        (false, true) => title.push_str(&format!("{project}, {}", reference(came))),
        _ if came.format.has(Component::ProjectPath) => title.push_str(&project),
        _ => {
            title.push_str(&format!("the project id {}", quoted(came.value(Component::ProjectId).unwrap_or_default())))
        }
    }
    let mut lead = String::new();
    for (claim, value) in pins {
        // Where `sub` fits, the pins are all that tells this scope from the one that is there.
        let to = if fit.subject() { &mut title } else { &mut lead };
        match (value, fit.subject()) {
            (Some(value), true) => to.push_str(&format!(" with `{claim}` {}", quoted(value))),
            (None, true) => to.push_str(&format!(" without `{claim}`")),
            (Some(value), false) => to.push_str(&format!("The new scope asks for the `{claim}` {}. ", quoted(value))),
            (None, false) => to.push_str(&format!("The new scope does not ask for `{claim}`. ")),
        }
    }
    if came.is_record() && !pins.is_empty() {
        lead.push_str("A CloudTrail record does not show what pins ask for.");
    }
    (title, lead.trim_end().to_owned())
}

pub(super) fn pattern(came: &Came<'_>, pattern: &str) -> String {
    let kinds = if came.is_tag() { "tags" } else { "branches" };
    format!("Let {kinds} {} in", quoted(pattern))
}

pub(super) fn any_ref(scope: &Scope) -> String {
    let kind = match scope.ref_types {
        RefTypes::Branch => "branch",
        RefTypes::Tag => "tag",
        RefTypes::Any => "branch or tag",
    };
    let protected = if is_protected(scope) { "protected " } else { "" };
    format!("Let any {protected}{kind} in")
}

pub(super) fn any_added(came: &Came<'_>) -> String {
    format!("Add a scope for any {}", if came.is_tag() { "tag" } else { "branch" })
}

pub(super) fn any_kind(came: &Came<'_>, scope: &Scope) -> String {
    let (kind, named) = if came.is_tag() { ("tag", "branch") } else { ("branch", "tag") };
    format!("Let {} be a {kind} as well as a {named}", quoted(scope.reference.as_str()))
}

pub(super) fn change(what: &str, from: &str, to: &str) -> String {
    let what = match what {
        "ref" | "path" => what.to_owned(),
        claim => format!("`{claim}`"),
    };
    format!("Change the {what} {} to {}", quoted(from), quoted(to))
}

pub(super) fn one_more(claim: &str, value: &str) -> String {
    format!("Let `{claim}` be {} too", quoted(value))
}

pub(super) fn without(claim: &str) -> String {
    format!("Do not ask for `{claim}`")
}

/// What a pin keeps out, said where it is dropped.
pub(super) fn not_asked(claim: &str) -> String {
    match claim {
        "ref_protected" => "Anyone who may push to the ref gets in, protected or not.".to_owned(),
        // `who` says it.
        "project_id" => String::new(),
        "namespace_id" => "The path alone says whose project it is.".to_owned(),
        claim => format!("Jobs get in whatever their `{claim}` is."),
    }
}

pub(super) fn renamed(id: &str) -> String {
    format!("It is the project of the id {}, under another path.", quoted(id))
}

pub(super) fn format(came: &Came<'_>, project: &str) -> String {
    if came.format.is_default() {
        return format!("Take the default `sub` for {}", quoted(project));
    }
    let names: Vec<&str> = came.format.components().iter().map(|it| it.as_str()).collect();
    format!("Take `sub` of {} as {}", quoted(project), quoted(&names.join(", ")))
}

/// Who can get the tokens that the scope speaks of.
pub(super) fn who(scope: &Scope) -> String {
    let kind = match scope.ref_types {
        RefTypes::Branch => "branch",
        RefTypes::Tag => "tag",
        RefTypes::Any => "branch or tag",
    };
    let protected = is_protected(scope);
    let kind = if protected { format!("protected {kind}") } else { kind.to_owned() };
    let name = quoted(scope.reference.as_str());
    let refs = match (scope.reference.is_exact(), scope.reference.is_any()) {
        (true, _) => format!("the {kind} {name}"),
        (_, true) => format!("any {kind}"),
        _ => format!("a {kind} that matches {name}"),
    };
    let project = quoted(scope.project.as_str());
    let project = if scope.project.is_exact() { project } else { format!("every project that matches {project}") };
    let sources = scope.pin("pipeline_source").map(|it| {
        let sources: Vec<String> = it.values.iter().map(|it| quoted(it)).collect();
        format!("only with the `pipeline_source` {}", sources.join(" or "))
    });
    let ways = match &sources {
        Some(sources) => sources.as_str(),
        None if protected || scope.ref_types == RefTypes::Tag => "a push, a schedule, a trigger",
        None => "a push, a merge request with that source branch, a schedule, a trigger",
    };
    let mut out = format!("Lets in whoever can run a pipeline on {refs} of {project}: {ways}.");
    if ids_of(scope, "project_id").is_none() {
        out.push_str(" No project id is asked for, so whoever owns the path later gets in too.");
    }
    out
}

/// Whether the scope asks for protected refs, in a pin or in `sub`.
pub(super) fn is_protected(scope: &Scope) -> bool {
    ids_of(scope, "ref_protected").is_some_and(|it| it == "true")
}

/// What the scope asks for under that name, in a pin or in `sub`.
fn ids_of(scope: &Scope, name: &str) -> Option<String> {
    let value = || scope.subject_values.iter().find(|it| it.0.as_str() == name).map(|it| it.1.clone());
    scope.pin(name).map(|it| it.values.concat()).or_else(value)
}

/// Why this token's job may be somebody else's, if it looks like that.
pub(super) fn stranger(setup: &Setup, role: usize, came: &Came<'_>) -> Option<String> {
    let scopes = setup.roles().get(role)?.scopes.as_slice();
    let path = came.project()?;
    let here: Vec<&Scope> = scopes.iter().filter(|it| matches(it.project.as_str(), path)).collect();
    let id = came.value(Component::ProjectId);
    if id.is_some_and(|id| scopes.iter().any(|it| ids_of(it, "project_id").as_deref() == Some(id))) {
        return None;
    }
    for name in ["project_id", "namespace_id"] {
        let claim = came.claim(name).or(id.filter(|_| name == "project_id"));
        let asked = here.iter().filter_map(|it| ids_of(it, name)).find(|it| Some(it.as_str()) != claim);
        if let (Some(claim), Some(asked)) = (claim, asked) {
            return Some(format!(
                "{} has the `{name}` {}, and {} is asked for: somebody else took over the path, or yours was made anew.",
                quoted(path),
                quoted(claim),
                quoted(&asked)
            ));
        }
    }
    let group = |path: &str| path.split('/').next().unwrap_or_default().to_ascii_lowercase();
    if !here.is_empty() || scopes.iter().any(|it| group(it.project.as_str()) == group(path)) {
        return None;
    }
    let said = if came.claim("pipeline_source") == Some("merge_request_event") {
        "this may be a merge request from a fork, and its owner decides what runs"
    } else {
        "its members decide what runs there"
    };
    Some(format!("No scope here has a project of {}: {said}.", quoted(path.split('/').next().unwrap_or_default())))
}
