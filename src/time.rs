//! Times in words, and back: seconds since 1970. The clock itself is never read here.

/// A length of time, in its two largest units: `2 days 16 hours`, `58 minutes`.
pub fn duration(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let mut rest = seconds.saturating_abs();
    let Some(first) = UNITS.iter().position(|it| rest >= it.0) else { return "0 seconds".to_owned() };
    let mut words = Vec::new();
    for (size, name) in UNITS.iter().skip(first).take(2) {
        let count = rest / size;
        rest %= size;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            words.push(format!("{count} {name}{plural}"));
        }
    }
    words.join(" ")
}

/// A moment in UTC: `2026-11-20 10:00:00 UTC`. Days by Howard Hinnant's `civil_from_days`,
/// <https://howardhinnant.github.io/date_algorithms.html>
pub fn utc(seconds: i64) -> String {
    // A time that no calendar has is shown as the number that it is.
    if !(-62_135_596_800..253_402_300_800).contains(&seconds) {
        return format!("{seconds} seconds since 1970");
    }
    let (days, of_day) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// A moment as AWS writes it: `2026-11-20T10:00:00Z`.
pub fn iso(seconds: i64) -> String {
    utc(seconds).replace(" UTC", "Z").replace(' ', "T")
}

/// A moment as ISO 8601 has it, in the forms of the W3C's note, as seconds since 1970 and billionths: `2026-11-20`,
/// `2026-11-20T10:00Z`, `2026-11-20T10:00:00.5+01:00`. None without an offset where there is a time: which one is meant is not said.
/// Days by `days_from_civil` of the same page.
pub fn moment(text: &str) -> Option<(i64, u32)> {
    let (date, clock) = text.split_once('T').map_or((text, None), |(date, clock)| (date, Some(clock)));
    let mut parts = date.split('-');
    let mut next = |width| parts.next().and_then(|it| digits(it, width));
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(is_leap),
        _ => 31,
    };
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=length).contains(&day) {
        return None;
    }
    let shifted_year = year - i64::from(month <= 2);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let (era, year_of_era) = (shifted_year.div_euclid(400), shifted_year.rem_euclid(400));
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    let Some(clock) = clock else { return Some((days * 86_400, 0)) };
    let (clock, offset) = match clock.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let at = clock.rfind(['+', '-'])?;
            let (clock, offset) = clock.split_at_checked(at)?;
            let (hours, minutes) = offset.get(1..)?.split_once(':')?;
            let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
            let seconds = (hours * 60 + minutes) * 60;
            (clock, if offset.starts_with('-') { -seconds } else { seconds })
        }
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':');
    let hour = parts.next().and_then(|it| digits(it, 2))?;
    let minute = parts.next().and_then(|it| digits(it, 2))?;
    let second = parts.next().map_or(Some(0), |it| digits(it, 2))?;
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 || fraction.len() > 9 {
        return None;
    }
    let billionths = digits(&format!("{fraction:0<9}"), 9)?;
    Some((days * 86_400 + (hour * 60 + minute) * 60 + second - offset, u32::try_from(billionths).ok()?))
}

fn digits(text: &str, width: usize) -> Option<i64> {
    (text.len() == width && text.bytes().all(|it| it.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_in_two_units() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (61, "1 minute 1 second"),
            (3_600, "1 hour"),
            (233_220, "2 days 16 hours"),
            (86_460, "1 day"),
        ] {
            assert_eq!(duration(seconds), words);
        }
    }

    #[test]
    fn moments_are_those_of_the_calendar() {
        for (seconds, words) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_795_168_800, "2026-11-20 10:00:00 UTC"),
            (-1, "1969-12-31 23:59:59 UTC"),
            (253_402_300_799, "9999-12-31 23:59:59 UTC"),
            (i64::MAX, "9223372036854775807 seconds since 1970"),
        ] {
            assert_eq!(utc(seconds), words);
        }
    }

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, seconds) in [
            ("1970-01-01", Some((0, 0))),
            ("2000-02-29T00:00:00Z", Some((951_782_400, 0))),
            ("2026-11-20T10:00Z", Some((1_795_168_800, 0))),
            ("2026-11-20T11:30:00.25+01:30", Some((1_795_168_800, 250_000_000))),
            ("2026-11-20T05:00:00-05:00", Some((1_795_168_800, 0))),
            ("1969-12-31T23:59:59Z", Some((-1, 0))),
            ("2026-02-29", None),
            ("2026-13-01", None),
            ("2026-11-20T10:00:00", None),
            ("2026-11-20T24:00:00Z", None),
            ("20261120", None),
            ("2026-11-20T", None),
            ("2026-11-20T10:00:00+é", None),
            ("", None),
        ] {
            assert_eq!(moment(text), seconds, "{text}");
        }
        for seconds in (-62_135_596_800..253_402_300_800).step_by(86_399 * 997) {
            assert_eq!(moment(&iso(seconds)), Some((seconds, 0)));
        }
    }
}
