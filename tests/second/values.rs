//! Numbers, dates, addresses, ARNs of the second evaluator. None where a text is not written as AWS documents it.

use super::pattern::{self, Element};
use std::cmp::Ordering;
use std::net::IpAddr;

fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if plain(whole) && plain(part) { text.parse().ok() } else { None }
}

pub(crate) fn compare_numbers(came: &str, wanted: &str) -> Option<Ordering> {
    number(came)?.partial_cmp(&number(wanted)?)
}

/// Days from 1970-01-01, counted one year and one month after the other.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = |it: i64| it % 4 == 0 && (it % 100 != 0 || it % 400 == 0);
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || !(1..=lengths[month as usize - 1]).contains(&day) || !(1970..=9999).contains(&year)
    {
        return None;
    }
    let years: i64 = (1970..year).map(|it| if leap(it) { 366 } else { 365 }).sum();
    Some(years + lengths[..month as usize - 1].iter().sum::<i64>() + day - 1)
}

/// Seconds since 1970, and thousandths.
fn moment(text: &str) -> Option<(i64, i64)> {
    // Seconds; four digits could be a year too.
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && text.len() != 4 && digits.bytes().all(|it| it.is_ascii_digit()) {
        return Some((text.parse().ok()?, 0));
    }
    let part = |from: usize, to: usize| -> Option<i64> {
        let it = text.get(from..to)?;
        if it.bytes().all(|it| it.is_ascii_digit()) { it.parse().ok() } else { None }
    };
    let is = |at: usize, it: &str| text.get(at..at + 1) == Some(it);
    if !(is(4, "-") && is(7, "-")) {
        return None;
    }
    let day = days(part(0, 4)?, part(5, 7)?, part(8, 10)?)?;
    if text.len() == 10 {
        return Some((day * 86_400, 0));
    }
    if !(is(10, "T") && is(13, ":") && is(16, ":")) {
        return None;
    }
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = text.get(19..)?;
    let mut thousandths = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let end = fraction.find(|it: char| !it.is_ascii_digit())?;
        if end == 0 || end > 3 {
            return None;
        }
        thousandths = format!("{:0<3}", &fraction[..end]).parse().ok()?;
        rest = &fraction[end..];
    }
    let offset = match rest {
        "Z" => 0,
        _ => {
            let sign = match rest.get(..1)? {
                "+" => 1,
                "-" => -1,
                _ => return None,
            };
            let (hours, minutes) = rest.get(1..)?.split_once(':')?;
            if hours.len() != 2 || minutes.len() != 2 {
                return None;
            }
            sign * (hours.parse::<i64>().ok()? * 3_600 + minutes.parse::<i64>().ok()? * 60)
        }
    };
    Some((day * 86_400 + hour * 3_600 + minute * 60 + second - offset, thousandths))
}

pub(crate) fn compare_dates(came: &str, wanted: &str) -> Option<Ordering> {
    Some(moment(came)?.cmp(&moment(wanted)?))
}

/// The moment in ISO 8601, found by trying.
pub(crate) fn iso(at: i64) -> String {
    let day = at.div_euclid(86_400);
    let mut year = 1970;
    while days(year + 1, 1, 1).is_some_and(|it| it <= day) {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days(year, month + 1, 1).is_some_and(|it| it <= day) {
        month += 1;
    }
    let of_month = day - days(year, month, 1).unwrap() + 1;
    let second = at.rem_euclid(86_400);
    format!("{year:04}-{month:02}-{of_month:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

pub(crate) fn reads_as_bool(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

pub(crate) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

pub(crate) struct Network {
    base: IpAddr,
    bits: u32,
}

pub(crate) fn network(text: &str) -> Option<Network> {
    let (base, bits) = text.split_once('/').map_or((text, None), |it| (it.0, Some(it.1)));
    // An IPv6 address whose end is written as IPv4, and a number that begins with a zero: nobody's word.
    if base.contains(':') && base.contains('.') {
        return None;
    }
    let base = address(base)?;
    let most = if base.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(it) if it.len() > 1 && it.starts_with('0') => return None,
        Some(it) if !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()) => it.parse().ok()?,
        Some(_) => return None,
    };
    (bits <= most).then_some(Network { base, bits })
}

/// The bits of an address: of one of IPv4 also those of the IPv6 address that holds it, and the other way round.
fn readings(address: IpAddr) -> Vec<String> {
    let text = |octets: &[u8]| -> String { octets.iter().map(|it| format!("{it:08b}")).collect() };
    let before = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];
    match address {
        IpAddr::V4(it) => vec![text(&it.octets()), text(&[&before[..], &it.octets()].concat())],
        IpAddr::V6(it) => {
            let whole = text(&it.octets());
            let inner = whole.strip_prefix(text(&before).as_str()).map(str::to_owned);
            [whole].into_iter().chain(inner).collect()
        }
    }
}

impl Network {
    /// Which of its two readings IAM compares is not known, and none is taken for the other.
    pub(crate) fn holds(&self, address: IpAddr) -> Option<bool> {
        let base = readings(self.base);
        if !self.base.is_ipv4() && base.len() > 1 {
            return None;
        }
        let is_in = |it: &String| it.len() == base[0].len() && it.starts_with(&base[0][..self.bits as usize]);
        let count = if self.base.is_ipv4() && address.is_ipv4() { 1 } else { 2 };
        let answers: Vec<bool> = readings(address).iter().take(count).map(is_in).collect();
        if answers.iter().any(|it| *it != answers[0]) { None } else { Some(answers[0]) }
    }
}

/// Each of the six parts by itself.
pub(crate) fn compare_arns(wanted: &[Element], came: &str) -> Option<bool> {
    let came: Vec<&str> = came.splitn(6, ':').collect();
    let wanted: Vec<&[Element]> = wanted.splitn(6, |it| *it == Element::Char(':')).collect();
    if came.len() != 6 || wanted.len() != 6 {
        return None;
    }
    Some(wanted.iter().zip(came).all(|it| pattern::matches(it.0, it.1)))
}
