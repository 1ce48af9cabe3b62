//! A policy that denies a token: the smallest edits of its text that admit the token, and the nearest token that it admits.
//!
//! An edit is offered only where it was tried: the edited text is read again, its policy lets the token in, and IAM would refuse
//! nothing in it that it did not refuse before. What else gets in or is shut out is read off the same policy, by the jobs beside
//! the token's and by those that the policy names. A `Deny` is never edited, nor a text of which the places are not exact.

mod candidates;
mod neighbours;
mod statement;
mod token;
mod write;

pub use token::{Change, NearestToken};

use crate::aws::policy::{Effect, Policy, refused_by_iam};
use crate::aws::{AccountId, Arn, Partition};
use crate::lint::{Edit, apply, is_of_a_roles_size};
use crate::source::{self, Source};
use crate::text::quoted;
use crate::verdict::{Circumstances, Evidence, Stage, Verdict, is_allowed};
use candidates::Candidate;
use neighbours::Neighbour;

/// A text, one of the policies in it, and a token that it was judged with.
#[derive(Debug, Clone, Copy)]
pub struct Case<'c> {
    /// What the policy was read from.
    pub text: &'c str,
    /// What it was read as.
    pub source: &'c Source,
    /// Which of its policies, from 0.
    pub at: usize,
    /// The values that references of the text were given.
    pub variables: &'c [(String, String)],
    /// The token or record.
    pub evidence: &'c Evidence,
    /// What else was known.
    pub circumstances: &'c Circumstances,
    /// What came of it.
    pub verdict: &'c Verdict,
}

/// What would turn a denial.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mending {
    /// Edits of the text, those that let in less before those that let in more.
    pub edits: Vec<PolicyEdit>,
    /// Why there is none; a sentence.
    pub why_none: Option<String>,
    /// The nearest token that the policy admits as it is.
    pub token: Option<NearestToken>,
}

/// An edit of the policy's text that admits the token.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyEdit {
    /// What to do, as on a button; code in backticks.
    pub title: String,
    /// What is to be known before; whole sentences, or nothing.
    pub note: String,
    /// The edits of the text.
    pub edits: Vec<Edit>,
    /// The text with them made.
    pub edited: String,
    /// Of the jobs tried, those that get in by it and did not before.
    pub lets_in: Vec<String>,
    /// Of the jobs tried, those that got in before and do not any more.
    pub shuts_out: Vec<String>,
    /// What was not tried though the edit may open it; the beginning of a sentence, or none.
    pub untried: Option<String>,
    /// Whether it opens more than this token.
    pub is_caution: bool,
}

/// At most so many are offered.
const MOST: usize = 5;

impl PolicyEdit {
    /// Note, who else gets in and who does not any more, in sentences.
    pub fn text(&self) -> String {
        let mut out = self.note.clone();
        let mut add = |what: &str, jobs: &[String]| {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(what);
            out.push_str(&jobs.iter().map(|it| format!("“{it}”")).collect::<Vec<_>>().join(", "));
            out.push('.');
        };
        match (self.lets_in.as_slice(), &self.untried) {
            ([], None) => add("Of the jobs tried beside it, nobody else gets in", &[]),
            ([], Some(_)) => {}
            (jobs, _) => add("Of the jobs tried it lets in too: ", jobs),
        }
        if let Some(it) = &self.untried {
            add(it, &[]);
        }
        if !self.shuts_out.is_empty() {
            add("No longer let in: ", &self.shuts_out);
        }
        out
    }
}

/// What would turn the denial; nothing where the verdict is none.
pub fn mend(case: &Case<'_>) -> Mending {
    let mut mending = Mending::default();
    if case.verdict.allowed != Some(false) {
        return mending;
    }
    let Some(found) = case.source.policies.get(case.at) else { return mending };
    let Ok(policy) = &found.policy else {
        mending.why_none = Some("No role can have this document: mend first what IAM refuses in it.".to_owned());
        return mending;
    };
    if !is_of_a_roles_size(policy) {
        mending.why_none = Some("The policy is longer than any that a role can have.".to_owned());
        return mending;
    }
    let circumstances = &of_caller(case);
    let (neighbours, has_all) = neighbours::around(policy, case, circumstances);
    mending.token = token::nearest(policy, case.evidence, circumstances);
    if let Some(failure) = &case.verdict.failure
        && failure.stage != Stage::TrustPolicy
    {
        mending.why_none = Some(format!(
            "No edit of the policy lets this token in: STS refuses it at the stage `{}`, before it asks the policy.",
            failure.stage.as_str()
        ));
        return mending;
    }
    if found.is_embedded {
        mending.why_none =
            Some("The policy is text inside of another text, so an edit of it cannot be exact.".to_owned());
        return mending;
    }
    let candidates = match candidates::candidates(case, found, policy) {
        Ok(it) => it,
        Err(why) => {
            mending.why_none = Some(why);
            return mending;
        }
    };
    let admits = |it: &Neighbour| is_allowed(policy, &it.token, circumstances).ok().flatten();
    let neighbours = neighbours.into_iter().map(|it| (admits(&it), it)).collect();
    let refusals = refused_by_iam(case.text, policy).len();
    let before = Before { case, circumstances, refusals, neighbours, has_all };
    let mut tried: Vec<((bool, bool, usize, u8), PolicyEdit)> = Vec::new();
    for candidate in candidates {
        let (is_last, rank) = (candidate.rank == candidates::REMOVED, candidate.rank);
        if let Some(edit) = before.attempt(candidate)
            && !tried.iter().any(|it| it.1.edited == edit.edited)
        {
            // What was meant comes first, unless it opens more than it seemed to: that it shuts out what the slip had named is no loss.
            let reach = edit.lets_in.len() + edit.shuts_out.len();
            let is_meant = rank == candidates::SLIP && edit.lets_in.len() <= 1 && edit.shuts_out.len() <= 1;
            tried.push(((is_last, !is_meant, reach, rank), edit));
        }
    }
    tried.sort_by_key(|it| it.0);
    mending.edits = tried.into_iter().map(|it| it.1).take(MOST).collect();
    if mending.edits.is_empty() {
        mending.why_none = Some(match (undecided_deny(case.verdict), case.source.unknown.first()) {
            (Some(it), _) => it,
            (None, Some(it)) => {
                format!("No edit could be confirmed, as the text leaves `{}` open: give it a value.", it.name)
            }
            (None, None) => "No small edit of the policy was found that lets this token in.".to_owned(),
        });
    }
    mending
}

