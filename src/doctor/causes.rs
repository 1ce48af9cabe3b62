//! Which of an error's causes it is, by what a policy and a token show.

use super::{Cause, Complaint, Known, read};
use crate::aws::sts::{REQUIRED_CLAIMS, StsError};
use crate::text::quoted;
use crate::verdict::{Circumstances, Evidence, Failure, Stage, Verdict};

/// What a person gave beside the log, and what came of it.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'b> {
    /// What STS would answer.
    pub verdict: &'b Verdict,
    /// The token.
    pub evidence: &'b Evidence,
    /// What is known of the call.
    pub circumstances: &'b Circumstances,
    /// Whether nobody said when the call was made, and the token is judged as one that was just issued.
    pub is_time_assumed: bool,
}

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

/// The claims whose values stand in a message: the error, the claim, and which of the message's parts.
const REPEATED: [(&str, &str, usize); 4] = [
    ("no-provider", "iss", 0),
    ("token-expired", "exp", 1),
    ("issued-in-future", "iat", 0),
    ("not-yet-valid", "nbf", 1),
];

/// Errors that a verdict can explain although it tells them in other words: those that name no claim, and those of two claims that are
/// ahead at once, as AWS has not said which of them it looks at first.
const GENERAL: [&str; 4] = ["verification-key", "invalid-identity-token", "issued-in-future", "not-yet-valid"];

/// That the message is of another token, where that has another value of a claim, or has a claim that the message misses.
pub(super) fn of_another_token(complaint: &Complaint, evidence: &Evidence) -> Option<String> {
    if let Some(differs) = filled_otherwise(complaint, evidence) {
        return Some(format!("the log is of another token: {differs} in the one that you gave"));
    }
    let (_, claim, part) = REPEATED.into_iter().find(|it| it.0 == complaint.known.id)?;
    let logged = complaint.parts.get(part).filter(|it| !it.is_empty() && !it.contains("[MASKED]"))?;
    let own = match (claim, evidence) {
        ("iss", _) => evidence.issuer()?.to_owned(),
        (_, Evidence::Token(token)) => token.seconds(claim)?.to_string(),
        (_, Evidence::Record(_)) => return None,
    };
    (*logged != own).then(|| {
        let (logged, own) = (quoted(logged), quoted(&own));
        format!("the log is of another token: `{claim}` is {logged} there, and {own} in the one that you gave")
    })
}

/// How the claim that is missing or empty by the message is there in the token. What STS says of one that is null or an empty text is not
/// recorded.
fn filled_otherwise(complaint: &Complaint, evidence: &Evidence) -> Option<String> {
    let Evidence::Token(token) = evidence else { return None };
    let claim = complaint.parts.first().filter(|it| REQUIRED_CLAIMS.contains(&it.as_str()))?;
    let is_filled = |claim: &str| {
        let it = token.claim(claim);
        let is_text = it.and_then(|it| it.as_str()).is_some_and(|it| !it.is_empty());
        let is_list = it.and_then(|it| it.as_array()).is_some_and(|it| !it.is_empty());
        is_text || is_list || token.seconds(claim).is_some()
    };
    match complaint.known.id {
        "missing-claim" if is_filled(claim) => Some(format!("`{claim}` is missing there, and present")),
        "empty-claim" if is_filled(claim) => Some(format!("`{claim}` is empty there, and not")),
        "empty-claim" if token.claim(claim).is_none() => Some(format!("`{claim}` is empty there, and missing")),
        _ => None,
    }
}

/// What the error comes from, beside what was given; what STS said may speak of others.
pub fn diagnose(complaint: &Complaint, beside: Option<Beside<'_>>) -> Diagnosis {
    let another = beside.and_then(|it| of_another_token(complaint, it.evidence));
    let beside = beside.filter(|_| another.is_none());
    let mut causes: Vec<Judged> =
        complaint.known.causes.iter().map(|it| judged(complaint.known, *it, beside)).collect();
    causes.sort_by_key(|it| match it.holds {
        Holds::Yes => 0,
        Holds::Open => 1,
        Holds::No => 2,
    });
    Diagnosis { compared: another.or_else(|| compared(complaint, beside?)), causes }
}

