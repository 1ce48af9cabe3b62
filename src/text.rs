//! Places in a text and messages about them.
//!
//! Everything that reads what a person typed speaks in these terms. Offsets are bytes of UTF-8; only what is shown to a
//! person (line and column) counts characters. Nothing here knows what the text means.

use std::fmt;

/// A range of bytes in a text, `start` included, `end` not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text that the span covers; empty where it does not lie on character boundaries of `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// A place for people: both numbers start at 1, the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Where a byte of `text` stands. An offset past the end is the end.
pub fn position(text: &str, offset: usize) -> Position {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = text.get(..end).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        // Bytes, as they are counted many times faster than characters are looked at.
        line: before.bytes().filter(|it| *it == b'\n').count() + 1,
        column: before.get(line_start..).unwrap_or("").chars().count() + 1,
    }
}

/// Where the lines of a text end, so that many places are found in one walk through it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaks(Vec<usize>);

impl Breaks {
    /// The line ends of `text`.
    pub fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|it| it.1 == b'\n').map(|it| it.0).collect())
    }

    /// The line of a byte, from 1.
    pub fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|it| *it < offset) + 1
    }
}

/// The UTF-16 units before a byte of `text`: the places of a browser's text field. An offset past the end is the end.
pub fn utf16_of(text: &str, byte: usize) -> usize {
    if text.as_bytes().iter().take(byte).all(u8::is_ascii) {
        return byte.min(text.len());
    }
    text.char_indices().take_while(|it| it.0 < byte).map(|it| it.1.len_utf16()).sum()
}

/// The byte of `text` before which so many UTF-16 units stand.
pub fn byte_of(text: &str, units: usize) -> usize {
    if text.as_bytes().iter().take(units).all(u8::is_ascii) {
        return units.min(text.len());
    }
    let mut before = 0;
    for (at, c) in text.char_indices() {
        if before >= units {
            return at;
        }
        before += c.len_utf16();
    }
    text.len()
}

/// One message about what a person typed: what is wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where in the text, if the text is at hand.
    pub span: Option<Span>,
    /// Which field, as `roles[0].scopes[1].ref`; empty for the document as a whole.
    pub path: String,
    /// One line, lower case, no full stop; the user's own text in backticks.
    pub message: String,
    /// What to do, one line; empty where the message says it.
    pub help: String,
}

impl Diagnostic {
    /// A message without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { span: None, path: String::new(), message: message.into(), help: String::new() }
    }

    /// The same message, at `span`.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same message, for the field `path`.
    #[must_use]
    pub fn in_field(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same message, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The message on one line, with its place in `text` and its field where known.
    pub fn one_line(&self, text: &str) -> String {
        let mut out = String::new();
        if let Some(span) = self.span {
            out.push_str(&position(text, span.start).to_string());
            out.push_str(": ");
        }
        if !self.path.is_empty() {
            out.push_str(&self.path);
            out.push_str(": ");
        }
        out.push_str(&self.message);
        if !self.help.is_empty() {
            out.push_str(" (");
            out.push_str(&self.help);
            out.push(')');
        }
        out
    }
}

/// The user's own text for a message: in backticks, cut to a length that a person can read, control and direction marks shown
/// as their code points so that they cannot rearrange the message.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 80;
    match text.char_indices().nth(SHOWN).and_then(|it| text.get(..it.0)) {
        Some(shown) => format!("`{}…`", visible(shown, &[])),
        None => format!("`{}`", visible(text, &[])),
    }
}

/// The text with each invisible character as its code point, but for those of `kept`.
pub fn visible(text: &str, kept: &[char]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) && !kept.contains(&c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// One character for a message: in backticks, or by its name where it would not be seen.
pub fn character(c: char) -> String {
    match c {
        ' ' => "space".to_owned(),
        '\n' => "line break".to_owned(),
        '\t' => "tab".to_owned(),
        c if is_invisible(c) => format!("character U+{:04X}", u32::from(c)),
        c => format!("`{c}`"),
    }
}

/// Whether a character would be invisible or rearrange its neighbours on a screen: controls, zero-width and direction marks.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// The entry of `known` nearest to `name` by edit distance, if it is near enough to be what was meant.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 64 {
        return None;
    }
    let limit = (name.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|it| (edit_distance(&name.to_ascii_lowercase(), &it.to_ascii_lowercase()), it))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, it)| it)
}

/// Levenshtein distance in characters, with a rolling row.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (cb, above) in b.iter().zip(row.iter().skip(1)) {
            left = (diagonal + usize::from(ca != *cb)).min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// A checked text: a newtype with one fallible constructor, written beside it, and no way round it.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use checked_text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_not_bytes() {
        let text = "aé\nöß x";
        assert_eq!(position(text, 0), Position { line: 1, column: 1 });
        assert_eq!(position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(position(text, 8), Position { line: 2, column: 3 });
        assert_eq!(position(text, 999), Position { line: 2, column: 5 });
    }

    #[test]
    fn places_of_a_text_field_are_units_of_utf16() {
        let text = "aé😀b";
        for (byte, units) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
            assert_eq!((utf16_of(text, byte), byte_of(text, units)), (units, byte));
        }
        assert_eq!((utf16_of(text, 99), byte_of(text, 99), byte_of(text, 3)), (5, 8, 7));
    }

    #[test]
    fn a_quoted_text_is_short_and_visible() {
        assert_eq!(quoted("ab"), "`ab`");
        assert_eq!(quoted("a\u{202e}b\n"), "`a\\u{202e}b\\u{a}`");
        assert!(quoted(&"x".repeat(1_000_000)).chars().count() < 90);
    }

    #[test]
    fn the_nearest_name_is_found_or_none() {
        let known = ["project", "ref", "ref_type"];
        assert_eq!(nearest("projct", known), Some("project"));
        assert_eq!(nearest("refs", known), Some("ref"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
