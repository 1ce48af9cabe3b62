//! A log as messages are sought in it: colours, GitLab's marks, line breaks and upper case put aside, every place kept.

use super::{Known, others};
use crate::text::Span;

/// The longest part of a log that is looked at, in bytes: its end, where the error stands.
pub const READ_MOST: usize = 1024 * 1024;

/// How far the parts of one message may lie apart, in bytes after white space was joined.
const REACH: usize = 400;

/// How often the beginning of a message is looked at.
const TRIES: usize = 32;

/// How GitLab's runner shows the next command.
const COMMAND: &str = " $ ";

/// How far back a message's command is sought, in bytes.
const COMMAND_AGO: usize = 4096;

/// How much of a long line is looked at on each side of a message, in bytes.
const LINE: usize = 400;

/// How long the mark is that GitLab's runner puts before a line: `2026-11-25T10:11:12.123456Z 00O `.
const STAMP: usize = 32;

/// Whether a line begins with the runner's mark, and if so, whether it goes on with the line before.
fn stamp(line: &str) -> Option<bool> {
    let mark = line.get(..STAMP)?;
    let is_like = |(c, like): (u8, u8)| if like == b'0' { c.is_ascii_hexdigit() } else { c == like || like == b'?' };
    let is_mark = mark.bytes().zip(*b"0000-00-00T00:00:00.000000Z 00??").all(is_like);
    is_mark.then(|| mark.ends_with('+'))
}

/// The time that the runner's mark before this place's line tells, in seconds since 1970.
pub(super) fn time_at(log: &str, at: usize) -> Option<i64> {
    let start = log.get(..at)?.rfind('\n').map_or(0, |it| it + 1);
    let line = log.get(start..)?;
    stamp(line)?;
    crate::time::moment(line.split(' ').next()?).map(|it| it.0)
}

/// Where a message begins and ends, and where its parts do.
pub(super) type Hit = (usize, usize, Vec<(usize, usize)>);

/// A log in lower case, with one space for any white space and no marks of terminals, and where each byte of it stood.
pub(super) struct Plain {
    text: String,
    places: Vec<usize>,
}

impl Plain {
    pub(super) fn of(log: &str) -> Self {
        let mut start = log.len().saturating_sub(READ_MOST);
        while !log.is_char_boundary(start) {
            start += 1;
        }
        let rest = log.get(start..).unwrap_or("");
        let mut plain = Self { text: String::with_capacity(rest.len()), places: Vec::with_capacity(rest.len()) };
        let mut chars = rest.char_indices().peekable();
        if stamp(rest).is_some() {
            chars.nth(STAMP - 1);
        }
        while let Some((at, c)) = chars.next() {
            match c {
                // A terminal's mark: `ESC [`, numbers, a letter, or `ESC (` and a letter. GitLab's `section_start` lines end in one.
                '\u{1b}' => {
                    if chars.next_if(|it| it.1 == '[').is_some() {
                        while chars.next_if(|it| matches!(it.1, ' '..='?')).is_some() {}
                        chars.next_if(|it| it.1.is_ascii_alphabetic());
                    } else if chars.next_if(|it| it.1 == '(').is_some() {
                        chars.next();
                    }
                }
                '\n' if stamp(rest.get(at + 1..).unwrap_or("")).is_some_and(|goes_on| {
                    chars.nth(STAMP - 1);
                    goes_on
                }) => {}
                // Apostrophes of printers and of XML are the apostrophe, and a message in JSON has its quotes escaped.
                '\u{2019}' => plain.push('\'', start + at),
                '&' if ["&#39;", "&apos;"].iter().any(|it| {
                    let is_it = rest.get(at..).is_some_and(|rest| rest.starts_with(it));
                    if is_it {
                        chars.nth(it.len() - 2);
                    }
                    is_it
                }) =>
                {
                    plain.push('\'', start + at);
                }
                '\\' if chars.peek().is_some_and(|it| matches!(it.1, '"' | '\'')) => {}
                '\\' if chars.peek().is_some_and(|it| matches!(it.1, 'n' | 'r' | 't')) => {
                    chars.next();
                    plain.space(start + at);
                }
                // Terraform draws a line down the side of its messages.
                c if c.is_whitespace() || c == '│' => plain.space(start + at),
                c => plain.push(c.to_ascii_lowercase(), start + at),
            }
        }
        plain
    }

