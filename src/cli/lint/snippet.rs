//! A line of a file with carets under the characters that a finding speaks of.
//!
//! Columns are those of a terminal: a tab is shown as spaces, a wide character takes two, a combining one none, and what would be
//! invisible or move the cursor is written out. A long line is cut around the place, and a place of several lines is marked to
//! the end of its first.

use unicode_width::UnicodeWidthChar;

use crate::text::{Position, Span, position, visible};

/// How wide the shown part of a line is, in columns.
const WIDTH: usize = 100;

/// How much of a line stands before the place at least, where the line is cut.
const BEFORE: usize = 30;

/// What a tab is shown as. Its true width depends on who shows it.
const TAB: &str = "    ";

/// The line at a place, and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Snippet {
    /// Where it is, for people.
    pub(super) at: Position,
    /// The line, or the part of it around the place.
    pub(super) line: String,
    /// Spaces, then a caret for each column of the place.
    pub(super) carets: String,
}

/// One character as it is shown, and in how many columns.
struct Shown {
    text: String,
    width: usize,
    is_marked: bool,
}

/// The line of `text` in which `span` begins.
pub(super) fn snippet(text: &str, span: Span) -> Snippet {
    let start = floor(text, span.start);
    let (before, after) = text.split_at_checked(start).unwrap_or((text, ""));
    let from = before.rfind('\n').map_or(0, |it| it + 1);
    let before = before.get(from..).unwrap_or("");
    let after = after.split('\n').next().unwrap_or("").trim_end_matches('\r');
    // Looked at no further than a line of narrow characters can be shown.
    let cut_off = before.char_indices().rev().nth(WIDTH).map_or(0, |it| it.0);
    let mut shown: Vec<Shown> = Vec::new();
    let near = before.get(cut_off..).unwrap_or("").chars();
    shown.extend(near.map(|c| show(c, false)));
    let first = shown.len();
    let marked = after.char_indices().take(2 * WIDTH);
    shown.extend(marked.map(|(at, c)| show(c, at == 0 || start + at < span.end)));
    if after.is_empty() {
        // The place is the end of the line, where something is missing.
        shown.push(Shown { text: String::new(), width: 1, is_marked: true });
    }
    let (line, carets) = cut(&shown, first, cut_off > 0);
    Snippet { at: position(text, start), line, carets }
}

/// The nearest place at or before `offset` that is no middle of a character.
fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn show(c: char, is_marked: bool) -> Shown {
    let text = match c {
        '\t' => TAB.to_owned(),
        c => visible(c.encode_utf8(&mut [0; 4]), &[]),
    };
    let width = text.chars().map(|it| it.width().unwrap_or(0)).sum();
    Shown { text, width, is_marked }
}

/// The part of the line that is shown around its character number `first`, and the carets under it.
fn cut(shown: &[Shown], first: usize, is_cut_off: bool) -> (String, String) {
    let width = |part: &mut dyn Iterator<Item = &Shown>| part.map(|it| it.width).sum::<usize>();
    let mut skip = 0;
    if is_cut_off || width(&mut shown.iter()) > WIDTH {
        // As much before the place as leaves room for it, and not less than a little.
        let marked = width(&mut shown.iter().filter(|it| it.is_marked));
        let room = WIDTH.saturating_sub(marked).max(BEFORE);
        let mut before = width(&mut shown.iter().take(first));
        while before > room {
            before -= shown.get(skip).map_or(0, |it| it.width);
            skip += 1;
        }
    }
    let (mut line, mut carets, mut used) = (String::new(), String::new(), 0);
    if skip > 0 || is_cut_off {
        line.push('…');
        carets.push(' ');
    }
    for it in shown.iter().skip(skip) {
        if used + it.width > WIDTH {
            line.push('…');
            break;
        }
        used += it.width;
        line.push_str(&it.text);
        carets.extend(std::iter::repeat_n(if it.is_marked { '^' } else { ' ' }, it.width));
    }
    carets.truncate(carets.trim_end().len());
    (line, carets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `text` with the place between the first `<` and `>`, which are no part of it.
    fn check(text: &str, line: &str, carets: &str) {
        let start = text.find('<').unwrap();
        let end = text.find('>').unwrap() - 1;
        let text = text.replacen('<', "", 1).replacen('>', "", 1);
        let it = snippet(&text, Span::new(start, end));
        assert_eq!((it.line.as_str(), it.carets.as_str()), (line, carets), "{text:?}");
    }

    #[test]
    fn carets_stand_under_the_characters() {
        check("<ab>c", "abc", "^^");
        check("one\ntwo <three> four\nfive", "two three four", "    ^^^^^");
        check("a <b\r\nc>\r\n", "a b", "  ^");
        check("\t\"k\":\t<\"v\">", "    \"k\":    \"v\"", "            ^^^");
        check("é日本<x>", "é日本x", "     ^");
        check("<日本>x", "日本x", "^^^^");
        check("e\u{301}<x>", "e\u{301}x", " ^");
        check("a\u{202e}<b>\u{1b}[31m", "a\\u{202e}b\\u{1b}[31m", "         ^");
        check("ab<>", "ab", "  ^");
        check("a<>b", "ab", " ^");
        check("<>", "", "^");
        check("a\n<>\nb", "", "^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let long = "x".repeat(1_000_000);
        for (text, place) in
            [(format!("{long}HERE{long}"), long.len()), (format!("HERE{long}"), 0), (format!("{long}HERE"), long.len())]
        {
            let it = snippet(&text, Span::new(place, place + 4));
            assert!(it.line.chars().count() <= WIDTH + 2, "{}", it.line.len());
            let under: String =
                it.line.chars().zip(it.carets.chars()).filter(|it| it.1 == '^').map(|it| it.0).collect();
            assert_eq!(under, "HERE");
        }
        let it = snippet(&long, Span::new(500, 900_000));
        assert!(it.line.starts_with('…') && it.line.ends_with('…'), "{}", it.line);
        assert_eq!(it.carets.find('^'), Some(BEFORE + 1));
        // Marks that take no column of their own cannot make the line long.
        let it = snippet(&format!("a{}", "\u{301}".repeat(1_000_000)), Span::new(0, 1));
        assert!(it.line.len() < 1_000);
    }

    #[test]
    fn a_place_that_is_none_is_the_end() {
        let it = snippet("ab", Span::new(99, 120));
        assert_eq!((it.line.as_str(), it.carets.as_str()), ("ab", "  ^"));
        let it = snippet("é", Span::new(1, 2));
        assert_eq!((it.line.as_str(), it.carets.as_str()), ("é", "^"));
    }
}
