//! The request context: what each condition key holds in one call, as far as it is known.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::values::variable;
use super::{Circumstances, Doubt, Evidence};
use crate::aws::Partition;
use crate::aws::keys::{self, Presence};
use crate::aws::policy::Condition;
use crate::document::json::Value;
use crate::gitlab::token::Token;
use crate::pattern::{Part, parts};
use crate::text::quoted;
use crate::time::iso;

/// What a request key holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// These values, at least one; one, unless somebody gave several.
    Known(Vec<String>),
    /// The request does not have it; why, in a few words.
    Absent(String),
    /// It is not known here, and whether somebody can give it; what it would be, in a few words.
    Unknown(Doubt, String),
}

/// The context of one call.
#[derive(Debug, Clone)]
pub struct Context<'r> {
    evidence: &'r Evidence,
    circumstances: &'r Circumstances,
    provider_arn: Option<String>,
    /// What was asked for already, by the name that it was asked by: the statements of a policy ask for the same few keys.
    states: RefCell<BTreeMap<String, Rc<KeyState>>>,
}

impl<'r> Context<'r> {
    /// The context of a call with this evidence; `provider_arn` is the caller's, where the account is known.
    pub fn new(evidence: &'r Evidence, circumstances: &'r Circumstances, provider_arn: Option<String>) -> Self {
        Self { evidence, circumstances, provider_arn, states: RefCell::default() }
    }

    /// The caller: the provider's ARN.
    pub fn provider_arn(&self) -> Option<&str> {
        self.provider_arn.as_deref()
    }

    /// The provider of the token's issuer, in an account that stands for any.
    pub(super) fn anyones_provider(&self) -> String {
        anyones_provider(self.evidence.issuer().unwrap_or(""))
    }

    /// What the key `name` holds; names are compared without regard to case.
    pub fn state(&self, name: &str) -> Rc<KeyState> {
        let known = self.states.borrow().get(name).map(Rc::clone);
        known.unwrap_or_else(|| {
            let state = Rc::new(self.find(name));
            self.states.borrow_mut().insert(name.to_owned(), Rc::clone(&state));
            state
        })
    }

    fn find(&self, name: &str) -> KeyState {
        if let Some((_, values)) = self.circumstances.context.iter().find(|it| it.0.eq_ignore_ascii_case(name)) {
            return match values.as_slice() {
                [] => KeyState::Absent(format!("the request is said to be without `{name}`")),
                _ => KeyState::Known(values.clone()),
            };
        }
        let issuer = self.evidence.issuer().unwrap_or("");
        let prefix = issuer.strip_prefix("https://").unwrap_or(issuer);
        if let Some(claim) = claim_named(name, prefix) {
            return self.claim(&claim, issuer);
        }
        if let Some((presence, words)) = keys::request_key(name) {
            return match (presence, self.told(&name.to_ascii_lowercase())) {
                (_, Some(value)) => KeyState::Known(vec![value]),
                (Presence::Never, None) => {
                    KeyState::Absent(format!("STS does not have `{name}` for this call: {words}"))
                }
                (Presence::Sent | Presence::Perhaps, None) => KeyState::Unknown(Doubt::NotGiven, words.to_owned()),
            };
        }
        match keys::provider_of(name) {
            Some(host) if host.trim_start_matches("https://").trim_end_matches('/').eq_ignore_ascii_case(prefix) => {
                let claim = name.get(host.len()..).unwrap_or("");
                KeyState::Absent(format!(
                    "this provider's keys begin with `{prefix}:`, so it is `{prefix}{claim}`; no request has `{name}`"
                ))
            }
            Some(host) => KeyState::Absent(format!(
                "keys that begin with `{host}:` belong to another provider; this token is from `{issuer}`, its keys begin with `{prefix}:`"
            )),
            None if !name.contains(':') && !name.contains("${") => {
                KeyState::Absent(format!("a key has a prefix, so no request has {}", quoted(name)))
            }
            None => KeyState::Unknown(Doubt::NotGiven, format!("`{name}` is no key that this program knows")),
        }
    }

    /// Whether the token has the claim of the key `name` as null, and nobody gave the key another value.
    pub(super) fn is_null(&self, name: &str) -> bool {
        let Evidence::Token(token) = self.evidence else { return false };
        let issuer = self.evidence.issuer().unwrap_or("");
        let claim = claim_named(name, issuer.strip_prefix("https://").unwrap_or(issuer));
        let is_null = claim.is_some_and(|it| {
            keys::claims_of(issuer).any(|key| key == it) && token.claim(&it).is_some_and(|it| it.value == Value::Null)
        });
        is_null && !self.circumstances.context.iter().any(|it| it.0.eq_ignore_ascii_case(name))
    }

    /// Whether every request has the key `name`, whatever it holds.
    pub fn is_sent(&self, name: &str) -> bool {
        matches!(keys::request_key(name), Some((Presence::Sent, _)))
    }

    /// The keys of the condition's policy variables that nobody gave.
    pub(super) fn unknown_variables(&self, condition: &Condition) -> Vec<String> {
        let parts = condition.values.iter().flat_map(|it| parts(&it.text.value, true, false));
        parts
            .filter_map(|it| match it {
                Part::Variable(inner) => variable(&inner).map(|it| it.0.to_owned()),
                Part::Step(_) => None,
            })
            .filter(|it| matches!(*self.state(it), KeyState::Unknown(..)))
            .collect()
    }

