//! A text read out of another, such as the JSON in a heredoc: for each of its bytes it is known where that came from.

use crate::text::Span;

/// A text, and where its bytes stand in the text that it was read out of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spelled {
    /// The text.
    pub text: String,
    runs: Vec<Run>,
}

/// Neighbouring bytes with one origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Where the run begins in the text that was read.
    at: usize,
    from: Span,
    /// Whether the bytes are the same on both sides, one for one.
    is_verbatim: bool,
}

impl Spelled {
    /// Adds a text that stands as it is at `start`.
    pub fn push_verbatim(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len();
        self.text.push_str(text);
        if let Some(last) = self.runs.last_mut()
            && last.is_verbatim
            && last.from.end == start
        {
            last.from.end += text.len();
            return;
        }
        self.runs.push(Run { at, from: Span::new(start, start + text.len()), is_verbatim: true });
    }

    /// Adds a text that is written otherwise at `from`: an escape, a reference.
    pub fn push(&mut self, text: &str, from: Span) {
        if !text.is_empty() {
            self.runs.push(Run { at: self.text.len(), from, is_verbatim: false });
            self.text.push_str(text);
        }
    }

    /// Adds another such text, its places included.
    pub fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.runs.extend(other.runs.iter().map(|it| Run { at: it.at + before, ..*it }));
    }

    /// The place at which the bytes `inside` of this text stand in the other.
    pub fn place(&self, inside: Span) -> Span {
        let start = self.run(inside.start).map_or(0, |it| it.start_of(inside.start));
        let last = inside.end.max(inside.start + 1) - 1;
        let end = self.run(last).map_or(start, |it| it.end_of(last));
        if inside.start == inside.end { Span::new(start, start) } else { Span::new(start, end.max(start)) }
    }

    /// Where the whole text stands as it is, one byte for one.
    pub fn verbatim(&self) -> Option<Span> {
        match self.runs.as_slice() {
            [one] if one.is_verbatim => Some(one.from),
            _ => None,
        }
    }

    fn run(&self, offset: usize) -> Option<Run> {
        let after = self.runs.partition_point(|it| it.at <= offset);
        self.runs.get(after.saturating_sub(1)).copied()
    }
}

impl Run {
    fn start_of(self, offset: usize) -> usize {
        if self.is_verbatim { (self.from.start + (offset - self.at)).min(self.from.end) } else { self.from.start }
    }

    fn end_of(self, offset: usize) -> usize {
        if self.is_verbatim { (self.from.start + (offset - self.at) + 1).min(self.from.end) } else { self.from.end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_knows_its_origin() {
        let source = r#"x "ab\ncd${e}f""#;
        let mut it = Spelled::default();
        it.push_verbatim("a", 3);
        it.push_verbatim("b", 4);
        it.push("\n", Span::new(5, 7));
        it.push_verbatim("cd", 7);
        it.push("value", Span::new(9, 13));
        let mut whole = Spelled::default();
        whole.push_verbatim("x ", 0);
        whole.append(&it);
        assert_eq!(whole.text, "x ab\ncdvalue");
        for (inside, wanted) in
            [("ab", "ab"), ("b\nc", "b\\nc"), ("\n", "\\n"), ("cd", "cd"), ("alu", "${e}"), ("dv", "d${e}")]
        {
            let at = whole.text.find(inside).unwrap();
            assert_eq!(whole.place(Span::new(at, at + inside.len())).of(source), wanted);
        }
        assert_eq!((it.verbatim(), whole.place(Span::new(7, 7))), (None, Span::new(9, 9)));
        assert_eq!(Spelled::default().place(Span::new(3, 9)), Span::new(0, 0));
    }
}
