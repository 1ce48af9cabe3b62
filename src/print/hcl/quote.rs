//! Quoting for HCL: quoted templates, comments, and names as identifiers.
//!
//! Whatever a quoted template needs escaped is escaped here and nowhere else: quotes, backslashes, controls, and `${` and `%{`,
//! whose first character is doubled.

use super::Part;
use crate::text::is_invisible;

/// A text as a quoted template.
pub(super) fn quote(text: &str) -> String {
    template(&[Part::Text(text.to_owned())])
}

pub(super) fn template(parts: &[Part]) -> String {
    let mut out = String::from("\"");
    for part in parts {
        match part {
            Part::Text(text) => escape(text, &mut out),
            Part::Value(value) => {
                out.push_str("${");
                out.push_str(value);
                out.push('}');
            }
        }
    }
    out.push('"');
    out
}

fn escape(text: &str, out: &mut String) {
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                out.push(c);
                out.push(c);
            }
            // Legal as they stand, but a reader would not see them, or see them elsewhere.
            _ if is_invisible(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push(c),
        }
    }
}

/// A text for a comment: what is invisible there is a `?`, so that no comment ends early or reads as something else.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if is_invisible(c) { '?' } else { c }).collect()
}

/// A name as a label of blocks, fit for traversals: other characters are `_`, and a letter comes first.
pub fn identifier(name: &str) -> String {
    let mut out: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.insert_str(0, "role_");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_escaped() {
        for (text, wanted) in [
            ("plain", r#""plain""#),
            ("${x} %{y} $x %y $", r#""$${x} %%{y} $x %y $""#),
            ("$${$}{", r#""$$${$}{""#),
            ("a\"b\\c\nd\te\u{7f}\u{202e}", r#""a\"b\\c\nd\te\u007f\u202e""#),
        ] {
            assert_eq!(quote(text), wanted, "{text}");
        }
        let parts = [Part::Value("local.host"), Part::Text(":aud${".to_owned())];
        assert_eq!(template(&parts), r#""${local.host}:aud$${""#);
    }

    #[test]
    fn names_become_identifiers() {
        for (name, wanted) in
            [("gitlab-prod", "gitlab_prod"), ("a+b=c,d.e@f", "a_b_c_d_e_f"), ("1", "role_1"), ("-", "role__")]
        {
            assert_eq!(identifier(name), wanted);
        }
    }
}
