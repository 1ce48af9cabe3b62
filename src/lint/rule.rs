//! A rule: what it is called, how much it matters, and how it looks at a sitting.

use super::{Bench, Finding};
use crate::text::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Better otherwise.
    Low,
    /// Something does not work as it is written, or is weaker than it looks.
    Medium,
    /// People get in who were not meant, or may soon.
    High,
    /// Anybody gets in.
    Critical,
}

impl Severity {
    /// All of them, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How sure a rule is that what it finds is a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It may be meant.
    Low,
    /// It is hardly ever meant.
    Medium,
    /// It follows from what AWS or GitLab document.
    High,
}

impl Confidence {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A rule's name: `sub-wildcard-crosses-project`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

impl RuleId {
    /// A name of small letters and dashes.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// A known mistake, and how to find it.
#[derive(Debug)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// In half a line.
    pub summary: &'static str,
    /// What, why, what to do, examples and references, as Markdown with fixed sections.
    pub explanation: &'static str,
    /// Looks, and adds what it finds.
    pub check: fn(&Bench<'_>, &mut Vec<Finding>),
}

impl Rule {
    /// A finding of this rule in the file of that number.
    pub fn finding(&'static self, file: usize, span: Span, message: impl Into<String>) -> Finding {
        Finding {
            rule: self,
            file,
            span,
            path: String::new(),
            message: message.into(),
            help: String::new(),
            witness: None,
            fix: None,
            related: Vec::new(),
        }
    }
}

/// Rules are the same if their names are.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
