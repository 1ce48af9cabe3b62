//! What a person brings: a token, or the CloudTrail record of a call.
//!
//! A record tells `sub` and `aud` alone, and that every stage before the trust policy was passed, as CloudTrail logs no other
//! calls. Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail", and recorded events.

use crate::aws::AccountId;
use crate::document::json::{self, Node};
use crate::gitlab::token::{self, Token};
use crate::text::Diagnostic;

/// A token or a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// A token.
    Token(Token),
    /// The record of a call.
    Record(Record),
}

/// What a CloudTrail record tells of `AssumeRoleWithWebIdentity`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The issuer: the provider's ARN tells it.
    pub issuer: String,
    /// The token's `sub`.
    pub subject: String,
    /// The token's `aud`; none where `principalId` does not show it.
    pub audience: Option<String>,
    /// The role's account, where the record has it.
    pub account: Option<AccountId>,
    /// Whether the call succeeded.
    pub allowed: bool,
}

impl Evidence {
    /// The issuer, if it is told.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Token(it) => it.text("iss"),
            Self::Record(it) => Some(&it.issuer),
        }
    }
}

/// Reads a JWT, a payload, or a CloudTrail record.
///
/// # Errors
/// A text that is none of them.
pub fn read_evidence(text: &str) -> Result<Evidence, Diagnostic> {
    let token = token::read(text)?;
    if token.header.is_none() { evidence_of(&token.claims) } else { Ok(Evidence::Token(token)) }
}

/// Takes a JSON object for a payload or a CloudTrail record.
///
/// # Errors
/// A record of another call, or one that lacks what it must have.
pub fn evidence_of(object: &Node) -> Result<Evidence, Diagnostic> {
    if object.member("eventName").is_some() {
        return record(object).map(Evidence::Record);
    }
    Ok(Evidence::Token(Token { header: None, claims: object.clone(), length: None }))
}

fn record(node: &Node) -> Result<Record, Diagnostic> {
    let at = |path: &[&str]| path.iter().try_fold(node, |node, key| node.member(key)).and_then(json::Node::as_str);
    if at(&["eventName"]) != Some("AssumeRoleWithWebIdentity") {
        return Err(
            Diagnostic::new("this is the record of another call, not of `AssumeRoleWithWebIdentity`").at(node.span)
        );
    }
    let missing = |name: &str| Diagnostic::new(format!("this record has no `{name}`")).at(node.span);
    let provider = at(&["userIdentity", "identityProvider"]).ok_or_else(|| missing("userIdentity.identityProvider"))?;
    let subject = at(&["userIdentity", "userName"]).ok_or_else(|| missing("userIdentity.userName"))?;
    let host = provider.split_once(":oidc-provider/").map_or(provider, |it| it.1);
    let audience = at(&["userIdentity", "principalId"])
        .and_then(|it| it.strip_prefix(provider))
        .and_then(|it| it.strip_prefix(':'))
        .and_then(|it| it.strip_suffix(subject))
        .and_then(|it| it.strip_suffix(':'));
    Ok(Record {
        issuer: format!("https://{host}"),
        subject: subject.to_owned(),
        audience: audience.map(str::to_owned),
        account: at(&["recipientAccountId"]).and_then(|it| AccountId::parse(it).ok()),
        allowed: at(&["errorCode"]).is_none(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_tells_subject_audience_and_account() {
        let text = r#"{"eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied", "recipientAccountId": "123456789012",
            "userIdentity": {"type": "WebIdentityUser",
              "principalId": "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:project_path:a/b:ref_type:branch:ref:main",
              "userName": "project_path:a/b:ref_type:branch:ref:main",
              "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}"#;
        let Ok(Evidence::Record(record)) = read_evidence(text) else { panic!("a record") };
        assert_eq!(record.issuer, "https://gitlab.com");
        assert_eq!(record.audience.as_deref(), Some("https://gitlab.com"));
        assert!(!record.allowed);
        assert!(read_evidence(r#"{"eventName": "AssumeRole"}"#).is_err());
        assert!(read_evidence(r#"{"eventName": "AssumeRoleWithWebIdentity"}"#).is_err());
    }
}
