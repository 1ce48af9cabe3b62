//! What no token tells and the verdict hangs on: a field for each request key, and what becomes of either answer.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::aws::policy::Effect;
use crate::playground::{Action, Seen};
use crate::ui::app::View;
use crate::ui::components::{breakable, prose};
use crate::ui::store::Event;
use crate::ui::words;
use crate::verdict::Verdict;

pub(super) fn keys(view: &View<'_>) -> Html {
    let verdict = match &view.derived.look.seen {
        Seen::Verdict { verdict, .. } => Some(&**verdict),
        _ => None,
    };
    let context = &view.model.context;
    let mut names: Vec<&str> = context.iter().map(|it| it.0.as_str()).collect();
    // References of the document have their fields beside it.
    let is_reference =
        |name: &str| view.model.editor.own().is_some_and(|it| it.source.unknown.iter().any(|it| it.name == name));
    for name in verdict.iter().flat_map(|it| &it.depends_on) {
        if !is_reference(name) && !names.iter().any(|it| it.eq_ignore_ascii_case(name)) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return Html::default();
    }
    names.sort_unstable();
    let fields = names.iter().enumerate().map(|(at, name)| {
        let id = words::text(format!("key-{at}"));
        let value = context.iter().find(|it| it.0 == *name).map(|it| it.1.clone()).unwrap_or_default();
        let (dispatch, of) = (view.dispatch.clone(), (*name).to_owned());
        let oninput = move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatch.send(Event::Do(Action::SetKey(of.clone(), value)));
        };
        html! {
            <div class="row" key={*name}>
                <label class="row__label" for={id.clone()}><code>{ breakable(name) }</code></label>
                <input
                    {id} class="field" data-look="row" value={words::text(value)} {oninput} placeholder={words::NOT_GIVEN}
                    spellcheck="false" autocomplete="off" autocapitalize="off" translate="no"
                />
            </div>
        }
    });
    html! {
        <div class="also">
            <h3 class="also__head">{ words::REQUEST_KEYS }</h3>
            <p class="note">{ words::REQUEST_KEYS_HINT }</p>
            <div class="rows">{ for fields }</div>
            { for verdict.map(outcomes) }
        </div>
    }
}

/// Of each condition that is open: what it does if it is satisfied, and if it is not.
fn outcomes(verdict: &Verdict) -> Html {
    if verdict.allowed.is_some() {
        return Html::default();
    }
    let open = verdict.statements.iter().filter(|it| it.matched.is_none());
    let items = open.flat_map(|statement| {
        let template = if statement.effect == Effect::Deny { words::IF_DENY } else { words::IF_ALLOW };
        statement.conditions.iter().filter(|it| it.matched.is_none()).map(move |it| {
            let wanted: Vec<String> = it.wanted.iter().take(MOST_SHOWN).map(|it| format!("`{}`", it.0)).collect();
            let more = if it.wanted.len() > MOST_SHOWN { ", …" } else { "" };
            let values =
                [&it.key, &it.operator, &format!("{}{more}", wanted.join(", ")), &(statement.index + 1).to_string()];
            let text = words::fill(template, &values.map(String::as_str));
            html! { <li>{ prose(&text) }</li> }
        })
    });
    html! { <ul class="also__list">{ for items }</ul> }
}

/// Of so many wanted values the first are said.
const MOST_SHOWN: usize = 3;
