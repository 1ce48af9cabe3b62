//! Remedies: the edits of a setup that would let a token in, smallest first, each with what else it would let in.
//!
//! An edit is offered only where it was tried: the edited draft makes a setup, the role's policy of that setup lets the token in,
//! and the jobs that the role is meant for keep their verdicts, but for the scopes that the edit says it corrects. What else gets
//! in is read off the same policy: the samples that turn, and the findings that come. What cannot be mended in the setup is said
//! as advice.

mod came;
mod candidates;
mod probes;
mod words;

use std::rc::Rc;

use super::{AsOf, Compiled, SampleKind, Table, judged_at, token_of};
use crate::aws::policy::{Policy, read};
use crate::document::json::Node;
use crate::setup::{Draft, Finding, Setup, Severity, check, findings, trust_policy};
use crate::text::quoted;
use crate::verdict::{Circumstances, Evidence, Stage, Verdict, is_allowed};
use came::Came;
use candidates::{Candidate, Case, candidates, narrowest};

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
}

impl Remedy {
    fn advice(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { title: title.into(), text: text.into(), is_caution: false, edit: None }
    }
}

/// At most so many edits are offered.
const MOST: usize = 4;

/// A sample of the role as it is now, and how it is judged.
struct Row<'t> {
    kind: SampleKind,
    title: &'t str,
    token: Rc<Evidence>,
    before: bool,
}

/// What is tried against a role.
struct Trial<'t> {
    role: usize,
    evidence: &'t Evidence,
    at: i64,
    rows: Vec<Row<'t>>,
    findings: Vec<Finding>,
    probes: Vec<Evidence>,
}

/// What came of an edit that does what it should.
struct Tried {
    wording: (String, String),
    is_caution: bool,
    rank: u8,
    draft: Draft,
    /// The probes that it lets in, one a bit.
    reach: u128,
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
    let setup = compiled.setup();
    if verdict.allowed != Some(false) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(advice) = hopeless(setup, evidence, verdict) {
        found.push(advice);
        return found;
    }
    let circumstances = compiled.circumstances(at);
    for (other, it) in setup.roles().iter().enumerate().filter(|it| it.0 != role) {
        let admits = compiled.policy(other).and_then(|it| is_allowed(it.1, evidence, &circumstances).ok());
        if admits == Some(Some(true)) {
            let name = quoted(it.name.as_str());
            found.push(Remedy::advice(
                format!("Assume {name} instead"),
                format!("The role {name} of this setup lets the token in as it is."),
            ));
        }
    }
    let Some(came) = Came::new(evidence) else {
        found
            .push(Remedy::advice("No scope can speak of this `sub`", "It has none of the forms that GitLab gives it."));
        return found;
    };
    found.extend(elsewhere(setup, role, &came, evidence));
    let first = Basis::of(setup, evidence);
    let stranger = words::stranger(setup, role, &came);
    let mut trial = Trial { role, evidence, at, rows: Vec::new(), findings: findings(setup), probes: Vec::new() };
    trial.rows = rows(table, role, first.as_ref());
    let issuer = evidence.issuer().unwrap_or("");
    let audience = audience_of(evidence).unwrap_or(setup.gitlab().audience.as_str());
    trial.probes = setup.roles().get(role).map(|it| probes::probes(it, &came, issuer, audience)).unwrap_or_default();
    let tried: Vec<Tried> = match &first {
        None => {
            let all = candidates(&Case { setup, role, came: &came });
            all.into_iter().filter_map(|it| trial.run(it, stranger.as_deref())).collect()
        }
        Some(basis) => trial.with_basis(basis, &came, stranger.as_deref()),
    };
    found.extend(in_order(tried));
    found
}

/// Fewest probes first; of those that let in the same, the plainest alone.
fn in_order(mut tried: Vec<Tried>) -> impl Iterator<Item = Remedy> {
    tried.sort_by_key(|it| (it.reach.count_ones(), it.reach, it.rank));
    tried.dedup_by_key(|it| it.reach);
    tried.into_iter().take(MOST).map(|it| Remedy {
        title: it.wording.0,
        text: it.wording.1,
        is_caution: it.is_caution,
        edit: Some(Rc::new(it.draft)),
    })
}

