//! JSON inside of another language's text, with references in it that have no value.
//!
//! Each such reference stands in the JSON as one mark, a character of a private plane, which becomes a piece of its string.

use crate::document::json::{self, Node, Piece, Value};
use crate::document::spelled::Spelled;
use crate::text::{Diagnostic, Span};

const FIRST: u32 = 0xf_0000;
const MOST: usize = 0xfff0;

/// The mark of the reference at that place of the list of names. Those beyond a number that no policy has share one.
pub(super) fn mark(at: usize) -> char {
    let at = u32::try_from(at.min(MOST)).unwrap_or(0);
    char::from_u32(FIRST + at).unwrap_or('\u{f0000}')
}

fn name_of(c: char, names: &[String]) -> Option<&String> {
    names.get(usize::try_from(u32::from(c).checked_sub(FIRST)?).ok()?)
}

/// The tree of the JSON in `spelled`, its places those of the text around it. `whole` is where all of it stands.
///
/// # Errors
/// What is no JSON, with its place.
pub(super) fn fill(spelled: &Spelled, names: &[String], whole: Span) -> Result<Node, Diagnostic> {
    let mut node = json::parse(&spelled.text).map_err(|mut problem| {
        let place = problem.span.map(|it| (it, spelled.place(it)));
        let is_mark = place.is_some_and(|it| it.0.of(&spelled.text).chars().any(|c| name_of(c, names).is_some()));
        problem.message = if is_mark {
            "a reference without a value stands outside of the quotes of this JSON".to_owned()
        } else {
            format!("the JSON in here is broken: {}", problem.message)
        };
        problem.span = Some(place.map_or(whole, |it| it.1));
        problem
    })?;
    put(&mut node, spelled, names);
    Ok(node)
}

fn put(node: &mut Node, spelled: &Spelled, names: &[String]) {
    node.span = spelled.place(node.span);
    match &mut node.value {
        Value::String(text) => {
            let pieces = pieces(text, names);
            if pieces.iter().any(|it| matches!(it, Piece::Unknown(_))) {
                node.value = Value::Template(pieces);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| put(it, spelled, names)),
        Value::Object(members) => {
            for member in members {
                member.key_span = spelled.place(member.key_span);
                let pieces = pieces(&member.key, names);
                member.key = json::shown(&pieces);
                member.unknown = pieces
                    .into_iter()
                    .filter_map(|it| match it {
                        Piece::Unknown(it) => Some(it),
                        Piece::Text(_) => None,
                    })
                    .collect();
                put(&mut member.value, spelled, names);
            }
        }
        _ => {}
    }
}

/// A text with marks in it, as pieces.
pub(super) fn pieces(text: &str, names: &[String]) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut plain = String::new();
    for c in text.chars() {
        match name_of(c, names) {
            Some(name) => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Unknown(name.clone()));
            }
            None => plain.push(c),
        }
    }
    if !plain.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    pieces
}
