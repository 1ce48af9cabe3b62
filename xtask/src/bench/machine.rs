//! On what, with what and when the figures were measured: without that they say nothing.

use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::project::Project;

/// A machine, its browser and compiler, and the day.
pub(super) struct Machine {
    processor: String,
    cores: usize,
    browser: String,
    compiler: String,
    /// As `2026-11-23`, in UTC.
    pub(super) date: String,
}

/// Asks the machine.
pub(super) fn describe(project: &Project, chromium: &Path) -> Result<Machine> {
    let browser = Command::new(chromium).arg("--version").output().context("cannot run Chromium")?;
    let browser = String::from_utf8_lossy(&browser.stdout);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs();
    Ok(Machine {
        processor: processor(project).unwrap_or_else(|| "unknown processor".to_owned()),
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        // "Chromium 156.0.8078.79 built on …"
        browser: browser.split_whitespace().take(2).collect::<Vec<_>>().join(" "),
        compiler: project
            .answer("rustc", &["--version"])
            .map(|answer| answer.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
            .context("cannot run rustc")?,
        date: date(seconds / 86_400),
    })
}

impl Machine {
    /// How busy the machine is with other things, where the system tells.
    pub(super) fn load(&self) -> Option<String> {
        let load = std::fs::read_to_string("/proc/loadavg").ok()?;
        let minute = load.split_whitespace().next()?;
        Some(format!(
            "load of the last minute: {minute} on {} cores (other work on the machine makes figures worse)",
            self.cores
        ))
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { processor, cores, browser, compiler, date } = self;
        let system = std::env::consts::OS;
        write!(f, "{date}, {processor}, {cores} cores, {system}, {browser}, {compiler}")
    }
}

fn processor(project: &Project) -> Option<String> {
    let linux = || {
        let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    linux().or_else(|| project.answer("sysctl", &["-n", "machdep.cpu.brand_string"]))
}

/// The date of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Years are counted from March, so that the leap day is the last of its year; 146,097 days are 400 years.
fn date(days: u64) -> String {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn days_become_dates() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(11_016), "2000-02-29");
        assert_eq!(date(11_017), "2000-03-01");
        assert_eq!(date(20_780), "2026-11-23");
        assert_eq!(date(20_819), "2027-01-01");
    }
}
