//! Known mistakes in what people bring: policies, providers, CI files, tokens, each looked at by itself and beside the others.
//!
//! A rule is a `static` in a file of its own in `rules`, with its explanation beside it as Markdown. It looks at the whole sitting and
//! adds what it finds. Nothing here decides who gets in: where a finding says so, a [`Witness`] proves it by the evaluator.

mod audience;
mod document;
#[macro_use]
mod explanation;
mod finding;
mod job;
mod key;
mod operators;
mod provider;
mod rule;
mod rules;
mod safe;
mod sample;
mod setup;
mod shape;
mod shell;
mod statement;
mod stranger;
mod subject;
mod token;
mod varied;
mod witness;

pub use document::trust_policies;
pub use finding::{Edit, Finding, Fix, Place, apply};
pub use rule::{Confidence, Rule, RuleId, Severity};
pub use rules::RULES;
pub use setup::of_setup;
pub use witness::Witness;

use core::cell::OnceCell;

use statement::Seen;
pub use statement::is_of_a_roles_size;

use crate::source::Source;
use crate::verdict::Circumstances;

/// The most findings of a sitting; the worst ones are kept.
pub const MOST: usize = 1_000;

/// A text of the sitting, and what was read in it.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its name, for people.
    pub name: String,
    /// The text.
    pub text: String,
    /// What is in it.
    pub source: Source,
}

/// One sitting: everything that belongs together, looked at together.
pub struct Bench<'b> {
    /// The files.
    pub files: &'b [File],
    /// What is known of the account and the call beside them.
    pub circumstances: &'b Circumstances,
    /// The policies' statements, taken apart once for all rules.
    seen: OnceCell<Vec<Seen<'b>>>,
}

impl<'b> Bench<'b> {
    /// These files, looked at together.
    pub fn new(files: &'b [File], circumstances: &'b Circumstances) -> Self {
        Self { files, circumstances, seen: OnceCell::new() }
    }
}

/// What all rules find, worst first, then in the order of the files; each once. A fix brings no other finding.
pub fn lint(bench: &Bench<'_>) -> Vec<Finding> {
    let mut findings = look(bench);
    safe::keep_safe(bench, &mut findings);
    findings
}

/// What all rules find, with the fixes as the rules propose them.
fn look(bench: &Bench<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        let mut own = Vec::new();
        (rule.check)(bench, &mut own);
        own.truncate(MOST);
        findings.extend(own);
    }
    findings.sort_by(|a, b| {
        let place = |it: &Finding| (it.file, it.span, it.rule.id);
        b.rule.severity.cmp(&a.rule.severity).then_with(|| place(a).cmp(&place(b)))
    });
    findings.dedup_by(|a, b| a.rule == b.rule && (a.file, a.span, &a.message) == (b.file, b.span, &b.message));
    findings.truncate(MOST);
    findings
}
