//! Markdown (CommonMark): blocks in order, printed once. Prose is `&'static str`, written in this program as Markdown, its lines
//! broken anew; a value can enter only as code, in a span or in a block of its own, and there it stands for itself.

use crate::text::is_invisible;

/// Where lines of prose are broken, in characters.
const WIDTH: usize = 100;

/// A document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Document {
    text: String,
    is_list: bool,
}

impl Document {
    /// Blocks of our own: headings, paragraphs, lists, fenced code, with blank lines between. Each `{}` outside of fences is a value.
    /// Lists that follow each other are one.
    pub fn prose(&mut self, template: &'static str, values: &[&str]) {
        let mut values = values.iter();
        for block in template.split("\n\n") {
            self.begin(marker(block) > 0);
            if block.starts_with('#') || block.starts_with("```") {
                self.text.push_str(block);
                self.text.push('\n');
                continue;
            }
            let mut lines = block.lines().peekable();
            while let Some(first) = lines.next() {
                let length = marker(first);
                let mut words = Words { out: &mut self.text, indent: length, column: 0, word: String::new() };
                words.line(first, &mut values);
                while let Some(line) = lines.next_if(|it| marker(it) == 0) {
                    words.line(line.trim_start(), &mut values);
                }
                self.text.push('\n');
            }
        }
    }

    /// A block of code in that language.
    pub fn code(&mut self, language: &'static str, text: &str) {
        self.begin(false);
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        for piece in [fence.as_str(), language, "\n", text, if text.ends_with('\n') { "" } else { "\n" }, &fence, "\n"]
        {
            self.text.push_str(piece);
        }
    }

    fn begin(&mut self, is_list: bool) {
        if !(self.text.is_empty() || is_list && self.is_list) {
            self.text.push('\n');
        }
        self.is_list = is_list;
    }

    /// The text.
    pub fn print(self) -> String {
        self.text
    }
}

/// How long the mark of a list's item is that the line begins with, its indent included; 0 where there is none.
fn marker(line: &str) -> usize {
    let indent = line.len() - line.trim_start().len();
    let mark = line.trim_start().split(' ').next().unwrap_or("");
    let is_mark = mark == "-" || mark.strip_suffix('.').is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
    if is_mark { indent + mark.len() + 1 } else { 0 }
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

/// Puts words behind each other, in lines of at most [`WIDTH`] characters. A span of code is one word.
struct Words<'o> {
    out: &'o mut String,
    indent: usize,
    column: usize,
    word: String,
}

impl Words<'_> {
    /// The words of a line of our own.
    fn line(&mut self, line: &'static str, values: &mut std::slice::Iter<'_, &str>) {
        let mut in_code = false;
        for (at, piece) in line.split("{}").enumerate() {
            if at > 0 {
                self.word.push_str(&span(values.next().unwrap_or(&"")));
            }
            for c in piece.chars() {
                in_code ^= c == '`';
                // The mark of an item stays at its first word, and so do the spaces before it.
                if c == ' ' && !in_code && self.word.len() >= self.indent.saturating_sub(self.column) {
                    self.end();
                } else {
                    self.word.push(c);
                }
            }
        }
        self.end();
    }

    fn end(&mut self) {
        let length = self.word.chars().count();
        if self.column > 0 && length > 0 {
            if self.column + 1 + length > WIDTH {
                self.out.push('\n');
                self.out.push_str(&" ".repeat(self.indent));
                self.column = self.indent;
            } else {
                self.out.push(' ');
                self.column += 1;
            }
        }
        self.out.push_str(&self.word);
        self.column += length;
        self.word.clear();
    }
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
        let mut document = Document::default();
        document.prose("## Title {}\n\nThe role {}, and\n**no** other.\n\n- one\n  more\n  - {}", &["a b", "x"]);
        document.prose("- three", &[]);
        document.code("sh", "a ``` b");
        document.prose("```sh\n{}  {}\n```\n\n1. `a  b`", &[]);
        let wanted = "## Title {}\n\nThe role `a b`, and **no** other.\n\n- one more\n  - `x`\n- three\n\n````sh\na ``` b\n````\n\n\
                      ```sh\n{}  {}\n```\n\n1. `a  b`\n";
        assert_eq!(document.print(), wanted);
    }

    #[test]
    fn long_prose_is_broken_at_its_spaces() {
        let mut document = Document::default();
        let text =
            "- 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 `0123456789 `";
        document.prose(text, &[]);
        assert_eq!(document.print().lines().map(str::len).collect::<Vec<_>>(), [89, 15]);
    }
}
