//! Remedies: the edits of a setup that would let a token in, smallest first, each with what else it would let in.
//!
//! An edit is offered only where it was tried: the edited draft makes a setup, the role's policy of that setup lets the token in,
//! and the jobs that the role is meant for keep their verdicts, but for the scopes that the edit corrects, and then it says so.
//! What else gets in is read off the same policy: the samples that turn, and the findings that come. What is better mended
//! elsewhere than in the setup is said as advice.

mod came;
mod candidates;
mod words;

use std::rc::Rc;

use super::target::circumstances_of;
use super::{AsOf, Compiled, SampleKind, Table, judged_at};
use crate::aws::keys::GITLAB_COM;
use crate::aws::policy::{Policy, read};
use crate::setup::{Draft, Setup, Severity, check, findings, trust_policy};
use crate::verdict::{Circumstances, Evidence, Stage, Verdict, is_allowed};
use came::{Came, FORMAT, nearest};
use candidates::{CORRECTED, Candidate, KEPT, ONE_MORE, WIDE, candidates, is_one, put};
use words::{push, say};

/// One way to let a token in.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// What to do, as on a button; code in backticks.
    pub title: String,
    /// Who else gets in, or how it is done; whole sentences, code in backticks.
    pub text: String,
    /// Whether it lets in somebody who was perhaps not meant.
    pub is_caution: bool,
    /// The edited setup; none for advice, which is followed elsewhere.
    pub edit: Option<Rc<Draft>>,
    /// How far it reaches: the samples that get in, then the rank of its kind.
    reach: (usize, u8),
}

/// At most so many are offered, advice included.
const MOST: usize = 5;

/// A token that a role did not let in, and what is known of both.
struct Case<'c> {
    setup: &'c Setup,
    role: usize,
    table: &'c Table,
    evidence: &'c Evidence,
    at: i64,
    /// Whether the edits move the setup to another issuer or audience, which no sample of now has.
    is_moved: bool,
    /// Whether to another issuer.
    is_foreign: bool,
    stranger: String,
    found: Vec<Remedy>,
}

/// The remedies for `evidence`, which the role of that index answered with `verdict` at `at` (seconds since 1970): advice first,
/// then edits, those that let in less before those that let in more. `table` is the role's own. None where it was not denied.
pub fn remedies(
    compiled: &Compiled,
    role: usize,
    table: &Table,
    evidence: &Evidence,
    at: i64,
    verdict: &Verdict,
) -> Vec<Remedy> {
    // No edit brings a role into the account that a record is of.
    let is_elsewhere = evidence.account().is_some_and(|it| *it != compiled.setup().aws().account_id);
    if verdict.allowed != Some(false) || is_elsewhere {
        return Vec::new();
    }
    let (setup, stranger) = (compiled.setup(), String::new());
    let mut case =
        Case { setup, role, table, evidence, at, is_moved: false, is_foreign: false, stranger, found: Vec::new() };
    if !case.is_hopeless(verdict) {
        case.other_roles(compiled);
        case.mend();
        case.found.truncate(MOST);
    }
    case.found
}

impl<'c> Case<'c> {
    /// Title and text, a line each, with a value for each `{}`.
    fn advise(&mut self, template: &str, values: &[&str]) {
        let (title, text) = split(say(template, values));
        self.found.push(Remedy { title, text, is_caution: false, edit: None, reach: (0, 0) });
    }

    /// Says what no edit of a setup mends.
    fn is_hopeless(&mut self, verdict: &Verdict) -> bool {
        let fails = |stage: Stage| verdict.failure.iter().chain(&verdict.also).any(|it| it.stage == stage);
        let before = self.found.len();
        if fails(Stage::Token) {
            self.advise("Nothing in a setup lets this token in\nSTS refuses the token itself.", &[]);
        } else if fails(Stage::Time) {
            self.advise("Run the job again\nNo setup lets in a token whose time is over or has not come. What the policy makes of it shows when it is judged as of when it was issued.", &[]);
        } else if matches!(self.evidence, Evidence::Token(it) if it.audiences().len() > 1 && it.text("azp").is_none()) {
            let audience = self.setup.gitlab().audience.as_str();
            self.advise("Ask for one audience in `.gitlab-ci.yml`\nUnder `id_tokens`, `aud` is then a single text, {}, and no list: STS takes one audience.", &[audience]);
        }
        self.found.len() > before
    }

    fn other_roles(&mut self, compiled: &Compiled) {
        let (setup, circumstances) = (self.setup, compiled.circumstances(self.at));
        for (at, role) in setup.roles().iter().enumerate() {
            let policy = compiled.policy(at).filter(|_| at != self.role);
            if policy.is_some_and(|it| admits(it.1, self.evidence, &circumstances)) {
                let template = "Assume {} instead\nThis role of the setup lets the token in as it is.";
                self.advise(template, &[role.name.as_str()]);
            }
        }
    }

