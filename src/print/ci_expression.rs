//! Expressions of `rules: if:` in GitLab's own language, which has strings without any escape and regular expressions of RE2.
//!
//! A value that a string cannot hold (a quote, or a `$`, which some versions of GitLab expand) becomes an anchored regular
//! expression; there every character has an escape, and `\/` is the only one that GitLab's own reader adds. Source:
//! `lib/gitlab/ci/pipeline/expression` of GitLab's open source, and <https://docs.gitlab.com/ci/jobs/job_rules/>

use crate::pattern::has_wildcard;
use crate::text::is_invisible;

/// One test of a CI/CD variable.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The variable is there and not empty.
    Present(&'static str),
    /// The variable is one of these texts; at least one.
    OneOf(&'static str, Vec<String>),
    /// The variable matches this pattern, in which `*` is any run of characters and `?` any one.
    Like(&'static str, String),
}

impl Test {
    /// The variable matches `pattern`, said in the shortest way.
    pub fn pattern(variable: &'static str, pattern: &str) -> Self {
        if !has_wildcard(pattern) {
            Self::OneOf(variable, vec![pattern.to_owned()])
        } else if pattern.chars().all(|c| c == '*') {
            // An absent variable is an empty text to `=~`, and `^.*$` matches that: only this form asks whether it is there.
            Self::Present(variable)
        } else {
            Self::Like(variable, pattern.to_owned())
        }
    }

    fn print(&self) -> String {
        match self {
            Self::Present(variable) => format!("${variable}"),
            Self::OneOf(variable, texts) => match texts.as_slice() {
                [one] if fits_a_string(one) => format!("${variable} == \"{one}\""),
                [one] => format!("${variable} =~ /^{}$/", regular_expression(one, false)),
                several => {
                    let each: Vec<String> = several.iter().map(|it| regular_expression(it, false)).collect();
                    format!("${variable} =~ /^(?:{})$/", each.join("|"))
                }
            },
            Self::Like(variable, pattern) => format!("${variable} =~ /^{}$/", regular_expression(pattern, true)),
        }
    }
}

/// The expression that asks for every one of the tests.
pub fn all(tests: &[Test]) -> String {
    tests.iter().map(Test::print).collect::<Vec<_>>().join(" && ")
}

fn fits_a_string(text: &str) -> bool {
    !text.is_empty() && !text.contains(['"', '$', '\\']) && !text.chars().any(is_invisible)
}

/// The text between `/^` and `$/` that matches `text`, with `*` and `?` as wildcards or as themselves.
fn regular_expression(text: &str, wildcards: bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '*' if wildcards => out.push_str(".*"),
            '?' if wildcards => out.push('.'),
            '.' | '/' | '+' => {
                out.push('\\');
                out.push(c);
            }
            _ if c.is_ascii_alphanumeric() || "_-,@=%: ".contains(c) => out.push(c),
            // Everything else that could mean something to RE2, to GitLab's reader or to YAML.
            _ if c.is_ascii() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            _ if is_invisible(c) => out.push_str(&format!("\\x{{{:x}}}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_an_anchored_expression() {
        for (pattern, wanted) in [
            ("main", "$V == \"main\""),
            ("it's", "$V == \"it's\""),
            ("release/*", r"$V =~ /^release\/.*$/"),
            ("v?.*", r"$V =~ /^v.\..*$/"),
            ("*", "$V"),
            ("**", "$V"),
            ("a\"b", r"$V =~ /^a\x22b$/"),
            ("${x}", r"$V =~ /^\x24\x7bx\x7d$/"),
            ("a|b&(c)*", r"$V =~ /^a\x7cb\x26\x28c\x29.*$/"),
            ("é?", "$V =~ /^é.$/"),
            ("a\u{85}b", r"$V =~ /^a\x{85}b$/"),
        ] {
            assert_eq!(Test::pattern("V", pattern).print(), wanted);
        }
    }

    #[test]
    fn several_values_are_one_test() {
        let tests = [
            Test::Present("A"),
            Test::OneOf("B", vec!["push".to_owned(), "a.b+c".to_owned()]),
            Test::OneOf("C", vec!["1".to_owned()]),
        ];
        assert_eq!(all(&tests), r#"$A && $B =~ /^(?:push|a\.b\+c)$/ && $C == "1""#);
    }
}
