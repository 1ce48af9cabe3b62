//! Texts as trees with positions. Nothing here knows what a document means.

pub mod json;

use crate::text::Span;
use json::{Node, Piece, Value};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// The value; numbers and booleans as written, a part that is not known as `${var.account_id}`.
    pub value: String,
    /// The bytes of the value, quotes included.
    pub span: Span,
    /// The references in it that have no value, as written.
    pub unknown: Vec<String>,
}

impl Text {
    /// A known value.
    pub fn new(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, unknown: Vec::new() }
    }

    /// A string, a number or a boolean; none for what is no scalar.
    pub fn of(node: &Node) -> Option<Self> {
        match &node.value {
            Value::String(it) | Value::Number(it) => Some(Self::new(it.clone(), node.span)),
            Value::Bool(it) => Some(Self::new(it.to_string(), node.span)),
            Value::Template(pieces) => Some(Self {
                value: json::shown(pieces),
                span: node.span,
                unknown: pieces
                    .iter()
                    .filter_map(|it| match it {
                        Piece::Unknown(name) => Some(name.clone()),
                        Piece::Text(_) => None,
                    })
                    .collect(),
            }),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}
