//! The edits that could let a token in: for each part of the nearest statement that fails, what would make it hold; and a statement
//! more, for this token alone. Made here, tried elsewhere.

use super::Case;
use super::write::Writer;
use crate::aws::Arn;
use crate::aws::keys::{claims_of, provider_of};
use crate::aws::policy::{Condition, Effect, Family, Policy, PrincipalKind, Statement};
use crate::gitlab::segments;
use crate::lint::Edit;
use crate::pattern::{Pattern, escape_variables, has_wildcard};
use crate::source::Found;
use crate::text::quoted;
use crate::verdict::{ConditionTrace, Evidence, KeyState, StatementTrace};

/// It puts right what nothing could match.
pub(super) const SLIP: u8 = 0;
/// It lets in this one value more.
pub(super) const EXACT: u8 = 1;
/// It makes wildcards of what stood for itself.
const MEANT: u8 = 2;
/// It takes the caller of another provider.
const OTHER: u8 = 3;
/// It lets in many values.
pub(super) const WIDE: u8 = 4;
/// It takes a condition away: the last resort.
pub(super) const REMOVED: u8 = 9;

/// The action of the call.
pub(super) const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// An edit, not yet tried.
#[derive(Clone)]
pub(super) struct Candidate {
    pub(super) title: String,
    pub(super) note: String,
    pub(super) edits: Vec<Edit>,
    pub(super) rank: u8,
    pub(super) is_caution: bool,
    /// The keys that it no longer asks for and in which no job that is tried differs.
    pub(super) untried: Vec<String>,
}

/// Every edit that is worth trying.
///
/// # Errors
/// Why there can be none, in a sentence.
pub(super) fn candidates(case: &Case<'_>, found: &Found, policy: &Policy) -> Result<Vec<Candidate>, String> {
    let none = || "The policy has no statement that allows anybody.".to_owned();
    let (trace, _) = case.verdict.stopper().ok_or_else(none)?;
    if trace.effect == Effect::Deny {
        return Err(format!(
            "Statement {} denies it, which outweighs every `Allow`: whoever wrote it meant to keep such tokens out, so no edit of it is offered.",
            trace.index + 1
        ));
    }
    let statement = policy.statements.get(trace.index).ok_or_else(none)?;
    let caller = caller(case, trace, policy)
        .ok_or("Which provider calls cannot be told: the policy names no account, so give the role's.")?;
    let writer = Writer { text: case.text, document: &found.document, kind: case.source.kind };
    let maker = Maker { case, policy, statement, caller, writer };
    let mut all = maker.combined(maker.failing(trace));
    all.extend(maker.one_more(trace));
    Ok(all)
}

/// The provider's ARN of this token: as it was judged, or else that of the policy's own account.
fn caller(case: &Case<'_>, trace: &StatementTrace, policy: &Policy) -> Option<String> {
    if let Some(it) = &trace.principal.actual {
        return Some(it.clone());
    }
    let host = case.evidence.issuer()?.strip_prefix("https://")?;
    policy.statements.iter().flat_map(|it| &it.principals).find_map(|it| {
        let arn = Arn::parse(&it.text.value).filter(|arn| it.text.unknown.is_empty() && arn.service == "iam")?;
        Some(format!("arn:{}:iam::{}:oidc-provider/{host}", arn.partition, arn.account))
    })
}

pub(super) struct Maker<'c> {
    pub(super) case: &'c Case<'c>,
    pub(super) policy: &'c Policy,
    pub(super) statement: &'c Statement,
    pub(super) caller: String,
    pub(super) writer: Writer<'c>,
}