fn judged(known: &Known, cause: Cause, beside: Option<Beside<'_>>) -> Judged {
    let open = Judged { cause, holds: Holds::Open, why: String::new() };
    if cause.is_said {
        return Judged { holds: Holds::Yes, ..open };
    }
    let (Some(stage), Some(beside)) = (cause.stage, beside) else { return open };
    let verdict = beside.verdict;
    match failure_at(verdict, stage) {
        Some(failure) if is_told_by(known, failure) => Judged { holds: Holds::Yes, why: failure.why.clone(), ..open },
        Some(failure) => {
            Judged { why: format!("what you gave fails there with another message: {}", failure.why), ..open }
        }
        None if stage == Stage::TrustPolicy && verdict.allowed.is_none() => Judged {
            why: format!(
                "what you gave does not decide it: {}",
                verdict.depends_on.iter().chain(&verdict.unconfirmed).cloned().collect::<Vec<_>>().join(", ")
            ),
            ..open
        },
        None if cause.is_of_token => {
            Judged { holds: Holds::No, why: "the token that you gave shows that it is not this".to_owned(), ..open }
        }
        None => match assumed(stage, beside) {
            Some(why) => Judged { why: why.to_owned(), ..open },
            None => {
                Judged { holds: Holds::No, why: "by what you gave this token passes that stage".to_owned(), ..open }
            }
        },
    }
}

/// What was not given, where a token passes `stage` for that reason alone.
fn assumed(stage: Stage, beside: Beside<'_>) -> Option<&'static str> {
    let Evidence::Token(token) = beside.evidence else { return None };
    let known = beside.circumstances;
    match stage {
        Stage::Time if beside.is_time_assumed => Some(
            "when the job called STS is not known, so the token is judged as one that was just issued: `claimcheck check` takes the time with `--now`",
        ),
        Stage::Provider if known.providers.is_none() => {
            Some("the account's providers were not given: `claimcheck check` takes them with `--provider`")
        }
        Stage::Audience
            if known.audiences.is_none()
                && !known.client_ids.iter().any(|it| Some(it.0.as_str()) == token.text("iss")) =>
        {
            Some("the provider's client IDs were not given: `claimcheck check` takes them with `--audience`")
        }
        _ => None,
    }
}

/// What failed at `stage`, first or after others.
fn failure_at(verdict: &Verdict, stage: Stage) -> Option<&Failure> {
    verdict.failure.iter().chain(&verdict.also).find(|it| it.stage == stage)
}

/// Whether this failure is told by this error: one stage has several. Where the words of a failure are not known, its code tells.
fn is_told_by(known: &Known, failure: &Failure) -> bool {
    let error = &failure.error;
    if error.code != known.code || error.message.is_empty() || GENERAL.contains(&known.id) {
        return error.code == known.code;
    }
    let answer = format!("({}) when calling the AssumeRoleWithWebIdentity operation: {}", error.code, error.message);
    read(&answer).iter().any(|it| it.known.id == known.id)
}

fn compared(complaint: &Complaint, beside: Beside<'_>) -> Option<String> {
    let (stages, verdict) = (complaint.known.stages, beside.verdict);
    if !complaint.known.causes.iter().any(|it| it.stage.is_some_and(|it| stages.contains(&it))) {
        return None;
    }
    let is_told = |it: &Failure| is_told_by(complaint.known, it);
    let is_shown = stages.iter().any(|it| failure_at(verdict, *it).is_some_and(is_told));
    let hangs = |it: &Cause| !it.is_of_token && it.stage.is_some_and(|it| assumed(it, beside).is_some());
    let is_assumed = complaint.known.causes.iter().any(hangs);
    let comes_before = |it: &Failure| stages.iter().all(|stage| it.stage < *stage);
    Some(match (&verdict.failure, verdict.allowed) {
        (Some(failure), _) if is_shown && stages.contains(&failure.stage) && is_told(failure) => {
            "the policy and the token that you gave explain it".to_owned()
        }
        (Some(failure), _) if is_shown => format!(
            "the policy and the token that you gave explain it, but something fails before: {}; what you gave may be of another job",
            failure.why
        ),
        (failure, _) if is_assumed && !failure.as_ref().is_some_and(comes_before) => {
            "whether what you gave explains it hangs on what was not given".to_owned()
        }
        (Some(failure), _) => format!(
            "what you gave would be answered with another error, {}: it is of another job, or has changed since",
            another(complaint.known, &failure.error)
        ),
        (None, _) if !stages.contains(&Stage::TrustPolicy) => {
            "by what you gave this token comes as far as the trust policy, which STS asks after this error: it is of another job, or it is one of the causes that no policy and no token show"
                .to_owned()
        }
        (None, Some(true)) => {
            "by what you gave this token gets in: so the policy in the account differs, or it is one of the causes that no policy and no token show"
                .to_owned()
        }
        (None, _) => "whether what you gave explains it hangs on what is not known here".to_owned(),
    })
}

/// The other error: by its code, and by its message where the code is the same.
fn another(known: &Known, error: &StsError) -> String {
    if error.code != known.code || error.message.is_empty() {
        return error.code.to_owned();
    }
    quoted(&format!("{}: {}", error.code, error.message))
}
