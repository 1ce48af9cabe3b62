//! A pattern laid against a value: which part of the value each part of the pattern took, and where the two part ways.

use super::{Element, Pattern};

/// A stretch of text in a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text of this stretch.
    pub text: String,
    /// Whether it agrees with the other side.
    pub agrees: bool,
}

/// How many steps times characters are looked at to find how far the two go together; of longer ones it is where they are the same.
const MOST_STEPS: usize = 4_000_000;

/// Lays `pattern` against `value`: the pieces of the pattern as written by IAM, and the pieces of the value.
///
/// Both sides begin with the longest part that agrees and, for a pattern without a wildcard, end with the longest tail that
/// agrees. What stands between is what differs; where the whole matches, both sides are one agreeing piece.
pub fn align(pattern: &Pattern, value: &str) -> (Vec<Piece>, Vec<Piece>) {
    let wanted: Vec<char> = pattern.elements().iter().map(|it| written(*it)).collect();
    let came: Vec<char> = value.chars().collect();
    if pattern.matches(value) {
        return (cut(&wanted, wanted.len(), wanted.len()), cut(&came, came.len(), came.len()));
    }
    let (head_wanted, head_came) = if wanted.len().saturating_mul(came.len()) > MOST_STEPS {
        let same = wanted.iter().zip(&came).take_while(|(a, b)| a == b).count();
        (same, same)
    } else {
        longest_head(pattern.elements(), &came)
    };
    let tail = if pattern.elements().iter().any(|it| !matches!(it, Element::Char(_))) {
        0
    } else {
        let most = (wanted.len() - head_wanted).min(came.len() - head_came);
        (0..most).take_while(|back| wanted.iter().rev().nth(*back) == came.iter().rev().nth(*back)).count()
    };
    (cut(&wanted, head_wanted, wanted.len() - tail), cut(&came, head_came, came.len() - tail))
}

/// How far pattern and value go together: the most steps of the pattern that some beginning of the value satisfies, and the
/// length of that beginning. A set of reachable steps is kept per character, so this is `|pattern| × |value|`.
fn longest_head(elements: &[Element], came: &[char]) -> (usize, usize) {
    let closure = |reached: &mut Vec<bool>| {
        for (step, element) in elements.iter().enumerate() {
            if *element == Element::Run
                && reached.get(step) == Some(&true)
                && let Some(next) = reached.get_mut(step + 1)
            {
                *next = true;
            }
        }
    };
    let furthest = |reached: &[bool]| reached.iter().rposition(|it| *it).unwrap_or(0);
    let mut reached = vec![false; elements.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    closure(&mut reached);
    let mut best = (furthest(&reached), 0);
    for (at, c) in came.iter().enumerate() {
        let mut next = vec![false; elements.len() + 1];
        for (step, element) in elements.iter().enumerate().filter(|(step, _)| reached.get(*step) == Some(&true)) {
            let to = match element {
                Element::Run => step,
                Element::One => step + 1,
                Element::Char(wanted) if wanted == c => step + 1,
                Element::Char(_) => continue,
            };
            if let Some(it) = next.get_mut(to) {
                *it = true;
            }
        }
        closure(&mut next);
        if !next.contains(&true) {
            break;
        }
        let step = furthest(&next);
        if step >= best.0 {
            best = (step, at + 1);
        }
        reached = next;
    }
    best
}

fn written(element: Element) -> char {
    match element {
        Element::Char(c) => c,
        Element::One => '?',
        Element::Run => '*',
    }
}

/// `[..head]` and `[tail..]` agree, what is between differs; empty pieces are left out, but a side that is cut to nothing at the
/// difference keeps its place.
fn cut(chars: &[char], head: usize, tail: usize) -> Vec<Piece> {
    let part = |from: usize, to: usize| chars.get(from..to).unwrap_or_default().iter().collect::<String>();
    [(part(0, head), true), (part(head, tail), false), (part(tail, chars.len()), true)]
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, agrees)| Piece { text, agrees })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, value: &str, expected: &str) {
        let show = |pieces: Vec<Piece>| -> String {
            pieces.into_iter().map(|it| if it.agrees { it.text } else { format!("[{}]", it.text) }).collect()
        };
        let (wanted, came) = align(&Pattern::like(pattern, false).unwrap(), value);
        assert_eq!(format!("{} | {}", show(wanted), show(came)), expected);
    }

    #[test]
    fn the_difference_is_marked_to_the_character() {
        check("main", "main", "main | main");
        check("main", "maint", "main | main[t]");
        check("release", "relaese", "rel[ea]se | rel[ae]se");
        check("main", "dev", "[main] | [dev]");
        check("v*", "1.0", "[v*] | [1.0]");
        check("v*.0", "v1.1", "v*.[0] | v1.[1]");
        check("mygroup/*", "mygroup-evil/x", "mygroup[/*] | mygroup[-evil/x]");
    }

    #[test]
    fn very_long_ones_are_compared_only_as_they_are_written() {
        let (pattern, value) = (format!("x{}b", "*a".repeat(100_000)), format!("x{}", "a".repeat(20_000)));
        let (wanted, came) = align(&Pattern::like(&pattern, false).unwrap(), &value);
        assert_eq!((wanted[0].text.as_str(), came[0].text.as_str()), ("x", "x"));
        assert_eq!((wanted.len(), came.len()), (2, 2));
    }
}
