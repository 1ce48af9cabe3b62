//! A role trust policy, read from a tree with its places kept.
//!
//! Two ends: a policy, or a document that no stored role can hold. What IAM is not confirmed to take, or to read in one way alone, is
//! kept and marked, and evaluated with caution; nothing is guessed at. Source: IAM User Guide, "Grammar of the IAM JSON policy
//! language" and "IAM JSON policy elements reference".

mod control;
mod operator;
mod read;

pub use crate::document::Text;
pub use control::{CONTROLS, Malformed, Refusal, passes_when_absent, refused_by_iam};
pub use operator::{Family, OPERATORS, Operator, Order, Qualifier};
pub use read::read;

use crate::pattern::{Element, Pattern};
use crate::text::Span;

/// A trust policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Where the document stands in its text.
    pub span: Span,
    /// `Version`.
    pub version: Option<Text>,
    /// Whether `Version` is 2012-10-17, so that policy variables and their escapes are read.
    pub variables: bool,
    /// The statements, in order; at least one.
    pub statements: Vec<Statement>,
    /// Keys that stand twice in one object: what IAM makes of them is not confirmed.
    pub duplicates: Vec<Duplicate>,
}

/// A key that stands twice in one object, in the same letters or in another case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicate {
    /// The key, as written the second time.
    pub key: String,
    /// Where it stands the second time.
    pub span: Span,
    /// Where it stands first.
    pub first: Span,
    /// The element that holds both, as `Statement[0].Condition`.
    pub path: String,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Where it stands.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<Text>,
    /// `Effect`.
    pub effect: Effect,
    /// Where the value of `Effect` stands.
    pub effect_span: Span,
    /// `Principal`: each kind with its values.
    pub principals: Vec<Principal>,
    /// Where the value of `Principal` stands.
    pub principal_span: Span,
    /// `Action` or `NotAction`, with wildcards.
    pub actions: Vec<Text>,
    /// Whether it is `NotAction`.
    pub not_action: bool,
    /// Where the value of `Action` or `NotAction` stands.
    pub action_span: Span,
    /// `Condition`: each operator and key, in order.
    pub conditions: Vec<Condition>,
    /// Where the value of `Condition` stands.
    pub condition_span: Option<Span>,
    /// What IAM is not confirmed to take, in words; evaluated as if it took it, and then never a yes.
    pub unconfirmed: Vec<String>,
    /// Whether an element stands twice in it, so that what it says is not known.
    pub is_doubled: bool,
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
    /// Where the operator stands.
    pub operator_span: Span,
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// References without a value in the key.
    pub key_unknown: Vec<String>,
    /// The values; none where the list is empty.
    pub values: Vec<Wanted>,
    /// Whether its operator or its key stands twice, so that it may not count.
    pub is_doubled: bool,
}

/// A value of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// As written.
    pub text: Text,
    /// The strings that satisfy it, where the operator compares texts and the value holds no policy variable; in lower case, where
    /// the operator ignores case.
    pub pattern: Option<Pattern>,
}

/// Every text that a value could be of which a part is not known: that part is any run of characters, and so is what a policy variable
/// may stand in. `wildcards`: whether `*` and `?` are wildcards in it.
pub fn could_be(text: &Text, wildcards: bool) -> Pattern {
    let mut elements = Vec::new();
    for (at, known) in text.known.iter().enumerate() {
        let has_variable = known.contains("${");
        if at > 0 || has_variable {
            elements.push(Element::Run);
        }
        elements.extend(known.chars().filter(|_| !has_variable).map(|it| match it {
            '*' if wildcards => Element::Run,
            '?' if wildcards => Element::One,
            it => Element::Char(it),
        }));
    }
    Pattern::of(elements)
}
