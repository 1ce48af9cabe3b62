//! JSON as a tree with positions. Duplicate keys are kept, so that whoever reads the tree can report them.
//!
//! The grammar is RFC 8259 and nothing looser: no comments, no trailing commas. The scanning is `jsonc-parser`'s; this file holds
//! it to the strict grammar and turns its words into ours. A text is either read whole or refused with one place.

use std::collections::BTreeSet;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::text::{Diagnostic, Span};

/// Longest text that is read, in bytes: far above any policy, token or setup, far below what would freeze a page.
pub const MAX_BYTES: usize = 2 * 1024 * 1024;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The bytes of the value in its text.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// A string of which a part is not known: a reference without a value, in Terraform or CloudFormation. JSON itself has none.
    Template(Vec<Piece>),
    /// An array.
    Array(Vec<Node>),
    /// An object, its members in order, duplicates included.
    Object(Vec<Member>),
}

/// A part of a [`Value::Template`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Stands for itself.
    Text(String),
    /// A reference, as written: `var.account_id`.
    Unknown(String),
}

/// One member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, unescaped; a part that is not known stands as `${var.host}`.
    pub key: String,
    /// The references in the key that have no value, as written.
    pub unknown: Vec<String>,
    /// The bytes of the key, quotes included.
    pub key_span: Span,
    /// Its value.
    pub value: Node,
}

impl Node {
    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(it) => Some(it),
            _ => None,
        }
    }

    /// The members, if it is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(it) => Some(it),
            _ => None,
        }
    }

    /// The items, if it is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Array(it) => Some(it),
            _ => None,
        }
    }

    /// The last member of that name, as JSON readers that keep one value do.
    pub fn member(&self, key: &str) -> Option<&Node> {
        self.as_object()?.iter().rev().find(|it| it.key == key).map(|it| &it.value)
    }

    /// What it is, in words: `a string`, `an object`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) | Value::Template(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// Puts all of it at one place, for what was read out of a string.
    pub fn put_at(&mut self, span: Span) {
        self.span = span;
        match &mut self.value {
            Value::Array(items) => items.iter_mut().for_each(|it| it.put_at(span)),
            Value::Object(members) => members.iter_mut().for_each(|it| {
                it.key_span = span;
                it.value.put_at(span);
            }),
            _ => {}
        }
    }

    /// A value that was never text: its span is empty.
    pub fn new(value: Value) -> Self {
        Self { span: Span::default(), value }
    }

    /// A string that was never text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Value::String(text.into()))
    }

    /// A number that was never text.
    pub fn number(number: impl ToString) -> Self {
        Self::new(Value::Number(number.to_string()))
    }

    /// An array that was never text.
    pub fn array(items: Vec<Self>) -> Self {
        Self::new(Value::Array(items))
    }

    /// An object that was never text.
    pub fn object(members: Vec<(&str, Self)>) -> Self {
        let members = members.into_iter().map(|(key, value)| Member::new(key, value)).collect();
        Self::new(Value::Object(members))
    }
}

impl Member {
    /// A member that was never text.
    pub fn new(key: impl Into<String>, value: Node) -> Self {
        Self { key: key.into(), unknown: Vec::new(), key_span: Span::default(), value }
    }
}

/// A template as people read it: `arn:aws:iam::${var.account_id}:root`.
pub fn shown(pieces: &[Piece]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(it) => out.push_str(it),
            Piece::Unknown(it) => {
                out.push_str("${");
                out.push_str(it);
                out.push('}');
            }
        }
    }
    out
}

/// The first key that stands twice in one object, anywhere in the tree.
pub fn double_key(node: &Node) -> Option<&Member> {
    match &node.value {
        Value::Array(items) => items.iter().find_map(double_key),
        Value::Object(members) => {
            let mut seen = BTreeSet::new();
            members.iter().find_map(|it| if seen.insert(&it.key) { double_key(&it.value) } else { Some(it) })
        }
        _ => None,
    }
}

