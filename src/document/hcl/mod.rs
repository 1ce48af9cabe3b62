//! HCL, the language of Terraform and OpenTofu, as a tree with places.
//!
//! Read by recursive descent, to a depth. What is no literal, reference, template, collection, call, conditional, comparison of two or
//! `for` is skipped with its place kept ([`Value::Other`]): other operators are not evaluated here or anywhere.
//! Grammar: HCL Native Syntax Specification, <https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md>.

mod read;
mod template;

#[cfg(test)]
mod tests;

pub use read::{read, read_expression};

use super::Text;
use super::spelled::Spelled;
use crate::text::Span;

/// What stands in a file or between the braces of a block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    /// The attributes, in order.
    pub attributes: Vec<Attribute>,
    /// The blocks, in order.
    pub blocks: Vec<Block>,
}

/// `name = value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: Text,
    /// The value.
    pub value: Expr,
}

/// `kind "label" { … }`.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Its first word.
    pub kind: Text,
    /// The words behind it.
    pub labels: Vec<Text>,
    /// What is in it.
    pub body: Body,
    /// The whole of it.
    pub span: Span,
}

/// An expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// The whole of it.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A quoted template or a heredoc.
    Template(Vec<Part>),
    /// A list.
    List(Vec<Expr>),
    /// An object, its entries in order, duplicates included.
    Object(Vec<Entry>),
    /// A reference: `var.account_id`, `local.hosts["main"]`, `data.aws_iam_policy_document.trust.json`.
    Reference(Vec<Step>),
    /// A call of a function.
    Call(String, Vec<Expr>),
    /// `[for name in list : value]`, or with braces; and `list[*].name`, whose name is `*`.
    For(Box<For>),
    /// A step behind a call or a collection.
    Step(Box<Expr>, Step),
    /// `condition ? one : other`.
    Conditional(Box<[Expr; 3]>),
    /// `a == b`, or with `!=`, that it is not so.
    Equal(Box<[Expr; 2]>, bool),
    /// Anything else.
    Other,
}

/// A collection that is made of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct For {
    /// One name or two: the value, or the key and the value.
    pub names: Vec<Text>,
    /// What is gone through.
    pub list: Expr,
    /// The key of each entry, where an object is made.
    pub key: Option<Expr>,
    /// The value of each element.
    pub value: Expr,
    /// What must hold of an element.
    pub condition: Option<Expr>,
}

/// An entry of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key; a bare name is a string.
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// A step of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `.name`, and the first name.
    Name(String),
    /// `[0]` or `["name"]`.
    Index(String),
    /// `[each.key]`: an index that is no literal, as written, brackets included, so that it is nobody's name.
    Computed(String),
}

impl Step {
    /// The name or the index.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name(it) | Self::Index(it) | Self::Computed(it) => it,
        }
    }
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Stands for itself.
    Text(Spelled),
    /// `${…}`.
    Code(Expr),
    /// All from the first `%{…}` to the last, which is not evaluated.
    Directive(Span),
}

impl Body {
    /// The attribute of that name; of two, the last.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().rev().find(|it| it.name.value == name)
    }

    /// The blocks of that kind.
    pub fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |it| it.kind.value == kind)
    }
}
