//! A role trust policy, read from JSON with its places kept.
//!
//! Three ends: a policy; a document that no stored role can hold; a construct that this version does not evaluate. The second and
//! third are never guessed at. Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements
//! reference".

mod control;
mod operator;
mod read;

pub use crate::document::Text;
pub use control::{Refusal, refused_by_iam};
pub use operator::{Comparison, Operator};
pub use read::read;

use crate::pattern::Pattern;
use crate::text::Span;

/// A trust policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Where the document stands in its text.
    pub span: Span,
    /// Whether `Version` is 2012-10-17, so that policy variables and their escapes are read.
    pub variables: bool,
    /// The statements, in order; at least one.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal`: each kind with its values.
    pub principals: Vec<Principal>,
    /// `Action`, with wildcards.
    pub actions: Vec<Text>,
    /// `Condition`: each operator and key, in order.
    pub conditions: Vec<Condition>,
}

/// `Effect`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum Effect {
    Allow,
    Deny,
}

impl Effect {
    /// As in a policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// One principal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// `Federated`, `AWS`, `Service` or `CanonicalUser`.
    pub kind: PrincipalKind,
    /// The value.
    pub text: Text,
}

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are AWS's own")]
pub enum PrincipalKind {
    Federated,
    Aws,
    Service,
    CanonicalUser,
}

/// One key under one operator.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The operator as written.
    pub operator_text: String,
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The values, at least one.
    pub values: Vec<Wanted>,
}

/// A value of a condition: as written, and what it means under its operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As written.
    pub text: Text,
    /// The strings that satisfy it.
    pub pattern: Pattern,
}

/// Why a document is no policy that can be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// No stored role can hold this document.
    Malformed(Refusal),
    /// IAM has this construct; this version does not evaluate it yet.
    NotEvaluated(NotEvaluated),
}

/// A construct that this version does not evaluate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotEvaluated {
    /// What it is, as written.
    pub construct: String,
    /// Where it stands in the policy, where it stands in one.
    pub span: Option<Span>,
}

impl NotEvaluated {
    /// A construct at its place in a policy.
    pub fn new(construct: impl Into<String>, span: Span) -> Self {
        Self { construct: construct.into(), span: Some(span) }
    }

    /// The message: `not evaluated yet: NumericLessThan`.
    pub fn message(&self) -> String {
        format!("not evaluated yet: {}", crate::text::quoted(&self.construct))
    }
}
