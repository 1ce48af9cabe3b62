//! Wildcards and policy variables of the second evaluator.

use super::evaluator::Holds;

/// One step of a pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Element {
    Run,
    One,
    Char(char),
}

/// A value of a policy with its variables filled in.
pub(crate) enum Filled {
    Known(Vec<Element>),
    /// A variable is not in the request: "effectively null", so there is no equal.
    Never,
    /// A variable's value or form is not known.
    Unclear,
}

fn wildcard(it: char) -> Element {
    match it {
        '*' => Element::Run,
        '?' => Element::One,
        it => Element::Char(it),
    }
}

/// Wildcards alone.
pub(crate) fn simple(text: &str) -> Vec<Element> {
    text.chars().map(wildcard).collect()
}

pub(crate) fn lower(elements: &[Element]) -> Vec<Element> {
    let lower = |it: &Element| match it {
        Element::Char(it) => it.to_lowercase().map(Element::Char).collect(),
        it => vec![it.clone()],
    };
    elements.iter().flat_map(lower).collect()
}

/// A value with its variables; `wildcards` where the operator reads them.
pub(crate) fn fill(text: &str, variables: bool, wildcards: bool, holds: &dyn Fn(&str) -> Holds) -> Filled {
    let mut elements = Vec::new();
    let (mut never, mut unclear) = (false, false);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if !variables || !rest.starts_with("${") {
            elements.push(if wildcards { wildcard(first) } else { Element::Char(first) });
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let Some((inner, after)) = rest[2..].split_once('}') else { return Filled::Unclear };
        rest = after;
        if let "*" | "?" | "$" = inner {
            elements.extend(inner.chars().map(Element::Char));
            continue;
        }
        let (name, default) = match inner.split_once(", '") {
            Some((name, default)) => match default.strip_suffix('\'') {
                Some(default) => (name, Some(default)),
                None => return Filled::Unclear,
            },
            None => (inner, None),
        };
        if name.is_empty() || name.contains([' ', ',', '\'', '$', '{']) {
            return Filled::Unclear;
        }
        let value = match (holds(name), default) {
            (Holds::Values(values), _) if values.len() == 1 => values[0].clone(),
            (Holds::Values(_) | Holds::Unknown { .. } | Holds::Null, _) => {
                unclear = true;
                continue;
            }
            (Holds::Nothing, Some(default)) => default.to_owned(),
            (Holds::Nothing, None) => {
                never = true;
                continue;
            }
        };
        // Whether they would be wildcards is not known.
        unclear |= wildcards && value.contains(['*', '?']);
        elements.extend(value.chars().map(Element::Char));
    }
    match (never, unclear) {
        (true, _) => Filled::Never,
        (_, true) => Filled::Unclear,
        _ => Filled::Known(elements),
    }
}

/// Whether the whole text matches: a table of which prefixes match which.
pub(crate) fn matches(elements: &[Element], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reach = vec![false; text.len() + 1];
    reach[0] = true;
    for element in elements {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match element {
                Element::Run => reach[..=at].contains(&true),
                Element::One => at > 0 && reach[at - 1],
                Element::Char(it) => at > 0 && reach[at - 1] && text[at - 1] == *it,
            };
        }
        reach = next;
    }
    reach[text.len()]
}
