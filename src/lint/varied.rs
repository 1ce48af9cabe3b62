//! The jobs that are tried where a made-up one is refused: with other values of the claims that the policy's conditions speak of.
//!
//! A list of who stays out refuses the one token that stands on it, and says nothing of all the others. Here are values that anybody's
//! job may have; never an id, a name or an address that the policy itself names as an exception.

use std::iter;

use super::statement::{Seen, lets_pass, may_ask};
use crate::aws::keys::{GITLAB_COM, GITLAB_COM_ISSUER};
use crate::gitlab::ci::known_values;
use crate::gitlab::job::Job;
use crate::gitlab::{Component, RefType};

/// So many jobs are tried beside one, and so many for all that is asked of a statement: each is evaluated.
const MOST: usize = 48;
const MOST_OF_STATEMENT: usize = 600;
/// So many values of a list are tried.
const VALUES_MOST: usize = 8;

impl Seen<'_> {
    /// Jobs beside that one, of the same `sub`, as long as the statement's tries last.
    pub(super) fn varied(&self, job: &Job) -> impl Iterator<Item = Job> {
        let all: Vec<(&str, Vec<String>)> = iter::once("aud")
            .chain(GITLAB_COM)
            .filter(|claim| self.is_spoken_of(claim) && !is_in_subject(job, claim))
            .map(|claim| (claim, self.values(job, claim)))
            .filter(|it| !it.1.is_empty())
            .collect();
        let count = all.iter().fold(1_usize, |count, it| count.saturating_mul(it.1.len()));
        let jobs = (0..count.min(MOST)).map(move |number| {
            let (mut rest, mut other) = (number, job.clone());
            for (claim, values) in &all {
                if let Some(value) = values.get(rest % values.len()) {
                    other.put(claim, value.clone());
                }
                rest /= values.len();
            }
            other
        });
        let is_left = || {
            let tries = self.tries.get();
            self.tries.set(tries + 1);
            tries < MOST_OF_STATEMENT
        };
        jobs.filter(move |it| it != job).take_while(move |_| is_left())
    }

    /// Whether a condition of the policy is on that claim.
    fn is_spoken_of(&self, claim: &str) -> bool {
        self.policy.statements.iter().flat_map(|it| &it.conditions).any(|it| may_ask(it, claim))
    }

    /// Values of the claim that this statement's own conditions let pass, that of the job first where it is among them.
    fn values(&self, job: &Job, claim: &str) -> Vec<String> {
        let lists = self.lists(claim);
        let listed = lists.iter().flat_map(|it| it.values.iter().filter_map(|wanted| self.written(claim, it, wanted)));
        let listed = listed.take(VALUES_MOST).collect::<Vec<_>>();
        let owned = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let possible = |it: &str| match it {
            "merge_request_event" => job.ref_type == RefType::Branch,
            "gitlab-hosted" => job.issuer == GITLAB_COM_ISSUER,
            _ => true,
        };
        let own = job.claims().member(claim).and_then(|it| it.as_str()).map(str::to_owned);
        let mut all: Vec<String> = own.into_iter().collect();
        all.extend(match claim {
            _ if let Some(known) = known_values(claim) => owned(known),
            "aud" if listed.is_empty() => {
                let registered = self.circumstances.client_ids.iter().flat_map(|it| &it.1).cloned();
                registered.chain([job.issuer.clone(), "sts.amazonaws.com".to_owned()]).collect()
            }
            _ if !listed.is_empty() => listed,
            "project_id" | "namespace_id" | "user_id" => owned(&["90210", "1234567", "555"]),
            "user_login" => owned(&["asmith", "mlee", "k.brown"]),
            _ => owned(&["asmith@example.org", "mlee@example.net"]),
        });
        let on = self.on(claim);
        all.retain(|it| possible(it) && on.iter().all(|condition| lets_pass(condition, it)));
        let mut once = Vec::new();
        for it in all {
            if !once.contains(&it) {
                once.push(it);
            }
        }
        once
    }
}

/// Whether the job's `sub` holds the claim's value, so that it cannot be another.
fn is_in_subject(job: &Job, claim: &str) -> bool {
    let component = match claim {
        "project_id" => Component::ProjectId,
        "ref_protected" => Component::RefProtected,
        _ => return false,
    };
    job.subject.has(component)
}
