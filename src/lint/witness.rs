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
        let subject = token.member("sub").and_then(Node::as_str)?.to_owned();
        let evidence = evidence_of(&token).ok()?;
        let is_allowed = is_allowed(policy, &evidence, circumstances).ok()?;
        (is_allowed == Some(true)).then_some(Self { token, subject })
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