/// Reads one JSON value.
///
/// # Errors
/// The first place at which `text` is no JSON, with what was expected there.
pub fn parse(text: &str) -> Result<Node, Diagnostic> {
    if text.len() > MAX_BYTES {
        return Err(Diagnostic::new(format!("this text has {} bytes; at most {MAX_BYTES} are read", text.len())));
    }
    let strict = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    // Surprise: the scanner takes control characters inside strings, which RFC 8259 forbids; `check_string` refuses them.
    let parsed = parse_to_ast(text, &CollectOptions::default(), &strict).map_err(|error| {
        let range = error.range();
        Diagnostic::new(complaint(error.kind())).at(Span::new(range.start, range.end.max(range.start)))
    })?;
    let Some(root) = parsed.value else {
        return Err(Diagnostic::new("nothing here: expected a JSON value").at(Span::new(0, text.len())));
    };
    if let Some((at, c)) = foreign_space(text) {
        let message = format!("JSON has no white space such as the character U+{:04X} here", u32::from(c));
        let help = "pages of the web and word processors leave it behind: write a space";
        return Err(Diagnostic::new(message).at(Span::new(at, at + c.len_utf8())).help(help));
    }
    convert(text, root)
}

/// The first white space between the parts of a text that was read, other than JSON's own four; the mark at the very start is none.
fn foreign_space(text: &str) -> Option<(usize, char)> {
    let is_foreign = |c: char| (c.is_whitespace() || c == '\u{feff}') && !matches!(c, ' ' | '\t' | '\n' | '\r');
    if !text.contains(is_foreign) {
        return None;
    }
    let (mut in_string, mut is_escaped) = (false, false);
    text.char_indices().find(|(at, c)| {
        match c {
            '"' if !is_escaped => in_string = !in_string,
            _ => {}
        }
        is_escaped = in_string && !is_escaped && *c == '\\';
        !in_string && *at > 0 && is_foreign(*c)
    })
}

fn convert(text: &str, value: ast::Value<'_>) -> Result<Node, Diagnostic> {
    let range = value.range();
    let span = Span::new(range.start, range.end);
    let value = match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(it) => Value::Bool(it.value),
        ast::Value::NumberLit(it) => Value::Number(it.value.to_owned()),
        ast::Value::StringLit(it) => {
            check_string(text, span)?;
            Value::String(it.value.into_owned())
        }
        ast::Value::Array(it) => {
            let mut items = Vec::with_capacity(it.elements.len());
            for element in it.elements {
                items.push(convert(text, element)?);
            }
            Value::Array(items)
        }
        ast::Value::Object(it) => {
            let mut members = Vec::with_capacity(it.properties.len());
            for property in it.properties {
                let range = property.name.range();
                let key_span = Span::new(range.start, range.end);
                check_string(text, key_span)?;
                members.push(Member {
                    key: property.name.into_string(),
                    unknown: Vec::new(),
                    key_span,
                    value: convert(text, property.value)?,
                });
            }
            Value::Object(members)
        }
    };
    Ok(Node { span, value })
}

/// RFC 8259 asks for an escape for every control character in a string.
fn check_string(text: &str, span: Span) -> Result<(), Diagnostic> {
    match span.of(text).find(|c: char| c < ' ') {
        Some(at) => Err(Diagnostic::new(
            "a line break or control character inside a string: write it as an escape, `\\n` for instance",
        )
        .at(Span::new(span.start + at, span.start + at + 1))),
        None => Ok(()),
    }
}

