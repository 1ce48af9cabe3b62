//! A text in lines, with its colours: one element a line, and one for some lines, so that a change draws only what changed.
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
    let blocks = standing.lines.chunk_by(|one, next| one.block == next.block).map(|block| {
        let lines = block.iter().map(|it| {
            let language = languages.next(&it.text);
            let of_line = Span::new(start, start + it.text.len());
            start = of_line.end;
            (it.key.clone(), LineProps { text: it.text.clone(), language, marks: marks_in(of_line, marks) })
        });
        let lines = lines.collect::<Vec<_>>();
        html! { <Block key={block.first().map_or(0, |it| it.block)} {lines} /> }
    });
    blocks.collect()
}

/// So many lines are made one block; one that has grown to more than twice as many is divided.
const BLOCK: usize = 16;

/// The lines that are shown.
#[derive(Default)]
struct Standing {
    lines: Vec<StandingLine>,
    /// How many lines and blocks there have been.
    made: usize,
}

/// A line with what tells it, and its block, from the others while it stands: a line that is typed in stays the one that it was, and
/// one more above changes none of those below.
struct StandingLine {
    key: Key,
    block: usize,
    text: AttrValue,
}

impl Standing {
    /// What is the same at both ends stays; of what is between, one line takes the place of another, and one more joins its neighbour.
    fn follow(&mut self, new: &[&str]) {
        let is_same = |it: &(&StandingLine, &&str)| it.0.text.as_str() == *it.1;
        let head = self.lines.iter().zip(new).take_while(is_same).count();
        let most = self.lines.len().min(new.len()) - head;
        let tail = self.lines.iter().rev().zip(new.iter().rev()).take(most).take_while(is_same).count();
        let old = head..self.lines.len() - tail;
        let block_at = |lines: &[StandingLine], at: Option<usize>| Some(lines.get(at?)?.block);
        let places = self.lines.get(old.clone()).unwrap_or_default().iter().map(|it| (it.key.clone(), it.block));
        let mut places = places.collect::<Vec<_>>().into_iter();
        let mut block =
            block_at(&self.lines, head.checked_sub(1)).or(block_at(&self.lines, Some(head))).unwrap_or_default();
        let changed = new.get(head..new.len() - tail).unwrap_or_default().iter().map(|line| {
            let (key, of) = places.next().unwrap_or_else(|| {
                self.made += 1;
                (Key::from(self.made), block)
            });
            block = of;
            StandingLine { key, block, text: words::text((*line).to_owned()) }
        });
        let changed = changed.collect::<Vec<_>>();
        self.lines.splice(old, changed);
        self.divide();
    }

    fn divide(&mut self) {
        for block in self.lines.chunk_by_mut(|one, next| one.block == next.block) {
            if block.len() > 2 * BLOCK {
                for part in block.chunks_mut(BLOCK).skip(1) {
                    self.made += 1;
                    part.iter_mut().for_each(|it| it.block = self.made);
                }
            }
        }
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
struct BlockProps {
    lines: Vec<(Key, LineProps)>,
}

/// Lines that are drawn, laid out and painted by themselves: what changes in one of them leaves the other blocks as they are.
#[component]
fn Block(props: &BlockProps) -> Html {
    let lines = props.lines.iter().map(|(key, it)| html! { <Line key={key.clone()} ..it.clone() /> });
    html! { <span class="code__block">{ for lines }</span> }
}

#[derive(Properties, PartialEq, Clone)]
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
    let parts = highlight(props.language, text).into_iter().flat_map(|(paint, part)| {
        let span = Span::new(start, start + part.len());
        start = span.end;
        pieces(part, span, paint, &props.marks)
    });
    let is_stopper = props.marks.iter().any(|it| it.1 == MarkKind::Stopper);
    html! {
        <span class="code__line" data-indent={words::text(indent.to_string())} data-marked={is_stopper.then_some("true")}>
            { for parts }
        </span>
    }
}

/// A part of a line, cut where marks begin and end.
fn pieces(part: &str, span: Span, paint: Paint, marks: &[(Span, MarkKind)]) -> Vec<Html> {
    let class = match paint {
        Paint::Plain => None,
        Paint::Key => Some("code__key"),
        Paint::Text => Some("code__text"),
        Paint::Word => Some("code__word"),
        Paint::Comment => Some("code__comment"),
    };
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
        let is_whole = piece.len() == part.len();
        let inner = if is_whole && paint == Paint::Text { quoted(piece) } else { plain(piece) };
        let kind = marks.iter().find(|it| it.0.start <= *from && it.0.end >= *to).map(|it| name_of(it.1));
        if class.is_none() && kind.is_none() {
            return inner;
        }
        html! { <span {class} data-kind={kind}>{ inner }</span> }
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
