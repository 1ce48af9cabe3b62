//! The OIDC provider: its ARN, and the audience that is one of its client IDs.
//!
//! Source: IAM API reference, CreateOpenIDConnectProvider.

use super::limits::{CLIENT_ID_MOST, is_policy_character};
use super::{AccountId, Partition};
use crate::text::{Diagnostic, character, checked_text, quoted};

/// The provider's ARN in the role's account; `host` is the issuer without its scheme.
pub fn provider_arn(partition: Partition, account: &AccountId, host: &str) -> String {
    format!("arn:{}:iam::{account}:oidc-provider/{host}", partition.as_str())
}

checked_text! {
    /// A token's `aud`, a client ID of the provider and the value of the `aud` condition, which have to be one text.
    Audience
}

impl Audience {
    /// Reads an audience.
    ///
    /// # Errors
    /// What IAM refuses as a client ID or in a policy, and what GitLab would change.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        const EXAMPLE: &str = "for example `https://gitlab.com` or `sts.amazonaws.com`";
        let length = text.chars().count();
        if length == 0 {
            return Err(Diagnostic::new("AWS needs an audience: a client ID is never empty").help(EXAMPLE));
        }
        if length > CLIENT_ID_MOST {
            let message = format!("IAM takes client IDs of at most {CLIENT_ID_MOST} characters; this has {length}");
            return Err(Diagnostic::new(message).help(EXAMPLE));
        }
        if let Some(c) = text.chars().find(|c| !is_policy_character(*c) || c.is_control()) {
            let message = format!("IAM takes no {} in a policy, so this audience cannot be a condition", character(c));
            return Err(Diagnostic::new(message).help(EXAMPLE));
        }
        if text.contains('$') {
            let message =
                format!("GitLab expands `$` in `aud`, so the token would carry another text than {}", quoted(text));
            return Err(Diagnostic::new(message).help(EXAMPLE));
        }
        Ok(Self(text.to_owned()))
    }
}
