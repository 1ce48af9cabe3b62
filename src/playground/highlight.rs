//! The colours of one line of a generated file: JSON, HCL or YAML, told apart by their comments and keys.
//!
//! It reads a line by itself and knows no more of a language than its generated files need; what it cannot tell is plain. The
//! parts put together are always the line.

use crate::generate::Language;

/// What a part of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Paint {
    Plain,
    Key,
    Text,
    Word,
    Comment,
}

/// The parts of a line, in order.
pub fn highlight(language: Language, line: &str) -> Vec<(Paint, &str)> {
    let mut parts = Vec::new();
    let mut rest = line;
    if language == Language::Yaml {
        let (indent, key) = yaml_key(line);
        push(&mut parts, Paint::Plain, indent);
        push(&mut parts, Paint::Key, key);
        rest = line.get(indent.len() + key.len()..).unwrap_or("");
    }
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let (paint, length) = match first {
            '#' if language != Language::Json && before.is_whitespace() => (Paint::Comment, rest.len()),
            '"' => quoted(language, rest),
            '\'' if language == Language::Yaml && !is_word(before) => (Paint::Text, closed(rest, '\'')),
            c if is_word(c) => word(language, &parts, rest),
            c => (Paint::Plain, c.len_utf8()),
        };
        let part = rest.get(..length).unwrap_or(rest);
        push(&mut parts, paint, part);
        before = part.chars().next_back().unwrap_or(' ');
        rest = rest.get(part.len()..).unwrap_or("");
    }
    parts
}

/// Plain neighbours become one part: `parts` are drawn one by one.
fn push<'l>(parts: &mut Vec<(Paint, &'l str)>, paint: Paint, part: &'l str) {
    if !part.is_empty() {
        parts.push((paint, part));
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// A quoted text: a key where a colon follows it in JSON.
fn quoted(language: Language, rest: &str) -> (Paint, usize) {
    let length = closed(rest, '"');
    let is_key = language == Language::Json && rest.get(length..).is_some_and(|it| it.starts_with(':'));
    (if is_key { Paint::Key } else { Paint::Text }, length)
}

/// How long the text is that `rest` begins with, up to its closing mark; all of it where there is none.
fn closed(rest: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == mark {
            return at + c.len_utf8();
        }
        escaped = !escaped && c == '\\' && mark == '"';
    }
    rest.len()
}

fn word(language: Language, before: &[(Paint, &str)], rest: &str) -> (Paint, usize) {
    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or("");
    let is_first = before.iter().all(|it| it.1.chars().all(char::is_whitespace));
    let paint = if matches!(word, "true" | "false" | "null")
        || (language != Language::Yaml && word.bytes().all(|b| b.is_ascii_digit()))
    {
        Paint::Word
    } else if language == Language::Hcl && is_first {
        Paint::Key
    } else {
        Paint::Plain
    };
    (paint, length)
}

/// What stands before a line's key, and the key, empty where it has none.
fn yaml_key(line: &str) -> (&str, &str) {
    let indent = line.len() - line.trim_start_matches([' ', '-']).len();
    let (indent, rest) = line.split_at_checked(indent).unwrap_or(("", line));
    let key = rest.find(|c: char| !is_word(c) && !matches!(c, '.' | '/' | '$')).unwrap_or(rest.len());
    let after = rest.get(key..).unwrap_or("");
    let is_key = key > 0 && (after.trim_end() == ":" || after.starts_with(": "));
    (indent, if is_key { rest.get(..key).unwrap_or("") } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, line: &str, expected: &[(Paint, &str)]) {
        let parts = highlight(language, line);
        assert_eq!(parts.iter().map(|it| it.1).collect::<String>(), line, "put together again");
        let painted: Vec<_> = parts.into_iter().filter(|it| it.0 != Paint::Plain).collect();
        assert_eq!(painted, expected, "{line}");
    }

    #[test]
    fn json_has_keys_and_texts() {
        check(Language::Json, r#"  "a": "b\"c","#, &[(Paint::Key, r#""a""#), (Paint::Text, r#""b\"c""#)]);
        check(
            Language::Json,
            r#"  "n": true # 1"#,
            &[(Paint::Key, r#""n""#), (Paint::Word, "true"), (Paint::Word, "1")],
        );
        check(Language::Json, r#"  "open \"#, &[(Paint::Text, r#""open \"#)]);
    }

    #[test]
    fn hcl_has_first_words_and_comments() {
        check(
            Language::Hcl,
            r#"resource "aws_iam_role" "a" { # why"#,
            &[
                (Paint::Key, "resource"),
                (Paint::Text, r#""aws_iam_role""#),
                (Paint::Text, r#""a""#),
                (Paint::Comment, "# why"),
            ],
        );
        check(Language::Hcl, "  count = 1", &[(Paint::Key, "count"), (Paint::Word, "1")]);
    }

    #[test]
    fn yaml_has_keys_and_shell_is_plain() {
        check(Language::Yaml, "  - if: '$A == \"b\"'", &[(Paint::Key, "if"), (Paint::Text, "'$A == \"b\"'")]);
        check(Language::Yaml, "deploy-a:\n", &[(Paint::Key, "deploy-a")]);
        check(Language::Yaml, "  name: aws-cli:2.36.46\n", &[(Paint::Key, "name")]);
        check(Language::Yaml, "    - aws sts get-caller-identity", &[]);
        check(Language::Yaml, "    don't # c", &[(Paint::Comment, "# c")]);
        check(Language::Yaml, "", &[]);
    }

    #[test]
    fn any_line_is_put_together_again() {
        for line in ["é\"", "\"", "'", "#", ":", "- ", "\u{202e}: ü", "a: 'b", "\\\"", "  \"é\\"] {
            for language in [Language::Json, Language::Hcl, Language::Yaml] {
                assert_eq!(highlight(language, line).iter().map(|it| it.1).collect::<String>(), line);
            }
        }
    }
}
