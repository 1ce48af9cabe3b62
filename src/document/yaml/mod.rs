//! YAML as the same tree as JSON, with places. Duplicate keys are kept; aliases are copied, to a limit.
//!
//! A tag becomes an object of one member with the tag as its key: `!Sub x` is `{"!Sub": "x"}`. Plain scalars are read as by YAML's
//! core schema, but a number stays as it is written. The scanning is `saphyr-parser`'s. YAML 1.2.2, <https://yaml.org/spec/1.2.2/>.

mod build;
#[cfg(test)]
mod tests;

use crate::document::json::Node;
use crate::text::{Diagnostic, Span};

/// Reads a text: its documents, in order.
///
/// # Errors
/// The first place at which `text` is no YAML, nests too deeply, or copies too much by aliases.
pub fn parse(text: &str) -> Result<Vec<Node>, Diagnostic> {
    build::documents(text)
}

/// Where the bytes of a text are those of its value, one for one: not where it has escapes or lines that are joined.
pub fn verbatim(text: &str, span: Span, value: &str) -> Option<Span> {
    let whole = span.of(text);
    let inside = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
    if whole == value {
        Some(span)
    } else if whole.starts_with(['"', '\'']) && inside.of(text) == value {
        Some(inside)
    } else {
        None
    }
}
