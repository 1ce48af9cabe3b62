//! HCL is read as `hcl-rs` reads it.

use super::*;
use ::hcl::expr::Expression;
use ::hcl::template::{Element, Template};

/// A tree in one line: ours and theirs are the same line. What is not evaluated is `~`.
fn ours(body: &Body) -> String {
    let mut lines: Vec<String> =
        body.attributes.iter().map(|it| format!("{} = {}", it.name.value, expr(&it.value))).collect();
    lines.extend(body.blocks.iter().map(|it| {
        let labels: Vec<&str> = it.labels.iter().map(|it| it.value.as_str()).collect();
        format!("{} {labels:?} {{ {} }}", it.kind.value, ours(&it.body))
    }));
    lines.join("\n")
}

fn expr(it: &Expr) -> String {
    let list = |items: &[Expr]| items.iter().map(expr).collect::<Vec<_>>().join(", ");
    match &it.value {
        Value::Null => "null".to_owned(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.clone(),
        Value::Template(_) => it.literal().map_or("~".to_owned(), |it| format!("{it:?}")),
        Value::List(items) => format!("[{}]", list(items)),
        Value::Object(entries) => {
            format!(
                "{{{}}}",
                entries.iter().map(|it| expr(&it.key) + ": " + &expr(&it.value)).collect::<Vec<_>>().join(", ")
            )
        }
        Value::Call(name, arguments) => format!("{name}({})", list(arguments)),
        Value::Reference(_)
        | Value::For(..)
        | Value::Step(..)
        | Value::Conditional(_)
        | Value::Equal(..)
        | Value::Other => "~".to_owned(),
    }
}

fn theirs(body: &::hcl::Body) -> String {
    let mut lines: Vec<String> =
        body.attributes().map(|it| format!("{} = {}", it.key.as_str(), their_expr(&it.expr))).collect();
    lines.extend(body.blocks().map(|it| {
        let labels: Vec<&str> = it.labels.iter().map(|it| it.as_str()).collect();
        format!("{} {labels:?} {{ {} }}", it.identifier.as_str(), theirs(&it.body))
    }));
    lines.join("\n")
}

fn their_expr(it: &Expression) -> String {
    let list = |items: &[Expression]| items.iter().map(their_expr).collect::<Vec<_>>().join(", ");
    match it {
        Expression::Null => "null".to_owned(),
        Expression::Bool(it) => it.to_string(),
        Expression::Number(it) => it.to_string(),
        Expression::String(it) => format!("{it:?}"),
        Expression::Array(items) => format!("[{}]", list(items)),
        Expression::Object(entries) => {
            let key = |it: &::hcl::expr::ObjectKey| match it {
                ::hcl::expr::ObjectKey::Identifier(it) => format!("{:?}", it.as_str()),
                ::hcl::expr::ObjectKey::Expression(it) => their_expr(it),
                _ => "~".to_owned(),
            };
            let entries: Vec<String> = entries.iter().map(|it| key(it.0) + ": " + &their_expr(it.1)).collect();
            format!("{{{}}}", entries.join(", "))
        }
        Expression::TemplateExpr(it) => {
            let template = Template::from_expr(it).unwrap();
            let text: Option<String> = template
                .elements()
                .iter()
                .map(|it| match it {
                    Element::Literal(it) => Some(it.as_str()),
                    _ => None,
                })
                .collect();
            text.map_or("~".to_owned(), |it| format!("{it:?}"))
        }
        Expression::FuncCall(it) if !it.expand_final => format!("{}({})", it.name.name.as_str(), list(&it.args)),
        Expression::Parenthesis(it) => their_expr(it),
        _ => "~".to_owned(),
    }
}

#[track_caller]
fn same(text: &str) {
    let (ours, theirs) = (ours(&read(text).unwrap()), theirs(&::hcl::parse(text).unwrap()));
    assert_eq!(ours, theirs, "{text}");
}

#[test]
fn what_people_write_is_read_as_another_reader_reads_it() {
    same(
        r##"
# a comment
terraform { required_version = ">= 1.5" }
locals {
  a = ["x", "y", /* inside */ 1.5, -2, true, null,] // behind
  b = { "q" = 1, r : 2
    (local.key) = [
      "z",
    ]
    "${local.x}:sub" = "v" }
  c = var.flag ? "yes" : "no"
  d = [for k, v in var.m : "${k}-${v}" if v != "]"]
  e = { for k in var.m : k => { a = k } }
  f = jsonencode({ Version = "2012-10-17" })
  g = a.b[0].c["d"].*.e[*].f
  h = !true
  i = -1 + 2 * (3 - 4) / 5 % 6
  j = "esc \" \\ \n \u00e9 $${a} %%{b} 100% $5"
  k = join(",", [1, 2]...)
  l = a == b && c >= d || e < f
  m = (
    1 +
    2
  )
}
resource "aws_iam_role" "r" {
  name = "r"
  policy = <<EOF
{"a": "$${b}",
  "c": 1}
EOF
  indented = <<-EOT
      one
        two
      three
    EOT
  depends_on = [aws_x.y]
  dynamic "statement" {
    for_each = toset(["a"])
    content { sid = "x" }
  }
}
"##,
    );
}

#[test]
fn what_the_other_reader_takes_is_taken_and_read_alike() {
    let pieces = ["a", "=", "{", "}", "[", "]", "\n", "\"b\"", ",", "1", "(", ")", ".", "-", "?", ":", "${", "<<E\n"];
    let (mut tried, mut read_by_both, mut differ) = (0, 0, Vec::new());
    let mut indices = [0usize; 4];
    'all: loop {
        let text: String = std::iter::once("a = ").chain(indices.iter().map(|&it| pieces[it])).collect();
        if let Ok(body) = ::hcl::parse(&text) {
            let mine = read(&text).map(|it| ours(&it)).unwrap_or_else(|it| it.message);
            let yours = theirs(&body);
            if mine != yours {
                differ.push((text, mine, yours));
            }
            read_by_both += 1;
        } else {
            let _ = read(&text);
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
    assert_eq!(differ, []);
    assert_eq!(tried, pieces.len().pow(4));
    assert!(read_by_both > 200, "{read_by_both}");
}

#[test]
fn places_are_exact() {
    let text = "resource \"a\" \"b\" {\n  x = [\"é\\\"q\", \"${var.y}-z\"]\n}\n";
    let body = read(text).unwrap();
    let block = &body.blocks[0];
    assert_eq!(block.span.of(text), text.trim_end());
    assert_eq!(block.labels[1].span.of(text), "\"b\"");
    let Value::List(items) = &block.body.attributes[0].value.value else { panic!("a list") };
    assert_eq!(items[0].span.of(text), "\"é\\\"q\"");
    let Value::Template(parts) = &items[1].value else { panic!("a template") };
    let (Part::Code(code), Part::Text(rest)) = (&parts[0], &parts[1]) else { panic!("a reference and a text") };
    assert_eq!((code.span.of(text), rest.verbatim().unwrap().of(text)), ("var.y", "-z"));
}

#[test]
fn what_is_broken_is_said_with_the_place() {
    for (text, at, words) in [
        ("a = ", 4, "expected a value, found the end of the text"),
        ("a = [1, 2", 4, "this `[` is never closed"),
        ("a = {\n b = 1", 4, "this `{` is never closed"),
        ("x \"y\" {\n a = 1\n", 6, "this `{` is never closed"),
        ("a = \"b\nc = 1", 4, "this `\"` is never closed"),
        ("a = 1 2", 6, "expected the end of the line, found `2`"),
        ("resource aws", 12, "expected `{`, found the end of the text"),
        ("a = <<EOF\nx\n", 4, "this `<<EOF` is never closed"),
        ("a = \"\\q\"", 5, "Terraform knows no such escape"),
        ("a = \"${b\"", 8, "expected `}`, found `\"`"),
        ("a = f(1", 5, "this `(` is never closed"),
        ("!", 0, "expected a name, found `!`"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!((error.message.as_str(), error.span.unwrap().start), (words, at), "{text}");
    }
}

#[test]
fn hostile_texts_end_in_a_message() {
    for open in ["[", "{a=", "a {", "(", "\"${", "f(", "-", "!", "a?", "a[", "<<E\n${", "{ for x in [", "x.", "[for "] {
        let text = format!("a = {}", open.repeat(300_000 / open.len()));
        assert!(read(&text).is_err(), "{open}");
        assert!(read(&open.repeat(100_000)).is_err(), "{open}");
    }
    assert!(read(&"a = 1\n".repeat(2_000_000)).unwrap_err().message.contains("at most"));
}
