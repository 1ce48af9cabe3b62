//! YAML: a typed tree of maps, lists and strings, printed once, so that readers of YAML 1.1 (GitLab's) and 1.2 see the same tree.
//!
//! A string is plain only where no reader could take it for anything else; otherwise it stands in quotes, and whatever is not
//! visible is escaped. Text of several lines is a literal block where a block can hold it. There are no anchors and no tags, and
//! every scalar is a string but for what comes out of JSON as a number, a boolean or null.

use crate::document::json::{Node, Value};
use crate::text::is_invisible;

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub enum Yaml {
    /// A string.
    Text(String),
    /// A list, an item a line, each with comments above it.
    List(Vec<(Vec<String>, Yaml)>),
    /// A list of strings on one line.
    Row(Vec<String>),
    /// A map.
    Map(Map),
    /// A number, a boolean or null, as JSON writes it.
    Scalar(String),
}

/// A map: entries in order, each with comments above it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    blank: bool,
    comments: Vec<String>,
    key: String,
    value: Yaml,
}

impl Yaml {
    /// A string.
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// A number.
    pub fn number(number: u32) -> Self {
        Self::Scalar(number.to_string())
    }

    /// What JSON says.
    pub fn json(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Scalar("null".to_owned()),
            Value::Bool(it) => Self::Scalar(it.to_string()),
            Value::Number(it) => Self::Scalar(it.clone()),
            Value::String(it) => Self::text(it),
            Value::Array(items) => Self::list(items.iter().map(Self::json)),
            Value::Object(members) => {
                Self::Map(members.iter().fold(Map::default(), |map, it| map.entry(&it.key, Self::json(&it.value))))
            }
        }
    }

    /// A list without comments.
    pub fn list(items: impl Iterator<Item = Self>) -> Self {
        Self::List(items.map(|it| (Vec::new(), it)).collect())
    }
}

impl Map {
    /// An entry.
    #[must_use]
    pub fn entry(self, key: &str, value: Yaml) -> Self {
        self.commented(&[], key, value)
    }

    /// An entry with lines of comment above it.
    #[must_use]
    pub fn commented(mut self, comments: &[String], key: &str, value: Yaml) -> Self {
        self.entries.push(Entry { blank: false, comments: comments.to_vec(), key: key.to_owned(), value });
        self
    }

    /// A blank line above the entry that was put in last, comments included.
    #[must_use]
    pub fn spaced(mut self) -> Self {
        if let Some(last) = self.entries.last_mut() {
            last.blank = true;
        }
        self
    }

    /// The document, under lines of comment.
    pub fn print(&self, header: &[String]) -> String {
        let mut out = String::new();
        comments(header, 0, &mut out);
        self.write(0, true, &mut out);
        out
    }

    /// `first_indented` is false where the first line goes on behind `- `.
    fn write(&self, level: usize, first_indented: bool, out: &mut String) {
        for (at, entry) in self.entries.iter().enumerate() {
            if entry.blank {
                out.push('\n');
            }
            comments(&entry.comments, level, out);
            if at > 0 || first_indented {
                indent(level, out);
            }
            out.push_str(&scalar(&entry.key));
            out.push(':');
            entry.value.write_behind_key(level, out);
        }
    }
}

impl Yaml {
    fn write_behind_key(&self, level: usize, out: &mut String) {
        match self {
            Self::Text(text) => write_text(text, level, out),
            Self::Scalar(scalar) => out.push_str(&format!(" {scalar}\n")),
            Self::Row(items) => {
                let items: Vec<String> = items.iter().map(|it| double_quoted(it)).collect();
                out.push_str(&format!(" [{}]\n", items.join(", ")));
            }
            Self::List(items) if items.is_empty() => out.push_str(" []\n"),
            Self::Map(map) if map.entries.is_empty() => out.push_str(" {}\n"),
            Self::List(items) => {
                out.push('\n');
                for (above, item) in items {
                    comments(above, level + 1, out);
                    indent(level + 1, out);
                    out.push('-');
                    item.write_behind_dash(level + 1, out);
                }
            }
            Self::Map(map) => {
                out.push('\n');
                map.write(level + 1, true, out);
            }
        }
    }

    fn write_behind_dash(&self, level: usize, out: &mut String) {
        match self {
            Self::Map(map) if !map.entries.is_empty() => {
                out.push(' ');
                map.write(level + 1, false, out);
            }
            // A list in a list: no file of ours has one; on a line of its own it is still right.
            _ => self.write_behind_key(level, out),
        }
    }
}

fn comments(lines: &[String], level: usize, out: &mut String) {
    for line in lines {
        indent(level, out);
        out.push('#');
        if !line.is_empty() {
            out.push(' ');
            // A line break in a comment would end it.
            out.extend(line.chars().map(|c| if is_invisible(c) { '?' } else { c }));
        }
        out.push('\n');
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
    fn a_document_has_maps_lists_blocks_and_comments() {
        let rule = Map::default().entry("if", Yaml::text("$A")).entry("when", Yaml::text("manual"));
        let job = Map::default()
            .entry("entrypoint", Yaml::Row(vec![String::new()]))
            .commented(&["why".to_owned()], "rules", Yaml::List(vec![(vec!["this".to_owned()], Yaml::Map(rule))]))
            .entry("script", Yaml::List(vec![(vec![], Yaml::text("a\n\n  b\n")), (vec![], Yaml::text("cd"))]));
        let text = Map::default().entry("a job", Yaml::Map(job)).spaced().print(&["made".to_owned()]);
        let wanted = "# made

a job:
  entrypoint: [\"\"]
  # why
  rules:
    # this
    - if: $A
      when: manual
  script:
    - |
      a

        b
    - cd
";
        assert_eq!(text, wanted);
    }
}
