//! What would let the token in: an edit of the setup is a button, advice is words; each with who else gets in.

use std::rc::Rc;

use yew::prelude::*;

use crate::playground::Chosen;
use crate::ui::app::View;
use crate::ui::components::prose;
use crate::ui::store::{Event, Mend};
use crate::ui::words;

pub(super) fn remedies(view: &View<'_>) -> Html {
    let all = &view.derived.remedies;
    if all.is_empty() {
        return Html::default();
    }
    // A sample follows the setup: the token that it is now is kept.
    let rows = &view.derived.table.rows;
    let sample = rows.iter().find(|it| view.model.token == Chosen::Sample(it.0.kind)).map(|it| Rc::new(it.0.clone()));
    // An edit stands out where nothing is better and it needs no care.
    let first = all.iter().position(|it| it.edit.is_some());
    let items = all.iter().enumerate().map(|(at, it)| {
        let kind = if it.edit.is_none() { "info" } else if it.is_caution { "caution" } else { "plain" };
        let text = words::text(format!("remedy-{at}"));
        let title = match &it.edit {
            None => html! { <strong class="remedy__title">{ prose(&it.title) }</strong> },
            Some(edit) => {
                let mend = Mend { title: words::text(it.title.clone()), edit: Rc::clone(edit), sample: sample.clone() };
                let id = (first == Some(at)).then_some("remedy");
                let look = (at == 0 && !it.is_caution).then_some("first");
                html! {
                    <button type="button" class="button" {id} data-look={look} aria-describedby={&text} onclick={view.dispatch.press(Event::Mend(mend))}>
                        { prose(&it.title) }
                    </button>
                }
            }
        };
        html! {
            <li class="remedy">
                { title }
                <p class="message" data-kind={kind} id={text}>
                    <span>if it.is_caution { <span class="hidden">{ words::kind_of_message(kind) }</span> }{ prose(&it.text) }</span>
                </p>
            </li>
        }
    });
    html! {
        <div class="also">
            <h3 class="also__head">{ words::REMEDIES }</h3>
            <ul class="remedies">{ for items }</ul>
        </div>
    }
}
