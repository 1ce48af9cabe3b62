//! Sizes and ranges that IAM and STS hold people to, and what gives a whole account. Each with its source.

/// Quota of a role trust policy's length, in characters without white space, when nobody asked for more.
/// Source: IAM quotas, `L-C07B4B0D`.
pub const TRUST_POLICY_DEFAULT: usize = 2_048;
/// The most that the quota `L-C07B4B0D` can be raised to. Source: copies of the IAM quotas page of 2026; older pages say 4,096.
pub const TRUST_POLICY_MOST: usize = 8_192;
/// What older pages of AWS say instead of [`TRUST_POLICY_MOST`].
const TRUST_POLICY_MOST_OLD: usize = 4_096;
/// The longest document that is taken at all, in characters, white space included. Source: IAM API reference, CreateRole.
pub const DOCUMENT_MOST: usize = 131_072;
/// The quota's code in Service Quotas.
pub const TRUST_POLICY_QUOTA: &str = "L-C07B4B0D";
/// Role names. Source: IAM API reference, CreateRole.
pub const ROLE_NAME_MOST: usize = 64;
/// Role paths. Source: IAM API reference, CreateRole.
pub const ROLE_PATH_MOST: usize = 512;
/// `MaxSessionDuration`, in seconds. Source: IAM API reference, CreateRole.
pub const MAX_SESSION_SECONDS: std::ops::RangeInclusive<u32> = 3_600..=43_200;
/// Least `DurationSeconds`. Source: STS API reference, AssumeRoleWithWebIdentity.
pub const SESSION_SECONDS_LEAST: u32 = 900;
/// What STS takes where `DurationSeconds` is absent. Source: STS API reference, AssumeRoleWithWebIdentity.
pub const SESSION_SECONDS_DEFAULT: u32 = 3_600;
/// Client IDs of an OIDC provider, each. Source: IAM API reference, CreateOpenIDConnectProvider.
pub const CLIENT_ID_MOST: usize = 255;
/// Provider URLs. Source: IAM API reference, CreateOpenIDConnectProvider.
pub const PROVIDER_URL_MOST: usize = 255;
/// `WebIdentityToken`, in characters. Source: STS API reference, AssumeRoleWithWebIdentity.
pub const TOKEN_CHARACTERS: std::ops::RangeInclusive<usize> = 4..=20_000;
/// Managed policies on a role when nobody asked for more. Source: IAM quotas.
pub const MANAGED_POLICIES_DEFAULT: usize = 10;

/// AWS's managed policies that give the account, or the way to it. Source: AWS managed policy reference.
pub const ADMINISTRATORS: [&str; 3] = ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess"];

/// Which of [`ADMINISTRATORS`] an ARN names.
pub fn administrator(arn: &str) -> Option<&'static str> {
    let name = arn.split_once(":iam::aws:policy/")?.1;
    ADMINISTRATORS.into_iter().find(|it| *it == name)
}

/// The characters that IAM takes in a policy document: tab, line feed, carriage return, and Latin-1 from the space on.
/// Source: IAM API reference, CreateRole, `AssumeRolePolicyDocument`.
pub fn is_policy_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}

/// A policy's size as IAM counts it: its characters without white space. Source: IAM User Guide, policy grammar. Whether the white space
/// of Latin-1 is meant as well is not said, so U+0085 and U+00A0 count.
pub fn policy_size(document: &str) -> usize {
    document.chars().filter(|c| !c.is_ascii_whitespace()).count()
}

/// What is said of a policy of that size where IAM does not take it by default.
pub fn over_quota(size: usize) -> Option<String> {
    if size > TRUST_POLICY_MOST {
        Some(format!(
            "this policy has {size} characters; AWS's pages say {TRUST_POLICY_MOST} at most, older ones {TRUST_POLICY_MOST_OLD}"
        ))
    } else {
        (size > TRUST_POLICY_DEFAULT).then(|| {
            format!(
                "this policy has {size} characters; IAM takes {TRUST_POLICY_DEFAULT} unless the quota {TRUST_POLICY_QUOTA} was raised"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::policy_size;

    #[test]
    fn ascii_white_space_alone_is_free() {
        assert_eq!(policy_size("{ \"a\":\n\t\"b\u{a0}c\u{85}\" }\r\n"), 12);
    }
}
