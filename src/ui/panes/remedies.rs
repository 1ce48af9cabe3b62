//! What would let the token in: an edit of the setup is a button, advice is words; each with who else gets in.

use std::rc::Rc;

use yew::prelude::*;

use crate::playground::{Chosen, Remedy};
use crate::ui::app::View;
use crate::ui::components::prose;
use crate::ui::store::{Event, Mend};
use crate::ui::words;

pub(super) fn remedies(view: &View<'_>) -> Html {
    let all = &view.derived.remedies;
    if all.is_empty() {
        return Html::default();
    }
    let first = all.iter().position(|it| it.edit.is_some());
    html! {
        <div class="also">
            <h3 class="also__head">{ words::REMEDIES }</h3>
            <ul class="remedies">
                { for all.iter().enumerate().map(|(at, it)| {
                    let kind = if it.edit.is_none() { "info" } else if it.is_caution { "caution" } else { "plain" };
                    let text = words::text(format!("remedy-{at}"));
                    html! {
                        <li class="remedy">
                            { title(view, it, first == Some(at), &text) }
                            <p class="message" data-kind={kind} id={text}>
                                if it.is_caution { <span class="hidden">{ words::kind_of_message(kind) }</span> }
                                <span>{ prose(&it.text) }</span>
                            </p>
                        </li>
                    }
                }) }
            </ul>
        </div>
    }
}

/// The first edit stands out, unless it is one for care.
fn title(view: &View<'_>, it: &Remedy, is_first: bool, text: &AttrValue) -> Html {
    let Some(edit) = &it.edit else {
        return html! { <strong class="remedy__title">{ prose(&it.title) }</strong> };
    };
    let kind = match &view.model.token {
        Chosen::Sample(kind) => Some(*kind),
        _ => None,
    };
    let rows = &view.derived.table.rows;
    let sample = kind.and_then(|kind| rows.iter().find(|it| it.0.kind == kind)).map(|it| Rc::new(it.0.clone()));
    let mend = Mend { title: words::text(it.title.clone()), edit: Rc::clone(edit), sample };
    html! {
        <button
            type="button" class="button" id={is_first.then_some("remedy")} data-look={if is_first && !it.is_caution { "first" } else { "remedy" }}
            aria-describedby={text} onclick={view.dispatch.press(Event::Mend(mend))}
        >{ prose(&it.title) }</button>
    }
}