impl Maker<'_> {
    /// What would make each failing part of the statement hold, best first.
    fn failing(&self, trace: &StatementTrace) -> Vec<Vec<Candidate>> {
        let mut parts = Vec::new();
        if trace.principal.matched != Some(true) {
            parts.push(self.principal());
        }
        if trace.action_matched != Some(true) {
            parts.push(self.action());
        }
        for (condition, trace) in self.statement.conditions.iter().zip(&trace.conditions) {
            if trace.matched != Some(true) {
                parts.push(self.condition(condition, trace));
            }
        }
        parts
    }

    /// The first way of each part together, and those that differ from it in one part.
    fn combined(&self, parts: Vec<Vec<Candidate>>) -> Vec<Candidate> {
        let Some(first) = parts.iter().map(|it| it.first()).collect::<Option<Vec<_>>>() else { return Vec::new() };
        let mut all = Vec::new();
        if !first.is_empty() {
            all.push(joined(&first));
        }
        for (at, options) in parts.iter().enumerate() {
            for other in options.iter().skip(1) {
                let mut chosen = first.clone();
                if let Some(it) = chosen.get_mut(at) {
                    *it = other;
                }
                all.push(joined(&chosen));
            }
        }
        all
    }

    fn principal(&self) -> Vec<Candidate> {
        let caller = &self.caller;
        let principals = &self.statement.principals;
        let named: Vec<_> = principals.iter().filter(|it| it.kind == PrincipalKind::Federated).collect();
        let mut found = Vec::new();
        let bare = |it: &str| it.replace("https://", "").trim_end_matches('/').to_lowercase();
        let host = |it: &str| it.split_once(":oidc-provider/").map(|it| bare(it.1));
        let note = |it: &str| if host(it) == host(caller) { OF_ACCOUNT } else { OF_OTHER };
        for it in &named {
            let is_slip = bare(&it.text.value) == bare(caller);
            found.extend(make(
                format!("Name the provider {} instead of {}", quoted(caller), quoted(&it.text.value)),
                if is_slip { "" } else { note(&it.text.value) },
                self.writer.replace(it.text.span, caller),
                if is_slip { SLIP } else { OTHER },
            ));
        }
        if let Some(last) = named.last() {
            let spans: Vec<_> = named.iter().map(|it| it.text.span).collect();
            let title = format!("Name the provider {} beside {}", quoted(caller), quoted(&last.text.value));
            found.extend(make(title, note(&last.text.value), self.writer.add(&spans, caller), OTHER));
        } else {
            let value = format!("{{\"Federated\": {}}}", self.writer.quote(caller));
            let edits = self.writer.is_object().then(|| vec![self.writer.put(self.statement.principal_span, value)]);
            let title = format!("Name the provider {} as the principal", quoted(caller));
            found.extend(make(title, "Whom the statement names now, it does not name then.", edits, OTHER));
        }
        found
    }

    fn action(&self) -> Vec<Candidate> {
        if self.statement.not_action {
            return Vec::new();
        }
        let actions = &self.statement.actions;
        let title = format!("Allow the action `{ACTION}`");
        let mut found = Vec::new();
        let only_federated = self.statement.principals.iter().all(|it| it.kind == PrincipalKind::Federated);
        for it in actions.iter().filter(|it| only_federated && it.value.eq_ignore_ascii_case("sts:AssumeRole")) {
            let title = format!("{title} instead of {}", quoted(&it.value));
            found.extend(make(title, "", self.writer.replace(it.span, ACTION), SLIP));
        }
        let spans: Vec<_> = actions.iter().map(|it| it.span).collect();
        found.extend(make(title, "", self.writer.add(&spans, ACTION), EXACT));
        found
    }

    fn condition(&self, it: &Condition, trace: &ConditionTrace) -> Vec<Candidate> {
        let mut found = Vec::new();
        match &trace.actual {
            KeyState::Known(came) if it.operator.compares_text() => match came.as_slice() {
                [value] if it.operator.negated => self.excluded(it, value, &mut found),
                [value] => self.wanted(it, &it.key, value, None, &mut found),
                _ => {}
            },
            KeyState::Absent(_) => self.key(it, &mut found),
            _ => {}
        }
        let note = "This is the last resort: what the condition asked for, nothing asks for then.";
        let title = format!("Remove the condition `{}` on {}", it.operator_text, quoted(&it.key));
        let removed = make(title, note, self.writer.drop_member(it.key_span), REMOVED);
        found.extend(removed.map(|removed| Candidate { untried: untried(it), ..removed }));
        found
    }

    /// A key that the request never has, where it has one of almost that name.
    fn key(&self, it: &Condition, found: &mut Vec<Candidate>) {
        let issuer = self.case.evidence.issuer().unwrap_or("");
        let claim = super::neighbours::claim_of(it);
        let Some(host) = issuer.strip_prefix("https://").filter(|_| claims_of(issuer).any(|it| it == claim)) else {
            return;
        };
        let right = format!("{host}:{claim}");
        if right.eq_ignore_ascii_case(&it.key) {
            return;
        }
        let bare = it.key.replace("https://", "").replace('/', "").to_lowercase();
        let is_slip = bare == right.replace('/', "").to_lowercase();
        let Some(edits) = self.writer.replace(it.key_span, &right) else { return };
        let base = Candidate {
            title: format!("Write the key {} instead of {}", quoted(&right), quoted(&it.key)),
            note: if is_slip { String::new() } else { OF_OTHER.to_owned() },
            edits,
            rank: if is_slip { SLIP } else { OTHER },
            is_caution: !is_slip,
            untried: Vec::new(),
        };
        let came = match self.case.evidence {
            Evidence::Token(token) if claim == "aud" => token.audiences().first().copied(),
            Evidence::Token(token) => token.text(&claim),
            Evidence::Record(record) if claim == "sub" => Some(record.subject.as_str()),
            Evidence::Record(record) => record.audience.as_deref(),
        };
        found.push(base.clone());
        let is_there = |came: &str| it.values.iter().any(|it| it.text.unknown.is_empty() && it.text.value == came);
        let came = came.filter(|it| !is_there(it));
        if let Some(value) = came.filter(|_| it.operator.compares_text() && !it.operator.negated) {
            self.wanted(it, &right, value, Some(&base), found);
        }
    }

    /// A value that is asked to be another.
    fn wanted(&self, it: &Condition, key: &str, came: &str, base: Option<&Candidate>, found: &mut Vec<Candidate>) {
        let exact = if self.policy.variables { escape_variables(came) } else { came.to_owned() };
        let spans: Vec<_> = it.values.iter().map(|it| it.text.span).collect();
        let mut offer = |candidate: Option<Candidate>| {
            found.extend(candidate.map(|it| match base {
                Some(base) => joined(&[base, &it]),
                None => it,
            }));
        };
        for wanted in it.values.iter().filter(|it| it.text.unknown.is_empty()) {
            let written = wanted.text.value.as_str();
            if let Some(right) = slip(written, came, it.operator.reads_wildcards(), self.policy.variables) {
                let title = format!("Write {} instead of {} for {}", quoted(&right), quoted(written), quoted(key));
                offer(make(title, "", self.writer.replace(wanted.text.span, &right), SLIP));
            }
            if let Some((edits, to)) = self.as_pattern(it, written, came) {
                let title = format!("Use `{to}` instead of `{}` for {}", it.operator_text, quoted(key));
                let note =
                    format!("Then `*` and `?` in {} are wildcards; now they stand for themselves.", quoted(written));
                offer(make(title, &note, Some(edits), MEANT));
            }
        }
        let title = format!("Add {} to the values of {}", quoted(&exact), quoted(key));
        let claim = key.rsplit(':').next().unwrap_or("").to_ascii_lowercase();
        let (note, rank) = match (claim.as_str(), came) {
            ("aud", _) => (OF_AUDIENCE, EXACT),
            ("ref_protected", "false") => {
                ("Whoever can push to the project can make a ref that is not protected.", WIDE)
            }
            _ => ("", EXACT),
        };
        offer(make(title, note, self.writer.add(&spans, &exact), rank));
        if claim == "sub"
            && it.operator.reads_wildcards()
            && let Some(parts) = segments(came)
            && let Some(of_ref) = parts.iter().find(|it| it.component == crate::gitlab::Component::Ref)
            && let Some(before) = came.get(..of_ref.start)
        {
            let wide = format!("{}*", escape_variables(before));
            let title = format!("Add {} to the values of {}", quoted(&wide), quoted(key));
            offer(make(title, "Whoever can push to the project gets in.", self.writer.add(&spans, &wide), WIDE));
        }
    }

    /// The operator that reads wildcards, where one is written and this one does not read it.
    fn as_pattern(&self, it: &Condition, written: &str, came: &str) -> Option<(Vec<Edit>, String)> {
        let is_meant = it.operator.family == Family::Equals
            && has_wildcard(written)
            && Pattern::like(written, self.policy.variables).is_ok_and(|it| it.matches(came));
        let to = it.operator_text.replacen("Equals", "Like", 1);
        let others = || self.statement.conditions.iter().filter(|other| other.key_span != it.key_span);
        if !is_meant || others().any(|it| it.operator_text.eq_ignore_ascii_case(&to)) {
            return None;
        }
        let is_alone = !others().any(|other| other.operator_span == it.operator_span);
        Some((self.writer.move_to(it.operator_span, it.key_span, is_alone, &to)?, to))
    }

    /// A value that is asked not to be.
    fn excluded(&self, it: &Condition, came: &str, found: &mut Vec<Candidate>) {
        let spans: Vec<_> = it.values.iter().map(|it| it.text.span).collect();
        for (at, wanted) in it.values.iter().enumerate() {
            let lower = came.to_lowercase();
            let came = if it.operator.family == Family::EqualsIgnoreCase { &lower } else { came };
            if wanted.pattern.as_ref().is_some_and(|it| it.matches(came)) {
                let title = format!("No longer exclude {} under {}", quoted(&wanted.text.value), quoted(&it.key));
                let note = "Whoever wrote it meant to keep such tokens out.";
                found.extend(make(title, note, self.writer.drop_value(&spans, at), WIDE));
            }
        }
    }
}