/// What no edit of a setup mends.
fn hopeless(setup: &Setup, evidence: &Evidence, verdict: &Verdict) -> Option<Remedy> {
    let failures = || verdict.failure.iter().chain(&verdict.also);
    let at = |stage: Stage| failures().find(|it| it.stage == stage);
    let audience = quoted(setup.gitlab().audience.as_str());
    if let Some(it) = at(Stage::Token) {
        return Some(Remedy::advice(
            "Nothing in a setup lets this token in",
            format!("STS refuses the token itself: {}.", it.why),
        ));
    }
    if at(Stage::Time).is_some() {
        return Some(Remedy::advice(
            "Run the job again",
            "No setup lets in a token whose time is over or has not come. What the policy makes of it shows when it is judged as of when it was issued.",
        ));
    }
    let several = matches!(evidence, Evidence::Token(it) if it.audiences().len() > 1 && it.text("azp").is_none());
    several.then(|| {
        Remedy::advice(
            "Ask for one audience in `.gitlab-ci.yml`",
            format!("Under `id_tokens`, `aud` is then a single text, {audience}, and no list: STS takes one audience."),
        )
    })
}

/// What is better done in GitLab than in the setup.
fn elsewhere(setup: &Setup, role: usize, came: &Came<'_>, evidence: &Evidence) -> Vec<Remedy> {
    let mut found = Vec::new();
    if let Some(audience) = audience_of(evidence).filter(|it| *it != setup.gitlab().audience.as_str()) {
        found.push(Remedy::advice(
            format!("Ask for {} in `.gitlab-ci.yml`", quoted(setup.gitlab().audience.as_str())),
            format!(
                "The job asks for {} under `id_tokens`, as `aud`. The setup then stays as it is.",
                quoted(audience)
            ),
        ));
    }
    let role = setup.roles().get(role);
    let fit = role.and_then(|it| came::nearest(it, came));
    if let (Some(fit), Some(reference)) = (&fit, came.reference())
        && fit.subject()
        && fit.wrong_pins == ["ref_protected"]
        && came.claim("ref_protected") == Some("false")
    {
        let name = quoted(reference);
        found.push(if came.claim("pipeline_source") == Some("merge_request_event") {
            Remedy::advice(
                "Run the job after the merge",
                format!(
                    "A merge request's job is seldom one of a protected ref, whatever its source branch {name} is."
                ),
            )
        } else {
            let kind = if came.is_tag() { "tag" } else { "branch" };
            Remedy::advice(
                format!("Protect the {kind} {name} in GitLab"),
                format!(
                    "In the project's settings, under Repository, Protected {kind}{}. The setup stays as it is.",
                    if came.is_tag() { "s" } else { "es" }
                ),
            )
        });
    }
    let wants = fit.as_ref().filter(|it| !it.format).and_then(|it| role?.scopes.get(it.at));
    if let Some(wants) = wants
        && wants.subject.components().len() > came.format.components().len()
        && wants.subject.components().iter().filter(|it| !it.is_of_environment()).eq(came.format.components())
    {
        found.push(Remedy::advice(
            "Give the job an `environment`",
            "Without one, GitLab leaves the environment's components out of `sub`.",
        ));
    }
    found
}

fn audience_of(evidence: &Evidence) -> Option<&str> {
    match evidence {
        Evidence::Token(it) => match (it.text("azp"), it.audiences().as_slice()) {
            (Some(azp), _) => Some(azp),
            (None, [one]) => Some(one),
            _ => None,
        },
        Evidence::Record(it) => it.audience.as_deref(),
    }
}

/// What comes before any scope: the token is of another issuer, or for another audience, than the setup.
struct Basis {
    draft: Draft,
    titles: Vec<String>,
    lead: String,
    issuer: Option<String>,
    audience: Option<String>,
}

