//! YAML: typed trees of maps, lists and strings, and lines of our own around them, printed once, so that readers of YAML 1.1
//! (GitLab's) and 1.2 see the same tree.
//!
//! A string is plain only where no reader could take it for anything else; otherwise it stands in quotes, and whatever is not
//! visible is escaped. Text of several lines is a literal block where a block can hold it. There are no anchors and no tags, and
//! every scalar is a string but for what comes out of JSON as a number, a boolean or null.

use crate::document::json::{Node, Value, shown};
use crate::text::is_invisible;

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub enum Yaml {
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A map: entries in order.
    Map(Vec<(String, Yaml)>),
    /// A number, a boolean or null, as JSON writes it.
    Scalar(String),
}

/// Lines of our own, each `{}` of them a value as a scalar on one line, outside of brackets.
pub fn lines(template: &'static str, values: &[&str]) -> String {
    super::fill(template, values, scalar)
}

/// Writes lines of comment at that level. Whatever else could end a comment is shown as `?`.
pub fn comment(text: &str, level: usize, out: &mut String) {
    for line in text.split('\n') {
        indent(level, out);
        out.push_str(if line.is_empty() { "#" } else { "# " });
        out.extend(line.chars().map(|c| if is_invisible(c) { '?' } else { c }));
        out.push('\n');
    }
}

impl Yaml {
    /// A string.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// What JSON says.
    pub fn json(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Scalar("null".to_owned()),
            Value::Bool(it) => Self::Scalar(it.to_string()),
            Value::Number(it) => Self::Scalar(it.clone()),
            Value::String(it) => Self::text(it),
            Value::Template(it) => Self::Text(shown(it)),
            Value::Array(items) => Self::List(items.iter().map(Self::json).collect()),
            Value::Object(members) => {
                Self::Map(members.iter().map(|it| (it.key.clone(), Self::json(&it.value))).collect())
            }
        }
    }

    /// Writes the node behind a key, or behind the dash of an item, that stands at that level.
    pub fn write(&self, level: usize, out: &mut String) {
        match self {
            Self::Text(text) => write_text(text, level, out),
            Self::Scalar(scalar) => {
                out.push(' ');
                out.push_str(scalar);
                out.push('\n');
            }
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Self::List(items) => {
                out.push('\n');
                for item in items {
                    indent(level + 1, out);
                    out.push('-');
                    match item {
                        Self::Map(entries) if !entries.is_empty() => {
                            out.push(' ');
                            write_entries(entries, level + 2, true, out);
                        }
                        // A list in a list: no file of ours has one; on a line of its own it is still right.
                        _ => item.write(level + 1, out),
                    }
                }
            }
            Self::Map(entries) => {
                out.push('\n');
                write_entries(entries, level + 1, false, out);
            }
        }
    }
}

/// `goes_on` is true where the first line goes on behind `- `.
fn write_entries(entries: &[(String, Yaml)], level: usize, mut goes_on: bool, out: &mut String) {
    for (key, value) in entries {
        if !goes_on {
            indent(level, out);
        }
        goes_on = false;
        out.push_str(&scalar(key));
        out.push(':');
        value.write(level, out);
    }
}

fn indent(level: usize, out: &mut String) {
    out.push_str(&"  ".repeat(level));
}

fn write_text(text: &str, level: usize, out: &mut String) {
    if !fits_a_block(text) {
        out.push(' ');
        out.push_str(&scalar(text));
        out.push('\n');
        return;
    }
    out.push_str(if text.ends_with('\n') { " |\n" } else { " |-\n" });
    for line in text.lines() {
        if !line.is_empty() {
            indent(level + 1, out);
            out.push_str(line);
        }
        out.push('\n');
    }
}

