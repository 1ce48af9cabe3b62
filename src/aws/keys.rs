//! The condition keys of `sts:AssumeRoleWithWebIdentity`: which claims of a token become keys, and which other keys a request has.
//!
//! Source: AWS Service Authorization Reference, "Actions, resources, and condition keys for AWS STS",
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html>, and IAM User Guide, "IAM and AWS STS
//! condition context keys", "Available keys for AWS OIDC federation".

/// Day on which the tables here were compared with their sources.
pub const CHECKED_ON: &str = "2026-11-22";

/// The one issuer whose tokens have the keys of [`GITLAB_COM`].
pub const GITLAB_COM_ISSUER: &str = "https://gitlab.com";

/// Claims that AWS has as `gitlab.com:<claim>`, all of type String, for the issuer `https://gitlab.com` alone. AWS: "You cannot
/// use these condition keys with GitLab Dedicated or GitLab Self-Managed instances".
pub const GITLAB_COM: [&str; 9] = [
    "namespace_id",
    "pipeline_source",
    "project_id",
    "ref_protected",
    "runner_environment",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
];

/// Those of [`GITLAB_COM`] that name a person.
pub const PERSON: [&str; 3] = ["user_id", "user_login", "user_email"];

/// Parts of other issuers for whose tokens AWS has keys that are not in these tables.
const OTHER_ISSUERS: [&str; 7] = [
    ".githubusercontent.com",
    ".ghe.com",
    "/agent.buildkite.",
    "/accounts.google.com",
    "/cognito-identity.",
    "/oidc.circleci.com/",
    ".identity.oraclecloud.com",
];

/// Whether AWS has keys for the issuer's tokens that are not in these tables.
pub fn has_other_keys(issuer: &str) -> bool {
    OTHER_ISSUERS.iter().any(|it| issuer.contains(it))
}

/// Claims that every OIDC provider has as `<provider>:<claim>`.
pub const EVERY_PROVIDER: [&str; 2] = ["aud", "sub"];

/// Claims that STS looks at before it asks any policy, and that are no keys. Recorded answers of STS; `nbf` may be missing.
pub const BEFORE_POLICY: [&str; 4] = ["iss", "exp", "iat", "nbf"];

/// Claims that a provider's own documentation tab lists for any provider, and that GitLab's tokens do not carry.
pub const SELDOM: [&str; 2] = ["amr", "email"];

/// What AWS calls a token's own `aud`, beside `aud` itself, which is the `azp` of a token that has one. That it has this key for GitLab is
/// not confirmed. Source: IAM User Guide, "IAM and AWS STS condition context keys".
pub const OWN_AUDIENCE: &str = "oaud";

/// What is known of a request key that is no claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The request has it; its value is not in a token.
    Sent,
    /// It may be there, depending on where the caller stands.
    Perhaps,
    /// STS does not have it for this call.
    Never,
}

