//! Condition operators: the 27 of IAM, with their prefix and suffix.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators",
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use Family::{Arn, Binary, Bool, Date, Equals, EqualsIgnoreCase, Ip, Like, Null, Numeric};
use Order::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};

use crate::text::nearest;

/// Every operator without prefix and suffix: its name, how it compares, and whether it is a negated one.
pub const OPERATORS: [(&str, Family, bool); 27] = [
    ("StringEquals", Equals, false),
    ("StringNotEquals", Equals, true),
    ("StringEqualsIgnoreCase", EqualsIgnoreCase, false),
    ("StringNotEqualsIgnoreCase", EqualsIgnoreCase, true),
    ("StringLike", Like, false),
    ("StringNotLike", Like, true),
    ("NumericEquals", Numeric(Equal), false),
    ("NumericNotEquals", Numeric(Equal), true),
    ("NumericLessThan", Numeric(Less), false),
    ("NumericLessThanEquals", Numeric(LessOrEqual), false),
    ("NumericGreaterThan", Numeric(Greater), false),
    ("NumericGreaterThanEquals", Numeric(GreaterOrEqual), false),
    ("DateEquals", Date(Equal), false),
    ("DateNotEquals", Date(Equal), true),
    ("DateLessThan", Date(Less), false),
    ("DateLessThanEquals", Date(LessOrEqual), false),
    ("DateGreaterThan", Date(Greater), false),
    ("DateGreaterThanEquals", Date(GreaterOrEqual), false),
    ("Bool", Bool, false),
    ("BinaryEquals", Binary, false),
    ("IpAddress", Ip, false),
    ("NotIpAddress", Ip, true),
    ("ArnEquals", Arn, false),
    ("ArnLike", Arn, false),
    ("ArnNotEquals", Arn, true),
    ("ArnNotLike", Arn, true),
    ("Null", Null, false),
];

/// How a value is compared, the negation left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `StringEquals`: character by character.
    Equals,
    /// `StringEqualsIgnoreCase`.
    EqualsIgnoreCase,
    /// `StringLike`: `*` and `?` are wildcards.
    Like,
    /// `Numeric…`: as numbers.
    Numeric(Order),
    /// `Date…`: as moments, in ISO 8601 or in seconds since 1970.
    Date(Order),
    /// `Bool`.
    Bool,
    /// `BinaryEquals`: the bytes that base64 writes.
    Binary,
    /// `IpAddress`: as a range in CIDR notation.
    Ip,
    /// `ArnEquals` and `ArnLike`, which are the same: each of six parts by itself, with wildcards.
    Arn,
    /// `Null`: whether the key is absent.
    Null,
}

/// Which way two values that have an order are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// How several values of one key in the request are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `ForAllValues:` each of them; an absent key passes.
    ForAllValues,
    /// `ForAnyValue:` at least one of them; an absent key does not pass.
    ForAnyValue,
}

const QUALIFIERS: [(Qualifier, &str); 2] =
    [(Qualifier::ForAllValues, "ForAllValues"), (Qualifier::ForAnyValue, "ForAnyValue")];

/// An operator, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// Its prefix.
    pub qualifier: Option<Qualifier>,
    /// How it compares.
    pub family: Family,
    /// Whether no value may match.
    pub negated: bool,
    /// Whether an absent key satisfies it.
    pub if_exists: bool,
    /// Whether it is written in IAM's own case; whether IAM takes another is not confirmed.
    pub is_canonical: bool,
}

