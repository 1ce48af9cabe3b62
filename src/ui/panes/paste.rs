//! Where a token is pasted. Of a JWT header and payload alone come in: the field handles the paste itself and stays empty.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use crate::playground::Action;
use crate::ui::browser;
use crate::ui::store::{Event, use_dispatch};
use crate::ui::words;

#[derive(Properties, PartialEq)]
pub(super) struct PasteBoxProps {
    /// Called when the box is no longer needed.
    pub(super) close: Callback<()>,
}

#[component]
pub(super) fn PasteBox(props: &PasteBoxProps) -> Html {
    let dispatch = use_dispatch();
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(area) = node.cast::<HtmlTextAreaElement>() {
            let _ = area.focus();
        }
    });
    let take = {
        let close = props.close.clone();
        Callback::from(move |text: String| {
            dispatch.send(Event::Do(Action::Tick(browser::now())));
            dispatch.send(Event::DoThenFocus(Action::Paste(text), "token-source".into()));
            close.emit(());
        })
    };
    let onpaste = {
        let take = take.clone();
        move |event: yew::Event| {
            let Some(event) = event.dyn_ref::<ClipboardEvent>() else { return };
            let text = event.clipboard_data().and_then(|it| it.get_data("text/plain").ok()).unwrap_or_default();
            event.prevent_default();
            take.emit(text);
        }
    };
    let check = {
        let node = node.clone();
        move |_: MouseEvent| {
            if let Some(area) = node.cast::<HtmlTextAreaElement>() {
                let text = area.value();
                area.set_value("");
                take.emit(text);
            }
        }
    };
    let cancel = {
        let close = props.close.clone();
        move |_: MouseEvent| close.emit(())
    };
    html! {
        <div class="paste">
            <label class="paste__label" for="paste">{ words::PASTE_LABEL }</label>
            <textarea
                ref={node} id="paste" class="paste__text" rows="4" aria-describedby="paste-hint"
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" {onpaste}
            />
            <p class="note" id="paste-hint">{ words::PASTE_HINT }</p>
            <div class="paste__buttons">
                <button type="button" class="button" onclick={check}>{ words::PASTE_CHECK }</button>
                <button type="button" class="quiet" onclick={cancel}>{ words::CANCEL }</button>
            </div>
        </div>
    }
}