    fn mend(&mut self) {
        let (setup, role) = (self.setup, self.role);
        let Some(came) = Came::new(self.evidence) else {
            return self
                .advise("No scope can speak of this `sub`\nIt has none of the forms that GitLab gives it.", &[]);
        };
        self.elsewhere(&came);
        self.stranger = words::stranger(setup, role, &came);
        let before = self.found.len();
        match self.moved() {
            None => candidates(setup, role, &came, false).into_iter().for_each(|it| self.attempt(it)),
            Some(basis) => {
                let (moved, words) = (check(&basis.draft), basis.words.clone());
                self.attempt(basis);
                if let Ok(moved) = moved
                    && self.found.len() == before
                {
                    let (title, lead) = split(words);
                    for mut it in candidates(&moved, role, &came, true) {
                        let (more, text) = split(it.words);
                        it.words = [&title, " · ", &more, "\n", &lead, " ", &text].concat();
                        self.attempt(it);
                    }
                }
            }
        }
    }

    /// Says what is better done in GitLab than in the setup.
    fn elsewhere(&mut self, came: &Came<'c>) {
        let audience = self.setup.gitlab().audience.as_str();
        if let Some(it) = audience_of(self.evidence).filter(|it| *it != audience) {
            let template = "Ask for {} in `.gitlab-ci.yml`\nThe job asks for {} under `id_tokens`, as `aud`. The setup then stays as it is.";
            self.advise(template, &[audience, it]);
        }
        let Some(misfit) = self.setup.roles().get(self.role).and_then(|it| nearest(it, came)) else { return };
        if misfit.one_pin().is_some_and(|it| it.claim == "ref_protected")
            && came.claim("ref_protected") == Some("false")
        {
            let template = if came.claim("pipeline_source") == Some("merge_request_event") {
                "Run the job after the merge of {}\nA merge request's job is seldom one of a protected ref, whatever its source branch is."
            } else if came.is_tag() {
                "Protect the tag {} in GitLab\nIn the project's settings, under Repository, Protected tags. The setup stays as it is."
            } else {
                "Protect the branch {} in GitLab\nIn the project's settings, under Repository, Protected branches. The setup stays as it is."
            };
            self.advise(template, &[came.value("ref").unwrap_or("")]);
        }
        let named = misfit.scope.subject.components().iter().filter(|it| !it.is_of_environment());
        if misfit.has(FORMAT) && named.eq(came.parts.iter().map(|it| &it.component)) {
            let template =
                "Give the job an `environment`\nWithout one, GitLab leaves the environment's components out of `sub`.";
            self.advise(template, &[]);
        }
    }

    /// What comes before any scope: issuer and audience become the token's, where they are others.
    fn moved(&mut self) -> Option<Candidate> {
        let gitlab = self.setup.gitlab();
        let (issuer, audience) = (gitlab.issuer.as_str(), gitlab.audience.as_str());
        let mut draft = self.setup.draft().clone();
        let (mut title, mut lead) = (String::new(), String::new());
        if let Some(new) = self.evidence.issuer().filter(|it| *it != issuer) {
            let to = &mut draft.gitlab;
            // Written out, so that it does not follow the address.
            to.audience = Some(audience.to_owned());
            if gitlab.url.as_str().strip_prefix(new).is_some_and(|it| it.starts_with(':')) {
                to.issuer = Some(new.to_owned());
            } else {
                (to.url, to.issuer, to.version) = (Some(new.to_owned()), None, None);
            }
            push(&mut title, "Take tokens of {}", &[new]);
            let template = "Do this only if {} is your GitLab: paths and people of another one are other people's. Tokens of {} are then refused.";
            push(&mut lead, template, &[new, issuer]);
            if gitlab.issuer.is_gitlab_com() {
                lead.push_str(" AWS sees no pins of its tokens, so any there are go.");
                for scope in draft.roles.iter_mut().flat_map(|it| &mut it.scopes) {
                    let names = scope.sub_claim_components.clone().unwrap_or_default();
                    for claim in GITLAB_COM.iter().filter(|it| !names.iter().any(|name| name == **it)) {
                        put(scope, claim, None);
                    }
                }
            }
            self.is_foreign = true;
        }
        if let Some(new) = audience_of(self.evidence).filter(|it| *it != audience) {
            draft.gitlab.audience = Some(new.to_owned());
            if self.is_foreign {
                title.push_str(" · ");
                lead.push(' ');
            }
            push(&mut title, "Set the audience to {}", &[new]);
            let template = "It is the provider's client ID, the condition's value and what the job asks for. Jobs that ask for {} are then refused; nobody else gets in, as whoever writes a job chooses its audience.";
            push(&mut lead, template, &[audience]);
        }
        self.is_moved = !title.is_empty();
        self.is_moved.then(|| Candidate { draft, words: [title, lead].join("\n"), scope: None, rank: CORRECTED })
    }

