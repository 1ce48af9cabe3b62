//! Texts as trees with positions. Nothing here knows what a document means.

pub mod hcl;
pub mod json;
pub mod spelled;
pub mod yaml;

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
    /// Where there are such references: what is known before, between and after them.
    pub known: Vec<String>,
}

impl Text {
    /// A known value.
    pub fn new(value: impl Into<String>, span: Span) -> Self {
        Self { value: value.into(), span, ..Self::default() }
    }

    /// A string, a number or a boolean; none for what is no scalar.
    pub fn of(node: &Node) -> Option<Self> {
        match &node.value {
            Value::String(it) | Value::Number(it) => Some(Self::new(it.clone(), node.span)),
            Value::Bool(it) => Some(Self::new(it.to_string(), node.span)),
            Value::Template(pieces) => {
                let mut text = Self { known: vec![String::new()], ..Self::new(json::shown(pieces), node.span) };
                for piece in pieces {
                    match piece {
                        Piece::Text(it) => text.known.iter_mut().last()?.push_str(it),
                        Piece::Unknown(name) => {
                            text.unknown.push(name.clone());
                            text.known.push(String::new());
                        }
                    }
                }
                Some(text)
            }
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}
