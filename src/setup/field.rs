//! The values of a scope's pins.

use crate::aws::limits::is_policy_character;
use crate::text::{Diagnostic, character, checked_text, quoted};

checked_text! {
    /// An id of GitLab's: digits. A string in the token, so a string here.
    NumericId
}

impl NumericId {
    /// Reads an id.
    ///
    /// # Errors
    /// Anything but digits.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if !text.is_empty() && text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0') {
            return Ok(Self(text.to_owned()));
        }
        if text.is_empty() {
            return Err(Diagnostic::new("which id? it is missing").help("write the digits, or remove the field"));
        }
        Err(Diagnostic::new(format!("GitLab's ids are digits; this is {}", quoted(text)))
            .help("for example `4711`; a project shows its id on its page, under the three dots"))
    }
}

checked_text! {
    /// A text that is compared as it stands.
    ExactText
}

impl ExactText {
    /// Reads a text.
    ///
    /// # Errors
    /// What cannot be compared exactly, or cannot stand in a policy.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if text.is_empty() {
            return Err(
                Diagnostic::new("an empty text never equals a claim").help("write a value, or remove the field")
            );
        }
        if crate::pattern::has_wildcard(text) {
            return Err(Diagnostic::new(format!("this field is compared exactly; {} holds a wildcard", quoted(text)))
                .help("list the values one by one"));
        }
        if let Some(c) = text.chars().find(|c| !is_policy_character(*c) || c.is_control()) {
            return Err(Diagnostic::new(format!("IAM takes no {} in a policy: Latin-1 only", character(c))));
        }
        let length = text.chars().count();
        if length > 255 {
            return Err(Diagnostic::new(format!("GitLab has no such value: {length} characters")));
        }
        Ok(Self(text.to_owned()))
    }
}

/// A condition on one of the keys that AWS has for GitLab.com.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The claim, one of [`crate::aws::keys::GITLAB_COM`].
    pub claim: &'static str,
    /// The values that are let in, any of them, doubles dropped; at least one.
    pub values: Vec<String>,
}