    /// Request keys that follow from the time and the provider, as documented and recorded for this call. STS answers over TLS alone.
    fn told(&self, name: &str) -> Option<String> {
        let now = self.circumstances.now;
        match name {
            "aws:currenttime" => return Some(iso(now)),
            "aws:epochtime" => return Some(now.to_string()),
            "aws:securetransport" => return Some("true".to_owned()),
            "sts:rolesessionname" => {
                return match self.evidence {
                    Evidence::Record(record) => record.session_name.clone(),
                    Evidence::Token(_) => None,
                };
            }
            _ => {}
        }
        if let Evidence::Record(record) = self.evidence
            && let Some((_, value)) = record.request.iter().find(|it| it.0 == name)
        {
            return Some(value.clone());
        }
        let arn = self.provider_arn.as_deref()?;
        match name {
            "aws:principalaccount" => arn.split(':').nth(4).map(str::to_owned),
            "aws:principaltype" => Some("User".to_owned()),
            "aws:userid" => Some(arn.to_owned()),
            "sts:roleauthorizedbyidp" => Some("false".to_owned()),
            _ => None,
        }
    }

    /// The partition of the role's account; the largest, where nobody said.
    fn partition(&self) -> &str {
        let arn = self.provider_arn.as_deref().and_then(|it| it.split(':').nth(1));
        arn.or(self.circumstances.partition.map(Partition::as_str)).unwrap_or(Partition::Aws.as_str())
    }

    fn claim(&self, claim: &str, issuer: &str) -> KeyState {
        let is_key = keys::claims_of(issuer).any(|it| it == claim);
        match self.evidence {
            _ if is_key && keys::GITLAB_COM.contains(&claim) && self.partition() != Partition::Aws.as_str() => {
                let words = format!("that AWS has this key in the partition `{}` is not confirmed", self.partition());
                KeyState::Unknown(Doubt::Key, words)
            }
            Evidence::Token(token) if is_key => claim_of_token(token, claim),
            Evidence::Token(_) if claim == keys::OWN_AUDIENCE => {
                let words = "the token's own `aud`, where AWS has this key for the provider";
                KeyState::Unknown(Doubt::Key, words.to_owned())
            }
            Evidence::Token(token) if keys::SELDOM.contains(&claim) => match token.claim(claim) {
                None => KeyState::Absent(format!("this token has no `{claim}`")),
                Some(_) => {
                    let words = format!("GitLab's tokens have no `{claim}`; how STS reads this one is not known");
                    KeyState::Unknown(Doubt::Key, words)
                }
            },
            Evidence::Record(record) if is_key || keys::SELDOM.contains(&claim) || claim == keys::OWN_AUDIENCE => {
                match claim {
                    "sub" => KeyState::Known(vec![record.subject.clone()]),
                    "aud" => match &record.audience {
                        Some(it) => KeyState::Known(vec![it.clone()]),
                        None => KeyState::Unknown(Doubt::NotGiven, "the record does not show the audience".to_owned()),
                    },
                    _ => KeyState::Unknown(Doubt::NotGiven, format!("a CloudTrail record does not show `{claim}`")),
                }
            }
            _ if keys::has_other_keys(issuer) => {
                let words = format!("which keys AWS has for tokens of `{issuer}` this program does not know");
                KeyState::Unknown(Doubt::NotGiven, words)
            }
            _ if keys::GITLAB_COM.contains(&claim) => KeyState::Absent(format!(
                "AWS has the key `{claim}` for gitlab.com alone; for `{issuer}` it sees `aud` and `sub`"
            )),
            _ => KeyState::Absent(format!("AWS has no key for the claim `{claim}`, so it is never in the request")),
        }
    }
}

/// The claim, in lower case, of a key that begins with the provider's host and path.
fn claim_named(key: &str, prefix: &str) -> Option<String> {
    let own = key.get(..prefix.len()).filter(|it| !it.is_empty() && it.eq_ignore_ascii_case(prefix))?;
    key.get(own.len()..)?.strip_prefix(':').map(str::to_ascii_lowercase)
}

/// The ARN of the provider of `issuer`, in an account that stands for any.
pub(super) fn anyones_provider(issuer: &str) -> String {
    format!("arn:aws:iam::000000000000:oidc-provider/{}", issuer.strip_prefix("https://").unwrap_or(issuer))
}

fn claim_of_token(token: &Token, claim: &str) -> KeyState {
    if claim == "aud" {
        // Where there is an `azp`, STS takes it for the audience.
        if let Some(azp) = token.text("azp") {
            return KeyState::Known(vec![azp.to_owned()]);
        }
        return match token.audiences().as_slice() {
            [] => KeyState::Absent("this token has no `aud`".to_owned()),
            several => KeyState::Known(several.iter().map(|it| (*it).to_owned()).collect()),
        };
    }
    match token.claim(claim).map(|it| &it.value) {
        None => KeyState::Absent(format!("this token has no `{claim}`")),
        Some(Value::Null) => KeyState::Absent(format!("`{claim}` is null in this token")),
        Some(Value::String(it)) => KeyState::Known(vec![it.clone()]),
        Some(Value::Number(it)) if claim == "sub" => KeyState::Known(vec![it.clone()]),
        Some(_) => {
            let words = format!("GitLab writes `{claim}` as a string; how STS reads another kind is not known");
            KeyState::Unknown(Doubt::Key, words)
        }
    }
}
