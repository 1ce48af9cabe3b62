//! Project paths, and patterns of them.
//!
//! Source: GitLab's path validators (namespace and project path formats, reserved names,
//! <https://docs.gitlab.com/user/reserved_names/>). GitLab holds new paths to a stricter rule than old ones; the older rule is the
//! bound here, so that every path that exists can be written.

use crate::pattern::has_wildcard;
use crate::text::{Diagnostic, character, checked_text, quoted};

const EXAMPLE: &str = "for example `mygroup/myrepo`, as in the project's address";
/// Ancestors of a project, and the project itself.
const MOST_SEGMENTS: usize = 21;
const SEGMENT_MOST: usize = 255;

checked_text! {
    /// A project's full path, or a pattern of such paths with `*` and `?`.
    ProjectPattern
}

impl ProjectPattern {
    /// Reads a path or a pattern.
    ///
    /// # Errors
    /// What GitLab would refuse as a path.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong = |message: String| Err(Diagnostic::new(message).help(EXAMPLE));
        if text.is_empty() {
            return wrong("which project? its full path is missing".to_owned());
        }
        if text.contains("://") {
            return wrong(format!(
                "this is an address; GitLab's tokens carry the path alone, and {} is none",
                quoted(text)
            ));
        }
        if text.starts_with('/') || text.ends_with('/') || text.contains("//") {
            return wrong(format!(
                "GitLab's paths neither begin nor end with `/` nor have two in a row: {}",
                quoted(text)
            ));
        }
        if let Some(c) = text.chars().find(|c| !c.is_ascii_alphanumeric() && !"_.-/*?".contains(*c)) {
            let message = format!("GitLab takes no {} in a path; names may have it, paths do not", character(c));
            return wrong(message);
        }
        if text.split('/').any(|it| it.len() > SEGMENT_MOST) {
            return wrong(format!("GitLab takes at most {SEGMENT_MOST} characters between two slashes"));
        }
        if text.split('/').count() > MOST_SEGMENTS {
            return wrong("GitLab nests groups at most 20 deep".to_owned());
        }
        if has_wildcard(text) {
            return Ok(Self(text.to_owned()));
        }
        if !text.contains('/') {
            return wrong(format!("{} is a group or a user; a project's path has a `/`", quoted(text)));
        }
        for segment in text.split('/') {
            if segment.starts_with('-')
                || segment.ends_with(".git")
                || segment.ends_with(".atom")
                || segment.ends_with('.')
            {
                return wrong(format!("GitLab takes no path with the part {}", quoted(segment)));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether this is one project rather than a pattern.
    pub fn is_exact(&self) -> bool {
        !has_wildcard(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_gitlabs() {
        for right in ["mygroup/myrepo", "a/b/c.d-e_f", "_x/y", "mygroup/*", "my?roup/*", "*", "G/R-"] {
            assert!(ProjectPattern::parse(right).is_ok(), "{right}");
        }
        for (wrong, words) in [
            ("", "missing"),
            ("mygroup", "a group or a user"),
            ("/a/b", "begin"),
            ("a//b", "two in a row"),
            ("https://gitlab.com/a/b", "address"),
            ("My Group/repo", "no space"),
            ("a/b.git", ".git"),
            ("a/b:c", "`:`"),
            ("grüppe/x", "`ü`"),
        ] {
            let error = ProjectPattern::parse(wrong).unwrap_err();
            assert!(error.message.contains(words), "{wrong}: {}", error.message);
        }
        assert!(ProjectPattern::parse(&format!("{}x", "a/".repeat(21))).is_err());
    }
}
