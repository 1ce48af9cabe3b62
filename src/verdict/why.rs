//! One sentence for a person: why a condition was satisfied, or was not.

use super::{ConditionTrace, Doubt, KeyState};
use crate::aws::policy::{Condition, Family, Qualifier};
use crate::gitlab::{Component, segments};
use crate::pattern::{Pattern, has_wildcard};
use crate::text::quoted;

/// The sentence for an evaluated condition.
pub(super) fn of_condition(it: &ConditionTrace, condition: &Condition) -> String {
    let (key, operator) = (&it.key, &it.operator);
    if let Some(doubt) = it.doubt {
        return match (doubt, &it.actual) {
            (Doubt::NotGiven, KeyState::Unknown(_, words)) => {
                format!("`{key}` was not given ({words}), so this is not known here")
            }
            (Doubt::Key, KeyState::Unknown(_, words)) => format!("{words}, so this is not known here"),
            (Doubt::Variable | Doubt::Open, _) => {
                format!(
                    "{}: {}",
                    doubt.words(),
                    it.waits_for.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ")
                )
            }
            _ => doubt.words().to_owned(),
        };
    }
    let satisfied = it.matched == Some(true);
    if it.asks.family == Family::Null {
        let came = match &it.actual {
            KeyState::Absent(words) => words.clone(),
            _ => format!("the request has `{key}`"),
        };
        let rule = match it.asks.qualifier {
            Some(Qualifier::ForAllValues) => "; `ForAllValues:Null` is always satisfied",
            Some(Qualifier::ForAnyValue) => "; `ForAnyValue:Null` is never satisfied",
            None if satisfied => ", as `Null` asks",
            None => ", and `Null` asks for the opposite",
        };
        return format!("{came}{rule}");
    }
    if it.wanted.is_empty() {
        let rule = if satisfied { "is satisfied here" } else { "is not satisfied here" };
        return format!("its list of values is empty; with that `{operator}` {rule}");
    }
    match &it.actual {
        KeyState::Unknown(_, words) => {
            let wants = if satisfied { "" } else { ", and the negated operator wants another" };
            format!("every request has `{key}` ({words}), and `*` matches whatever it holds{wants}")
        }
        KeyState::Absent(words) => {
            let rule = match (it.asks.qualifier, satisfied) {
                (Some(Qualifier::ForAllValues), _) => "; `ForAllValues:` is satisfied by an absent key".to_owned(),
                (Some(Qualifier::ForAnyValue), _) => "; `ForAnyValue:` is never satisfied by an absent key".to_owned(),
                (None, true) if it.asks.if_exists => "; `IfExists` lets an absent key pass".to_owned(),
                (None, true) => format!("; an absent key always satisfies the negated `{operator}`"),
                (None, false) => format!("; an absent key never satisfies `{operator}`"),
            };
            format!("{words}{rule}")
        }
        KeyState::Known(came) => match came.as_slice() {
            [one] => of_value(it, condition, one, satisfied),
            several => {
                let rule = if it.asks.qualifier == Some(Qualifier::ForAllValues) { "every one" } else { "one" };
                let is = if satisfied { "does" } else { "does not hold" };
                format!(
                    "`{operator}` asks that {rule} of the {} values of the request passes, which {is}",
                    several.len()
                )
            }
        },
    }
}

/// For the one value that came.
fn of_value(it: &ConditionTrace, condition: &Condition, came: &str, satisfied: bool) -> String {
    if it.asks.qualifier == Some(Qualifier::ForAllValues) && came.is_empty() {
        return "the value is empty, which `ForAllValues:` counts as satisfied".to_owned();
    }
    let hit = condition.values.iter().find(|it| it.pattern.as_ref().is_some_and(|it| it.matches(came)));
    let several = it.wanted.len() > 1;
    match (it.asks.negated, satisfied) {
        (true, true) if several => format!("{} is none of the {} values", quoted(came), it.wanted.len()),
        (true, true) => format!("{} is not {}", quoted(came), first(it)),
        (true, false) => match hit {
            Some(hit) => {
                let is = if hit.text.value == came { "is" } else { "matches" };
                format!("{} {is} {}, and `{}` wants another", quoted(came), quoted(&hit.text.value), it.operator)
            }
            None => format!("{} is one of the values, and `{}` wants another", quoted(came), it.operator),
        },
        (false, true) if it.asks.compares_text() => match hit {
            Some(wanted) if wanted.text.value != came => {
                format!("{} matches the pattern {}", quoted(came), quoted(&wanted.text.value))
            }
            _ => format!("it is {}, as wanted", quoted(came)),
        },
        (false, true) => format!("{} is what `{}` asks for", quoted(came), it.operator),
        (false, false) if it.asks.compares_text() => of_difference(it, came),
        (false, false) if several => {
            format!("{} is what none of the {} values of `{}` asks for", quoted(came), it.wanted.len(), it.operator)
        }
        (false, false) => format!("{} is not what `{}` {} asks for", quoted(came), it.operator, first(it)),
    }
}

fn first(it: &ConditionTrace) -> String {
    it.wanted.first().map_or_else(String::new, |it| quoted(&it.0))
}

fn of_difference(it: &ConditionTrace, came: &str) -> String {
    if !it.asks.reads_wildcards()
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
            .filter(|(want, come)| !fits(want.value, come.value, it.asks.reads_wildcards()))
            .map(|(want, come)| {
                let is_case = want.value.eq_ignore_ascii_case(come.value);
                format!(
                    "another {}: {}, and the token is for {}{}",
                    said(want.component),
                    quoted(want.value),
                    quoted(come.value),
                    if is_case { ", which differs from it in upper and lower case" } else { "" }
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
    let rank = |text: &&str| (distance(text, came, it.asks.reads_wildcards()), usize::MAX - common(text));
    it.wanted.iter().map(|it| it.0.as_str()).min_by_key(rank).unwrap_or("")
}

/// How far a condition is from being satisfied: 0 where it is. Only for choosing which one to speak of first.
pub(super) fn distance_of(it: &ConditionTrace) -> usize {
    match (&it.actual, it.matched) {
        (_, Some(true)) => 0,
        (KeyState::Known(came), _) => {
            let came = came.concat();
            it.wanted.iter().map(|(wanted, _)| distance(wanted, &came, it.asks.reads_wildcards())).min().unwrap_or(ELSE)
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
