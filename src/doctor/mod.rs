//! What a job's log says went wrong: the error that is in it, the stages at which it arises, its causes, and what to do.
//!
//! AWS has one message for many causes. A log alone gives all of them, the likeliest first; with a verdict at hand the doctor says
//! which of them it is, or that none of what was given explains it. Nothing here is certain that AWS has not confirmed.

mod call;
mod causes;
mod clients;
mod iam;
mod others;
mod plain;
mod recognise;
mod signed;
mod sts;
mod when;

pub use causes::{Beside, Diagnosis, Holds, Judged, diagnose};
pub use plain::READ_MOST;
pub use recognise::{Complaint, MOST, read};
pub use when::{called_at, is_of_age};

use crate::verdict::Stage;

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// AWS STS, of the token and the role.
    Sts,
    /// AWS IAM, of a policy or a provider that is to be saved.
    Iam,
    /// The AWS command line, an SDK or a tool, before or after it asks STS.
    Client,
    /// GitLab.
    GitLab,
}

impl Speaker {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sts => "AWS STS",
            Self::Iam => "AWS IAM",
            Self::Client => "the AWS client in the job",
            Self::GitLab => "GitLab",
        }
    }
}

/// How well it is known that a message has a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sure {
    /// AWS or GitLab documents it, or a live answer was recorded.
    Confirmed,
    /// Reported, or inferred; nobody has confirmed it.
    Unconfirmed,
}

/// An error that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its name, for `explain`.
    pub id: &'static str,
    /// Its error code; empty where it has none.
    pub code: &'static str,
    /// The texts by which it is told, `{}` for a part that varies. The first is its message as it is written.
    pub patterns: &'static [&'static str],
    /// Who says it.
    pub speaker: Speaker,
    /// The stages of `AssumeRoleWithWebIdentity` at which it arises; none: before or after that call.
    pub stages: &'static [Stage],
    /// What it means, in one sentence.
    pub says: &'static str,
    /// Its causes, the likeliest first.
    pub causes: &'static [Cause],
}

/// A cause of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cause {
    /// The stage at which a verdict would show it; none where no policy and no token do.
    pub stage: Option<Stage>,
    /// What it is, in one sentence.
    pub what: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// How well it is known.
    pub sure: Sure,
    /// Whether the message names it itself.
    pub is_said: bool,
    /// Whether the token alone shows it, whatever the account's providers and the time of the call are.
    pub is_of_token: bool,
}

/// Every error that is known, the more specific before the more general.
pub fn known() -> impl Iterator<Item = &'static Known> {
    sts::ERRORS.iter().chain(call::ERRORS).chain(iam::ERRORS).chain(clients::ERRORS).chain(signed::ERRORS)
}

/// The error of that name.
pub fn by_id(id: &str) -> Option<&'static Known> {
    known().find(|it| it.id.eq_ignore_ascii_case(id))
}

/// A cause that a policy and a token show, at `stage`.
const fn shown(stage: Stage, what: &'static str, remedy: &'static str) -> Cause {
    Cause { stage: Some(stage), what, remedy, sure: Sure::Confirmed, is_said: false, is_of_token: false }
}

/// A cause that the token alone shows, at `stage`.
const fn in_token(stage: Stage, what: &'static str, remedy: &'static str) -> Cause {
    Cause { is_of_token: true, ..shown(stage, what, remedy) }
}

/// A cause that the message names itself.
const fn said(what: &'static str, remedy: &'static str) -> Cause {
    Cause { is_said: true, ..outside(what, remedy) }
}

/// A cause that neither shows.
const fn outside(what: &'static str, remedy: &'static str) -> Cause {
    Cause { stage: None, what, remedy, sure: Sure::Confirmed, is_said: false, is_of_token: false }
}

/// A cause that neither shows, and that nobody has confirmed.
const fn perhaps(what: &'static str, remedy: &'static str) -> Cause {
    Cause { stage: None, what, remedy, sure: Sure::Unconfirmed, is_said: false, is_of_token: false }
}
