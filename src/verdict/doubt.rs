//! Why a condition is not decided: something was not given, or AWS has not confirmed what it does.

/// A doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Nobody said what the request key holds.
    NotGiven,
    /// Whether AWS has the key for such a token, or how it reads its claim.
    Key,
    /// Nobody said what the key of a policy variable holds.
    Variable,
    /// A part of the document's value is not known.
    Open,
    /// The request has several values, and the operator has no set prefix.
    Several,
    /// The operator is made for another kind of value than the key holds.
    Kind,
    /// The key or its operator stands twice in the document.
    Doubled,
    /// The operator is not written in IAM's own case.
    Case,
    /// A value is not written as the operator wants it.
    Format,
    /// An address of IPv4 in the form of IPv6, or one that only in that form lies in a range.
    Mapped,
    /// A policy variable's value holds `*` or `?`.
    Wildcard,
    /// A policy variable is not written as IAM documents it.
    BadVariable,
    /// The key holds the empty text alone, and the condition asks whether it is there.
    EmptyText,
    /// The token has the claim, and it is null.
    NullClaim,
    /// `NullIfExists`.
    NullIfExists,
    /// `ForAnyValue:…IfExists` on an absent key.
    AnyIfExists,
    /// A `Deny` for an AWS principal.
    DenyOfAws,
    /// The token's own provider, named without an ARN.
    NamedProvider,
    /// Letters outside of ASCII, where case or the count of characters decides.
    Letters,
}

impl Doubt {
    /// Whether it is AWS that has not said; else something that a person can give.
    pub fn is_unconfirmed(self) -> bool {
        !matches!(self, Self::NotGiven | Self::Variable | Self::Open)
    }

    /// What is not known, in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotGiven => "this request key was not given",
            Self::Key => "whether AWS has this key for this token, and what it holds, is not confirmed",
            Self::Variable => "the key of a policy variable in it was not given",
            Self::Open => "a part of its value is not known in this document",
            Self::Several => {
                "what IAM makes of several values without `ForAllValues:` or `ForAnyValue:` is not confirmed"
            }
            Self::Kind => "what IAM makes of this operator on a key of another type is not confirmed",
            Self::Doubled => "it stands twice, and which of the two IAM takes is not confirmed",
            Self::Case => "whether IAM takes an operator in this spelling is not confirmed",
            Self::Format => "what IAM makes of a value that is not written as the operator wants it is not confirmed",
            Self::Mapped => {
                "whether IAM takes an IPv4 address and the IPv6 address that holds it for one is not confirmed"
            }
            Self::Wildcard => "whether `*` and `?` from a policy variable are wildcards is not confirmed",
            Self::BadVariable => "what IAM makes of a policy variable that is written like this is not confirmed",
            Self::EmptyText => "whether a key that holds an empty text counts as absent is not confirmed",
            Self::NullClaim => "whether a claim that is null counts as absent is not confirmed",
            Self::NullIfExists => "what IAM makes of `NullIfExists` is not confirmed",
            Self::AnyIfExists => "what `ForAnyValue:` with `IfExists` makes of an absent key is not confirmed",
            Self::NamedProvider => "how IAM takes a provider that is named without its ARN is not evaluated here",
            Self::Letters => "how IAM compares letters outside of ASCII here is not confirmed",
            Self::DenyOfAws => "whether a `Deny` for an AWS principal applies to a token's caller is not confirmed",
        }
    }
}
