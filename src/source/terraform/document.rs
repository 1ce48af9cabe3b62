//! The trust policy that an expression stands for: `jsonencode`, a heredoc, a string, or `aws_iam_policy_document`.

use super::statement;
use super::value::{Scope, Target, pieces_of};
use crate::document::hcl::{Expr, Part, Step, Value as Hcl};
use crate::document::json::{self, Node, Piece, Value};
use crate::document::spelled::Spelled;
use crate::source::Syntax;
use crate::source::embedded::{fill, mark};
use crate::text::{Diagnostic, Span, quoted};

/// A document, and how it is written.
pub(super) struct Document {
    pub(super) node: Node,
    pub(super) syntax: Syntax,
    pub(super) is_embedded: bool,
}

impl<'a> Scope<'a> {
    /// The document that `expr` stands for.
    ///
    /// # Errors
    /// Why it is not known, with the place.
    pub(super) fn document(&mut self, expr: &Expr) -> Result<Document, Diagnostic> {
        let mut document = self.followed(expr, 0)?;
        if let Some(it) = self.exhausted(expr.span) {
            return Err(it);
        }
        self.perhaps.settle(&mut document.node);
        Ok(document)
    }

    pub(super) fn followed(&mut self, expr: &Expr, depth: usize) -> Result<Document, Diagnostic> {
        let unknown = |why: &str| Err(Diagnostic::new(why).at(expr.span));
        if depth > 20 {
            return unknown("this policy refers to itself");
        }
        match &expr.value {
            Hcl::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("jsonencode", [one]) => {
                    Ok(Document { node: self.value(one), syntax: Syntax::Hcl, is_embedded: false })
                }
                ("file" | "templatefile", _) => unknown("this policy is in another file, which is not read: paste it"),
                _ => unknown("this policy comes out of a function that is not evaluated"),
            },
            Hcl::Template(parts) => match parts.as_slice() {
                [Part::Code(one)] => self.followed(one, depth + 1),
                _ => self.text(parts, expr.span),
            },
            Hcl::Reference(steps) => {
                let steps: Vec<&str> = steps.iter().map(Step::as_str).collect();
                if let ["data", "aws_iam_policy_document", name, index @ .., "json" | "minified_json"] =
                    steps.as_slice()
                {
                    let name = format!("data.aws_iam_policy_document.{name}");
                    let Some(block) = self.block(&name) else {
                        return unknown(&format!("{} is not in this text", quoted(&name)));
                    };
                    self.bind_named(block, index.first().copied());
                    let node = statement::document(self, block, depth + 1);
                    self.unbind();
                    let node = node?;
                    return Ok(Document { node, syntax: Syntax::Blocks, is_embedded: false });
                }
                match self.definition(&steps) {
                    Some(it) => self.followed(it, depth + 1),
                    None => {
                        let node = self.value(expr);
                        match &node.value {
                            Value::String(it) => {
                                let mut node = json::parse(it).map_err(|it| {
                                    Diagnostic::new(format!("this is no policy: {}", it.message)).at(expr.span)
                                })?;
                                node.put_at(expr.span);
                                Ok(Document { node, syntax: Syntax::Json, is_embedded: true })
                            }
                            _ => unknown(&format!(
                                "the value of {} is not in this text",
                                quoted(expr.span.of(self.text))
                            )),
                        }
                    }
                }
            }
            Hcl::Object(_) => Ok(Document { node: self.value(expr), syntax: Syntax::Hcl, is_embedded: false }),
            Hcl::Conditional(parts) => {
                let [condition, one, other] = parts.as_ref();
                let is_nothing = |it: &Expr| it.value == Hcl::Null || it.literal().is_some_and(|it| it.is_empty());
                let asked = self.unknown.len();
                let decided = self.decided(condition);
                self.unknown.truncate(asked);
                if decided.is_none()
                    && is_nothing(one) != is_nothing(other)
                    && !self.notes.iter().any(|it| it.span == Some(expr.span))
                {
                    // There is no role without a policy.
                    let message = "this policy may not be there, and is read as what it is when it is";
                    self.notes.push(Diagnostic::new(message).at(expr.span));
                }
                match (decided, is_nothing(one), is_nothing(other)) {
                    (Some(true), ..) | (None, false, true) => self.followed(one, depth + 1),
                    (Some(false), ..) | (None, true, false) => self.followed(other, depth + 1),
                    _ => unknown("this policy is not evaluated: it is one of two, and its condition is not known"),
                }
            }
            _ => unknown("this policy is not evaluated: expected `jsonencode`, a heredoc or a policy document"),
        }
    }

    /// The expression behind `local.name`, or behind a key of an object there, or a variable's default.
    fn definition(&self, steps: &[&str]) -> Option<&'a Expr> {
        let (mut expr, rest) = match steps {
            ["local", name, rest @ ..] => match self.target(&format!("local.{name}"))? {
                Target::Local(it) => (it, rest),
                Target::Block(_) => return None,
            },
            ["var", name] => (&self.block(&format!("var.{name}"))?.body.attribute("default")?.value, [].as_slice()),
            _ => return None,
        };
        for step in rest {
            let Hcl::Object(entries) = &expr.value else { return None };
            expr = &entries.iter().rev().find(|it| it.key.literal().as_deref() == Some(step))?.value;
        }
        Some(expr)
    }

    /// JSON in a heredoc or in a string, with references in it.
    fn text(&mut self, parts: &[Part], span: Span) -> Result<Document, Diagnostic> {
        let is_heredoc = span.of(self.text).starts_with("<<");
        let (mut spelled, mut names, mut quotes) = (Spelled::default(), Vec::new(), Quotes::default());
        for part in parts {
            let (node, place) = match part {
                Part::Text(it) => {
                    spelled.append(it);
                    continue;
                }
                Part::Code(it) => (self.value(it), it.span),
                Part::Directive(it) => (self.open(*it), *it),
            };
            let pieces = match pieces_of(&node) {
                Some(it) => it,
                None => pieces_of(&self.open(place)).unwrap_or_default(),
            };
            for piece in pieces {
                match piece {
                    Piece::Text(it) => spelled.push(&it, place),
                    Piece::Unknown(name) => {
                        // Outside of quotes it stands for a whole value.
                        let quote = if quotes.are_open(&spelled.text) { "" } else { "\"" };
                        spelled.push(&format!("{quote}{}{quote}", mark(names.len())), place);
                        names.push(name);
                    }
                }
            }
        }
        let node = fill(&spelled, &names, span)?;
        Ok(Document { node, syntax: Syntax::Json, is_embedded: !is_heredoc })
    }
}

/// Whether a JSON text that grows ends inside of a string: how far that is known, and what was there.
#[derive(Default)]
struct Quotes {
    at: usize,
    is_inside: bool,
    is_escaped: bool,
}

impl Quotes {
    fn are_open(&mut self, json: &str) -> bool {
        for byte in json.bytes().skip(self.at) {
            self.is_inside ^= byte == b'"' && !self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
        }
        self.at = json.len();
        self.is_inside
    }
}