    fn push(&mut self, c: char, place: usize) {
        self.text.push(c);
        self.places.extend(std::iter::repeat_n(place, c.len_utf8()));
    }

    fn space(&mut self, place: usize) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.push(' ', place);
        }
    }

    fn place(&self, at: usize) -> usize {
        self.places.get(at).or(self.places.last()).copied().unwrap_or(0)
    }

    /// Where in `log` that stood which lies here from the first byte to before the second.
    pub(super) fn span(&self, log: &str, from: usize, to: usize) -> Span {
        let (start, last) = (self.place(from), self.place(to.max(from + 1) - 1));
        let length = log.get(last..).and_then(|it| it.chars().next()).map_or(0, char::len_utf8);
        Span::new(start, last + length)
    }

    /// The first place of `pattern`, and its parts. Every piece is sought from the end of the one before, within reach, and no message goes
    /// on behind the next command.
    pub(super) fn find(&self, log: &str, known: &Known, pattern: &str) -> Option<Hit> {
        let pieces: Vec<String> = pattern.to_ascii_lowercase().split("{}").map(joined).collect();
        let (first, rest) = pieces.split_first()?;
        let (mut from, mut tries) = (0, 0);
        // A first piece without the others is not the message; a log that repeats it is looked at a few times, not for ever.
        while tries < TRIES {
            let start = from + self.text.get(from..)?.find(first.as_str())?;
            let mut end = start + first.len();
            from = end;
            // A part of a longer word is another word: `sts:AssumeRole` is not in `sts:AssumeRoleWithWebIdentity`.
            if self.is_in_word(start) || (rest.is_empty() && self.is_in_word(end)) {
                continue;
            }
            // What begins with a capital is a sentence; in small letters, within one, they are somebody else's words.
            let is_small =
                log.get(self.place(start)..).is_some_and(|it| it.starts_with(|c: char| c.is_ascii_lowercase()));
            if is_small && pattern.starts_with(|c: char| c.is_ascii_uppercase()) {
                continue;
            }
            if is_command(log, self.place(start)) || (!pattern.contains(' ') && self.is_file_name(start, end)) {
                continue;
            }
            tries += 1;
            let mut parts = Vec::new();
            let whole = rest.iter().enumerate().all(|(at, piece)| {
                let is_last = at + 1 == rest.len();
                let length = if piece.is_empty() { Some(word(self.ahead(end))) } else { self.gap(end, piece, is_last) };
                let Some(length) = length else { return false };
                parts.push((end, end + length));
                end += length + piece.len();
                true
            });
            let line = || Self::of(line(log, self.span(log, start, end)).trim_start()).text;
            if whole
                && !self.is_of_another_program(start, pattern)
                && !others::says(known, self.command(start), line().trim_start())
            {
                return Some((start, end, parts));
            }
        }
        None
    }

    /// How far `piece` is from `from`; the last one ends with a word.
    fn gap(&self, from: usize, piece: &str, is_last: bool) -> Option<usize> {
        let ahead = self.ahead(from);
        let ahead = ahead.find(COMMAND).and_then(|it| ahead.get(..it)).unwrap_or(ahead);
        let places = ahead.match_indices(piece).map(|it| it.0);
        places.into_iter().find(|it| !is_last || !self.is_in_word(from + it + piece.len()))
    }

    /// Whether a word goes on across this place. A hyphen joins what is before it.
    fn is_in_word(&self, at: usize) -> bool {
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (before, after) = (self.text.get(..at).unwrap_or(""), self.text.get(at..).unwrap_or(""));
        after.starts_with(is_of_word)
            && (before.ends_with(is_of_word) || before.strip_suffix('-').is_some_and(|it| it.ends_with(is_of_word)))
    }

    /// Whether the word from the first place to the second is the name of a file: it is behind a slash, or before `.java`, `.d.ts`, `.html`.
    fn is_file_name(&self, start: usize, end: usize) -> bool {
        let after = self.text.get(end..).unwrap_or("");
        self.text.get(..start).is_some_and(|it| it.ends_with(['/', '\\']))
            || after.strip_prefix('.').is_some_and(|it| it.starts_with(|c: char| c.is_ascii_alphanumeric()))
    }

    /// Whether what Python programs say of their arguments, here told by `pattern`, is said by another one than `aws`.
    fn is_of_another_program(&self, start: usize, pattern: &str) -> bool {
        let before = self.text.get(..start).unwrap_or("").trim_end().trim_end_matches("the following").trim_end();
        let program = before.strip_suffix(": error:").and_then(|it| it.rsplit(' ').next());
        let name = program.and_then(|it| it.rsplit(['/', '\\']).next());
        pattern.starts_with("argument") && name.is_some_and(|it| !it.starts_with("aws"))
    }

    /// The job's last command before this place, and what it printed until there; nothing where that is too long ago.
    fn command(&self, at: usize) -> &str {
        let mut from = at.saturating_sub(COMMAND_AGO);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let before = self.text.get(from..at).unwrap_or("");
        let is_first = from == 0 && before.starts_with(COMMAND.trim_start());
        before.rfind(COMMAND).or(is_first.then_some(0)).and_then(|it| before.get(it..)).unwrap_or("")
    }

    fn ahead(&self, from: usize) -> &str {
        let mut to = (from + REACH).min(self.text.len());
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        self.text.get(from..to).unwrap_or("")
    }
}

