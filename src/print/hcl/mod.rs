//! HCL, as `terraform fmt` leaves it: a typed tree, printed once.
//!
//! Names of blocks, attributes and functions are `&'static str` or made by [`identifier`], and every other text goes through
//! `quote.rs`, so that nothing a person typed can become code.
//!
//! Layout follows hclwrite's formatter: two spaces a level, and the `=` of neighbouring lines in one column, where a line that
//! opens a bracket and leaves it open stands alone.

mod quote;

pub use quote::identifier;

use crate::document::json::{Node, Value};
use quote::{quote, template, visible};

/// A sequence of comments, attributes, blocks and blank lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq)]
enum Item {
    Comment(String),
    Attribute(&'static str, Expr),
    Block(&'static str, Vec<String>, Body),
    Blank,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A text, quoted when printed.
    Text(String),
    /// A quoted template of texts and interpolated expressions.
    Template(Vec<Part>),
    /// Digits as they are to stand there.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A traversal such as `var.account_id`, by its names.
    Reference(Vec<String>),
    /// `base["key"]`.
    Index(Box<Expr>, String),
    /// A call of a function of Terraform's.
    Call(&'static str, Vec<Expr>),
    /// A list: on one line where it has one short item, else an item a line.
    List(Vec<Expr>),
    /// An object; each key is a text or a template, or a bare word.
    Object(Vec<(Key, Expr)>),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Stands for itself.
    Text(String),
    /// `${…}`.
    Value(Expr),
}

/// A key of an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Key {
    /// Printed bare.
    Word(&'static str),
    /// Printed in quotes.
    Quoted(Vec<Part>),
}

impl Body {
    /// A comment of one line or more, each with its `#`.
    #[must_use]
    pub fn comment(mut self, text: &str) -> Self {
        self.items.extend(text.split('\n').map(|it| Item::Comment(it.to_owned())));
        self
    }

    /// `name = value`.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: Expr) -> Self {
        self.items.push(Item::Attribute(name, value));
        self
    }

    /// `kind "label" { … }`.
    #[must_use]
    pub fn block(mut self, kind: &'static str, labels: &[&str], body: Self) -> Self {
        self.items.push(Item::Block(kind, labels.iter().map(|it| (*it).to_owned()).collect(), body));
        self
    }

    /// A blank line; none at the beginning.
    #[must_use]
    pub fn blank(mut self) -> Self {
        if !self.items.is_empty() {
            self.items.push(Item::Blank);
        }
        self
    }

    /// The text, with a line break at its end.
    pub fn print(&self) -> String {
        let mut lines = Vec::new();
        self.lines(0, &mut lines);
        finish(&lines)
    }

    fn lines(&self, level: usize, out: &mut Vec<Line>) {
        for item in &self.items {
            match item {
                Item::Blank => out.push(Line::new(0, String::new())),
                Item::Comment(text) if text.is_empty() => out.push(Line::new(level, "#".to_owned())),
                Item::Comment(text) => out.push(Line::new(level, format!("# {}", visible(text)))),
                Item::Attribute(name, value) => assign(level, (*name).to_owned(), value, "", out),
                Item::Block(kind, labels, body) => {
                    let mut head = (*kind).to_owned();
                    for label in labels {
                        head.push(' ');
                        head.push_str(&quote(label));
                    }
                    if body.items.is_empty() {
                        out.push(Line::new(level, format!("{head} {{}}")));
                    } else {
                        out.push(Line::new(level, format!("{head} {{")));
                        body.lines(level + 1, out);
                        out.push(Line::new(level, "}".to_owned()));
                    }
                }
            }
        }
    }
}

/// One line: the part that is aligned, and the value behind `=` where the whole of it stands on this line.
struct Line {
    level: usize,
    head: String,
    value: Option<String>,
}

impl Line {
    fn new(level: usize, head: String) -> Self {
        Self { level, head, value: None }
    }

    fn width(&self) -> usize {
        self.level * 2 + self.head.chars().count()
    }
}

/// Writes `head = value`, then `after`. A value of one line takes part in the alignment, one of several does not.
fn assign(level: usize, head: String, value: &Expr, after: &str, out: &mut Vec<Line>) {
    let mut lines = Vec::new();
    value.lines(level, String::new(), after, &mut lines);
    let mut lines = lines.into_iter();
    let Some(first) = lines.next() else { return };
    let rest: Vec<Line> = lines.collect();
    if rest.is_empty() {
        out.push(Line { level, head, value: Some(first.head) });
    } else {
        out.push(Line::new(level, format!("{head} = {}", first.head)));
        out.extend(rest);
    }
}

/// Joins the lines, the `=` of each run of assignments in one column.
fn finish(lines: &[Line]) -> String {
    let mut out = String::new();
    for run in lines.chunk_by(|a, b| a.value.is_some() == b.value.is_some()) {
        let column = run.iter().map(Line::width).max().unwrap_or(0);
        for line in run {
            if !line.head.is_empty() {
                out.push_str(&"  ".repeat(line.level));
                out.push_str(&line.head);
            }
            if let Some(value) = &line.value {
                out.push_str(&" ".repeat(column - line.width()));
                out.push_str(" = ");
                out.push_str(value);
            }
            out.push('\n');
        }
    }
    out
}

impl Expr {
    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A traversal: `reference(&["var", "account_id"])`.
    pub fn reference(names: &[&str]) -> Self {
        Self::Reference(names.iter().map(|it| (*it).to_owned()).collect())
    }

    /// A JSON value as an expression of equal value, every key in quotes.
    pub fn json(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Null,
            Value::Bool(it) => Self::Bool(*it),
            Value::Number(it) => Self::Number(it.clone()),
            Value::String(it) => Self::text(it),
            Value::Array(items) => Self::List(items.iter().map(Self::json).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|it| (Key::text(&it.key), Self::json(&it.value))).collect())
            }
        }
    }

    /// Whether it is printed on one line.
    fn is_short(&self) -> bool {
        match self {
            Self::List(items) => items.len() < 2 && items.iter().all(Self::is_short),
            Self::Object(members) => members.is_empty(),
            Self::Call(_, arguments) => arguments.iter().all(Self::is_short),
            _ => true,
        }
    }

    /// Writes the expression behind `before`, its last line followed by `after`.
    fn lines(&self, level: usize, before: String, after: &str, out: &mut Vec<Line>) {
        match self {
            Self::Call(name, arguments) if !self.is_short() => match arguments.as_slice() {
                // A single argument hugs its parentheses.
                [argument] => argument.lines(level, format!("{before}{name}("), &format!("){after}"), out),
                several => {
                    out.push(Line::new(level, format!("{before}{name}(")));
                    for argument in several {
                        argument.lines(level + 1, String::new(), ",", out);
                    }
                    out.push(Line::new(level, format!("){after}")));
                }
            },
            Self::List(items) if !self.is_short() => {
                out.push(Line::new(level, format!("{before}[")));
                for item in items {
                    item.lines(level + 1, String::new(), ",", out);
                }
                out.push(Line::new(level, format!("]{after}")));
            }
            Self::Object(members) if !self.is_short() => {
                out.push(Line::new(level, format!("{before}{{")));
                for (key, value) in members {
                    assign(level + 1, key.print(), value, "", out);
                }
                out.push(Line::new(level, format!("}}{after}")));
            }
            _ => out.push(Line::new(level, format!("{before}{}{after}", self.short()))),
        }
    }

    /// The expression on one line.
    fn short(&self) -> String {
        match self {
            Self::Text(text) => quote(text),
            Self::Template(parts) => template(parts),
            Self::Number(digits) => digits.clone(),
            Self::Bool(it) => it.to_string(),
            Self::Null => "null".to_owned(),
            Self::Reference(names) => names.join("."),
            Self::Index(base, key) => format!("{}[{}]", base.short(), quote(key)),
            Self::Call(name, arguments) => format!("{name}({})", join(arguments)),
            Self::List(items) => format!("[{}]", join(items)),
            Self::Object(members) if members.is_empty() => "{}".to_owned(),
            Self::Object(members) => {
                let members = members.iter().map(|(key, value)| format!("{} = {}", key.print(), value.short()));
                format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl Key {
    /// A text as a key, in quotes.
    pub fn text(text: &str) -> Self {
        Self::Quoted(vec![Part::Text(text.to_owned())])
    }

    fn print(&self) -> String {
        match self {
            Self::Word(word) => (*word).to_owned(),
            Self::Quoted(parts) => template(parts),
        }
    }
}

fn join(items: &[Expr]) -> String {
    items.iter().map(Expr::short).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_signs_of_neighbours_stand_in_one_column() {
        let object = Expr::Object(vec![
            (Key::text("Version"), Expr::text("1")),
            (Key::text("a"), Expr::List(vec![Expr::text("x"), Expr::Bool(true)])),
            (Key::Word("bc"), Expr::Null),
            (Key::text("d"), Expr::Object(vec![])),
        ]);
        let body = Body::default()
            .comment("one\n\ntwo")
            .attribute("name", Expr::reference(&["var", "x"]))
            .attribute("long_name", Expr::Number("3600".to_owned()))
            .attribute("policy", Expr::Call("jsonencode", vec![object]))
            .attribute("last", Expr::List(vec![Expr::text("é")]))
            .attribute(
                "two",
                Expr::Call("merge", vec![Expr::List(vec![Expr::Null, Expr::Null]), Expr::Object(vec![])]),
            );
        let wanted = r#"block "label" {
  # one
  #
  # two
  name      = var.x
  long_name = 3600
  policy = jsonencode({
    "Version" = "1"
    "a" = [
      "x",
      true,
    ]
    bc  = null
    "d" = {}
  })
  last = ["é"]
  two = merge(
    [
      null,
      null,
    ],
    {},
  )
}
"#;
        assert_eq!(Body::default().blank().block("block", &["label"], body).print(), wanted);
    }
}
