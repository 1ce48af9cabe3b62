//! What a rule finds: the place, the words, the proof, and the way out.

use super::{Rule, Witness};
use crate::text::Span;

/// Something that a rule found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// By which rule.
    pub rule: &'static Rule,
    /// In which file of the sitting.
    pub file: usize,
    /// Where in it.
    pub span: Span,
    /// Which element, as `Statement[0].Condition`, or which field of a setup; empty where the place says it.
    pub path: String,
    /// What is wrong here, in one line, with the user's own value in backticks.
    pub message: String,
    /// What to do, in one line.
    pub help: String,
    /// A token that proves it.
    pub witness: Option<Witness>,
    /// An edit that mends it and changes nothing else of what was meant.
    pub fix: Option<Fix>,
    /// What it does not agree with.
    pub related: Vec<Place>,
}

impl Finding {
    /// The same finding, for the element `path`.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// The same finding, with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same finding, with its proof if there is one.
    #[must_use]
    pub fn witness(mut self, witness: impl Into<Option<Witness>>) -> Self {
        self.witness = witness.into();
        self
    }

    /// The same finding, with one edit in its own file that mends it.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        let edit = Edit { file: self.file, span, text: text.into() };
        self.fix = Some(Fix { title: title.into(), edits: vec![edit] });
        self
    }

    /// The same finding, with another place that it speaks of.
    #[must_use]
    pub fn beside(mut self, file: usize, span: Span, note: impl Into<String>) -> Self {
        self.related.push(Place { file, span, note: note.into() });
        self
    }
}

/// Another place of the sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// In which file.
    pub file: usize,
    /// Where in it.
    pub span: Span,
    /// What stands there.
    pub note: String,
}

/// Edits that mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What they do, in half a line.
    pub title: String,
    /// The edits; none overlaps another.
    pub edits: Vec<Edit>,
}

/// A part of a file, and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// In which file.
    pub file: usize,
    /// What goes.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A text with edits made in it; those that overlap one before them, or lie outside of the text, are left out.
pub fn apply<'e>(text: &str, edits: impl IntoIterator<Item = &'e Edit>) -> String {
    let mut sorted: Vec<&Edit> = edits.into_iter().collect();
    sorted.sort_by_key(|it| it.span);
    let (mut out, mut at) = (String::new(), 0);
    for edit in sorted {
        let Some(before) = text.get(at..edit.span.start).filter(|_| text.is_char_boundary(edit.span.end)) else {
            continue;
        };
        out.push_str(before);
        out.push_str(&edit.text);
        at = edit.span.end;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_made_in_any_order_and_never_twice() {
        let edit = |start, end, text: &str| Edit { file: 0, span: Span::new(start, end), text: text.to_owned() };
        assert_eq!(apply("abcdef", &[edit(4, 5, "X"), edit(0, 2, ""), edit(1, 3, "no")]), "cdXf");
        assert_eq!(apply("é", &[edit(1, 2, "no"), edit(9, 12, "no"), edit(2, 2, "!")]), "é!");
        assert_eq!(apply("ab", &[]), "ab");
    }
}