/// Said of what takes the same GitLab's tokens in another account.
const OF_ACCOUNT: &str =
    "A role takes tokens through the providers of its own account alone: do this only if the role is in that account.";
/// Said of what takes tokens of another provider.
const OF_OTHER: &str = "Do this only if that GitLab is yours: paths and people of another one are other people's.";
/// Said of another audience.
const OF_AUDIENCE: &str = "It must be one of the provider's client IDs too. Whoever writes a job chooses its audience.";

pub(super) fn make(title: String, note: &str, edits: Option<Vec<Edit>>, rank: u8) -> Option<Candidate> {
    let note = note.to_owned();
    Some(Candidate { title, note, edits: edits?, rank, is_caution: rank >= OTHER, untried: Vec::new() })
}

/// The condition's key, where it is none of the token's.
pub(super) fn untried(it: &Condition) -> Vec<String> {
    if provider_of(&it.key).is_none() { vec![it.key.clone()] } else { Vec::new() }
}

/// Several edits as one.
fn joined(parts: &[&Candidate]) -> Candidate {
    let mut note = String::new();
    for it in parts.iter().filter(|it| !it.note.is_empty()) {
        if !note.contains(&it.note) {
            if !note.is_empty() {
                note.push(' ');
            }
            note.push_str(&it.note);
        }
    }
    Candidate {
        title: parts.iter().map(|it| it.title.as_str()).collect::<Vec<_>>().join(" · "),
        note,
        edits: parts.iter().flat_map(|it| it.edits.clone()).collect(),
        rank: parts.iter().map(|it| it.rank).max().unwrap_or(SLIP),
        is_caution: parts.iter().any(|it| it.is_caution),
        untried: parts.iter().flat_map(|it| it.untried.clone()).collect(),
    }
}