fn complaint(kind: &ParseErrorKind) -> String {
    use ParseErrorKind as K;
    let words = match kind {
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => "comments are not allowed in JSON",
        K::ExpectedColonAfterObjectKey => "expected `:` after the key",
        K::ExpectedObjectValue => "expected a value after `:`",
        K::ExpectedDigit | K::ExpectedDigitFollowingNegativeSign | K::ExpectedPlusMinusOrDigitInNumberLiteral => {
            "expected a digit"
        }
        K::ExpectedStringObjectProperty | K::UnexpectedTokenInObject => "expected a key in double quotes",
        K::ExpectedComma => "expected `,`",
        K::MultipleRootJsonValues => "expected the end: there is more text after the JSON value",
        K::SingleQuotedStringsNotAllowed => "expected double quotes: JSON has no single quotes",
        K::TrailingCommasNotAllowed => "a comma with nothing after it is not allowed in JSON",
        K::UnexpectedCloseBrace => "this `}` closes nothing",
        K::UnexpectedCloseBracket => "this `]` closes nothing",
        K::UnexpectedColon => "unexpected `:`",
        K::UnexpectedComma => "unexpected `,`",
        K::UnexpectedWord => "unexpected word: strings need double quotes",
        K::UnterminatedArray => "this `[` is never closed",
        K::UnterminatedObject => "this `{` is never closed",
        K::NestingDepthExceeded => "nested too deeply: at most 512 levels are read",
        K::String(_) => "this string is broken: an unknown escape, or its closing quote is missing",
        _ => "this is no JSON",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, at: &str, words: &str) {
        let error = parse(text).unwrap_err();
        assert!(error.message.contains(words), "{text}: {}", error.message);
        let span = error.span.unwrap();
        assert!(text.get(span.start..).unwrap().starts_with(at), "{span:?}");
    }

    #[test]
    fn positions_and_duplicates_are_kept() {
        let text = r#"{"a": 1, "a": ["x", null]}"#;
        let root = parse(text).unwrap();
        let members = root.as_object().unwrap();
        assert_eq!(members.len(), 2);
        assert_eq!(members[1].value.span.of(text), r#"["x", null]"#);
        assert_eq!(members[1].key_span.of(text), r#""a""#);
        assert_eq!(root.member("a").unwrap().kind(), "an array");
    }

    #[test]
    fn what_is_no_json_is_refused_with_the_place() {
        refused("{\"a\": 1,}", ",", "comma");
        refused("{\"a\" 1}", "1", "expected `:`");
        refused("// x\n{}", "//", "comments");
        refused("{\"a\": \"b\nc\"}", "\n", "line break");
        refused("[01]", "1", "expected `,`");
        refused("{\"a\": 1", "{", "never closed");
        refused("[1] [2]", "[2]", "more text");
        assert!(parse("").is_err());
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert!(parse(&"[".repeat(100_000)).unwrap_err().message.contains("nested too deeply"));
        assert!(parse(&" ".repeat(MAX_BYTES + 1)).unwrap_err().message.contains("at most"));
    }

    #[test]
    fn accepts_exactly_what_serde_json_accepts() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "1",
            "-",
            "0",
            ".5",
            "e-3",
            "true",
            "null",
            " ",
            "\"\\u0041\"",
            "\"\\x\"",
        ];
        let mut tried = 0;
        let mut indices = [0usize; 5];
        'all: loop {
            let text: String = indices.iter().map(|&it| pieces[it]).collect();
            let ours = parse(&text);
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            assert_eq!(ours.is_ok(), theirs.is_ok(), "{text:?}: {ours:?} {theirs:?}");
            if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
                // serde_json rounds small numbers by its own way, and keeps the last of a double key; elsewhere the trees are equal.
                let again = || serde_json::from_str::<serde_json::Value>(&crate::print::json::compact(&ours)).unwrap();
                assert!(text.contains("e-3") || again() == theirs, "{text:?}");
            }
            tried += 1;
            for it in indices.iter_mut() {
                *it += 1;
                if *it < pieces.len() {
                    continue 'all;
                }
                *it = 0;
            }
            break;
        }
        assert_eq!(tried, pieces.len().pow(5));
    }
}
