//! Scripts for POSIX `sh`, which `bash` reads alike: fixed code, and values that are quoted as one word.
//!
//! Code is `&'static str`, written in this program; a value can enter it only where [`code`] puts it, and there it is a literal.

use crate::text::is_invisible;

/// Code of our own, each `{}` of it a value as one literal word, or as a piece of one.
pub fn code(template: &'static str, values: &[&str]) -> String {
    super::fill(template, values, word)
}

/// A comment's line; a line break would end it, and is shown as `?`.
pub fn comment(text: &str) -> String {
    let visible = text.chars().map(|c| if is_invisible(c) { '?' } else { c });
    "# ".chars().chain(visible).chain(['\n']).collect()
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
    fn code_holds_values_as_words() {
        assert_eq!(code("set -u\nexport A={}/*\n", &["b c"]), "set -u\nexport A='b c'/*\n");
        assert_eq!(comment("a\nb"), "# a?b\n");
    }
}