/// Said where it is not known whether a `Deny` applies, so that no `Allow` is sure to let the token in.
fn undecided_deny(verdict: &Verdict) -> Option<String> {
    let deny = verdict.statements.iter().find(|it| it.effect == Effect::Deny && it.matched.is_none())?;
    let mut keys: Vec<String> = deny.conditions.iter().flat_map(|it| &it.waits_for).map(|it| quoted(it)).collect();
    keys.dedup();
    let number = deny.index + 1;
    Some(match keys.as_slice() {
        [] => format!(
            "It is not confirmed whether statement {number}, a `Deny`, applies: no edit is sure to let this token in."
        ),
        keys => format!(
            "Whether statement {number}, a `Deny`, applies hangs on {}: no edit is sure to let this token in until that is given.",
            keys.join(", ")
        ),
    })
}

/// What was known of the call, with the account and partition of the caller: a job beside it calls the same role.
fn of_caller(case: &Case<'_>) -> Circumstances {
    let mut circumstances = case.circumstances.clone();
    let actual = case.verdict.statements.iter().find_map(|it| it.principal.actual.as_deref()).unwrap_or("");
    if let Some(arn) = Arn::parse(actual)
        && circumstances.account.is_none()
        && let (Ok(partition), Ok(account)) = (Partition::parse(arn.partition), AccountId::parse(arn.account))
    {
        circumstances.account = Some(account);
        circumstances.partition = Some(partition);
    }
    circumstances
}

/// The policy as it is: asked once, however many edits are tried.
struct Before<'c> {
    case: &'c Case<'c>,
    circumstances: &'c Circumstances,
    /// How much in it IAM would refuse.
    refusals: usize,
    /// The jobs, each with whether it gets in.
    neighbours: Vec<(Option<bool>, Neighbour)>,
    /// Whether those beside the token's are among them.
    has_all: bool,
}

impl Before<'_> {
    /// Makes the edits, reads the text again, and asks who gets in; none where the token does not.
    fn attempt(&self, candidate: Candidate) -> Option<PolicyEdit> {
        let Case { text, source, at, variables, evidence, .. } = *self.case;
        let edited = apply(text, &candidate.edits);
        let read = source::read(&edited, variables);
        let is_same_kind = read.kind == source.kind
            && read.policies.len() == source.policies.len()
            && read.problems.len() <= source.problems.len();
        let policy = read.policies.get(at)?.policy.as_ref().ok().filter(|_| is_same_kind)?;
        let admits = |policy: &Policy, token: &Evidence| is_allowed(policy, token, self.circumstances).ok().flatten();
        if admits(policy, evidence) != Some(true) || refused_by_iam(&edited, policy).len() > self.refusals {
            return None;
        }
        let (mut lets_in, mut shuts_out) = (Vec::new(), Vec::new());
        for (before, neighbour) in &self.neighbours {
            match (*before, admits(policy, &neighbour.token)) {
                (Some(true), Some(true)) | (None, None) | (Some(false) | None, Some(false)) => {}
                (Some(true), _) => shuts_out.push(neighbour.title.clone()),
                (_, Some(true)) => lets_in.push(neighbour.title.clone()),
                (Some(false), None) => lets_in.push(format!("{} (perhaps)", neighbour.title)),
            }
        }
        let is_caution = candidate.is_caution || !self.has_all || !lets_in.is_empty() || !shuts_out.is_empty();
        let Candidate { title, note, edits, untried, .. } = candidate;
        let untried = match untried.as_slice() {
            _ if !self.has_all => {
                Some("No job beside it was tried, as the form of the token's `sub` is not known here".to_owned())
            }
            [] => None,
            keys => {
                let keys = keys.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", ");
                Some(format!("Calls with another {keys} were not tried"))
            }
        };
        Some(PolicyEdit { title, note, edits, edited, lets_in, shuts_out, untried, is_caution })
    }
}
