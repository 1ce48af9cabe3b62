//! Which of an error's causes it is, by what a policy and a token show.

use super::{Cause, Complaint};
use crate::verdict::{Failure, Stage, Verdict};

/// What is known of a cause here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The policy and the token show it.
    Yes,
    /// They show that it is not this.
    No,
    /// They do not tell.
    Open,
}

/// A cause, and whether it is the one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The cause.
    pub cause: Cause,
    /// Whether it is the one.
    pub holds: Holds,
    /// Why, where a verdict told.
    pub why: String,
}

/// An error with its causes: the one that it is first, those that it is not last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What was compared, in one sentence; none without a verdict.
    pub compared: Option<String>,
    /// The causes.
    pub causes: Vec<Judged>,
}

/// What the error comes from. `verdict` is of the policy and the token at hand; what STS said may speak of others.
pub fn diagnose(complaint: &Complaint, verdict: Option<&Verdict>) -> Diagnosis {
    let known = complaint.known;
    let mut causes: Vec<Judged> = known.causes.iter().map(|it| judged(*it, verdict)).collect();
    causes.sort_by_key(|it| match it.holds {
        Holds::Yes => 0,
        Holds::Open => 1,
        Holds::No => 2,
    });
    Diagnosis { compared: verdict.and_then(|it| compared(complaint, it)), causes }
}

fn judged(cause: Cause, verdict: Option<&Verdict>) -> Judged {
    let open = Judged { cause, holds: Holds::Open, why: String::new() };
    let (Some(stage), Some(verdict)) = (cause.stage, verdict) else { return open };
    match failure_at(verdict, stage) {
        Some(failure) => Judged { holds: Holds::Yes, why: failure.why.clone(), ..open },
        None if stage == Stage::TrustPolicy && verdict.allowed.is_none() => Judged {
            why: format!(
                "what you gave does not decide it: {}",
                verdict.depends_on.iter().chain(&verdict.unconfirmed).cloned().collect::<Vec<_>>().join(", ")
            ),
            ..open
        },
        None => Judged { holds: Holds::No, why: "by what you gave this token passes that stage".to_owned(), ..open },
    }
}

/// What failed at `stage`, first or after others.
fn failure_at(verdict: &Verdict, stage: Stage) -> Option<&Failure> {
    verdict.failure.iter().chain(&verdict.also).find(|it| it.stage == stage)
}

fn compared(complaint: &Complaint, verdict: &Verdict) -> Option<String> {
    let stages = complaint.known.stages;
    if stages.is_empty() {
        return None;
    }
    let is_shown = stages.iter().any(|it| failure_at(verdict, *it).is_some());
    Some(match (&verdict.failure, verdict.allowed) {
        (Some(failure), _) if is_shown && stages.contains(&failure.stage) => {
            "the policy and the token that you gave explain it".to_owned()
        }
        (Some(failure), _) if is_shown => format!(
            "the policy and the token that you gave explain it, but something fails before: {}; what you gave may be of another job",
            failure.why
        ),
        (Some(failure), _) => format!(
            "what you gave would be answered with another error, {}: it is of another job, or has changed since",
            failure.error.code
        ),
        (None, Some(true)) => {
            "by what you gave this token gets in: so the policy in the account differs, or it is one of the causes that no policy and no token show"
                .to_owned()
        }
        (None, _) => "whether what you gave explains it hangs on what is not known here".to_owned(),
    })
}