/// Whether a literal block can hold the text: several lines, all of it visible, nothing at its edges that the block's rules for
/// indentation and final line breaks would change.
fn fits_a_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with([' ', '\n'])
        && !text.ends_with("\n\n")
        && !text.chars().any(|c| c != '\n' && (is_invisible(c) || is_noncharacter(c)))
        // A line of spaces alone would be an empty one.
        && text.lines().all(|it| it.is_empty() || !it.chars().all(|c| c == ' '))
}

/// A string on one line: plain, in single quotes where that saves escapes, else in double quotes.
fn scalar(text: &str) -> String {
    let printable = text.chars().all(|c| (' '..='~').contains(&c));
    if is_plain(text) {
        text.to_owned()
    } else if printable && text.contains(['"', '\\']) && !text.contains('\'') {
        format!("'{text}'")
    } else {
        double_quoted(text)
    }
}

/// Whether the text may stand without quotes: it begins like a word or a variable, holds nothing that means something to YAML, and
/// is no word that a reader of YAML 1.1 takes for a boolean or a null.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 8] = ["true", "false", "yes", "no", "on", "off", "null", "nan"];
    let inside = |c: char| c.is_ascii_alphanumeric() || " _-./@+$=~^*?()|&\"'\\:,;!<>%".contains(c);
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$')
        && !text.ends_with([' ', ':'])
        && text.chars().all(inside)
        && !text.contains(": ")
        && !WORDS.iter().any(|it| text.eq_ignore_ascii_case(it))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if is_invisible(c) || is_noncharacter(c) || c == '\u{a0}' => {
                let code = u32::from(c);
                out.push_str(&match code {
                    0..=0xff => format!("\\x{code:02x}"),
                    0x100..=0xffff => format!("\\u{code:04x}"),
                    _ => format!("\\U{code:08x}"),
                });
            }
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Outside of what YAML calls printable.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_quoted_where_a_reader_could_err() {
        for (text, wanted) in [
            ("deploy", "deploy"),
            ("https://gitlab.com", "https://gitlab.com"),
            ("$CI_COMMIT_BRANCH == \"main\"", "$CI_COMMIT_BRANCH == \"main\""),
            ("deploy to prod", "deploy to prod"),
            ("deploy: eu", "\"deploy: eu\""),
            ("say \"hi\" # now", "'say \"hi\" # now'"),
            ("a:", "\"a:\""),
            ("yes", "\"yes\""),
            ("NULL", "\"NULL\""),
            ("y", "\"y\""),
            ("1:30", "\"1:30\""),
            ("0x10", "\"0x10\""),
            ("", "\"\""),
            ("- a", "\"- a\""),
            ("<<", "\"<<\""),
            ("it's #1", "\"it's #1\""),
            ("a\u{85}b\u{2028}c\u{0}", "\"a\\x85b\\u2028c\\x00\""),
            ("dépôt 🚀", "\"dépôt 🚀\""),
        ] {
            assert_eq!(scalar(text), wanted);
        }
    }

    #[test]
    fn lines_hold_values_as_scalars() {
        assert_eq!(lines("a: {}\nb: {}\n", &["x y", "no"]), "a: x y\nb: \"no\"\n");
        let mut out = String::new();
        comment("a\n\nb\u{85}c", 1, &mut out);
        assert_eq!(out, "  # a\n  #\n  # b?c\n");
    }

    #[test]
    fn a_tree_has_maps_lists_and_blocks() {
        let rule = Yaml::Map(vec![("if".to_owned(), Yaml::text("$A")), ("when".to_owned(), Yaml::text("manual"))]);
        let list = Yaml::List(vec![rule, Yaml::text("a\n\n  b\n"), Yaml::text("cd"), Yaml::Map(vec![])]);
        let mut text = "a job:".to_owned();
        Yaml::Map(vec![("a b".to_owned(), list), ("c".to_owned(), Yaml::List(vec![]))]).write(0, &mut text);
        let wanted = "a job:
  a b:
    - if: $A
      when: manual
    - |
      a

        b
    - cd
    - {}
  \"c\": []
";
        assert_eq!(text, wanted);
    }
}
