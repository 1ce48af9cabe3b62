//! Scripts for POSIX `sh`, which `bash` reads alike: fixed code, and values that are quoted as one word.
//!
//! Code is `&'static str`, written in this program; a value can enter a script only as [`Part::Word`], and then it is a literal.

use crate::text::is_invisible;

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Shell code of our own.
    Code(&'static str),
    /// A value, as one literal word or as a piece of one.
    Word(String),
}

/// Lines of a script.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Script {
    text: String,
}

impl Script {
    /// A line of our own code, or several.
    #[must_use]
    pub fn code(self, line: &'static str) -> Self {
        self.line(&[Part::Code(line)])
    }

    /// A line of code and values.
    #[must_use]
    pub fn line(mut self, parts: &[Part]) -> Self {
        for part in parts {
            match part {
                Part::Code(code) => self.text.push_str(code),
                Part::Word(value) => self.text.push_str(&word(value)),
            }
        }
        self.text.push('\n');
        self
    }

    /// A variable set to a value.
    #[must_use]
    pub fn assign(self, name: &'static str, text: &str) -> Self {
        self.line(&[Part::Code(name), Part::Code("="), value(text)])
    }

    /// A comment; a line break would end it, and is shown as `?`.
    #[must_use]
    pub fn comment(mut self, text: &str) -> Self {
        self.text.push_str("# ");
        self.text.extend(text.chars().map(|c| if is_invisible(c) { '?' } else { c }));
        self.text.push('\n');
        self
    }

    /// A blank line.
    #[must_use]
    pub fn blank(self) -> Self {
        self.code("")
    }

    /// The text, with a line break at its end.
    pub fn print(self) -> String {
        self.text
    }
}

/// A value.
pub fn value(text: &str) -> Part {
    Part::Word(text.to_owned())
}

/// A text as one literal word: bare where no shell sees anything in it, else in single quotes. The shell has no way to write NUL.
pub fn word(text: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:@%+,".contains(c);
    if !text.is_empty() && text.chars().all(bare) {
        return text.to_owned();
    }
    // Nothing is special between single quotes but the quote itself, which is written outside of them.
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_literal() {
        for (text, wanted) in [
            ("", "''"),
            ("arn:aws:iam::1:role/a-b", "arn:aws:iam::1:role/a-b"),
            ("a=b", "'a=b'"),
            ("$x `y` \"z\"", "'$x `y` \"z\"'"),
            ("it's", r"'it'\''s'"),
            ("a\nb*?~#", "'a\nb*?~#'"),
        ] {
            assert_eq!(word(text), wanted);
        }
    }

    #[test]
    fn lines_mix_code_and_values() {
        let script = Script::default().code("set -u").line(&[Part::Code("export A="), value("b c")]);
        assert_eq!(script.print(), "set -u\nexport A='b c'\n");
    }
}
