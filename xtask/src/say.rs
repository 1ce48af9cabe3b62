//! What `cargo xtask` prints: steps, progress, durations.
//!
//! Colours only on a terminal, and never where `CI` or `NO_COLOR` is set.

use std::io::{IsTerminal, Write};
use std::time::Duration;

const BOLD: &str = "1";
const GREEN: &str = "32";
const RED: &str = "31";

/// Whether colours and rewritten lines make sense where the output goes.
pub(crate) fn is_lively() -> bool {
    std::io::stdout().is_terminal() && !is_ci() && std::env::var_os("NO_COLOR").is_none()
}

/// Whether this runs in continuous integration, by the variable that every such service sets.
pub(crate) fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// A heading, with an empty line before it.
pub(crate) fn heading(text: &str) {
    println!("\n{}", coloured(BOLD, text));
}

/// One line about something that was done or found.
pub(crate) fn note(text: &str) {
    println!("  {text}");
}

/// One line of good news.
pub(crate) fn success(text: &str) {
    println!("{}", coloured(GREEN, text));
}

/// One message of bad news, on standard error.
pub(crate) fn failure(text: &str) {
    // What was printed so far belongs before it.
    drop(std::io::stdout().flush());
    eprintln!("{}", coloured(RED, &format!("error: {text}")));
}

/// `text` with the code of a colour around it, where colours are shown.
fn coloured(code: &str, text: &str) -> String {
    if is_lively() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// A duration as a person says it: `0.4 s`, `12 s`, `3 min 20 s`.
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A number with commas between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_spoken() {
        assert_eq!(duration(Duration::from_millis(420)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(12)), "12 s");
        assert_eq!(duration(Duration::from_secs(200)), "3 min 20 s");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(200_000), "200,000");
        assert_eq!(grouped(1_234_567), "1,234,567");
    }
}
