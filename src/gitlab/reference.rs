//! Branch and tag names, and patterns of them.
//!
//! Source: GitLab's validator of ref names, which is git's `check-ref-format` and a little more. Neither `*` nor `?` can be in a
//! name, so in a pattern they are always wildcards.

use crate::aws::limits::is_policy_character;
use crate::pattern::has_wildcard;
use crate::text::{Diagnostic, character, checked_text, quoted};

/// What a ref is. Tokens know these two and no other: a merge request's pipeline says `branch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefType {
    /// A branch.
    Branch,
    /// A tag.
    Tag,
}

impl RefType {
    /// As in a token.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
        }
    }
}

const REF_MOST: usize = 255;

checked_text! {
    /// The short name of a branch or tag, or a pattern of such names with `*` and `?`.
    RefPattern
}

impl RefPattern {
    /// Reads a name or a pattern.
    ///
    /// # Errors
    /// What git or GitLab would refuse as a name, and what IAM would refuse in a policy.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong = |message: String| Err(Diagnostic::new(message).help("for example `main`, `release/*` or `v1.2`"));
        let length = text.chars().count();
        if length == 0 {
            return wrong("which branch or tag? its name is missing".to_owned());
        }
        if length > REF_MOST {
            return wrong(format!("GitLab keeps ref names of at most {REF_MOST} characters; this has {length}"));
        }
        if let Some(prefix) = ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find(|it| text.starts_with(**it)) {
            let short = text.strip_prefix(prefix).unwrap_or(text);
            return Err(Diagnostic::new(format!("GitLab's tokens carry the short name, without `{prefix}`"))
                .help(format!("write {}", quoted(short))));
        }
        if let Some(c) = text.chars().find(|c| (*c <= ' ') || *c == '\u{7f}' || "~^:[\\".contains(*c)) {
            return wrong(format!("git takes no {} in a branch or tag", character(c)));
        }
        if let Some(c) = text.chars().find(|c| !is_policy_character(*c)) {
            let message = format!("IAM takes no {} in a policy: Latin-1 only", character(c));
            return Err(Diagnostic::new(message).help("put `*` in its place, or choose another ref"));
        }
        for bad in ["..", "//", "@{"] {
            if text.contains(bad) {
                return wrong(format!("git takes no `{bad}` in a branch or tag"));
            }
        }
        if has_wildcard(text) {
            return Ok(Self(text.to_owned()));
        }
        let broken = text.starts_with(['-', '/'])
            || text.ends_with(['/', '.'])
            || text.split('/').any(|it| it.starts_with('.') || it.ends_with(".lock"))
            || matches!(text, "HEAD" | "@");
        if broken {
            return wrong(format!("git takes no branch or tag named {}", quoted(text)));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is one name rather than a pattern.
    pub fn is_exact(&self) -> bool {
        !has_wildcard(self.as_str())
    }

    /// Whether this is `*`: every name.
    pub fn is_any(&self) -> bool {
        self.as_str().chars().all(|c| c == '*')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_gits() {
        for right in [
            "main",
            "feature/x",
            "v1.2",
            "a$b{c}",
            "${x}",
            "%{y}",
            "it's",
            "`x`",
            "é",
            "release/*",
            "*",
            "v?.*",
            "a&b|c;d",
        ] {
            assert!(RefPattern::parse(right).is_ok(), "{right}");
        }
        for (wrong, words) in [
            ("", "missing"),
            ("a b", "no space"),
            ("a:b", "`:`"),
            ("a..b", "`..`"),
            ("a@{b", "`@{`"),
            ("-a", "no branch or tag named"),
            ("a/", "no branch or tag named"),
            ("a.lock", "no branch or tag named"),
            (".a", "no branch or tag named"),
            ("HEAD", "no branch or tag named"),
            ("a\nb", "git takes no"),
            ("a\u{202e}b", "IAM takes no"),
            ("分支", "IAM takes no"),
            ("refs/heads/main", "short name"),
        ] {
            let error = RefPattern::parse(wrong).unwrap_err();
            assert!(error.message.contains(words), "{wrong}: {}", error.message);
        }
        assert_eq!(RefPattern::parse("refs/tags/v1").unwrap_err().help, "write `v1`");
    }
}
