//! A token that proves a finding: the evaluator says that the policy lets it in.

use crate::aws::policy::Policy;
use crate::document::json::Node;
use crate::verdict::{Circumstances, evidence_of, is_allowed};

/// The payload of a token that a policy admits. There is no other way to have one than to ask the evaluator.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    token: Node,
    subject: String,
}

impl Witness {
    /// The token, if `policy` lets it in for sure.
    pub fn confirmed(policy: &Policy, token: Node, circumstances: &Circumstances) -> Option<Self> {
        Self::asked(policy, token, circumstances).ok()
    }

    /// The token, if `policy` lets it in for sure; otherwise whether it is kept out for sure. Evaluates once.
    pub(super) fn asked(policy: &Policy, token: Node, circumstances: &Circumstances) -> Result<Self, bool> {
        let evidence = evidence_of(&token).map_err(|_| false)?;
        let is_allowed = is_allowed(policy, &evidence, circumstances).map_err(|_| false)?;
        let subject = token.member("sub").and_then(Node::as_str).map(str::to_owned);
        match (is_allowed, subject) {
            (Some(true), Some(subject)) => Ok(Self { token, subject }),
            (is_allowed, _) => Err(is_allowed == Some(false)),
        }
    }

    /// Its payload.
    pub fn token(&self) -> &Node {
        &self.token
    }

    /// Its `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }
}
