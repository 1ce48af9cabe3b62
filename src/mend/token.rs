//! The nearest token that a policy admits: the denied token's job, with the fewest of its claims changed.

use super::neighbours::{aim, claim_of, is_positive, is_possible, job_of, token_of};
use crate::aws::keys::claims_of;
use crate::aws::policy::{Effect, Policy};
use crate::document::json::Node;
use crate::verdict::{Circumstances, Evidence, is_allowed};

/// A token that the policy admits as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestToken {
    /// Its claims, all that GitLab writes.
    pub claims: Node,
    /// What of it is another than the denied token's; never nothing.
    pub changes: Vec<Change>,
}

/// A claim that is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which.
    pub claim: &'static str,
    /// What came; none where nothing did, or nothing is known of it.
    pub from: Option<String>,
    /// What would get in.
    pub to: String,
}

/// At most so many subjects are tried for a statement.
const MOST_TRIED: usize = 24;

/// The nearest token; none where none is found that is sure to get in.
pub(super) fn nearest(policy: &Policy, evidence: &Evidence, circumstances: &Circumstances) -> Option<NearestToken> {
    let job = job_of(evidence, circumstances.now);
    let mut best: Option<NearestToken> = None;
    for statement in policy.statements.iter().filter(|it| it.effect == Effect::Allow) {
        let subjects = statement.conditions.iter().filter(|it| claim_of(it) == "sub" && is_positive(it));
        let subjects = subjects.flat_map(|it| &it.values).map(Some);
        for subject in subjects.chain([None]).take(MOST_TRIED) {
            let mut other = job.clone();
            aim(&mut other, statement, subject);
            if !is_possible(&other, &job) {
                continue;
            }
            let token = token_of(&other);
            if is_allowed(policy, &token, circumstances).ok().flatten() != Some(true) {
                continue;
            }
            let Evidence::Token(it) = token else { continue };
            let asked = |claim: &str| statement.conditions.iter().any(|it| claim_of(it) == claim);
            let changes = changes(evidence, &it.claims, asked);
            if !changes.is_empty() && best.as_ref().is_none_or(|it| changes.len() < it.changes.len()) {
                best = Some(NearestToken { claims: it.claims, changes });
            }
        }
    }
    best
}

/// The claims that AWS sees and that are others; those that the token did not have only where they are asked for.
fn changes(evidence: &Evidence, claims: &Node, asked: impl Fn(&str) -> bool) -> Vec<Change> {
    let issuer = claims.member("iss").and_then(Node::as_str).unwrap_or("");
    let came = |claim: &str| match (evidence, claim) {
        (_, "iss") => evidence.issuer().map(str::to_owned),
        (Evidence::Token(it), "aud") => {
            it.text("azp").map_or_else(|| Some(it.audiences().join(" ")), |it| Some(it.to_owned()))
        }
        (Evidence::Token(it), claim) => it.text(claim).map(str::to_owned),
        (Evidence::Record(it), "sub") => Some(it.subject.clone()),
        (Evidence::Record(it), "aud") => it.audience.clone(),
        (Evidence::Record(_), _) => None,
    };
    let mut found = Vec::new();
    for claim in ["iss"].into_iter().chain(claims_of(issuer)) {
        let (from, to) = (came(claim), claims.member(claim).and_then(Node::as_str).unwrap_or("").to_owned());
        if from.as_ref() != Some(&to) && (from.is_some() || asked(claim)) {
            found.push(Change { claim, from, to });
        }
    }
    found
}
