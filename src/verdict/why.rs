//! One sentence for a person: why a condition was satisfied, or was not.

use super::{ConditionTrace, KeyState};
use crate::aws::policy::Wanted;
use crate::gitlab::{Component, segments};
use crate::pattern::{Pattern, has_wildcard};
use crate::text::quoted;

/// The sentence for an evaluated condition; `values` are what it wants.
pub(super) fn of_condition(it: &ConditionTrace, values: &[Wanted]) -> String {
    let key = &it.key;
    match (&it.actual, it.matched) {
        (KeyState::Absent(words), Some(true)) => format!("{words}; `IfExists` lets an absent key pass"),
        (KeyState::Absent(words), _) => format!("{words}; an absent key never satisfies `{}`", it.operator),
        (KeyState::Unknown(words), _) => format!("`{key}` was not given ({words}), so this is not known here"),
        (KeyState::Known(came), None) => {
            format!("the request has {} values for `{key}`; what IAM makes of that is not confirmed", came.len())
        }
        (KeyState::Known(came), Some(true)) => {
            let came = came.concat();
            match values.iter().find(|it| it.pattern.matches(&came)) {
                Some(wanted) if wanted.text.value != came => {
                    format!("{} matches the pattern {}", quoted(&came), quoted(&wanted.text.value))
                }
                _ => format!("it is {}, as wanted", quoted(&came)),
            }
        }
        (KeyState::Known(came), Some(false)) => of_difference(it, &came.concat()),
    }
}

fn of_difference(it: &ConditionTrace, came: &str) -> String {
    if !it.like
        && let Some((literal, _)) = it
            .wanted
            .iter()
            .find(|(value, _)| has_wildcard(value) && Pattern::like(value, false).is_ok_and(|it| it.matches(came)))
    {
        return format!(
            "`{}` takes `*` and `?` in {} for the characters themselves; `StringLike` would let {} in",
            it.operator,
            quoted(literal),
            quoted(came)
        );
    }
    let wanted = nearest_wanted(it, came);
    let wants = match it.wanted.len() {
        1 => "the policy wants".to_owned(),
        several => format!("none of the {several} values fits; the nearest wants"),
    };
    if let (Some(parts), Some(comes)) = (segments(wanted), segments(came)) {
        let wanted_components: Vec<_> = parts.iter().map(|it| it.component).collect();
        let came_components: Vec<_> = comes.iter().map(|it| it.component).collect();
        if wanted_components != came_components {
            return format!(
                "{wants} a `sub` of {}, and the token's has {}",
                names(&wanted_components),
                names(&came_components)
            );
        }
        let differing: Vec<_> = parts
            .iter()
            .zip(&comes)
            .filter(|(want, come)| !fits(want.value, come.value, it.like))
            .map(|(want, come)| {
                format!(
                    "another {}: {}, and the token is for {}",
                    said(want.component),
                    quoted(want.value),
                    quoted(come.value)
                )
            })
            .collect();
        if !differing.is_empty() {
            return format!("{wants} {}", differing.join("; "));
        }
    }
    if wanted.eq_ignore_ascii_case(came) {
        return format!("{wants} {}, and {} differs from it in upper and lower case", quoted(wanted), quoted(came));
    }
    format!("{wants} {}, and {} came", quoted(wanted), quoted(came))
}

/// The value of the condition that is nearest to what came; the first of several that are equally near.
pub(super) fn nearest_wanted<'t>(it: &'t ConditionTrace, came: &str) -> &'t str {
    let common = |text: &str| text.chars().zip(came.chars()).take_while(|(a, b)| a == b).count();
    let rank = |text: &&str| (distance(text, came, it.like), usize::MAX - common(text));
    it.wanted.iter().map(|it| it.0.as_str()).min_by_key(rank).unwrap_or("")
}

/// How far a condition is from being satisfied: 0 where it is. Only for choosing which one to speak of first.
pub(super) fn distance_of(it: &ConditionTrace) -> usize {
    match (&it.actual, it.matched) {
        (_, Some(true)) => 0,
        (KeyState::Known(came), _) => {
            let came = came.concat();
            it.wanted.iter().map(|(wanted, _)| distance(wanted, &came, it.like)).min().unwrap_or(ELSE)
        }
        _ => ELSE,
    }
}

/// The distance of a value that cannot be taken apart.
const ELSE: usize = 2;

/// How far a subject is from a wanted one: another project weighs more than another kind of ref, and that more than another ref.
fn distance(wanted: &str, came: &str, like: bool) -> usize {
    let (Some(wants), Some(comes)) = (segments(wanted), segments(came)) else { return ELSE };
    let weigh = |component: Component| match component {
        Component::ProjectPath | Component::ProjectId => 4,
        Component::RefType => 2,
        _ => 1,
    };
    let differing: usize = wants
        .iter()
        .filter(|want| !comes.iter().any(|it| it.component == want.component && fits(want.value, it.value, like)))
        .map(|it| weigh(it.component))
        .sum();
    let extra = comes.iter().filter(|come| !wants.iter().any(|it| it.component == come.component)).count();
    (differing + extra).max(1)
}

/// Whether a component's value fits, its escapes read: only for saying which one differs, never for deciding.
pub(super) fn fits(wanted: &str, came: &str, like: bool) -> bool {
    let read = if like { Pattern::like(wanted, true) } else { Pattern::exact(wanted, true) };
    read.is_ok_and(|it| it.matches(came))
}

fn said(component: Component) -> &'static str {
    match component {
        Component::ProjectPath => "project",
        Component::ProjectId => "project id",
        Component::RefType => "kind of ref",
        Component::Ref => "ref",
        other => other.as_str(),
    }
}

fn names(components: &[Component]) -> String {
    components.iter().map(|it| format!("`{}`", it.as_str())).collect::<Vec<_>>().join(", ")
}
