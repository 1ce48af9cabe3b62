//! The bar above and the foot below: open, save, share, colours; versions.

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::aws::keys::CHECKED_ON;
use crate::playground::{Action, share};
use crate::setup::{Setup, file};
use crate::ui::browser;
use crate::ui::store::{Dispatch, Event, Shared, use_dispatch};
use crate::ui::words;

#[derive(Properties, PartialEq)]
pub(crate) struct BarProps {
    pub(crate) setup: Shared<Setup>,
    /// Whether the setup is older than what stands in the fields.
    pub(crate) is_stale: bool,
}

/// No setup file is larger, in bytes.
const LARGEST: f64 = 1_048_576.0;
/// What the root element says of the colours, in the order of `words::THEME`.
const THEMES: [Option<&str>; 3] = [None, Some("light"), Some("dark")];

#[component]
pub(crate) fn Bar(props: &BarProps) -> Html {
    let dispatch = use_dispatch();
    let theme = use_state(|| 0_usize);
    use_effect_with(*theme, |at| browser::mark_root("data-theme", THEMES.get(*at).copied().flatten()));
    let picker = use_node_ref();
    let open = {
        let picker = picker.clone();
        move |_: MouseEvent| {
            if let Some(it) = picker.cast::<HtmlInputElement>() {
                it.click();
            }
        }
    };
    let onchange = {
        let dispatch = dispatch.clone();
        move |event: yew::Event| open_file(&event.target_unchecked_into(), &dispatch)
    };
    let save = {
        let (dispatch, setup) = (dispatch.clone(), props.setup.clone());
        move |_: MouseEvent| {
            browser::download(words::SETUP_FILE, &file::write(&setup));
            dispatch.send(Event::done(words::fill(words::DOWNLOADED, &[words::SETUP_FILE])));
        }
    };
    let share = {
        let (dispatch, setup, is_stale) = (dispatch.clone(), props.setup.clone(), props.is_stale);
        move |_: MouseEvent| copy_link(&setup, is_stale, &dispatch)
    };
    let next = {
        let theme = theme.clone();
        move |_: MouseEvent| theme.set((*theme + 1) % THEMES.len())
    };
    let colours = words::THEME.get(*theme).copied().unwrap_or_default();
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
                <input ref={picker} class="hidden" type="file" accept=".json,application/json" tabindex="-1" aria-hidden="true" {onchange} />
                <button type="button" class="quiet" title={words::OPEN_TITLE} onclick={open}>{ words::OPEN }</button>
                <button type="button" class="quiet" title={words::SAVE_TITLE} onclick={save}>{ words::SAVE }</button>
                <button type="button" class="quiet" title={words::SHARE_TITLE} onclick={share}>{ words::SHARE }</button>
                <button type="button" class="quiet" aria-label={colours} title={colours} onclick={next}>
                    <span class="bar__theme" data-at={theme.to_string()} aria-hidden="true" />
                </button>
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
        let read = if chosen.size() > LARGEST {
            Err(words::LARGE_FILE.to_owned())
        } else {
            match browser::read(&chosen).await {
                Some(text) => read_setup(&text),
                None => Err(words::UNREADABLE_FILE.to_owned()),
            }
        };
        match read {
            Ok(setup) => {
                dispatch.send(Event::Do(Action::Open(Box::new(setup))));
                dispatch.send(Event::done(words::fill(words::OPENED, &[&name])));
            }
            Err(why) => dispatch.send(Event::problem(words::fill(words::NOT_OPENED, &[&name, &why]))),
        }
    });
}

fn read_setup(text: &str) -> Result<Setup, String> {
    file::read(text).map_err(|wrong| {
        let first = wrong.first().map(|it| it.one_line(text)).unwrap_or_default();
        match wrong.len() {
            0 | 1 => first,
            count => words::fill(words::MORE_PROBLEMS, &[&first, &(count - 1).to_string()]),
        }
    })
}

fn copy_link(setup: &Setup, is_stale: bool, dispatch: &Dispatch) {
    let link = browser::address(&share::write(setup));
    let dispatch = dispatch.clone();
    spawn_local(async move {
        let said = if is_stale { words::OLDER_LINK_COPIED } else { words::LINK_COPIED };
        if browser::copy(&link).await {
            dispatch.send(Event::done(said));
        } else {
            dispatch.send(Event::problem(words::fill(words::LINK_BY_HAND, &[&link])));
        }
    });
}

/// What the page promises, and what it was made of.
#[component]
pub(crate) fn Foot() -> Html {
    let source = env!("CARGO_PKG_REPOSITORY");
    html! {
        <footer class="foot">
            <span class="foot__promise">{ words::NOTHING_LEAVES }</span>
            <span>{ words::fill(words::ENGINE, &[env!("CARGO_PKG_VERSION"), CHECKED_ON]) }</span>
            if !source.is_empty() { <a class="foot__source" href={source} rel="noreferrer">{ words::SOURCE }</a> }
        </footer>
    }
}
