//! One wanted value against one that came, by the family of the operator.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators", and "Policy variables". What AWS has not confirmed is a
//! [`Doubt`], never a guess.

use core::net::{IpAddr, Ipv6Addr};
use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Context, Doubt, KeyState};
use crate::aws::keys::{Kind, kind_of};
use crate::aws::policy::{Family, Operator, Order, Wanted, could_be};
use crate::pattern::{Element, Part, Pattern, has_wildcard, parts};
use crate::time::moment;

/// Whether the operator is made for what the key holds; for another kind of value AWS has not said what happens.
pub(super) fn suits(family: Family, key: &str) -> bool {
    let Some(kind) = kind_of(key) else { return true };
    match family {
        Family::Null => true,
        Family::Equals | Family::EqualsIgnoreCase | Family::Like => matches!(kind, Kind::Text | Kind::Arn),
        Family::Numeric(_) => kind == Kind::Epoch,
        Family::Date(_) => matches!(kind, Kind::Date | Kind::Epoch),
        Family::Bool => kind == Kind::Bool,
        Family::Ip => kind == Kind::Ip,
        Family::Arn => kind == Kind::Arn,
        Family::Binary => false,
    }
}

/// Whether `came` is what `wanted` asks for, the operator's negation left out. `variables`: whether the policy's version has any.
pub(super) fn fits(
    operator: Operator,
    wanted: &Wanted,
    came: &str,
    variables: bool,
    context: &Context<'_>,
) -> Result<bool, Doubt> {
    if came.is_ascii() {
        return is_fitting(operator, wanted, came, variables, context);
    }
    // AWS says neither which letters are one in another case, nor whether `?` stands for a character or for a unit of UTF-16.
    let is_wide = came.chars().any(|c| c.len_utf16() > 1);
    if is_wide && operator.reads_wildcards() && wanted.text.value.contains('?') {
        return Err(Doubt::Letters);
    }
    let has_case = came.chars().any(|c| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase()));
    let answer = is_fitting(operator, wanted, came, variables, context)?;
    let is_by_case = operator.family == Family::EqualsIgnoreCase && has_case && wanted.text.value != came;
    if answer && is_by_case { Err(Doubt::Letters) } else { Ok(answer) }
}

fn is_fitting(
    operator: Operator,
    wanted: &Wanted,
    came: &str,
    variables: bool,
    context: &Context<'_>,
) -> Result<bool, Doubt> {
    let lower = |text: &str| text.to_lowercase();
    let ignores_case = operator.family == Family::EqualsIgnoreCase;
    if let Some(pattern) = &wanted.pattern {
        return Ok(if ignores_case { pattern.matches(&lower(came)) } else { pattern.matches(came) });
    }
    if !wanted.text.unknown.is_empty() {
        let could = ignores_case
            || !operator.compares_text()
            || could_be(&wanted.text, operator.reads_wildcards()).matches(came);
        return if could { Err(Doubt::Open) } else { Ok(false) };
    }
    let value = wanted.text.value.as_str();
    if operator.reads_variables() {
        let Some(elements) = resolved(operator, value, variables, context)? else { return Ok(false) };
        return match operator.family {
            Family::Arn => arn_fits(&elements, came),
            Family::EqualsIgnoreCase => Ok(Pattern::of(elements).matches(&lower(came))),
            _ => Ok(Pattern::of(elements).matches(came)),
        };
    }
    match operator.family {
        Family::Numeric(order) => {
            let ordering = compare_numbers(came, value).ok_or(Doubt::Format)?;
            Ok(holds(order, ordering))
        }
        Family::Date(order) => {
            let (came, wanted) = (date(came).ok_or(Doubt::Format)?, date(value).ok_or(Doubt::Format)?);
            Ok(holds(order, came.cmp(&wanted)))
        }
        Family::Bool => match (truth(came), truth(value)) {
            (Some(came), Some(wanted)) => Ok(came == wanted),
            _ => Err(Doubt::Format),
        },
        Family::Binary => match (STANDARD.decode(came), STANDARD.decode(value)) {
            (Ok(came), Ok(wanted)) => Ok(came == wanted),
            _ => Err(Doubt::Format),
        },
        Family::Ip => {
            let (network, length) = range(value).ok_or(Doubt::Format)?;
            let came: IpAddr = came.parse().map_err(|_| Doubt::Format)?;
            is_within(came, network, length)
        }
        _ => Err(Doubt::Format),
    }
}

