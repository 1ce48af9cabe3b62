//! JSON: for people, indented by two spaces; for links, on one line. Numbers stay as they were written.

use crate::document::json::{Member, Node, Value, shown};

/// The value, indented by two spaces, with a line break at its end.
pub fn pretty(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, Some(0));
    out.push('\n');
    out
}

/// The value on one line, without a space.
pub fn compact(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, None);
    out
}

/// Writes a value; `level` is how deep it stands, or none for one line.
fn write(out: &mut String, node: &Node, level: Option<usize>) {
    match &node.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(it) => out.push_str(it),
        Value::String(it) => quote(out, it),
        Value::Template(it) => quote(out, &shown(it)),
        Value::Array(items) => list(out, '[', ']', level, items, write),
        Value::Object(members) => list(out, '{', '}', level, members, |out, member: &Member, level| {
            quote(out, &member.key);
            out.push_str(if level.is_some() { ": " } else { ":" });
            write(out, &member.value, level);
        }),
    }
}

fn list<T>(
    out: &mut String,
    open: char,
    close: char,
    level: Option<usize>,
    items: &[T],
    each: impl Fn(&mut String, &T, Option<usize>),
) {
    let inner = level.map(|it| it + 1);
    let line = |out: &mut String, level: Option<usize>| {
        if let Some(level) = level {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", level));
        }
    };
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        line(out, inner);
        each(out, item, inner);
    }
    if !items.is_empty() {
        line(out, level);
    }
    out.push(close);
}

/// A string in quotes: what RFC 8259 wants escaped is, and nothing else.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                out.push_str("\\u00");
                for digit in [u32::from(c) >> 4, u32::from(c) & 15] {
                    out.extend(char::from_digit(digit, 16));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_reads_back() {
        let text: String = (0..0x300).chain([0x2028, 0xfeff, 0x1f600]).filter_map(char::from_u32).collect();
        let node = Node::object(vec![(text.as_str(), Node::array(vec![Node::text(text.clone()), Node::number(12)]))]);
        for written in [pretty(&node), compact(&node)] {
            let read: serde_json::Value = serde_json::from_str(&written).unwrap();
            assert_eq!(read, serde_json::json!({ text.clone(): [text.clone(), 12] }));
        }
        assert_eq!(compact(&Node::object(vec![])), "{}");
        assert_eq!(pretty(&Node::array(vec![])), "[]\n");
        assert_eq!(
            pretty(&Node::object(vec![("a", Node::array(vec![Node::number(1)]))])),
            "{\n  \"a\": [\n    1\n  ]\n}\n"
        );
    }
}
