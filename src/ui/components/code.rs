//! A file as it is read: one element a line, so that a change draws only the lines that changed.
//!
//! The text of the lines put together is the file, byte for byte; line numbers are the style sheet's.

use yew::prelude::*;

use super::prose::plain;
use super::subject;
use crate::generate::{File, Language};
use crate::gitlab::segments;
use crate::playground::{Lines, Paint, highlight};
use crate::text::is_invisible;
use crate::ui::words;

/// A file; `mark` is the line that a message speaks of, from 1, or 0 for none.
pub(crate) fn code(file: &File, language: Language, mark: usize) -> Html {
    let mut languages = Lines::new(language);
    let lines = file.text.split_inclusive('\n').enumerate().map(|(at, line)| {
        let language = languages.next(line);
        html! { <Line text={words::text(line.to_owned())} {language} is_marked={at + 1 == mark} /> }
    });
    html! {
        <pre class="code" tabindex="0" role="region" aria-label={words::text(file.name.clone())} translate="no"><code>{ for lines }</code></pre>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    text: AttrValue,
    language: Language,
    is_marked: bool,
}

#[component]
fn Line(props: &LineProps) -> Html {
    let text = props.text.as_str();
    let indent = text.len() - text.trim_start_matches(' ').len();
    let parts = highlight(props.language, text).into_iter().map(|(paint, part)| match paint {
        Paint::Plain => plain(part),
        Paint::Key => html! { <span class="code__key">{ plain(part) }</span> },
        Paint::Text => html! { <span class="code__text">{ quoted(part) }</span> },
        Paint::Word => html! { <span class="code__word">{ plain(part) }</span> },
        Paint::Comment => html! { <span class="code__comment">{ plain(part) }</span> },
    });
    let marked = props.is_marked.then_some("true");
    html! { <span class="code__line" data-indent={words::text(indent.to_string())} data-marked={marked}>{ for parts }</span> }
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
