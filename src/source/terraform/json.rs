//! Terraform's JSON syntax, `main.tf.json`, as the tree of its native syntax: strings are templates, objects are blocks by their names.
//!
//! JSON is nearly HCL's expression syntax, so HCL's reader reads it, places included. Source: the Terraform language, "JSON
//! Configuration Syntax".

use crate::document::Text;
use crate::document::hcl::{self, Attribute, Block, Body, Expr, Value as Hcl};
use crate::document::json::Node;
use crate::text::Diagnostic;

/// Blocks at the top, and how many labels they have.
const TOP: [(&str, usize); 8] = [
    ("resource", 2),
    ("data", 2),
    ("variable", 1),
    ("provider", 1),
    ("module", 1),
    ("output", 1),
    ("locals", 0),
    ("terraform", 0),
];

/// Blocks inside of a resource or a data source.
const INSIDE: [(&str, usize); 6] =
    [("statement", 0), ("principals", 0), ("not_principals", 0), ("condition", 0), ("dynamic", 1), ("content", 0)];

/// Whether a tree is a file of Terraform's: a resource or a data source of a provider's.
pub(in crate::source) fn is_terraform(root: &Node) -> bool {
    let named = |it: &Node| it.as_object().unwrap_or_default().iter().any(|it| it.key.contains('_'));
    let lists = |it: &Node| named(it) || it.as_array().unwrap_or_default().iter().any(named);
    ["resource", "data"].iter().filter_map(|it| root.member(it)).any(lists)
}

/// The same text, byte for byte as long, in which references have the quotes of HCL.
///
/// In a string of JSON the quotes inside of `${…}` are escaped, and in HCL they are not: a space takes the place of the backslash.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut depth, mut in_quotes) = (false, 0_usize, false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|it| it.1);
        let mut pair = None;
        match c {
            '"' => (in_string, depth, in_quotes) = (!in_string, 0, false),
            _ if !in_string => {}
            '\\' if depth > 0 && next == Some('"') => {
                pair = Some(if in_quotes { "\" " } else { " \"" });
                in_quotes = !in_quotes;
            }
            '\\' if depth > 0 && !in_quotes && next == Some('n') => pair = Some(" \n"),
            '\\' if depth > 0 && !in_quotes && matches!(next, Some('r' | 't')) => pair = Some("  "),
            '\\' | '$' | '%' if next == Some(c) => pair = text.get(at..at + 2),
            '\\' => pair = text.get(at..at + 1 + next.map_or(0, char::len_utf8)),
            '$' | '%' if depth == 0 && next == Some('{') => {
                depth = 1;
                pair = text.get(at..at + 2);
            }
            '{' if depth > 0 && !in_quotes => depth += 1,
            '}' if depth > 0 && !in_quotes => depth -= 1,
            _ => {}
        }
        match pair {
            Some(it) => {
                out.push_str(it);
                chars.next();
            }
            None => out.push(c),
        }
    }
    out
}

/// The file as a body.
///
/// # Errors
/// The first place at which a reference in it is none.
pub(super) fn read(text: &str) -> Result<Body, Diagnostic> {
    Ok(body(&hcl::read_expression(text)?, &TOP))
}

fn body(expr: &Expr, names: &[(&str, usize)]) -> Body {
    let mut body = Body::default();
    let Hcl::Object(entries) = &expr.value else { return body };
    for it in entries {
        let name = key(&it.key);
        match names.iter().find(|known| known.0 == name.value) {
            _ if name.value == "//" => {}
            Some((_, labels)) => blocks(&name, *labels, &[], &it.value, &mut body.blocks),
            None => body.attributes.push(Attribute { name, value: it.value.clone() }),
        }
    }
    body
}

fn key(expr: &Expr) -> Text {
    Text::new(expr.literal().unwrap_or_default(), expr.span)
}

/// One block for each object, below as many names as it has labels; a list is that many blocks.
fn blocks(kind: &Text, missing: usize, labels: &[Text], expr: &Expr, found: &mut Vec<Block>) {
    match &expr.value {
        Hcl::List(items) => items.iter().for_each(|it| blocks(kind, missing, labels, it, found)),
        Hcl::Object(entries) if missing > 0 => {
            for it in entries {
                blocks(kind, missing - 1, &[labels, &[key(&it.key)]].concat(), &it.value, found);
            }
        }
        Hcl::Object(_) => {
            let names: &[_] = if matches!(kind.value.as_str(), "locals" | "variable") { &[] } else { &INSIDE };
            found.push(Block { kind: kind.clone(), labels: labels.to_vec(), body: body(expr, names), span: expr.span });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_references_are_hcls_and_every_other_byte_stays() {
        for (json, hcl) in [
            (r#"{"a": "${b[\"c}\"]}\"d\""}"#, r#"{"a": "${b[ "c}" ]}\"d\""}"#),
            (r#"["$${x}\"", "%{if \"y\"}\\"]"#, r#"["$${x}\"", "%{if  "y" }\\"]"#),
            (r#""${a({b = 1\nc\t= 2})}\n""#, "\"${a({b = 1 \nc  = 2})}\\n\""),
            ("\"→\\", "\"→\\"),
        ] {
            assert_eq!(unescaped(json), hcl);
            assert_eq!(hcl.len(), json.len());
        }
    }
}
