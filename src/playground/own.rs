//! The person's own policy: the text in the editor once somebody typed into it, and the last policy that it was.
//!
//! A text that cannot be read changes no answer: they stay with the last one that could, or with the composed policy where there
//! was none, and the page says so.

use std::rc::Rc;

use super::Edit;
use crate::document::{Text, json};
use crate::generate::{self, File, Language};
use crate::setup::{Beside, Setup, from_policy};
use crate::source::{self, Found, Kind, Source};
use crate::text::{Diagnostic, Span};

/// What the editor holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Editor {
    /// The policy that the setup composes; the person's own one waits, where there is one.
    Composed(Option<Rc<Own>>),
    /// The person's own.
    Own(Rc<Own>),
}

impl Default for Editor {
    fn default() -> Self {
        Self::Composed(None)
    }
}

impl Editor {
    /// The person's own policy, where it is the one that is judged.
    pub fn own(&self) -> Option<&Rc<Own>> {
        match self {
            Self::Own(own) => Some(own),
            Self::Composed(_) => None,
        }
    }

    /// The person's own policy that waits.
    pub fn waiting(&self) -> Option<&Rc<Own>> {
        match self {
            Self::Own(_) => None,
            Self::Composed(own) => own.as_ref(),
        }
    }
}

/// The person's own policy: a text that holds one, or more.
#[derive(Debug, Clone)]
pub struct Own {
    /// What was typed.
    pub text: Rc<str>,
    /// What it is, and what is in it.
    pub source: Rc<Source>,
    /// Which of its policies is judged, from 0.
    pub choice: usize,
    /// Values of references that have none in the text, by their names.
    pub variables: Rc<Vec<(String, String)>>,
    /// Why there is no policy in it; none where `good` is the text's own.
    pub problem: Option<Diagnostic>,
    /// The last text that had one.
    pub good: Option<Rc<Reading>>,
}

/// What is read follows from what was typed.
impl PartialEq for Own {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
            && self.choice == other.choice
            && self.variables == other.variables
            && match (&self.good, &other.good) {
                (Some(one), Some(other)) => one.text == other.text && one.at == other.at,
                (one, other) => one.is_none() && other.is_none(),
            }
    }
}

/// A policy as it was read from a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The text.
    pub text: Rc<str>,
    source: Rc<Source>,
    at: usize,
}

impl Reading {
    /// What the text is, and what is in it.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The setup that composes this policy, what it does not tell being as in `base`; or what no setup says.
    ///
    /// # Errors
    /// Everything that stands in the way, with its place in the text.
    pub fn setup(&self, base: &Setup) -> Result<Setup, Vec<Diagnostic>> {
        let Some(found) = self.found() else { return Err(Vec::new()) };
        let policy = found.policy.as_ref().map_err(|it| {
            vec![Diagnostic::new("no role can have this document, so no setup composes it").at(it.refusal.span)]
        })?;
        let text = |it: &Option<Text>| it.as_ref().filter(|it| it.unknown.is_empty()).map(|it| it.value.clone());
        let known = found.attached.iter().filter(|it| it.unknown.is_empty());
        let beside = Beside {
            name: text(&found.role_name),
            max_session_seconds: text(&found.max_session_seconds),
            permissions: known.map(|it| it.value.clone()).collect(),
        };
        from_policy(policy, &beside, base)
    }

    /// The policy that is judged, and what stands beside it about its role.
    pub fn found(&self) -> Option<&Found> {
        self.source.policies.get(self.at)
    }
}

/// No text is taken into the editor that has more bytes: no policy does, nor what declares one.
pub const LARGEST_POLICY: usize = 1024 * 1024;

/// The edit that writes the text as a JSON printer would, its members in their order, doubles and numbers as they are; nothing changes
/// where it is written so already.
///
/// # Errors
///
/// Where it is no JSON, what stands in the way.
pub fn formatted(text: &str) -> Result<Edit, Diagnostic> {
    let pretty = crate::print::json::pretty(&json::parse(text)?);
    Ok(Edit { replaced: Span::new(0, text.len()), text: pretty, selected: Span::new(0, 0) }.shortened(text))
}

impl Own {
    /// Reads `text`; `before` is what was there.
    pub fn typed(text: &str, before: Option<&Self>) -> Self {
        let (choice, variables) = before.map(|it| (it.choice, Rc::clone(&it.variables))).unwrap_or_default();
        Self::read(text.into(), choice, variables, before.and_then(|it| it.good.clone()))
    }

    /// The same text, of which another policy is judged.
    pub fn choose(&self, choice: usize) -> Self {
        Self::read(Rc::clone(&self.text), choice, Rc::clone(&self.variables), self.good.clone())
    }

    /// The same text, with a value for a reference in it; an empty one takes it back.
    pub fn set(&self, name: &str, value: &str) -> Self {
        let mut variables = (*self.variables).clone();
        variables.retain(|it| it.0 != name);
        if !value.is_empty() {
            variables.push((name.to_owned(), value.to_owned()));
        }
        Self::read(Rc::clone(&self.text), self.choice, Rc::new(variables), self.good.clone())
    }

    fn read(text: Rc<str>, choice: usize, variables: Rc<Vec<(String, String)>>, before: Option<Rc<Reading>>) -> Self {
        let source = Rc::new(source::read(&text, &variables));
        let at = choice.min(source.policies.len().saturating_sub(1));
        let has_policy = !source.policies.is_empty();
        let problem = (!has_policy).then(|| {
            let none =
                || Diagnostic::new(format!("this is {}, and there is no trust policy in it", source.kind.words()));
            source.problems.first().cloned().unwrap_or_else(none)
        });
        let good = if has_policy {
            Some(Rc::new(Reading { text: Rc::clone(&text), source: Rc::clone(&source), at }))
        } else {
            before
        };
        Self { text, source, choice: at, variables, problem, good }
    }

    /// The references that want a value or were given one, in an order that giving does not change.
    pub fn references(&self) -> Vec<&str> {
        // A name of several words, or one that was cut, is not written in the text as it is.
        let is_there = |it: &&str| it.contains([' ', '…']) || self.text.contains(it);
        let given = self.variables.iter().map(|it| it.0.as_str()).filter(is_there);
        let mut names: Vec<&str> = self.source.unknown.iter().map(|it| it.name.as_str()).chain(given).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The text as a file.
    pub fn file(&self) -> File {
        let name = match self.source.kind {
            Kind::Terraform => "role.tf",
            Kind::CloudFormation if !self.is_json() => "role.yaml",
            Kind::Role | Kind::CloudFormation => "role.json",
            _ => "trust-policy.json",
        };
        let kind = Some(generate::Kind::TrustPolicy);
        File { name: name.to_owned(), kind, role: None, text: self.text.to_string() }
    }

    /// The language of the text.
    pub fn language(&self) -> Language {
        match self.source.kind {
            Kind::Terraform => Language::Hcl,
            Kind::CloudFormation | Kind::Ci if !self.is_json() => Language::Yaml,
            _ => Language::Json,
        }
    }

    fn is_json(&self) -> bool {
        self.text.trim_start().starts_with('{')
    }

    /// Whether the answers are older than the text.
    pub fn is_stale(&self) -> bool {
        self.problem.is_some()
    }
}
