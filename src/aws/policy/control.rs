//! What IAM refuses to save today. Existing roles keep what they have, so none of this changes a verdict.
//!
//! Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers"; IAM quotas; CreateRole in the IAM API
//! reference. How well each is known stands beside it.

use super::{Effect, Policy, PrincipalKind, Statement};
use crate::aws::limits::{
    TRUST_POLICY_DEFAULT, TRUST_POLICY_MOST, TRUST_POLICY_QUOTA, is_policy_character, policy_size,
};
use crate::text::{Span, character};

/// Something that IAM would refuse to save, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One line.
    pub message: String,
    /// The element, as `Statement[0].Condition`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// How well it is known: `confirmed` by AWS's own text, or `secondary`, as others quote it.
    pub known: &'static str,
}

/// What IAM would refuse if `policy`, which stands in `text`, were saved today.
pub fn refused_by_iam(text: &str, policy: &Policy) -> Vec<Refusal> {
    let whole = policy.span;
    let text = whole.of(text);
    let mut found = Vec::new();
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_policy_character(*c)) {
        found.push(Refusal {
            message: format!("IAM takes no {} in a policy: Latin-1 only", character(c)),
            path: String::new(),
            span: Span::new(whole.start + at, whole.start + at + c.len_utf8()),
            known: "confirmed",
        });
    }
    let size = policy_size(text);
    if size > TRUST_POLICY_DEFAULT {
        let message = if size > TRUST_POLICY_MOST {
            format!("this policy has {size} characters; IAM takes at most {TRUST_POLICY_MOST}")
        } else {
            format!(
                "this policy has {size} characters; IAM takes {TRUST_POLICY_DEFAULT} unless the quota {TRUST_POLICY_QUOTA} was raised"
            )
        };
        found.push(Refusal { message, path: String::new(), span: whole, known: "secondary" });
    }
    for (at, statement) in policy.statements.iter().enumerate() {
        if trusts_gitlab_com(statement) && !tests_subject(statement) {
            found.push(Refusal {
                message: "for gitlab.com IAM wants a condition on `gitlab.com:sub` whose value is not a wildcard alone"
                    .to_owned(),
                path: format!("Statement[{at}].Condition"),
                span: statement.span,
                known: "secondary",
            });
        }
    }
    found
}

fn trusts_gitlab_com(statement: &Statement) -> bool {
    statement.effect == Effect::Allow
        && statement
            .principals
            .iter()
            .any(|it| it.kind == PrincipalKind::Federated && it.text.value.ends_with(":oidc-provider/gitlab.com"))
}

fn tests_subject(statement: &Statement) -> bool {
    statement.conditions.iter().any(|it| {
        it.key.eq_ignore_ascii_case("gitlab.com:sub")
            && it.values.iter().any(|value| value.text.value.chars().any(|c| c != '*' && c != '?'))
    })
}
