//! The places in the trust policy that a message speaks of.

use super::{Look, Own, Seen};
use crate::lint::{Finding, Severity};
use crate::text::Span;

/// A place, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Where, in bytes of the text in the editor.
    pub span: Span,
    /// How bad it is.
    pub kind: MarkKind,
    /// What is said: one line, the engine's words.
    pub message: String,
    /// What to do, one line; empty where the message says it.
    pub help: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// It cannot be read.
    Unreadable,
    /// A finding that lets people in, or keeps all out.
    Grave,
    /// IAM would refuse to save it, or it would be better otherwise.
    Caution,
    /// It is what stopped the token that is looked at.
    Stopper,
    /// Worth knowing.
    Info,
}

/// The places in the text of the policy: `own` is the person's, where it is the one that is judged. Where its text cannot be read,
/// the other messages are of an older text and have no place in this one.
pub fn marks(own: Option<&Own>, look: &Look, review: &[Finding]) -> Vec<Mark> {
    let mut found = Vec::new();
    if let Some(problem) = own.and_then(|it| it.problem.as_ref()) {
        let end = own.map_or(0, |it| it.text.len());
        found.push(Mark {
            span: problem.span.unwrap_or(Span::new(0, end)),
            kind: MarkKind::Unreadable,
            message: problem.message.clone(),
            help: problem.help.clone(),
        });
        return found;
    }
    if let Seen::Verdict { verdict, stopper, .. } = &look.seen {
        found.extend(verdict.refused_by_iam.iter().map(|it| Mark {
            span: it.span,
            kind: MarkKind::Caution,
            message: it.message.clone(),
            help: String::new(),
        }));
        if let Some(stopper) = stopper {
            let why = stopper.condition.as_ref().map(|it| it.why.clone()).unwrap_or_default();
            found.push(Mark { span: stopper.span, kind: MarkKind::Stopper, message: why, help: String::new() });
        }
    }
    found.extend(review.iter().filter(|it| it.file == 0).map(|it| Mark {
        span: it.span,
        kind: match it.rule.severity {
            Severity::Critical | Severity::High => MarkKind::Grave,
            Severity::Medium | Severity::Low => MarkKind::Caution,
            Severity::Info => MarkKind::Info,
        },
        message: it.message.clone(),
        help: it.help.clone(),
    }));
    found
}
