//! Where a token is pasted. Of a JWT header and payload alone come in: the field handles the paste itself and stays empty.

use gloo::utils::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::playground::Action;
use crate::ui::browser;
use crate::ui::store::{Dispatch, Event};
use crate::ui::words;

pub(super) fn paste_box(dispatch: &Dispatch) -> Html {
    let onpaste = {
        let dispatch = dispatch.clone();
        move |event: yew::Event| {
            event.prevent_default();
            take(&dispatch, browser::pasted(&event).unwrap_or_default());
        }
    };
    let check = {
        let dispatch = dispatch.clone();
        move |_: MouseEvent| {
            let field = document().get_element_by_id("paste").and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok());
            if let Some(field) = field {
                let text = field.value();
                field.set_value("");
                take(&dispatch, text);
            }
        }
    };
    html! {
        <div class="paste">
            <label class="paste__label" for="paste">{ words::PASTE_LABEL }</label>
            <textarea
                id="paste" class="paste__text" rows="4" aria-describedby="paste-hint"
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" {onpaste}
            />
            <p class="note" id="paste-hint">{ words::PASTE_HINT }</p>
            <div class="paste__buttons">
                <button type="button" class="button" onclick={check}>{ words::PASTE_CHECK }</button>
                <button type="button" class="quiet" onclick={dispatch.press(Event::OpenPaste(false))}>{ words::CANCEL }</button>
            </div>
        </div>
    }
}

fn take(dispatch: &Dispatch, text: String) {
    dispatch.send(Event::Do(Action::Tick(browser::now())));
    dispatch.send(Event::Do(Action::Paste(text)));
    dispatch.send(Event::OpenPaste(false));
}
