//! Why a condition key is never in a request: it is of another host, misspelled, of a claim that STS does not know, or of another call.

use super::provider::{without_port, without_scheme};
use super::shape::{flaw, is_later_component};
use super::statement::{Seen, key_parts, statements};
use super::{Bench, Finding, Rule};
use crate::aws::keys::{self, Presence};
use crate::aws::policy::{Condition, Effect, Family, passes_when_absent};
use crate::document::Text;
use crate::gitlab::Component;
use crate::pattern::has_wildcard;
use crate::text::Span;

/// Why a key is absent from every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Absence {
    /// Its host is none of the statement's.
    OtherHost,
    /// Its host is one of the statement's, written in another way: as it should be.
    Misspelled(String),
    /// A claim that AWS has for GitLab.com alone.
    GitLabComOnly,
    /// A claim of which AWS makes no key.
    NotSent,
    /// A claim of which AWS makes a key for any provider, and that GitLab's tokens do not carry.
    NotInTokens,
    /// A key of other calls, in words.
    OtherCall(&'static str),
    /// No key that is known.
    Unknown,
}

/// Why the condition's key is absent from every request of these hosts' tokens; none where it may be there, or is not known.
pub(super) fn absence(it: &Condition, hosts: &[&str], others: &[&str]) -> Option<Absence> {
    if !it.key_unknown.is_empty() || hosts.is_empty() {
        return None;
    }
    if let Some((presence, words)) = keys::request_key(&it.key) {
        return (presence == Presence::Never).then_some(Absence::OtherCall(words));
    }
    let first = hosts.first().copied().unwrap_or("");
    let Some((host, claim)) = key_parts(&it.key) else {
        let is_claim = keys::claims_of(keys::GITLAB_COM_ISSUER).any(|known| known == it.key);
        return Some(if is_claim { Absence::Misspelled(format!("{first}:{}", it.key)) } else { Absence::Unknown });
    };
    let lower = claim.to_ascii_lowercase();
    let is_same = |a: &&str, b: &str| a.eq_ignore_ascii_case(b);
    let (bare, port) = without_port(host);
    if port == Some("443") && hosts.iter().any(|own| is_same(&without_port(own).0.as_str(), &bare)) {
        return Some(Absence::Misspelled(format!("{bare}:{claim}")));
    }
    if let Some(own) = hosts.iter().find(|own| is_same(own, host)) {
        if keys::claims_of(&format!("https://{}", own.to_ascii_lowercase())).any(|it| it == lower)
            || lower == keys::OWN_AUDIENCE
        {
            return None;
        }
        return Some(if keys::GITLAB_COM.contains(&lower.as_str()) {
            Absence::GitLabComOnly
        } else if keys::SELDOM.contains(&lower.as_str()) {
            Absence::NotInTokens
        } else {
            Absence::NotSent
        });
    }
    if others.iter().any(|other| is_same(other, host)) {
        return None;
    }
    let bare = without_port(without_scheme(host).trim_end_matches('/')).0;
    if let Some(own) = hosts.iter().find(|own| is_same(own, &bare)) {
        return Some(Absence::Misspelled(format!("{own}:{claim}")));
    }
    // Where the ARN alone has a port, the mistake is there.
    if hosts.iter().any(|own| is_same(&without_port(own).0.as_str(), &bare)) {
        return None;
    }
    if !host.contains('.') {
        let is_short = first.split('.').next().is_some_and(|it| it.eq_ignore_ascii_case(host));
        return Some(if is_short { Absence::Misspelled(format!("{first}:{claim}")) } else { Absence::Unknown });
    }
    Some(Absence::OtherHost)
}

/// Whether a condition is met where its key is absent; none where AWS does not say.
pub(super) fn when_absent(it: &Condition) -> Option<bool> {
    match asked_of_null(it) {
        Some(absent) => Some(absent),
        None if is_null(it) => None,
        None => Some(passes_when_absent(it)),
    }
}