    /// Tries an edit; if it does what it should, says what else it lets in.
    fn attempt(&mut self, it: Candidate) {
        let Ok(setup) = check(&it.draft) else { return };
        let Some(role) = setup.roles().get(self.role) else { return };
        let Ok(policy) = read(&trust_policy(&setup, role)) else { return };
        let mut circumstances = circumstances_of(&setup, self.at);
        if !admits(&policy, self.evidence, &circumstances) {
            return;
        }
        let (mut lost, mut let_in) = (String::new(), String::new());
        let mut reach = 0;
        for (sample, cells) in self.table.rows.iter().filter(|_| !self.is_moved) {
            let (Ok(token), Some(cell)) = (&sample.token, cells.get(self.role)) else { continue };
            if sample.kind == SampleKind::Expired {
                continue;
            }
            // When the job runs.
            circumstances.now = judged_at(token, AsOf::Issued, 0);
            let after = admits(&policy, token, &circumstances);
            reach += usize::from(after);
            let before = cell.allowed == Some(true);
            if before && !after {
                if it.rank != CORRECTED {
                    return;
                }
                name(&mut lost, "No longer let in: ", &sample.title);
            } else if after && !before && **token != *self.evidence {
                name(&mut let_in, "Of the samples it lets in too: ", &sample.title);
            }
        }
        let scope = it.scope.and_then(|at| role.scopes.get(at));
        let is_wide = scope.is_some_and(|it| !(it.reference.is_exact() || words::is_protected(it)));
        let mut is_caution = self.is_foreign || it.rank == WIDE || is_wide || !self.stranger.is_empty();
        let (title, lead) = split(it.words);
        let mut text = String::new();
        if !self.is_moved || scope.is_some() {
            add(&mut text, &self.stranger);
        }
        add(&mut text, lead.trim_end());
        if let Some(scope) = scope {
            add(&mut text, "");
            words::push_who(&mut text, scope);
        }
        let old = findings(self.setup);
        for it in findings(&setup) {
            if it.severity == Severity::Caution && !old.contains(&it) {
                is_caution = true;
                add(&mut text, "With a finding: ");
                text.push_str(&it.message);
                text.push('.');
            }
        }
        add(&mut text, &lost);
        add(&mut text, &let_in);
        text.truncate(text.trim_end().len());
        // What corrects a scope and yet takes nothing away only widens: by the refs that the scope speaks of.
        let rank = match (it.rank, lost.is_empty()) {
            (CORRECTED, true) => {
                let old = self.setup.roles().get(self.role).map(|it| it.scopes.as_slice()).unwrap_or_default();
                let is_one = role.scopes.iter().zip(old).all(|(new, old)| new == old || is_one(new));
                if is_one { ONE_MORE } else { KEPT }
            }
            (rank, _) => rank,
        };
        let remedy = Remedy { title, text, is_caution, edit: Some(Rc::new(it.draft)), reach: (reach, rank) };
        let at = self.found.iter().position(|it| it.edit.is_some() && it.reach > remedy.reach);
        self.found.insert(at.unwrap_or(self.found.len()), remedy);
    }
}

fn admits(policy: &Policy, token: &Evidence, circumstances: &Circumstances) -> bool {
    is_allowed(policy, token, circumstances) == Ok(Some(true))
}

fn audience_of(evidence: &Evidence) -> Option<&str> {
    match evidence {
        Evidence::Token(it) => it.text("azp").or_else(|| it.audiences().first().copied()),
        Evidence::Record(it) => it.audience.as_deref(),
    }
}

/// Title and text.
fn split(words: String) -> (String, String) {
    match words.split_once('\n') {
        Some((title, text)) => (title.to_owned(), text.to_owned()),
        None => (words, String::new()),
    }
}

/// A sentence more; an empty one makes room for the next.
fn add(text: &mut String, more: &str) {
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
    text.push_str(more);
}

/// A title more in a list of them.
fn name(list: &mut String, what: &str, title: &str) {
    if list.is_empty() {
        list.push_str(what);
    } else {
        list.pop();
        list.push_str(", ");
    }
    for part in ["“", title, "”."] {
        list.push_str(part);
    }
}