/// Request keys that are no claims: name in lower case, whether this call has them, and a few words.
///
/// Source: IAM User Guide, "AWS global condition context keys"; Service Authorization Reference; recorded answers of STS.
pub const REQUEST: [(&str, Presence, &str); 23] = [
    ("aws:currenttime", Presence::Sent, "the time of the request"),
    ("aws:epochtime", Presence::Sent, "the time of the request"),
    ("aws:securetransport", Presence::Sent, "whether the request came over TLS"),
    ("aws:useragent", Presence::Sent, "the caller's user agent"),
    ("aws:sourceip", Presence::Perhaps, "the caller's address, unless it came through a VPC endpoint"),
    ("aws:vpcsourceip", Presence::Perhaps, "the caller's address behind a VPC endpoint"),
    ("aws:sourcevpc", Presence::Perhaps, "the VPC of the endpoint that was used"),
    ("aws:sourcevpce", Presence::Perhaps, "the VPC endpoint that was used"),
    ("aws:requestedregion", Presence::Perhaps, "the region of the STS endpoint that was used"),
    ("aws:principalaccount", Presence::Sent, "the account of the OIDC provider"),
    ("aws:principaltype", Presence::Sent, "the kind of caller"),
    ("aws:userid", Presence::Sent, "the provider's ARN"),
    ("aws:federatedprovider", Presence::Perhaps, "the provider's ARN, in a request as others saw it"),
    ("aws:principalarn", Presence::Never, "nobody is signed in yet when a role is assumed with a token"),
    ("aws:principalorgid", Presence::Never, "nobody is signed in yet when a role is assumed with a token"),
    ("aws:username", Presence::Never, "nobody is signed in yet when a role is assumed with a token"),
    (
        "aws:multifactorauthpresent",
        Presence::Perhaps,
        "a token brings no MFA, but that AWS leaves the key out is not confirmed",
    ),
    ("sts:durationseconds", Presence::Never, "only tokens that AWS itself makes have it"),
    ("sts:externalid", Presence::Never, "only `sts:AssumeRole` has it"),
    ("sts:rolesessionname", Presence::Sent, "the session name that the job chose"),
    ("sts:sourceidentity", Presence::Never, "GitLab's tokens carry no source identity"),
    ("sts:transitivetagkeys", Presence::Never, "GitLab's tokens carry no session tags"),
    ("sts:roleauthorizedbyidp", Presence::Sent, "whether the token names the roles it is for"),
];

/// What is known of the request key `name`, in any case; none where it is no key that this table knows.
pub fn request_key(name: &str) -> Option<(Presence, &'static str)> {
    let name = name.to_ascii_lowercase();
    if name.starts_with("aws:principaltag/") {
        return Some((Presence::Never, "nobody is signed in yet when a role is assumed with a token"));
    }
    if name.starts_with("aws:requesttag/") || name == "aws:tagkeys" {
        return Some((Presence::Never, "GitLab's tokens carry no session tags"));
    }
    if name.starts_with("aws:resourcetag/") || name.starts_with("iam:resourcetag/") {
        return Some((Presence::Perhaps, "a tag of the role"));
    }
    REQUEST.iter().find(|it| it.0 == name).map(|it| (it.1, it.2))
}

/// What kind of value a key holds, and so which operators fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text: the `String…` operators.
    Text,
    /// A moment in ISO 8601: the `Date…` operators.
    Date,
    /// Seconds since 1970: `Date…` and `Numeric…`.
    Epoch,
    /// `true` or `false`.
    Bool,
    /// An address.
    Ip,
    /// An ARN: `Arn…` and `String…`.
    Arn,
}

/// What kind of value the request key `name` holds; none where it is no key that this table knows. The claims of a token are all
/// text: the Service Authorization Reference gives each the type String.
pub fn kind_of(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    Some(match name.as_str() {
        "aws:currenttime" => Kind::Date,
        "aws:epochtime" | "sts:durationseconds" => Kind::Epoch,
        "aws:securetransport" | "aws:multifactorauthpresent" | "sts:roleauthorizedbyidp" => Kind::Bool,
        "aws:sourceip" | "aws:vpcsourceip" => Kind::Ip,
        "aws:principalarn" | "aws:federatedprovider" => Kind::Arn,
        _ if request_key(&name).is_some() => Kind::Text,
        _ => return provider_of(&name).map(|_| Kind::Text),
    })
}

/// The provider whose key `name` is, whatever the claim; none for keys of AWS's own, which have no dot before their colon.
pub fn provider_of(name: &str) -> Option<&str> {
    let (before, after) = name.split_once(':')?;
    if before.contains(['.', '/']) || after.starts_with("//") { name.rsplit_once(':').map(|it| it.0) } else { None }
}

/// The claims that become keys for tokens of `issuer`.
pub fn claims_of(issuer: &str) -> impl Iterator<Item = &'static str> {
    let gitlab_com: &[&str] = if issuer == GITLAB_COM_ISSUER { &GITLAB_COM } else { &[] };
    EVERY_PROVIDER.iter().chain(gitlab_com).copied()
}
