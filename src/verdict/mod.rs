//! One policy, one token: what STS answers, and why.
//!
//! Stages in the order of `Stage`; AWS has not confirmed that order. Where several stages fail, the first is the answer and the
//! others stand beside it; the trust policy is always evaluated. What a request is not known to hold is *unknown*, never guessed:
//! a verdict that hangs on it is undecided and says on what.

mod compare;
mod context;
mod doubt;
mod evaluate;
mod evidence;
mod json;
mod stages;
mod values;
mod why;

#[cfg(test)]
mod tests;

pub use compare::{Layout, Row, lay_out};
pub use context::{Context, KeyState};
pub use doubt::Doubt;
pub use evidence::{Evidence, Record, all_evidence_of, evidence_of, read_evidence};
pub use json::to_json;
pub use stages::{is_allowed, judge, malformed};

use crate::aws::policy::{Effect, Operator, Refusal};
use crate::aws::sts::StsError;
use crate::aws::{AccountId, Partition};
use crate::text::{Diagnostic, Span};

/// A stage of `AssumeRoleWithWebIdentity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before any call: no stored role can hold this policy.
    Policy,
    /// The token is readable and has the required claims.
    Token,
    /// The account has a provider for the issuer.
    Provider,
    /// The token is valid now.
    Time,
    /// The audience is one of the provider's client IDs.
    Audience,
    /// The role's trust policy allows it.
    TrustPolicy,
    /// STS hands out credentials.
    Credentials,
}

impl Stage {
    /// The stages of a call, in order.
    pub const CALL: [Self; 6] =
        [Self::Token, Self::Provider, Self::Time, Self::Audience, Self::TrustPolicy, Self::Credentials];

    /// As in the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Token => "token",
            Self::Provider => "provider",
            Self::Time => "time",
            Self::Audience => "audience",
            Self::TrustPolicy => "trust-policy",
            Self::Credentials => "credentials",
        }
    }
}

/// What is known of the call beside policy and token.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Circumstances {
    /// The role's account; none: that of the federated principal for the token's issuer.
    pub account: Option<AccountId>,
    /// The role's partition; none: that of the same principal.
    pub partition: Option<Partition>,
    /// The provider's client IDs; none: the token's own audience counts as one.
    pub audiences: Option<Vec<String>>,
    /// Where `audiences` is none: providers whose client IDs are known, each with its URL. For another, the token's own audience counts
    /// as one.
    pub client_ids: Vec<(String, Vec<String>)>,
    /// The URLs of the account's providers; none: the token's issuer counts as one.
    pub providers: Option<Vec<String>>,
    /// The time of the call, in seconds since 1970.
    pub now: i64,
    /// Request keys that are not in the token, with their values; none: the request does not have the key.
    pub context: Vec<(String, Vec<String>)>,
}

impl Circumstances {
    /// Those of a call with `evidence`: a record's own account goes before one that a policy names.
    pub fn of_call(self, evidence: &Evidence) -> Self {
        Self { account: evidence.account().cloned().or(self.account), ..self }
    }
}

/// A stage that failed, and what STS says there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where.
    pub stage: Stage,
    /// What STS says.
    pub error: StsError,
    /// Why, in one sentence for a person.
    pub why: String,
}

/// What STS answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// Whether it hands out credentials; none where that hangs on `depends_on`.
    pub allowed: Option<bool>,
    /// Where it ended.
    pub stage: Stage,
    /// The failure at that stage; none where allowed or undecided.
    pub failure: Option<Failure>,
    /// What would fail after it.
    pub also: Vec<Failure>,
    /// What would decide, where undecided: request keys that were not given, and references of the document without a value.
    pub depends_on: Vec<String>,
    /// What AWS has not confirmed and the outcome hangs on, in words.
    pub unconfirmed: Vec<String>,
    /// What IAM would refuse to save today.
    pub refused_by_iam: Vec<Refusal>,
    /// Every statement, evaluated.
    pub statements: Vec<StatementTrace>,
}

/// One statement, evaluated. `matched` is none where undecided.
#[derive(Debug, Clone, PartialEq)]
pub struct StatementTrace {
    /// Its place in the policy, from 0.
    pub index: usize,
    /// Where it stands.
    pub span: Span,
    /// `Sid`.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// Whether it may have the other effect too, as an element stands twice in it.
    pub either_effect: bool,
    /// Whether it applies to this call.
    pub matched: Option<bool>,
    /// Its principals.
    pub principal: PrincipalTrace,
    /// Whether its actions include this call's.
    pub action_matched: Option<bool>,
    /// References without a value in its actions.
    pub open_actions: Vec<String>,
    /// Its conditions, in order.
    pub conditions: Vec<ConditionTrace>,
    /// What IAM is not confirmed to take in it, in words.
    pub unconfirmed: Vec<String>,
}

/// The principals of a statement, evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalTrace {
    /// Whether one of them is the caller.
    pub matched: Option<bool>,
    /// Why that is not decided.
    pub doubt: Option<Doubt>,
    /// Those that the statement names.
    pub wanted: Vec<String>,
    /// The caller's: the provider's ARN; none where the account is not known.
    pub actual: Option<String>,
    /// References without a value in them.
    pub open: Vec<String>,
    /// Where they stand, the first of them.
    pub span: Option<Span>,
}

/// One key under one operator, evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionTrace {
    /// The operator as written.
    pub operator: String,
    /// The operator, read.
    pub asks: Operator,
    /// The key as written.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The values that it wants, as written, and where they stand.
    pub wanted: Vec<(String, Span)>,
    /// What came.
    pub actual: KeyState,
    /// Whether it is satisfied; none where undecided.
    pub matched: Option<bool>,
    /// Why it is undecided.
    pub doubt: Option<Doubt>,
    /// What would decide it, if somebody gave it: request keys, references of the document.
    pub waits_for: Vec<String>,
    /// Why, in one sentence for a person.
    pub why: String,
}

/// Why there is no verdict at all.
#[derive(Debug, Clone, PartialEq)]
pub enum NoVerdict {
    /// The token has a claim of which it is not evaluated what STS makes; no token of GitLab's has it.
    Claim(String),
    /// The account cannot be told: several different ones.
    Account(Diagnostic),
}

impl NoVerdict {
    /// One line.
    pub fn message(&self) -> String {
        match self {
            Self::Claim(name) => format!("not evaluated: the claim {}", crate::text::quoted(name)),
            Self::Account(it) => it.message.clone(),
        }
    }
}

impl Verdict {
    /// The statement and condition that stopped the call at the trust policy: the first `Deny` that applies; else, of the `Allow`
    /// statements, the one that is nearest to applying, and its failing condition, the one on `sub` before others.
    pub fn stopper(&self) -> Option<(&StatementTrace, Option<&ConditionTrace>)> {
        if let Some(deny) = self.statements.iter().find(|it| it.effect == Effect::Deny && it.matched == Some(true)) {
            return Some((deny, None));
        }
        let far = |it: &&StatementTrace| {
            let conditions: usize = it.conditions.iter().map(why::distance_of).sum();
            (it.principal.matched != Some(true), it.action_matched != Some(true), conditions)
        };
        let allows = self.statements.iter().filter(|it| it.effect == Effect::Allow && it.matched != Some(true));
        let nearest = allows.min_by_key(far)?;
        let failing = || nearest.conditions.iter().filter(|it| it.matched != Some(true));
        let subject = failing().find(|it| it.key.to_ascii_lowercase().ends_with(":sub"));
        Some((nearest, subject.or(failing().next())))
    }
}