/// The value that was meant, where what is written is one that no token has, and with the slip mended fits what came.
fn slip(written: &str, came: &str, reads_wildcards: bool, variables: bool) -> Option<String> {
    let read = if reads_wildcards { Pattern::like } else { Pattern::exact };
    let fits = |it: &str| read(it, variables).is_ok_and(|it| it.matches(came));
    let mut mended = vec![written.trim().to_owned(), format!("{written}/")];
    for (wrong, right) in [
        (":ref:refs/heads/", ":ref:"),
        (":ref:refs/tags/", ":ref:"),
        (":ref_type:mr:", ":ref_type:branch:"),
        (":ref_type:merge_request:", ":ref_type:branch:"),
        (":ref_type:heads:", ":ref_type:branch:"),
        (":ref_type:tags:", ":ref_type:tag:"),
    ] {
        mended.push(written.replacen(wrong, right, 1));
    }
    mended.push(written.strip_suffix('/').unwrap_or(written).to_owned());
    mended.push(format!("https://{written}"));
    if let Some(it) = mended.into_iter().find(|it| it != written && fits(it)) {
        return Some(it);
    }
    let is_other_case = !has_wildcard(written) && written.eq_ignore_ascii_case(came);
    is_other_case.then(|| if variables { escape_variables(came) } else { came.to_owned() })
}
