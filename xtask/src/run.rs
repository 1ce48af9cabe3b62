//! Running other programs so that a person sees that something happens.
//!
//! `streamed` hands the terminal to the program. `watched` is for long, talkative set-up: it keeps the talk in a log
//! beside the tools, shows the elapsed time and the latest line, and prints the end of the log when it fails.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::say;

/// How many lines of the log are shown when a watched program fails.
const SHOWN_LINES: usize = 40;

/// Runs a program that writes to this terminal itself.
pub(crate) fn streamed(command: &mut Command) -> Result<()> {
    let shown = written(command);
    let status = command.status().with_context(|| format!("cannot run `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// Runs a program under a name, showing how long it takes and what it says last.
/// `usual` is what it takes on a machine with two cores.
pub(crate) fn watched(project: &Project, name: &str, usual: &str, command: &mut Command) -> Result<()> {
    let shown = written(command);
    let logs = project.tools().join("log");
    std::fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;
    let log_path = logs.join(format!("{}.log", name.replace([' ', '/'], "-")));
    let log = File::create(&log_path).with_context(|| format!("cannot write {}", log_path.display()))?;
    say::note(&format!("{name} (usually {usual})"));

    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{shown}`"))?;
    let talk = Arc::new(Mutex::new(Talk { log, tail: VecDeque::new() }));
    let readers =
        [child.stdout.take().map(|pipe| listen(pipe, &talk)), child.stderr.take().map(|pipe| listen(pipe, &talk))];

    let mut ticker = Ticker::new(started);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(100));
        ticker.tick(&talk);
    };
    for reader in readers.into_iter().flatten() {
        drop(reader.join());
    }
    ticker.clear();

    let took = say::duration(started.elapsed());
    if status.success() {
        say::note(&format!("{name}: done in {took}"));
        return Ok(());
    }
    for line in &talk.lock().unwrap_or_else(PoisonError::into_inner).tail {
        say::note(&format!("| {line}"));
    }
    bail!("{name} failed after {took}: `{shown}` ({status}); the whole output is in {}", project.shown(&log_path))
}

/// What a program has said so far.
struct Talk {
    log: File,
    tail: VecDeque<String>,
}

fn listen(pipe: impl Read + Send + 'static, talk: &Arc<Mutex<Talk>>) -> std::thread::JoinHandle<()> {
    let talk = Arc::clone(talk);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            let mut talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
            // A full disk costs the log, not the work.
            drop(writeln!(talk.log, "{line}"));
            if talk.tail.len() == SHOWN_LINES {
                talk.tail.pop_front();
            }
            talk.tail.push_back(line);
        }
    })
}

/// Shows the elapsed time: one line rewritten every second on a terminal, a new line every 20 seconds elsewhere.
struct Ticker {
    started: Instant,
    next: Instant,
    lively: bool,
}

impl Ticker {
    fn new(started: Instant) -> Self {
        let lively = say::is_lively();
        Self { started, next: started + Self::pause(lively), lively }
    }

    fn pause(lively: bool) -> Duration {
        Duration::from_secs(if lively { 1 } else { 20 })
    }

    fn tick(&mut self, talk: &Mutex<Talk>) {
        if Instant::now() < self.next {
            return;
        }
        self.next += Self::pause(self.lively);
        let talk = talk.lock().unwrap_or_else(PoisonError::into_inner);
        let latest: String = talk.tail.back().map(|line| line.trim().chars().take(60).collect()).unwrap_or_default();
        let line = format!("    {} · {latest}", say::duration(self.started.elapsed()));
        if self.lively {
            print!("\r\x1b[2K{line}");
            drop(std::io::stdout().flush());
        } else {
            println!("{line}");
        }
    }

    fn clear(&self) {
        if self.lively {
            print!("\r\x1b[2K");
            drop(std::io::stdout().flush());
        }
    }
}

/// The command line as a person would type it, for messages.
fn written(command: &Command) -> String {
    let program = command.get_program();
    let name = std::path::Path::new(program).file_name().unwrap_or(program);
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
