//! The bar above and the foot below: open, save, share, colours; versions.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::more::history_buttons;
use crate::aws::keys::CHECKED_ON;
use crate::playground::Action;
use crate::setup::file;
use crate::ui::app::View;
use crate::ui::browser;
use crate::ui::store::{Dispatch, Event};
use crate::ui::words;

/// No setup file is larger, in bytes.
const LARGEST: f64 = 1_048_576.0;

pub(crate) fn bar(view: &View<'_>) -> Html {
    let open = |_: MouseEvent| {
        if let Some(it) = document().get_element_by_id("picker").and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            it.click();
        }
    };
    let onchange = {
        let dispatch = view.dispatch.clone();
        move |event: yew::Event| open_file(&event.target_unchecked_into(), &dispatch)
    };
    let save = {
        let (dispatch, setup) = (view.dispatch.clone(), view.model.setup.clone());
        move |_: MouseEvent| {
            dispatch.download(words::SETUP_FILE, file::write(&setup).as_bytes());
        }
    };
    let share = {
        let (dispatch, model) = (view.dispatch.clone(), view.model.clone());
        let said = if view.model.is_stale() { words::OLDER_LINK_COPIED } else { words::LINK_COPIED };
        move |_: MouseEvent| {
            let (dispatch, model) = (dispatch.clone(), model.clone());
            spawn_local(async move {
                // Who is sent a link gets the whole page, from an embed too.
                match browser::link_of(&model, false).await {
                    Some(fragment) => dispatch.copy(browser::address(&fragment).into(), said.into()),
                    None => dispatch.send(Event::problem(words::NO_LINK)),
                }
            });
        }
    };
    let colours = words::THEME.get(view.store.theme).copied().unwrap_or_default();
    html! {
        <header class="bar">
            <h1 class="bar__brand">
                <svg class="bar__mark" viewBox="0 0 26 20" aria-hidden="true">
                    <path d="M2 1h22a1 1 0 0 1 1 1v5a3 3 0 0 0 0 6v5a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1v-5a3 3 0 0 0 0-6V2a1 1 0 0 1 1-1Z" />
                    <path d="m8.5 10 3 3 6-6.2" />
                </svg>
                { words::NAME }
            </h1>
            <p class="bar__motto">{ words::MOTTO }</p>
            <nav class="bar__actions" aria-label={words::ACTIONS}>
                <input id="picker" class="hidden" type="file" accept=".json,application/json" tabindex="-1" aria-hidden="true" {onchange} />
                { history_buttons(view) }
                <button type="button" class="quiet bar__whole" title={words::OPEN_TITLE} onclick={open}>{ words::OPEN }</button>
                <button type="button" class="quiet bar__whole" title={words::SAVE_TITLE} onclick={save}>{ words::SAVE }</button>
                <button type="button" class="quiet" title={words::SHARE_TITLE} onclick={share}>{ words::SHARE }</button>
                <button type="button" class="quiet bar__whole" aria-label={colours} title={colours} onclick={view.dispatch.press(Event::NextTheme)}>
                    <span class="bar__theme" data-at={view.store.theme.to_string()} aria-hidden="true" />
                </button>
                <button
                    type="button" class="quiet" id="open-help" aria-label={words::HELP_NAME} title={words::HELP_NAME}
                    aria-expanded={if view.store.is_help { "true" } else { "false" }}
                    onclick={view.dispatch.press(Event::ShowHelp(!view.store.is_help))}
                >{ "?" }</button>
                if view.store.is_embedded {
                    <a id="by-itself" class="quiet" target="_blank" rel="noopener">{ words::BY_ITSELF }</a>
                }
            </nav>
        </header>
    }
}

fn open_file(picker: &HtmlInputElement, dispatch: &Dispatch) {
    let Some(chosen) = picker.files().and_then(|it| it.get(0)) else { return };
    // The same file may be chosen again after it was mended.
    picker.set_value("");
    let (name, dispatch) = (chosen.name(), dispatch.clone());
    spawn_local(async move {
        let text = if chosen.size() > LARGEST {
            Err(words::LARGE_FILE)
        } else {
            browser::read(&chosen).await.ok_or(words::UNREADABLE_FILE)
        };
        let read = text.map_err(str::to_owned).and_then(|text| {
            file::read(&text).map_err(|wrong| {
                let first = wrong.first().map(|it| it.one_line(&text)).unwrap_or_default();
                if wrong.len() > 1 {
                    words::fill(words::MORE_PROBLEMS, &[&first, &(wrong.len() - 1).to_string()]).to_string()
                } else {
                    first
                }
            })
        });
        match read {
            Ok(setup) => {
                dispatch.send(Event::Do(Action::Open(Box::new(setup))));
                dispatch.send(Event::done(words::fill(words::OPENED, &[&name])));
            }
            Err(why) => dispatch.send(Event::problem(words::fill(words::NOT_OPENED, &[&name, &why]))),
        }
    });
}

/// What the page promises, and what it was made of.
pub(crate) fn foot() -> Html {
    let source = env!("CARGO_PKG_REPOSITORY");
    html! {
        <footer class="foot">
            <span class="foot__promise">{ words::NOTHING_LEAVES }</span>
            <span>{ words::fill(words::ENGINE, &[env!("CARGO_PKG_VERSION"), CHECKED_ON]) }</span>
            if !source.is_empty() { <a class="foot__source" href={source} rel="noreferrer">{ words::SOURCE }</a> }
        </footer>
    }
}
