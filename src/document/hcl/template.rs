//! The reader: quoted templates and heredocs.

use super::Part;
use super::read::Reader;
use crate::document::spelled::Spelled;
use crate::text::{Diagnostic, Span};

/// The parts of a template, and the text that is being read.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    text: Spelled,
}

impl Parts {
    fn push(&mut self, part: Part) {
        let text = std::mem::take(&mut self.text);
        if !text.text.is_empty() {
            self.done.push(Part::Text(text));
        }
        self.done.push(part);
    }

    /// What stands between directives is there or not, once or often: all from the first to the last is one part.
    fn finish(mut self) -> Vec<Part> {
        if !self.text.text.is_empty() {
            self.done.push(Part::Text(self.text));
        }
        let place = |it: &(usize, &Part)| match it.1 {
            Part::Directive(span) => Some((it.0, *span)),
            _ => None,
        };
        let mut places = self.done.iter().enumerate().filter_map(|it| place(&it));
        if let Some((from, first)) = places.next() {
            let (to, last) = places.next_back().unwrap_or((from, first));
            self.done.splice(from..=to, [Part::Directive(Span::new(first.start, last.end))]);
        }
        self.done
    }
}

impl Reader<'_> {
    /// Whether `<<NAME` is next.
    pub(super) fn is_heredoc(&self) -> bool {
        let marker = self.rest().strip_prefix("<<").map(|it| it.strip_prefix('-').unwrap_or(it));
        marker.is_some_and(|it| it.starts_with(|c: char| c.is_alphabetic() || c == '_'))
    }

    /// `"…"`.
    pub(super) fn quoted(&mut self) -> Result<Vec<Part>, Diagnostic> {
        let open = self.at;
        self.at += 1;
        let mut parts = Parts::default();
        loop {
            self.plain(&mut parts.text, &['"', '\\', '\n', '$', '%'], self.text.len());
            let start = self.at;
            match self.peek() {
                None | Some('\n') => return Err(self.never_closed(open, "\"")),
                Some('"') => {
                    self.at += 1;
                    return Ok(parts.finish());
                }
                Some('\\') => {
                    let c = self.escape()?;
                    parts.text.push(c.encode_utf8(&mut [0; 4]), self.span_from(start));
                }
                _ => self.marked(&mut parts)?,
            }
        }
    }

    /// Takes the text up to the next of `stops`, or up to `end`.
    fn plain(&mut self, text: &mut Spelled, stops: &[char], end: usize) {
        let rest = self.text.get(self.at..end).unwrap_or("");
        let plain = rest.get(..rest.find(stops).unwrap_or(rest.len())).unwrap_or("");
        text.push_verbatim(plain, self.at);
        self.at += plain.len();
    }

    /// At `$` or `%`: an escaped marker, a reference, a directive, or the character itself.
    fn marked(&mut self, parts: &mut Parts) -> Result<(), Diagnostic> {
        let start = self.at;
        if self.take("$${") || self.take("%%{") {
            let marker = if self.text.get(start..).is_some_and(|it| it.starts_with('$')) { "${" } else { "%{" };
            parts.text.push(marker, self.span_from(start));
        } else if self.rest().starts_with("${") {
            let part = self.across_lines(Self::interpolation)?;
            parts.push(part);
        } else if self.take("%{") {
            let length = self.rest().find('}').ok_or_else(|| self.never_closed(start, "%{"))?;
            self.at += length + 1;
            parts.push(Part::Directive(self.span_from(start)));
        } else {
            let one = self.text.get(start..start + 1).unwrap_or("");
            parts.text.push_verbatim(one, start);
            self.at += 1;
        }
        Ok(())
    }

    /// `${…}`. What strips the spaces around it changes the text, so it is not evaluated.
    fn interpolation(&mut self) -> Result<Part, Diagnostic> {
        let start = self.at;
        self.at += 2;
        let strips_before = self.take("~");
        let expr = self.expr()?;
        self.space();
        let strips_after = self.take("~");
        if !self.take("}") {
            return Err(if self.peek().is_none() { self.never_closed(start, "${") } else { self.wrong("`}`") });
        }
        Ok(if strips_before || strips_after { Part::Directive(self.span_from(start)) } else { Part::Code(expr) })
    }

    fn escape(&mut self) -> Result<char, Diagnostic> {
        let start = self.at;
        self.at += 1;
        let kind = self.peek();
        self.at += kind.map_or(0, char::len_utf8);
        let mut code = |digits: usize| {
            let text = self.rest().get(..digits)?;
            self.at += digits;
            u32::from_str_radix(text, 16).ok().and_then(char::from_u32)
        };
        let c = match kind {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('"') => Some('"'),
            Some('\\') => Some('\\'),
            Some('u') => code(4),
            Some('U') => code(8),
            _ => None,
        };
        c.ok_or_else(|| Diagnostic::new("Terraform knows no such escape").at(self.span_from(start)))
    }

    /// `<<NAME`, lines, `NAME`.
    pub(super) fn heredoc(&mut self) -> Result<Vec<Part>, Diagnostic> {
        let open = self.at;
        let first = self.rest().lines().next().unwrap_or("");
        let (is_indented, marker) = match first.trim_end().strip_prefix("<<") {
            Some(it) => (it.starts_with('-'), it.trim_start_matches('-')),
            None => (false, ""),
        };
        if marker.is_empty() || !marker.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
            return Err(Diagnostic::new("expected the name of a heredoc after `<<`").at(Span::new(open, open + 2)));
        }
        let unclosed = || self.never_closed(open, first.trim_end());
        let start = (self.at + self.rest().find('\n').ok_or_else(unclosed)?) + 1;
        let (mut end, mut after, mut indent) = (None, start, usize::MAX);
        for line in self.text.get(start..).unwrap_or("").split_inclusive('\n') {
            if line.trim() == marker {
                end = Some(after);
                after += line.trim_end().len();
                break;
            }
            if !line.trim().is_empty() {
                indent = indent.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            }
            after += line.len();
        }
        let end = end.ok_or_else(unclosed)?;
        let indent = if is_indented { indent } else { 0 };
        self.at = start;
        let mut parts = Parts::default();
        let mut is_line_start = true;
        while self.at < end {
            if is_line_start {
                let line = self.text.get(self.at..end).unwrap_or("");
                self.at += indent.min(line.len() - line.trim_start_matches([' ', '\t']).len());
            }
            self.plain(&mut parts.text, &['\n', '$', '%'], end);
            is_line_start = self.peek() == Some('\n');
            if self.at >= end {
                break;
            } else if is_line_start {
                parts.text.push_verbatim("\n", self.at);
                self.at += 1;
            } else {
                self.marked(&mut parts)?;
            }
        }
        if self.at > end {
            return Err(Diagnostic::new("a reference in this heredoc is never closed").at(Span::new(open, start)));
        }
        self.at = after;
        Ok(parts.finish())
    }
}
