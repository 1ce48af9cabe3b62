//! When the call was made that a log tells of: by the times in STS's message, or by the mark that GitLab's runner puts before a line.

use super::causes::of_another_token;
use super::plain::time_at;
use super::{Complaint, Stage};
use crate::aws::sts::CLOCK_TOLERANCE;
use crate::verdict::Evidence;

/// The time at which STS refused this token for its times, in seconds since 1970; none where the log does not tell it.
pub fn called_at(log: &str, complaints: &[Complaint], evidence: &Evidence) -> Option<i64> {
    // A record tells its own time.
    if matches!(evidence, Evidence::Record(_)) {
        return None;
    }
    let mut of_time = complaints.iter().filter(|it| it.known.stages.contains(&Stage::Time));
    of_time.find_map(|it| {
        if of_another_token(it, evidence).is_some() {
            return None;
        }
        by_message(it).or_else(|| {
            time_at(log, it.span.start).filter(|at| it.known.stages == [Stage::Time] || exists(evidence, *at))
        })
    })
}

/// Whether the token may have been made by then: one that was made after the log is another one's, unless STS spoke of its times.
fn exists(evidence: &Evidence, at: i64) -> bool {
    let Evidence::Token(token) = evidence else { return true };
    token.seconds("iat").is_none_or(|iat| iat <= at.saturating_add(CLOCK_TOLERANCE))
}

/// Whether STS said that the token was too old when it was sent: it is older now.
pub fn is_of_age(complaint: &Complaint) -> bool {
    complaint.known.stages == [Stage::Time] && complaint.known.code == "ExpiredTokenException"
}

/// STS prints its own time with the tolerance that it grants; of a token of the future it prints the `iat` alone, and the call was made
/// before that by more than the tolerance.
fn by_message(it: &Complaint) -> Option<i64> {
    let seconds = || it.parts.first()?.parse::<i64>().ok();
    match it.known.id {
        "token-expired" if it.parts.len() == 2 => seconds()?.checked_add(CLOCK_TOLERANCE),
        "not-yet-valid" if it.parts.len() == 2 => seconds()?.checked_sub(CLOCK_TOLERANCE),
        "issued-in-future" => seconds()?.checked_sub(CLOCK_TOLERANCE + 1),
        _ => None,
    }
}
