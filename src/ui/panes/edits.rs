//! What would let the token in past the person's own policy: edits of its text, each a button, and the nearest token that gets in.

use std::rc::Rc;

use yew::prelude::*;

use crate::lint::Fix;
use crate::mend::NearestToken;
use crate::playground::Action;
use crate::print::json::compact;
use crate::text::quoted;
use crate::ui::app::View;
use crate::ui::components::prose;
use crate::ui::store::Event;
use crate::ui::words;

pub(super) fn edits(view: &View<'_>) -> Html {
    let mending = &view.derived.mending;
    if mending.edits.is_empty() && mending.why_none.is_none() && mending.token.is_none() {
        return Html::default();
    }
    let items = mending.edits.iter().enumerate().map(|(at, it)| {
        let id = words::text(format!("edit-{at}"));
        let kind = if it.is_caution { "caution" } else { "plain" };
        let look = (at == 0 && !it.is_caution).then_some("first");
        // Edits that are being found anew are those of an older text.
        let onclick = (!view.derived.is_due()).then(|| {
            let fix = Fix { title: it.title.clone(), edits: it.edits.clone() };
            view.dispatch.press(Event::Fix(Rc::new(fix)))
        });
        html! {
            <li class="remedy">
                <button type="button" class="button" data-look={look} aria-describedby={&id} {onclick}>
                    { prose(&it.title) }
                </button>
                <p class="message" data-kind={kind} {id}>
                    <span>if it.is_caution { <span class="hidden">{ words::kind_of_message(kind) }</span> }{ prose(&it.text()) }</span>
                </p>
            </li>
        }
    });
    html! {
        <div class="also">
            <h3 class="also__head">{ words::REMEDIES }</h3>
            if let Some(why) = &mending.why_none { <p class="note">{ prose(why) }</p> }
            <ul class="remedies">{ for items }</ul>
            if let Some(token) = &mending.token { { nearest(view, token) } }
        </div>
    }
}

fn nearest(view: &View<'_>, token: &NearestToken) -> Html {
    let dispatch = view.dispatch.clone();
    let claims = compact(&token.claims);
    let onclick = move |_: MouseEvent| dispatch.send(Event::Do(Action::Paste(claims.clone())));
    html! {
        <>
            <p class="note">{ words::NEAREST_TOKEN }{ " " }<button type="button" class="link" {onclick}>{ words::TRY_TOKEN }</button></p>
            <ul class="also__list">
                { for token.changes.iter().map(|it| {
                    let from = it.from.as_deref().map_or_else(|| words::NOTHING_CAME.to_owned(), quoted);
                    html! { <li>{ prose(&words::fill(words::CLAIM_INSTEAD, &[it.claim, &quoted(&it.to), &from])) }</li> }
                }) }
            </ul>
        </>
    }
}