/// Whether a condition is met by every token of the provider, or by none, as `Null` is where the key is in all of them. A person may have
/// no name, and of GitLab.com's own keys it is known for the partition `aws` alone.
pub(super) fn of_every_token(seen: &Seen<'_>, it: &Condition) -> Option<bool> {
    let claim = seen.sent_claim(it).filter(|it| !it.starts_with("user_"))?;
    let is_of_aws = |it: &Text| it.value.starts_with("arn:aws:");
    let is_known = keys::EVERY_PROVIDER.contains(&claim.as_str())
        || seen.statement.principals.iter().all(|it| is_of_aws(&it.text));
    let absent = asked_of_null(it).filter(|_| is_known && seen.hosts.len() + seen.others.len() == 1)?;
    Some(!absent)
}

fn is_null(it: &Condition) -> bool {
    it.operator.family == Family::Null && it.operator.qualifier.is_none()
}

/// What `Null` asks for: that the key is absent, or that it is there; none where it asks for both, or for something else.
fn asked_of_null(it: &Condition) -> Option<bool> {
    let all = |wanted: &str| it.values.iter().all(|it| it.text.unknown.is_empty() && it.text.value == wanted);
    if !is_null(it) || it.operator.if_exists || it.values.is_empty() || it.is_doubled {
        return None;
    }
    if all("true") { Some(true) } else { all("false").then_some(false) }
}

/// Whether a `Null` beside the condition keeps out who does not have its key.
pub(super) fn is_there(seen: &Seen<'_>, it: &Condition) -> bool {
    let asks = |other: &Condition| other.key.eq_ignore_ascii_case(&it.key) && asked_of_null(other) == Some(false);
    seen.statement.conditions.iter().any(asks)
}

/// Every condition of the sitting's `Allow` statements for a GitLab whose key is always absent so that nobody passes.
pub(super) fn each_dead(bench: &Bench<'_>, mut look: impl FnMut(&Seen<'_>, &Condition, Absence)) {
    each_absent(bench, |seen, it, absence| {
        if seen.statement.effect == Effect::Allow && when_absent(it) == Some(false) {
            look(seen, it, absence);
        }
    });
}

/// Every condition whose key is always absent.
pub(super) fn each_absent(bench: &Bench<'_>, mut look: impl FnMut(&Seen<'_>, &Condition, Absence)) {
    for seen in statements(bench) {
        let hosts = seen.policy_hosts();
        for it in &seen.statement.conditions {
            if let Some(absence) = absence(it, &hosts, &seen.others) {
                look(seen, it, absence);
            }
        }
    }
}

/// How a claim that is no key is had in `sub` all the same, where a project can put it there.
pub(super) fn put_into_subject(claim: &str) -> Option<String> {
    let from = match Component::parse(claim).map(Component::since) {
        Ok((version, true)) => format!("from GitLab {version} on"),
        Err(_) if !is_later_component(claim) => return None,
        _ => "in later releases of GitLab 19".to_owned(),
    };
    Some(format!("put it into `sub`, {from}: `ci_id_token_sub_claim_components`"))
}

/// A finding at the key, with a fix that writes it anew where one is known.
pub(super) fn at_key(
    seen: &Seen<'_>,
    rule: &'static Rule,
    it: &Condition,
    message: String,
    new: Option<&str>,
) -> Finding {
    let span: Span = it.key_span;
    let finding = seen.of_condition(rule, it, span, message);
    match new {
        Some(new) if is_safe(it) && !seen.statement.conditions.iter().any(|it| it.key.eq_ignore_ascii_case(new)) => {
            seen.respelling(finding, format!("write `{new}`"), span, new)
        }
        _ => finding,
    }
}

/// Whether a condition that nobody passed may come to life: not where its values would let in more than one subject each.
fn is_safe(it: &Condition) -> bool {
    let is_subject = it.key.to_ascii_lowercase().ends_with("sub");
    !is_subject || it.values.iter().all(|it| !has_wildcard(&it.text.value) && flaw(&it.text.value).is_none())
}
