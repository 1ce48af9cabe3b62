//! HCL, as `terraform fmt` leaves it: lines of our own around typed expressions, printed once.
//!
//! Code is `&'static str`, written in this program, or a name made by [`identifier`]; every other text goes through `quote.rs`, so
//! that nothing a person typed can become code.
//!
//! Layout follows hclwrite's formatter: two spaces a level, and the `=` of neighbouring lines in one column, where a line that
//! opens a bracket and leaves it open stands alone.

mod quote;

pub use quote::identifier;

use crate::document::json::{Node, Value, shown};
use quote::{quote, template, visible};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A quoted template of texts and interpolated expressions.
    Template(Vec<Part>),
    /// Code of our own, such as `var.account_id`.
    Code(&'static str),
    /// A number, a boolean or null, as JSON writes it.
    Scalar(String),
    /// A reference to an attribute of a role's resource, by the role's label.
    Role(String, &'static str),
    /// A call of a function of Terraform's.
    Call(&'static str, Box<Expr>),
    /// A list: on one line where it has one short item, else an item a line.
    List(Vec<Expr>),
    /// An object; each key is a template.
    Object(Vec<(Vec<Part>, Expr)>),
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Stands for itself.
    Text(String),
    /// `${…}`, code of our own.
    Value(&'static str),
}

/// A part that stands for itself.
pub fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

/// Lines of our own, each `{}` of them a value in quotes.
pub fn lines(template: &'static str, values: &[&str]) -> String {
    super::fill(template, values, quote)
}

/// Lines of comment. Whatever else could end one is shown as `?`.
pub fn comment(text: &str) -> String {
    text.split('\n').map(|it| format!("{}\n", format!("# {}", visible(it)).trim_end())).collect()
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

/// Writes `head = value`. A value of one line takes part in the alignment, one of several does not.
fn assign(level: usize, head: String, value: &Expr, out: &mut Vec<Line>) {
    let mut lines = Vec::new();
    value.lines(level, String::new(), "", &mut lines);
    if let [one] = lines.as_mut_slice() {
        out.push(Line { level, head, value: Some(std::mem::take(&mut one.head)) });
    } else {
        if let Some(first) = lines.first_mut() {
            first.head = format!("{head} = {}", first.head);
        }
        out.append(&mut lines);
    }
}

/// Joins the lines, the `=` of each run of assignments in one column.
fn finish(lines: &[Line]) -> String {
    let mut out = String::new();
    for run in lines.chunk_by(|a, b| a.value.is_some() == b.value.is_some()) {
        let column = run.iter().map(Line::width).max().unwrap_or(0);
        for line in run {
            out.push_str(&"  ".repeat(line.level));
            out.push_str(&line.head);
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
    /// A text, quoted when printed.
    pub fn text(text: &str) -> Self {
        Self::Template(vec![self::text(text)])
    }

    /// A JSON value as an expression of equal value, every key in quotes.
    pub fn json(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Code("null"),
            Value::Bool(it) => Self::Scalar(it.to_string()),
            Value::Number(it) => Self::Scalar(it.clone()),
            Value::String(it) => Self::text(it),
            Value::Template(it) => Self::text(&shown(it)),
            Value::Array(items) => Self::List(items.iter().map(Self::json).collect()),
            Value::Object(members) => {
                Self::Object(members.iter().map(|it| (vec![text(&it.key)], Self::json(&it.value))).collect())
            }
        }
    }

    /// The lines of `name = value` at that level, on their own: no line before or after is in the same column.
    pub fn assigned(&self, level: usize, name: &'static str) -> String {
        let mut lines = Vec::new();
        assign(level, name.to_owned(), self, &mut lines);
        finish(&lines)
    }

    /// Whether it is printed on one line.
    fn is_short(&self) -> bool {
        match self {
            Self::List(items) => items.len() < 2 && items.iter().all(Self::is_short),
            Self::Object(members) => members.is_empty(),
            Self::Call(_, argument) => argument.is_short(),
            _ => true,
        }
    }

    /// Writes the expression behind `before`, its last line followed by `after`.
    fn lines(&self, level: usize, before: String, after: &str, out: &mut Vec<Line>) {
        match self {
            // The argument hugs its parentheses.
            Self::Call(name, argument) => argument.lines(level, before + name + "(", &format!("){after}"), out),
            Self::List(items) if !self.is_short() => {
                out.push(Line::new(level, before + "["));
                for item in items {
                    item.lines(level + 1, String::new(), ",", out);
                }
                out.push(Line::new(level, format!("]{after}")));
            }
            Self::Object(members) if !members.is_empty() => {
                out.push(Line::new(level, before + "{"));
                for (key, value) in members {
                    assign(level + 1, template(key), value, out);
                }
                out.push(Line::new(level, format!("}}{after}")));
            }
            _ => out.push(Line::new(level, before + &self.short() + after)),
        }
    }

    /// The expression on one line, where it is short.
    fn short(&self) -> String {
        match self {
            Self::Template(parts) => template(parts),
            Self::Code(code) => (*code).to_owned(),
            Self::Scalar(it) => it.clone(),
            Self::Role(label, attribute) => format!("aws_iam_role.{label}.{attribute}"),
            Self::Call(name, argument) => format!("{name}({})", argument.short()),
            Self::List(items) => format!("[{}]", items.iter().map(Self::short).collect::<String>()),
            Self::Object(_) => "{}".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_signs_of_neighbours_stand_in_one_column() {
        let key = |it| vec![text(it)];
        let inner = Expr::Object(vec![
            (key("Version"), Expr::text("1")),
            (key("a"), Expr::List(vec![Expr::text("x"), Expr::Scalar("true".to_owned())])),
            (vec![text("b"), Part::Value("var.c")], Expr::Code("null")),
            (key("d"), Expr::Object(vec![])),
        ]);
        let object = Expr::Object(vec![
            (key("name"), Expr::Role("x".to_owned(), "arn")),
            (key("long_name"), Expr::Scalar("3600".to_owned())),
            (key("policy"), Expr::Call("jsonencode", Box::new(inner))),
            (key("last"), Expr::Call("toset", Box::new(Expr::List(vec![Expr::text("é")])))),
        ]);
        let wanted = r#"  value = {
    "name"      = aws_iam_role.x.arn
    "long_name" = 3600
    "policy" = jsonencode({
      "Version" = "1"
      "a" = [
        "x",
        true,
      ]
      "b${var.c}" = null
      "d"         = {}
    })
    "last" = toset(["é"])
  }
"#;
        assert_eq!(object.assigned(1, "value"), wanted);
    }

    #[test]
    fn lines_and_comments_hold_what_they_are_given() {
        assert_eq!(lines("a = {}\n", &["${x}"]), "a = \"$${x}\"\n");
        assert_eq!(comment("a\n\nb\u{85}"), "# a\n#\n# b?\n");
    }
}