impl Basis {
    fn of(setup: &Setup, evidence: &Evidence) -> Option<Self> {
        let (old, gitlab) = (setup.draft(), setup.gitlab());
        let mut it = Self { draft: old.clone(), titles: Vec::new(), lead: String::new(), issuer: None, audience: None };
        if let Some(issuer) = evidence.issuer().filter(|it| *it != gitlab.issuer.as_str()) {
            let host = |url: &str| url.trim_start_matches("https://").split([':', '/']).next().map(str::to_owned);
            // Made plain, so that it does not move with the address.
            it.draft.gitlab.audience = Some(gitlab.audience.to_string());
            it.draft.gitlab.issuer = (host(gitlab.url.as_str()) == host(issuer)).then(|| issuer.to_owned());
            if it.draft.gitlab.issuer.is_none() {
                it.draft.gitlab.url = Some(issuer.to_owned());
                it.draft.gitlab.version = None;
            }
            it.titles.push(format!("Take tokens of {}", quoted(issuer)));
            it.lead = format!(
                "Do this only if {} is your GitLab: paths and people of another one are other people's. Tokens of {} are then refused.",
                quoted(issuer),
                quoted(gitlab.issuer.as_str())
            );
            if gitlab.issuer.is_gitlab_com() && drop_pins(&mut it.draft) {
                it.lead.push_str(" AWS sees no pins of its tokens, so they go.");
            }
            it.issuer = Some(issuer.to_owned());
        }
        if let Some(audience) = audience_of(evidence).filter(|it| *it != gitlab.audience.as_str()) {
            it.draft.gitlab.audience = Some(audience.to_owned());
            it.titles.push(format!("Set the audience to {}", quoted(audience)));
            if !it.lead.is_empty() {
                it.lead.push(' ');
            }
            it.lead.push_str(&format!(
                "It is the provider's client ID, the condition's value and what the job asks for. Jobs that ask for {} are then refused; nobody else gets in, as whoever writes a job chooses its audience.",
                quoted(gitlab.audience.as_str())
            ));
            it.audience = Some(audience.to_owned());
        }
        (!it.titles.is_empty()).then_some(it)
    }
}

/// Drops the pins that only gitlab.com has; answers whether there were any.
fn drop_pins(draft: &mut Draft) -> bool {
    let mut dropped = false;
    for scope in draft.roles.iter_mut().flat_map(|it| &mut it.scopes) {
        let has = |name: &str| scope.sub_claim_components.iter().flatten().any(|it| it == name);
        let (id, protected) = (has("project_id"), has("ref_protected"));
        dropped |= !scope.pins.is_empty()
            || scope.namespace_id.is_some()
            || (scope.project_id.is_some() && !id)
            || (scope.ref_protected.is_some() && !protected);
        scope.pins.clear();
        scope.namespace_id = None;
        scope.project_id = scope.project_id.take().filter(|_| id);
        scope.ref_protected = scope.ref_protected.filter(|_| protected);
    }
    dropped
}

/// The samples of the table with a verdict, as jobs of the edited GitLab would have them.
fn rows<'t>(table: &'t Table, role: usize, basis: Option<&Basis>) -> Vec<Row<'t>> {
    let elsewhere = [SampleKind::WrongAudience, SampleKind::TwoAudiences, SampleKind::OtherIssuer, SampleKind::Expired];
    let rows = table.rows.iter().filter(|it| !elsewhere.contains(&it.0.kind));
    rows.filter_map(|(sample, cells)| {
        let token = sample.token.as_ref().ok()?;
        let before = cells.get(role)?.allowed?;
        Some(Row { kind: sample.kind, title: &sample.title, token: moved(token, basis), before })
    })
    .collect()
}

fn moved(token: &Rc<Evidence>, basis: Option<&Basis>) -> Rc<Evidence> {
    let (Some(basis), Evidence::Token(it)) = (basis, &**token) else { return Rc::clone(token) };
    let members = it.claims.as_object().unwrap_or_default().iter().map(|member| {
        let new = match member.key.as_str() {
            "iss" => basis.issuer.as_ref(),
            "aud" => basis.audience.as_ref(),
            _ => None,
        };
        (member.key.as_str(), new.map_or_else(|| member.value.clone(), Node::text))
    });
    Rc::new(Evidence::Token(token_of(Node::object(members.collect()))))
}

