//! The colours of one line of a generated file, told apart by comments, keys and quotes.
//!
//! It reads a line by itself and knows no more of a language than its generated files need; what it cannot tell is plain. The
//! parts put together are always the line. `Lines` alone looks further: it says in which language a line is, as Markdown and
//! YAML hold shell.

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

/// Says of each line of a file, from the first on, in which language it is.
#[derive(Debug)]
pub struct Lines {
    language: Language,
    /// The length of the fence that the line is behind; 0 outside.
    fence: usize,
    /// The indent of the key whose literal block the line may be of.
    block: Option<usize>,
}

impl Lines {
    /// Before the first line of a file.
    pub fn new(language: Language) -> Self {
        Self { language, fence: 0, block: None }
    }

    /// The language of the next line. Blocks of code are shell, or like it.
    pub fn next(&mut self, line: &str) -> Language {
        match self.language {
            Language::Markdown => {
                let ticks = line.len() - line.trim_start_matches('`').len();
                let was_inside = self.fence > 0;
                if was_inside && ticks == self.fence {
                    self.fence = 0;
                } else if !was_inside && ticks > 2 {
                    self.fence = ticks;
                } else if was_inside {
                    return Language::Shell;
                }
            }
            Language::Yaml => {
                let text = line.trim_start_matches(' ');
                let indent = line.len() - text.len();
                if self.block.is_some_and(|it| indent > it || text.trim_end().is_empty()) {
                    return Language::Shell;
                }
                self.block = [" |", " |-"].iter().any(|it| line.trim_end().ends_with(it)).then_some(indent);
            }
            _ => {}
        }
        self.language
    }
}

/// What the shell takes for its own, where it begins a command.
const KEYWORDS: [&str; 14] =
    ["if", "then", "elif", "else", "fi", "for", "in", "do", "done", "case", "esac", "return", "exit", "export"];

/// The parts of a line, in order.
pub fn highlight(language: Language, line: &str) -> Vec<(Paint, &str)> {
    let mut parts = Vec::new();
    let mut rest = line;
    match language {
        Language::Yaml => {
            let (indent, key) = yaml_key(line);
            push(&mut parts, Paint::Plain, indent);
            push(&mut parts, Paint::Key, key);
            rest = line.get(indent.len() + key.len()..).unwrap_or("");
        }
        Language::Markdown if line.starts_with('#') => return vec![(Paint::Key, line)],
        Language::Markdown if line.starts_with("```") => return vec![(Paint::Comment, line)],
        _ => {}
    }
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let (paint, length) = match first {
            '`' if language == Language::Markdown => (Paint::Text, closed(rest, '`')),
            c if language == Language::Markdown => {
                (Paint::Plain, rest.find('`').unwrap_or(rest.len()).max(c.len_utf8()))
            }
            '#' if language != Language::Json && before.is_whitespace() => (Paint::Comment, rest.len()),
            '"' => quoted(language, rest),
            '\'' if is_quoting(language) && !is_word(before) && before != '\\' => (Paint::Text, closed(rest, '\'')),
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

/// Whether single quotes hold a text.
fn is_quoting(language: Language) -> bool {
    matches!(language, Language::Yaml | Language::Shell)
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
        || (matches!(language, Language::Json | Language::Hcl) && word.bytes().all(|b| b.is_ascii_digit()))
    {
        Paint::Word
    } else if is_first
        && (language == Language::Hcl || language == Language::Shell && rest.get(length..length + 1) == Some("="))
    {
        Paint::Key
    } else if language == Language::Shell && KEYWORDS.contains(&word) {
        Paint::Word
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
    fn shell_has_assignments_keywords_and_texts() {
        check(Language::Shell, "account=1 # c", &[(Paint::Key, "account"), (Paint::Comment, "# c")]);
        check(
            Language::Shell,
            r#"  if ask "$a" 'it'\''s'; then"#,
            &[
                (Paint::Word, "if"),
                (Paint::Text, r#""$a""#),
                (Paint::Text, "'it'"),
                (Paint::Text, "'s'"),
                (Paint::Word, "then"),
            ],
        );
        check(Language::Shell, "don't", &[]);
    }

    #[test]
    fn markdown_has_headings_fences_and_code() {
        check(Language::Markdown, "## Why `x`", &[(Paint::Key, "## Why `x`")]);
        check(Language::Markdown, "- the `sub` of 2 \"jobs\"", &[(Paint::Text, "`sub`")]);
        check(Language::Markdown, "```sh", &[(Paint::Comment, "```sh")]);
        check(Language::Markdown, "é `é", &[(Paint::Text, "`é")]);
    }

    #[test]
    fn blocks_of_shell_are_told_from_what_holds_them() {
        let languages = |language, text: &str| {
            let mut lines = Lines::new(language);
            text.split_inclusive('\n').map(|it| lines.next(it)).map(|it| it == Language::Shell).collect::<Vec<_>>()
        };
        let markdown = "# a\n````sh\n# b\n```\n````\n# c\n";
        assert_eq!(languages(Language::Markdown, markdown), [false, false, true, true, false, false]);
        let yaml = "a:\n  - |\n    b: c\n\n    d\n  - e: |-\n      f\ng: h\n";
        assert_eq!(languages(Language::Yaml, yaml), [false, false, true, true, true, false, true, false]);
        assert_eq!(languages(Language::Hcl, "a |\n  b\n"), [false, false]);
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
            for language in [Language::Json, Language::Hcl, Language::Yaml, Language::Shell, Language::Markdown] {
                assert_eq!(highlight(language, line).iter().map(|it| it.1).collect::<String>(), line);
            }
        }
    }
}
