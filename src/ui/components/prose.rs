//! Text as a person reads it: backticks become code, long paths may break after `/`, a `sub` shows its segments.

use yew::prelude::*;

use crate::gitlab::{Component, segments};
use crate::text::{is_invisible, visible};

/// A text as it is. One copy of what the conversion costs.
#[inline(never)]
pub(crate) fn plain(text: &str) -> Html {
    text.to_owned().into()
}

/// A sentence whose backticks mark code.
pub(crate) fn prose(text: &str) -> Html {
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 {
            html! { <code>{ breakable(part) }</code> }
        } else {
            part.to_owned().into()
        }
    };
    text.split('`').enumerate().map(part).collect()
}

/// A value that may break after each `/`; characters that nobody would see are written out.
pub(crate) fn breakable(text: &str) -> Html {
    let shown =
        |part: &str| -> Html { if part.contains(is_invisible) { plain(&visible(part, &[])) } else { plain(part) } };
    if !text.contains('/') {
        return shown(text);
    }
    text.split_inclusive('/')
        .map(|part| {
            let end = if part.ends_with('/') {
                html! { <wbr /> }
            } else {
                Html::default()
            };
            html! { <>{ shown(part) }{ end }</> }
        })
        .collect()
}

/// The look of a component's value, the same in composer, policy, token and comparison.
pub(crate) fn tint(component: Component) -> &'static str {
    match component {
        Component::ProjectPath | Component::ProjectId => "project",
        Component::RefType => "kind",
        Component::Ref => "ref",
        _ => "other",
    }
}

/// A `sub` with its segments, or the text as it is.
pub(crate) fn subject(text: &str) -> Html {
    let Some(parts) = segments(text) else { return breakable(text) };
    let last = parts.len().saturating_sub(1);
    parts
        .into_iter()
        .enumerate()
        .map(|(at, part)| {
            html! {
                <>
                    { part.component.as_str() }{ ":" }<wbr /><span class="tint" data-look={tint(part.component)}>{ breakable(part.value) }</span>
                    if at < last { { ":" }<wbr /> }
                </>
            }
        })
        .collect()
}