/// A value with its policy variables replaced by what the request holds. None where one has no value and no default: IAM then has
/// no value to compare with, and nothing is equal or like it.
fn resolved(
    operator: Operator,
    value: &str,
    variables: bool,
    context: &Context<'_>,
) -> Result<Option<Vec<Element>>, Doubt> {
    let mut elements = Vec::with_capacity(value.len());
    for part in parts(value, variables, operator.reads_wildcards()) {
        let name = match part {
            Part::Step(it) => {
                elements.push(it);
                continue;
            }
            Part::Variable(name) => name,
        };
        let is_closed = !value.ends_with(&format!("${{{name}"));
        let Some((name, default)) = variable(&name).filter(|_| is_closed) else { return Err(Doubt::BadVariable) };
        let text = match (&*context.state(name), default) {
            (KeyState::Unknown(..), _) => return Err(Doubt::Variable),
            (KeyState::Known(values), _) if values.len() == 1 => values.concat(),
            (KeyState::Known(values), _) if values.len() > 1 => return Err(Doubt::Several),
            _ if context.is_null(name) => return Err(Doubt::NullClaim),
            (_, Some(default)) => default.to_owned(),
            (_, None) => return Ok(None),
        };
        if operator.reads_wildcards() && has_wildcard(&text) {
            return Err(Doubt::Wildcard);
        }
        elements.extend(text.chars().map(Element::Char));
    }
    if operator.family == Family::EqualsIgnoreCase {
        let lower = |it: Element| match it {
            Element::Char(c) => c.to_lowercase().map(Element::Char).collect(),
            other => vec![other],
        };
        elements = elements.into_iter().flat_map(lower).collect();
    }
    Ok(Some(elements))
}

/// A variable's key and its default: `aws:PrincipalTag/team, 'company-wide'`. None where it is written in another way.
pub(super) fn variable(inner: &str) -> Option<(&str, Option<&str>)> {
    let (name, default) = match inner.split_once(", ") {
        Some((name, default)) => (name, Some(default.strip_prefix('\'')?.strip_suffix('\'')?)),
        None => (inner, None),
    };
    let is_name = name.contains(':') && !name.contains(|c: char| c.is_whitespace() || "${}'\",".contains(c));
    is_name.then_some((name, default))
}

/// Each of the six parts of an ARN by itself; a `*` does not reach over a colon, but for the last part's own.
fn arn_fits(wanted: &[Element], came: &str) -> Result<bool, Doubt> {
    let wanted: Vec<&[Element]> = wanted.splitn(6, |it| *it == Element::Char(':')).collect();
    let came: Vec<&str> = came.splitn(6, ':').collect();
    if wanted.len() != 6 || came.len() != 6 {
        return Err(Doubt::Format);
    }
    Ok(wanted.iter().zip(came).all(|(wanted, came)| Pattern::of(wanted.to_vec()).matches(came)))
}

fn holds(order: Order, it: Ordering) -> bool {
    match order {
        Order::Equal => it.is_eq(),
        Order::Less => it.is_lt(),
        Order::LessOrEqual => it.is_le(),
        Order::Greater => it.is_gt(),
        Order::GreaterOrEqual => it.is_ge(),
    }
}

/// Compares two decimals of any length, exactly.
fn compare_numbers(a: &str, b: &str) -> Option<Ordering> {
    let (a, b) = (decimal(a)?, decimal(b)?);
    let size = |it: &(bool, &str, &str), other: &(bool, &str, &str)| {
        let whole = it.1.len().cmp(&other.1.len()).then_with(|| it.1.cmp(other.1));
        whole.then_with(|| it.2.cmp(other.2))
    };
    Some(match (a.0, b.0) {
        (false, false) => size(&a, &b),
        (true, true) => size(&b, &a),
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
    })
}

/// Whether it is below zero, its whole digits without leading zeros, its further digits without trailing ones.
fn decimal(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, further) = rest.split_once('.').map_or((rest, None), |(whole, further)| (whole, Some(further)));
    if !is_digits(whole) || further.is_some_and(|it| !is_digits(it)) {
        return None;
    }
    let (whole, further) = (whole.trim_start_matches('0'), further.unwrap_or("").trim_end_matches('0'));
    Some((negative && !(whole.is_empty() && further.is_empty()), whole, further))
}

