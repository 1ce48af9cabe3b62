//! What is said of an edit: its title, which is a button's, and who else it lets in. The engine's words, for page and command.

use super::came::{Came, Misfit, PROJECT, matches};
use crate::setup::{RefTypes, Scope, Setup};
use crate::text::quoted;
use crate::verdict::Evidence;

/// A template with a value for each `{}`, in backticks.
pub(super) fn say(template: &str, values: &[&str]) -> String {
    let mut out = String::new();
    push(&mut out, template, values);
    out
}

/// The same, after what is there.
pub(super) fn push(out: &mut String, template: &str, values: &[&str]) {
    let mut values = values.iter();
    for (at, part) in template.split("{}").enumerate() {
        if at > 0 {
            out.push_str(&quoted(values.next().unwrap_or(&"")));
        }
        out.push_str(part);
    }
}

/// What a scope that is made asks for, where the pin did not fit: never for unprotected refs alone.
pub(super) fn asked_instead<'e>(came: &Came<'e>, claim: &str) -> Option<&'e str> {
    came.claim(claim).filter(|_| claim != "ref_protected")
}

/// Title and lead of a scope that is added.
pub(super) fn exact(came: &Came<'_>, misfit: &Misfit<'_>) -> String {
    let scope = misfit.scope;
    let path = came.value("project_path");
    let mut out = "Add a scope for ".to_owned();
    if let Some(reference) = came.part("ref") {
        if misfit.has(PROJECT) {
            push(&mut out, "{}, ", &[path.unwrap_or(scope.project.as_str())]);
        }
        out.push_str(kind(came.part("ref_type").map(|_| came.is_tag())));
        push(&mut out, " {}", &[reference]);
    } else if let Some(path) = came.part("project_path") {
        push(&mut out, "{}", &[path]);
    } else {
        push(&mut out, "the project id {}", &[came.value("project_id").unwrap_or("")]);
    }
    let mut joins = [" with {} {}", " and {} {}"].iter();
    for pin in scope.pins.iter().filter(|it| !came.fits(it)) {
        match asked_instead(came, pin.claim) {
            Some(value) => push(&mut out, joins.next().unwrap_or(&", {} {}"), &[pin.claim, value]),
            None => push(&mut out, " without {}", &[pin.claim]),
        }
    }
    if matches!(came.evidence, Evidence::Record(_)) && misfit.pins > 0 {
        out.push_str("\nA CloudTrail record does not show what pins ask for.");
    }
    out
}

/// Of a tag, of a branch, or of both.
fn kind(is_tag: Option<bool>) -> &'static str {
    match is_tag {
        Some(true) => "tag",
        Some(false) => "branch",
        None => "branch or tag",
    }
}

fn push_kind(out: &mut String, scope: &Scope) {
    if is_protected(scope) {
        out.push_str("protected ");
    }
    out.push_str(kind((scope.ref_types != RefTypes::Any).then_some(scope.ref_types == RefTypes::Tag)));
}

pub(super) fn any_ref(scope: &Scope) -> String {
    let mut out = "Let any ".to_owned();
    push_kind(&mut out, scope);
    out.push_str(" in");
    out
}

/// Who can get the tokens that the scope speaks of.
pub(super) fn push_who(out: &mut String, scope: &Scope) {
    out.push_str("Lets in whoever can run a pipeline on ");
    out.push_str(if scope.reference.is_exact() { "the " } else { "any " });
    push_kind(out, scope);
    if !scope.reference.is_any() {
        push(out, " {}", &[scope.reference.as_str()]);
    }
    push(out, " of {}", &[scope.project.as_str()]);
    match scope.pin("pipeline_source") {
        Some(pin) => push(out, ", only with the {} {}", &["pipeline_source", &pin.values.join(", ")]),
        None if is_protected(scope) || scope.ref_types == RefTypes::Tag => {
            out.push_str(": a push, a schedule, a trigger");
        }
        // Of a pattern, the finding says it.
        None if !scope.reference.is_exact() => {}
        None => out.push_str(": a push, a merge request with that source branch, a schedule, a trigger"),
    }
    out.push('.');
    if asked(scope, "project_id").is_none() {
        out.push_str(" No project id is asked for, so whoever owns the path later gets in too.");
    }
}

/// Whether the scope asks for protected refs.
pub(super) fn is_protected(scope: &Scope) -> bool {
    asked(scope, "ref_protected") == Some("true")
}

/// What the scope asks for under that name, in a pin or in `sub`.
fn asked<'s>(scope: &'s Scope, name: &str) -> Option<&'s str> {
    let value = || scope.subject_values.iter().find(|it| it.0.as_str() == name).map(|it| &it.1);
    scope.pin(name).and_then(|it| it.values.first()).or_else(value).map(String::as_str)
}

/// Why this token's job may be somebody else's, if it looks like that; or nothing.
pub(super) fn stranger(setup: &Setup, role: usize, came: &Came<'_>) -> String {
    let scopes = setup.roles().get(role).map(|it| it.scopes.as_slice()).unwrap_or_default();
    let path = came.value("project_path").unwrap_or("");
    let group = |path: &'_ str| path.find('/').and_then(|at| path.get(..at)).unwrap_or("").to_ascii_lowercase();
    let id = came.value("project_id");
    let mut is_known = path.is_empty() || id.is_some() && scopes.iter().any(|it| asked(it, "project_id") == id);
    for scope in scopes.iter().filter(|_| !is_known) {
        for name in ["project_id", "namespace_id"] {
            if let (Some(claim), Some(asked)) = (came.value(name), asked(scope, name))
                && claim != asked
                && matches(scope.project.as_str(), path)
            {
                let template =
                    "{} has the {} {}, and {} is asked for: somebody else took over the path, or yours was made anew.";
                return say(template, &[path, name, claim, asked]);
            }
        }
    }
    is_known |= scopes.iter().any(|it| group(it.project.as_str()) == group(path) || matches(it.project.as_str(), path));
    if is_known {
        return String::new();
    }
    let template = if came.claim("pipeline_source") == Some("merge_request_event") {
        "No scope here has a project of {}: this may be a merge request from a fork, and its owner decides what runs."
    } else {
        "No scope here has a project of {}: its members decide what runs there."
    };
    say(template, &[&group(path)])
}