impl Operator {
    /// Reads the name of an operator, in any case.
    ///
    /// # Errors
    /// A name that IAM does not have, with the nearest that it has.
    pub fn read(text: &str) -> Result<Self, Option<String>> {
        const SUFFIX: &str = "IfExists";
        let (prefix, rest) = text.split_once(':').map_or((None, text), |(prefix, rest)| (Some(prefix), rest));
        let cut = rest.len().saturating_sub(SUFFIX.len());
        let if_exists = rest.get(cut..).is_some_and(|it| it.eq_ignore_ascii_case(SUFFIX));
        let bare = if if_exists { rest.get(..cut).unwrap_or("") } else { rest };
        let known = OPERATORS.iter().find(|it| it.0.eq_ignore_ascii_case(bare));
        let qualifier =
            prefix.map(|it| QUALIFIERS.iter().find(|known| known.1.eq_ignore_ascii_case(it)).map(|it| it.0));
        if let (Some((name, family, negated)), None | Some(Some(_))) = (known, qualifier) {
            let qualifier = qualifier.flatten();
            let operator = Self { qualifier, family: *family, negated: *negated, if_exists, is_canonical: true };
            return Ok(Self { is_canonical: operator.name_of(name) == text, ..operator });
        }
        let all: Vec<String> =
            OPERATORS.iter().flat_map(|it| ["", SUFFIX].map(|suffix| format!("{}{suffix}", it.0))).collect();
        let near = nearest(rest, all.iter().map(String::as_str)).ok_or(None)?;
        let Some(prefix) = prefix else { return Err(Some(near.to_owned())) };
        Err(nearest(prefix, QUALIFIERS.iter().map(|it| it.1)).map(|prefix| format!("{prefix}:{near}")))
    }

    /// Whether `*` and `?` are wildcards in its values.
    pub fn reads_wildcards(self) -> bool {
        matches!(self.family, Family::Like | Family::Arn)
    }

    /// Whether policy variables are read in its values. For `Bool` AWS's pages contradict each other; no value of it is a variable then.
    pub fn reads_variables(self) -> bool {
        matches!(self.family, Family::Equals | Family::EqualsIgnoreCase | Family::Like | Family::Arn)
    }

    /// Whether its values are texts: compared as they are, or as patterns.
    pub fn compares_text(self) -> bool {
        matches!(self.family, Family::Equals | Family::EqualsIgnoreCase | Family::Like)
    }

    fn name_of(self, bare: &str) -> String {
        let prefix =
            QUALIFIERS.iter().find(|it| Some(it.0) == self.qualifier).map_or(String::new(), |it| format!("{}:", it.1));
        format!("{prefix}{bare}{}", if self.if_exists { "IfExists" } else { "" })
    }

    /// The operator in IAM's own case, as `ForAllValues:StringNotLikeIfExists`; of two names for the same, the one that wanders least.
    pub fn canonical(text: &str) -> Option<String> {
        let operator = Self::read(text).ok()?;
        let bare = OPERATORS.iter().map(|it| it.0).find(|it| operator.name_of(it).eq_ignore_ascii_case(text))?;
        Some(operator.name_of(bare))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_read_with_each_prefix_and_suffix() {
        for (name, family, negated) in OPERATORS {
            for (prefix, qualifier) in [
                ("", None),
                ("ForAllValues:", Some(Qualifier::ForAllValues)),
                ("ForAnyValue:", Some(Qualifier::ForAnyValue)),
            ] {
                for (suffix, if_exists) in [("", false), ("IfExists", true)] {
                    let text = format!("{prefix}{name}{suffix}");
                    let wanted = Operator { qualifier, family, negated, if_exists, is_canonical: true };
                    assert_eq!(Operator::read(&text), Ok(wanted), "{text}");
                    let other = text.to_uppercase();
                    assert_eq!(Operator::read(&other), Ok(Operator { is_canonical: false, ..wanted }), "{text}");
                    assert_eq!(Operator::canonical(&other), Some(text));
                }
            }
        }
    }

    #[test]
    fn an_unknown_operator_gets_the_nearest() {
        let near = |text: &str| Operator::read(text).unwrap_err().unwrap();
        assert_eq!(near("StringEqual"), "StringEquals");
        assert_eq!(near("stringEqualIfExist"), "StringEqualsIfExists");
        assert_eq!(near("ForAllValue:StringLike"), "ForAllValues:StringLike");
        assert_eq!(near("forAnyValues:StringLikesifexists"), "ForAnyValue:StringLikeIfExists");
        assert_eq!(Operator::read("gitlab.com:sub"), Err(None));
        assert_eq!(Operator::read("Matches"), Err(None));
        assert_eq!(Operator::read("IfExists"), Err(None));
    }
}
