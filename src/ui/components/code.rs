//! A text in lines, with its colours: one element a line, so that a change draws only the lines that changed.
//!
//! The text of the lines put together is the file, byte for byte; line numbers are the style sheet's.

use yew::prelude::*;
use yew::virtual_dom::Key;

use super::prose::plain;
use super::subject;
use crate::generate::{File, Language};
use crate::gitlab::segments;
use crate::playground::{Lines, Mark, MarkKind, Paint, highlight};
use crate::text::{Span, is_invisible};
use crate::ui::store::Shared;
use crate::ui::words;

#[derive(Properties, PartialEq)]
pub(crate) struct CodeProps {
    pub(crate) file: Shared<File>,
    pub(crate) language: Language,
}

/// A file to be read.
#[component]
pub(crate) fn Code(props: &CodeProps) -> Html {
    let file = &*props.file;
    let lines = use_lines(&file.text, props.language, None);
    html! {
        <pre class="code" tabindex="0" role="region" aria-label={words::text(file.name.clone())} translate="no">
            <code>{ lines }</code>
        </pre>
    }
}

/// The lines of a text; one that is edited, with the places that a message speaks of, has its last line even where that is empty.
#[hook]
pub(crate) fn use_lines(text: &str, language: Language, edited: Option<&[Mark]>) -> Html {
    let standing = use_mut_ref(Standing::default);
    let mut standing = standing.borrow_mut();
    let last = edited.filter(|_| text.is_empty() || text.ends_with('\n')).map(|_| "");
    standing.follow(&text.split_inclusive('\n').chain(last).collect::<Vec<_>>());
    let marks = edited.unwrap_or_default();
    let mut languages = Lines::new(language);
    let mut start = 0;
    let lines = standing.lines.iter().map(|(key, line)| {
        let language = languages.next(line);
        let of_line = Span::new(start, start + line.len());
        start = of_line.end;
        html! { <Line key={key.clone()} text={line.clone()} {language} marks={marks_in(of_line, marks)} /> }
    });
    lines.collect()
}

/// The lines that are shown, each with what tells it from the others while it stands: a line that is typed in stays the one that it was,
/// and one more above changes none of those below.
#[derive(Default)]
struct Standing {
    lines: Vec<(Key, AttrValue)>,
    /// How many there have been.
    made: usize,
}

impl Standing {
    /// What is the same at both ends stays; of what is between, one line takes the place of another.
    fn follow(&mut self, new: &[&str]) {
        let is_same = |it: &(&(Key, AttrValue), &&str)| it.0.1.as_str() == *it.1;
        let head = self.lines.iter().zip(new).take_while(is_same).count();
        let most = self.lines.len().min(new.len()) - head;
        let tail = self.lines.iter().rev().zip(new.iter().rev()).take(most).take_while(is_same).count();
        let old = head..self.lines.len() - tail;
        let mut keys = self
            .lines
            .get(old.clone())
            .unwrap_or_default()
            .iter()
            .map(|it| it.0.clone())
            .collect::<Vec<_>>()
            .into_iter();
        let changed: Vec<_> = new
            .get(head..new.len() - tail)
            .unwrap_or_default()
            .iter()
            .map(|line| {
                let key = keys.next().unwrap_or_else(|| {
                    self.made += 1;
                    Key::from(self.made)
                });
                (key, words::text((*line).to_owned()))
            })
            .collect();
        self.lines.splice(old, changed);
    }
}

/// The marks of a line, in bytes of it; the worst first, so that one that lies on another is the one that is seen.
fn marks_in(line: Span, marks: &[Mark]) -> Vec<(Span, MarkKind)> {
    let mut found: Vec<_> = marks
        .iter()
        // A place without a width is the character after it.
        .map(|it| (Span::new(it.span.start, it.span.end.max(it.span.start + 1)), it.kind))
        // One of several lines is marked on its first: lines under indents would say nothing.
        .filter(|it| it.0.start < line.end && it.0.start >= line.start)
        .map(|(it, kind)| (Span::new(it.start - line.start, it.end.min(line.end) - line.start), kind))
        .collect();
    found.sort_by_key(|it| it.1);
    found
}

#[derive(Properties, PartialEq)]
struct LineProps {
    text: AttrValue,
    language: Language,
    marks: Vec<(Span, MarkKind)>,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let text = props.text.as_str();
    let indent = text.len() - text.trim_start_matches(' ').len();
    let mut start = 0;
    let parts = highlight(props.language, text).into_iter().map(|(paint, part)| {
        let span = Span::new(start, start + part.len());
        start = span.end;
        let inner = marked(part, span, &props.marks, paint == Paint::Text);
        let class = match paint {
            Paint::Plain => return inner,
            Paint::Key => "code__key",
            Paint::Text => "code__text",
            Paint::Word => "code__word",
            Paint::Comment => "code__comment",
        };
        html! { <span {class}>{ inner }</span> }
    });
    let is_stopper = props.marks.iter().any(|it| it.1 == MarkKind::Stopper);
    html! {
        <span class="code__line" data-indent={words::text(indent.to_string())} data-marked={is_stopper.then_some("true")}>
            { for parts }
        </span>
    }
}

/// A part of a line, cut where marks begin and end.
fn marked(part: &str, span: Span, marks: &[(Span, MarkKind)], is_text: bool) -> Html {
    let whole = |part: &str| if is_text { quoted(part) } else { plain(part) };
    let mut cuts: Vec<usize> = marks
        .iter()
        .flat_map(|it| [it.0.start, it.0.end])
        .filter(|it| *it > span.start && *it < span.end && part.is_char_boundary(*it - span.start))
        .collect();
    cuts.extend([span.start, span.end]);
    cuts.sort_unstable();
    cuts.dedup();
    let pieces = cuts.iter().zip(cuts.iter().skip(1)).map(|(from, to)| {
        let piece = part.get(from - span.start..to - span.start).unwrap_or("");
        let inner = if piece.len() == part.len() { whole(piece) } else { plain(piece) };
        match marks.iter().find(|it| it.0.start <= *from && it.0.end >= *to) {
            Some((_, kind)) => html! { <span class="mark" data-kind={name_of(*kind)}>{ inner }</span> },
            None => inner,
        }
    });
    pieces.collect()
}

/// The kind of a mark, for the style sheet.
pub(crate) fn name_of(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Unreadable => "wrong",
        MarkKind::Grave => "grave",
        MarkKind::Caution => "caution",
        MarkKind::Stopper => "stopper",
        MarkKind::Info => "info",
    }
}

/// A quoted text, with the segments of a `sub` where it is one. Segments write out what nobody would see; a file stays as it is.
fn quoted(part: &str) -> Html {
    match part.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(inner) if segments(inner).is_some() && !inner.contains(is_invisible) => {
            html! { <>{ "\"" }{ subject(inner) }{ "\"" }</> }
        }
        _ => plain(part),
    }
}
