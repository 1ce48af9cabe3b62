//! Markdown (CommonMark): blocks in order, printed once. Prose is `&'static str`, written in this program as Markdown; a value can
//! enter only as code, in a span or in a block of its own, and there it stands for itself.

use crate::text::is_invisible;

/// Where lines of prose are broken, in characters.
const WIDTH: usize = 100;

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Prose of our own, as Markdown.
    Prose(&'static str),
    /// A value.
    Code(String),
}

/// Prose of our own.
pub fn prose(text: &'static str) -> Part {
    Part::Prose(text)
}

/// A value.
pub fn code(text: &str) -> Part {
    Part::Code(text.to_owned())
}

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    text: String,
}

impl Document {
    /// A heading of that level, from 1.
    #[must_use]
    pub fn heading(self, level: usize, title: &'static str) -> Self {
        let mark = "#".repeat(level);
        self.block(&format!("{mark} {title}\n"))
    }

    /// A paragraph.
    #[must_use]
    pub fn paragraph(self, parts: &[Part]) -> Self {
        let text = wrapped(parts, "", "");
        self.block(&text)
    }

    /// A paragraph without values.
    #[must_use]
    pub fn prose(self, text: &'static str) -> Self {
        self.paragraph(&[prose(text)])
    }

    /// A list with bullets.
    #[must_use]
    pub fn bullets(self, items: &[Vec<Part>]) -> Self {
        let text: String = items.iter().map(|it| wrapped(it, "- ", "  ")).collect();
        self.block(&text)
    }

    /// A numbered list.
    #[must_use]
    pub fn steps(self, items: &[Vec<Part>]) -> Self {
        let numbers = (1..).map(|number: usize| format!("{number}. "));
        let text: String = items.iter().zip(numbers).map(|(it, number)| wrapped(it, &number, "   ")).collect();
        self.block(&text)
    }

    /// A block of code in that language.
    #[must_use]
    pub fn code(self, language: &'static str, text: &str) -> Self {
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        let end = if text.ends_with('\n') { "" } else { "\n" };
        self.block(&format!("{fence}{language}\n{text}{end}{fence}\n"))
    }

    fn block(mut self, text: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
        self
    }

    /// The text.
    pub fn print(self) -> String {
        self.text
    }
}

/// A value in backticks, more of them than the value has in a row.
fn span(text: &str) -> String {
    // A span is one line, and a reader of Markdown makes a space of each line break.
    let text: String = text.chars().map(|c| if is_invisible(c) { '?' } else { c }).collect();
    let ticks = "`".repeat(longest_run(&text) + 1);
    // A reader takes one space off each end where both have one.
    let edge = |c: char| c == '`' || c == ' ';
    let padded = text.starts_with(edge) || text.ends_with(edge);
    let pad = if padded && text.contains(|c| c != ' ') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Lines of at most [`WIDTH`] characters, broken at spaces of the prose alone.
fn wrapped(parts: &[Part], first: &str, rest: &str) -> String {
    let mut words: Vec<String> = vec![String::new()];
    for part in parts {
        let mut pieces = match part {
            Part::Prose(text) => prose_words(text),
            Part::Code(text) => vec![span(text)],
        }
        .into_iter();
        // What follows without a space belongs to the word before.
        if let (Some(last), Some(piece)) = (words.last_mut(), pieces.next()) {
            last.push_str(&piece);
        }
        words.extend(pieces);
    }
    let mut out = first.to_owned();
    let mut column = first.len();
    let mut is_first = true;
    for word in words.iter().filter(|it| !it.is_empty()) {
        let length = word.chars().count();
        if !is_first && column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(rest);
            column = rest.len();
        } else if !is_first {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        is_first = false;
    }
    out.push('\n');
    out
}

/// The words of our own prose; a span of code in it is one.
fn prose_words(text: &'static str) -> Vec<String> {
    let mut in_code = false;
    let at_space = |c: char| {
        in_code ^= c == '`';
        c == ' ' && !in_code
    };
    text.split(at_space).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_for_themselves() {
        for (text, wanted) in [
            ("main", "`main`"),
            ("a`b", "``a`b``"),
            ("`a``", "``` `a`` ```"),
            (" a", "`  a `"),
            ("*<b>|[x](y)\\", "`*<b>|[x](y)\\`"),
        ] {
            assert_eq!(span(text), wanted);
        }
    }

    #[test]
    fn a_document_is_blocks_with_blank_lines_between() {
        let document = Document::default()
            .heading(2, "Title")
            .paragraph(&[prose("The role "), code("a b"), prose(", and **no** other.")])
            .bullets(&[vec![prose("one")], vec![code("x")]])
            .code("sh", "a ``` b");
        let wanted = "## Title\n\nThe role `a b`, and **no** other.\n\n- one\n- `x`\n\n````sh\na ``` b\n````\n";
        assert_eq!(document.print(), wanted);
    }

    #[test]
    fn long_prose_is_broken_at_its_spaces() {
        let text = Document::default().prose(
            "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789",
        );
        assert_eq!(text.print().lines().map(str::len).collect::<Vec<_>>(), [98, 10]);
    }
}
