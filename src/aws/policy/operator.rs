//! Condition operators. Source: IAM User Guide, "IAM JSON policy elements: Condition operators".

/// The operators that IAM has, without prefixes and suffixes.
const NAMES: [&str; 27] = [
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

/// An operator that is evaluated here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// How a value is compared.
    pub comparison: Comparison,
    /// Whether an absent key satisfies it.
    pub if_exists: bool,
}

/// How a value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `StringEquals`: character by character.
    Equals,
    /// `StringLike`: `*` and `?` are wildcards.
    Like,
}

/// What an operator's name is.
pub(super) enum Named {
    /// One that is evaluated.
    Evaluated(Operator),
    /// One that IAM has.
    Known,
    /// One that IAM does not have; the nearest that it has.
    Unknown(Option<&'static str>),
}

/// Reads the name of an operator. Names are taken in IAM's own case alone: whether it takes others is not confirmed, so another
/// case is known but not evaluated.
pub(super) fn named(text: &str) -> Named {
    let bare = text.strip_suffix("IfExists").unwrap_or(text);
    let comparison = match bare {
        "StringEquals" => Some(Comparison::Equals),
        "StringLike" => Some(Comparison::Like),
        _ => None,
    };
    if let Some(comparison) = comparison {
        return Named::Evaluated(Operator { comparison, if_exists: bare.len() < text.len() });
    }
    let bare = bare.strip_prefix("ForAllValues:").or_else(|| bare.strip_prefix("ForAnyValue:")).unwrap_or(bare);
    if NAMES.iter().any(|it| it.eq_ignore_ascii_case(bare)) {
        return Named::Known;
    }
    Named::Unknown(crate::text::nearest(bare, NAMES))
}