/// The line of `log` in which `span` begins, to its own end; of a long one what is near.
fn line(log: &str, span: Span) -> &str {
    let (mut from, mut to) = (span.start.saturating_sub(LINE), (span.end + LINE).min(log.len()));
    while !log.is_char_boundary(from) {
        from += 1;
    }
    while !log.is_char_boundary(to) {
        to -= 1;
    }
    from = log.get(from..span.start).and_then(|it| it.rfind('\n')).map_or(from, |it| from + it);
    to = log.get(span.end..to).and_then(|it| it.find('\n')).map_or(to, |it| span.end + it);
    log.get(from..to).unwrap_or("")
}

/// Whether this place lies in a command that the runner, or the shell under `set -x`, shows before it runs it: in its first line, or in one
/// that goes on from there.
fn is_command(log: &str, at: usize) -> bool {
    let mut from = at.saturating_sub(COMMAND_AGO);
    while !log.is_char_boundary(from) {
        from += 1;
    }
    let mut rest = log.get(from..at).unwrap_or("");
    loop {
        let end = rest.rfind(['\n', '\r']);
        if end.is_none() && from > 0 {
            return false;
        }
        let line = rest.get(end.map_or(0, |it| it + 1)..).unwrap_or("");
        if ["$ ", "+ "].iter().any(|it| Plain::of(line).text.trim_start().starts_with(it)) {
            return true;
        }
        let Some(before) = end.and_then(|it| rest.get(..it)) else { return false };
        rest = before.trim_end_matches('\r');
        let last = rest.rsplit('\n').next().unwrap_or("");
        if stamp(line) != Some(true) && !Plain::of(last).text.trim_end().ends_with('\\') {
            return false;
        }
    }
}

/// As the log is: one space for several.
fn joined(piece: &str) -> String {
    let mut out = String::with_capacity(piece.len());
    for c in piece.chars() {
        if c != ' ' || !out.ends_with(' ') {
            out.push(c);
        }
    }
    out
}

/// A last part that varies: up to a space or a quote.
fn word(text: &str) -> usize {
    let end = text.find([' ', '"', '\'', '<']).unwrap_or(text.len());
    text.get(..end).map_or(0, |it| it.trim_end_matches(['.', ',', ';', ')']).len())
}