/// A moment in ISO 8601 or in seconds since 1970. Four digits are a year too, so what IAM takes them for is not known.
fn date(text: &str) -> Option<(i64, u32)> {
    let is_seconds = is_digits(text.strip_prefix('-').unwrap_or(text)) && text.len() != 4;
    moment(text).or_else(|| if is_seconds { text.parse().ok().map(|it| (it, 0)) } else { None })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

/// `true` or `false`; whether IAM takes another case is not confirmed.
pub(super) fn truth(text: &str) -> Option<bool> {
    text.parse().ok()
}

/// A range of addresses: its first, and how many bits all of them share. That IAM reads a number that begins with a zero, or the end of an
/// IPv6 address in the form of IPv4, is not confirmed.
fn range(text: &str) -> Option<(IpAddr, u32)> {
    let (address, length) = text.split_once('/').map_or((text, None), |(address, length)| (address, Some(length)));
    let is_mixed = address.contains(':') && address.contains('.');
    let address: IpAddr = address.parse().ok().filter(|_| !is_mixed)?;
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let is_number = |it: &str| is_digits(it) && (it == "0" || !it.starts_with('0'));
    let length = length.map_or(Some(bits), |it| if is_number(it) { it.parse().ok() } else { None })?;
    (length <= bits).then_some((address, length))
}

/// Whether the address lies in the range. An IPv4 address may count as the IPv6 address that holds it, or that one as IPv4: where this
/// decides, AWS has not said.
fn is_within(address: IpAddr, network: IpAddr, length: u32) -> Result<bool, Doubt> {
    let same = |a: u128, b: u128, bits: u32| length == 0 || (a ^ b) >> (bits - length) == 0;
    let is_mapped = |it: Ipv6Addr| it.to_ipv4_mapped().is_some();
    let undecided = |could: bool| if could { Err(Doubt::Mapped) } else { Ok(false) };
    match (address, network) {
        (_, IpAddr::V6(b)) if is_mapped(b) => Err(Doubt::Mapped),
        (IpAddr::V4(a), IpAddr::V4(b)) => Ok(same(a.to_bits().into(), b.to_bits().into(), 32)),
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let is_within = same(a.to_bits(), b.to_bits(), 128);
            if is_mapped(a) { undecided(is_within) } else { Ok(is_within) }
        }
        (IpAddr::V4(a), IpAddr::V6(b)) => undecided(same(a.to_ipv6_mapped().to_bits(), b.to_bits(), 128)),
        (IpAddr::V6(a), IpAddr::V4(b)) => {
            undecided(a.to_ipv4_mapped().is_some_and(|a| same(a.to_bits().into(), b.to_bits().into(), 32)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_length_are_compared_exactly() {
        for (a, b, wanted) in [
            ("1", "1.0", Some(Ordering::Equal)),
            ("007", "7", Some(Ordering::Equal)),
            ("-0", "0.00", Some(Ordering::Equal)),
            ("-2", "-10", Some(Ordering::Greater)),
            ("0.1", "0.09", Some(Ordering::Greater)),
            ("9007199254740993", "9007199254740992", Some(Ordering::Greater)),
            ("1e3", "1000", None),
            ("", "0", None),
            ("1.", "1", None),
        ] {
            assert_eq!(compare_numbers(a, b), wanted, "{a} {b}");
        }
    }

    #[test]
    fn an_address_lies_in_its_range() {
        for (address, network, wanted) in [
            ("203.0.113.7", "203.0.113.0/24", Ok(true)),
            ("203.0.114.7", "203.0.113.0/24", Ok(false)),
            ("10.0.0.1", "10.0.0.1", Ok(true)),
            ("10.0.0.1", "0.0.0.0/0", Ok(true)),
            ("2001:db8::5", "2001:db8::/32", Ok(true)),
            ("2001:db9::5", "2001:db8::/32", Ok(false)),
            ("10.0.0.1", "2000::/3", Ok(false)),
            ("10.0.0.1", "::/0", Err(Doubt::Mapped)),
            ("2001:db8::5", "0.0.0.0/0", Ok(false)),
            ("::ffff:10.0.0.1", "10.0.0.0/8", Err(Doubt::Mapped)),
            ("::ffff:11.0.0.1", "10.0.0.0/8", Ok(false)),
            ("::ffff:10.0.0.1", "2001:db8::/32", Ok(false)),
            ("10.0.0.1", "::ffff:a00:0/104", Err(Doubt::Mapped)),
        ] {
            let (start, length) = range(network).unwrap();
            assert_eq!(is_within(address.parse().unwrap(), start, length), wanted, "{address} {network}");
        }
        for odd in
            ["10.0.0.0/33", "10.0.0", "10.0.0.0/08", "10.0.0.0/00", "010.0.0.0/8", "::ffff:10.0.0.0/104", "10.0.0.0/"]
        {
            assert_eq!(range(odd), None, "{odd}");
        }
        assert_eq!(range("0.0.0.0/0").map(|it| it.1), Some(0));
    }

    #[test]
    fn a_variable_has_a_key_and_perhaps_a_default() {
        assert_eq!(variable("aws:username"), Some(("aws:username", None)));
        assert_eq!(variable("aws:PrincipalTag/team, 'a b'"), Some(("aws:PrincipalTag/team", Some("a b"))));
        for odd in ["", "aws:a b", "team", "aws:x,'y'", "aws:x, y", "$aws:x"] {
            assert_eq!(variable(odd), None, "{odd}");
        }
    }
}