impl Trial<'_> {
    /// Issuer and audience alone, or with the narrowest scope where they are not enough.
    fn with_basis(&self, basis: &Basis, came: &Came<'_>, stranger: Option<&str>) -> Vec<Tried> {
        let title = basis.titles.iter().enumerate().map(|(at, it)| if at == 0 { it.clone() } else { lower(it) });
        let title = title.collect::<Vec<_>>().join(" and ");
        let plain = |draft: Draft, title: String, lead: String, scope: Option<usize>| Candidate {
            draft,
            wording: words::Wording { title, lead },
            scope,
            moved: Vec::new(),
            is_caution: basis.issuer.is_some(),
            rank: 0,
        };
        if let Some(it) = self.run(plain(basis.draft.clone(), title.clone(), basis.lead.clone(), None), None) {
            return vec![it];
        }
        let Ok(setup) = check(&basis.draft) else { return Vec::new() };
        let Some(it) = narrowest(&Case { setup: &setup, role: self.role, came }) else { return Vec::new() };
        let title = format!("{title}, and {}", lower(&it.wording.title));
        let lead = format!("{} {}", basis.lead, it.wording.lead);
        self.run(plain(it.draft, title, lead.trim_end().to_owned(), it.scope), stranger).into_iter().collect()
    }

    /// Tries an edit, and says what else it lets in.
    fn run(&self, it: Candidate, stranger: Option<&str>) -> Option<Tried> {
        let setup = check(&it.draft).ok()?;
        let role = setup.roles().get(self.role)?;
        let policy = read(&trust_policy(&setup, role)).ok()?;
        let mut circumstances = Compiled::circumstances_of(&setup, self.at);
        if is_allowed(&policy, self.evidence, &circumstances) != Ok(Some(true)) {
            return None;
        }
        let after: Vec<bool> = self.rows.iter().map(|row| admits(&policy, &row.token, &mut circumstances)).collect();
        let mut lost = Vec::new();
        let mut let_in = Vec::new();
        for (row, after) in self.rows.iter().zip(after) {
            match (row.before, after, row.kind) {
                (true, false, SampleKind::Meant(at)) if it.moved.contains(&at) => lost.push(row.title),
                (true, false, _) => return None,
                (false, true, _) if *row.token != *self.evidence => let_in.push(row.title),
                _ => {}
            }
        }
        let mut text = Vec::new();
        text.extend(stranger.map(str::to_owned));
        text.push(it.wording.lead);
        let scope = it.scope.and_then(|at| role.scopes.get(at));
        text.extend(scope.map(words::who));
        let cautions: Vec<Finding> = findings(&setup)
            .into_iter()
            .filter(|it| it.severity == Severity::Caution && !self.findings.contains(it))
            .collect();
        text.extend(cautions.iter().map(|it| sentence(&it.message)));
        text.push(samples("No longer let in", &lost));
        text.push(samples("Of the samples it lets in too", &let_in));
        text.retain(|it| !it.is_empty());
        let mut reach = 0u128;
        for (bit, probe) in self.rows.iter().map(|it| &*it.token).chain(&self.probes).take(128).enumerate() {
            if admits(&policy, probe, &mut circumstances) {
                reach |= 1 << bit;
            }
        }
        let is_wide = scope.is_some_and(|it| !it.reference.is_exact() && !words::is_protected(it));
        let is_caution = it.is_caution || stranger.is_some() || !cautions.is_empty() || is_wide;
        Some(Tried { wording: (it.wording.title, text.join(" ")), is_caution, rank: it.rank, draft: it.draft, reach })
    }
}

/// Whether a job's own token is let in when the job runs.
fn admits(policy: &Policy, token: &Evidence, circumstances: &mut Circumstances) -> bool {
    circumstances.now = judged_at(token, AsOf::Issued, 0);
    is_allowed(policy, token, circumstances) == Ok(Some(true))
}

fn samples(what: &str, titles: &[&str]) -> String {
    if titles.is_empty() {
        return String::new();
    }
    let titles: Vec<String> = titles.iter().map(|it| format!("“{it}”")).collect();
    format!("{what}: {}.", titles.join(", "))
}

fn sentence(text: &str) -> String {
    cased(text, char::to_ascii_uppercase) + "."
}

fn lower(text: &str) -> String {
    cased(text, char::to_ascii_lowercase)
}

fn cased(text: &str, first: fn(&char) -> char) -> String {
    let mut rest = text.chars();
    let head = rest.next().map(|it| first(&it));
    head.into_iter().chain(rest).collect()
}
