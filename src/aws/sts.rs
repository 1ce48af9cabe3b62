//! What STS answers to `AssumeRoleWithWebIdentity`: codes and messages, verbatim, and the tolerance of its clock.
//!
//! Sources: STS API reference, AssumeRoleWithWebIdentity; messages as recorded in public issues and traces
//! (github.com/aws-actions/configure-aws-credentials, re:Post). AWS documents neither all messages nor the order of its checks.

/// An error of STS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StsError {
    /// The error code.
    pub code: &'static str,
    /// The message; empty where AWS's wording is not known.
    pub message: String,
}

/// How far `exp`, `iat` and `nbf` may be off, in seconds. Recorded, and documented for `exp`.
pub const CLOCK_TOLERANCE: i64 = 300;

/// An age of `iat`, in seconds, from which STS may say `Token too old`: it was seen once, and AWS has not said from which age.
pub const AGE_IN_DOUBT: i64 = 86_400;

/// Signature algorithms that STS takes.
pub const ALGORITHMS: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];

/// Claims that STS requires.
pub const REQUIRED_CLAIMS: [&str; 5] = ["iss", "sub", "aud", "iat", "exp"];

fn invalid(message: impl Into<String>) -> StsError {
    StsError { code: "InvalidIdentityToken", message: message.into() }
}

/// The trust policy does not allow it.
pub fn access_denied() -> StsError {
    StsError { code: "AccessDenied", message: "Not authorized to perform sts:AssumeRoleWithWebIdentity".to_owned() }
}

/// The token is no JWT that STS reads.
pub fn not_a_jwt() -> StsError {
    invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)")
}

/// The token is shorter or longer than the API takes. The wording is not recorded.
pub fn token_size() -> StsError {
    StsError { code: "ValidationError", message: String::new() }
}

/// STS refuses the token, in words that are not recorded.
pub fn refused_without_words() -> StsError {
    invalid("")
}

/// A required claim is absent.
pub fn missing_claim(claim: &str) -> StsError {
    invalid(format!("Missing a required claim: {claim}"))
}

/// A required claim is an empty list.
pub fn empty_claim(claim: &str) -> StsError {
    invalid(format!("Claim is not allowed to be empty: {claim}"))
}

/// No provider with this URL in the role's account.
pub fn no_provider(issuer: &str) -> StsError {
    invalid(format!("No OpenIDConnect provider found in your account for {issuer}"))
}

/// The issuer has no scheme, as that of GitLab's old `CI_JOB_JWT`. Recorded in public logs of such tokens; not for another scheme.
pub fn issuer_is_no_url() -> StsError {
    invalid("Issuer must be a valid URL")
}

/// A time claim that is no whole number.
pub fn invalid_timestamp() -> StsError {
    invalid("Invalid timestamp in token claims.")
}

/// `exp` has passed. `now` and `exp` in seconds since 1970; AWS prints its clock less the tolerance.
pub fn expired(now: i64, exp: i64) -> StsError {
    let clock = now.saturating_sub(CLOCK_TOLERANCE);
    StsError {
        code: "ExpiredTokenException",
        message: format!("Token expired: current date/time {clock} must be before the expiration date/time {exp}"),
    }
}

/// `iat` lies ahead.
pub fn issued_in_future(iat: i64) -> StsError {
    invalid(format!("Token issued in the future: {iat}"))
}

/// `nbf` lies ahead. AWS prints its clock plus the tolerance.
pub fn not_yet_valid(now: i64, nbf: i64) -> StsError {
    let clock = now.saturating_add(CLOCK_TOLERANCE);
    invalid(format!(
        "Token not yet valid: current date/time {clock} must be after or equal to the not-before date/time {nbf}"
    ))
}

/// The audience is none of the provider's client IDs, in the words recorded in September 2026; older answers say
/// `Incorrect token audience`.
pub fn audience_not_registered() -> StsError {
    invalid(
        "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation for requirements.",
    )
}

/// Several audiences and no `azp`.
pub fn several_audiences() -> StsError {
    invalid("Token audience contains more than one audience while authorized party is not present")
}
