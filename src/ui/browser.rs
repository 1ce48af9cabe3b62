//! The doors to the browser: clock, address, clipboard, files, focus. Nothing is stored and nothing is sent.

use std::cell::Cell;

use gloo::timers::callback::Timeout;
use gloo::utils::{document, window};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ClipboardEvent, HtmlElement, HtmlTextAreaElement, ScrollIntoViewOptions, ScrollLogicalPosition, Url,
};

use super::words;
use crate::playground::share::{self, Link};
use crate::playground::{Edit, Model};
use crate::text::{Diagnostic, position, utf16_of};

/// The time, in seconds since 1970.
pub(crate) fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}

/// The part of the address after `#`, with it; empty where there is none.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    /// Raw deflate by the browser; `static/boot.js` has it.
    #[wasm_bindgen(js_namespace = claimcheck, catch)]
    fn pack(bytes: &[u8]) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = claimcheck, catch)]
    fn unpack(bytes: &[u8], most: u32) -> Result<Promise, JsValue>;
}

/// The bytes that a promise of the browser's ends with; none where it fails.
async fn bytes_of(promise: Result<Promise, JsValue>) -> Option<Vec<u8>> {
    let bytes = JsFuture::from(promise.ok()?).await.ok()?;
    Some(Uint8Array::new(&bytes).to_vec())
}

/// The fragment of a sitting's link; none where the browser cannot pack it.
pub(crate) async fn link_of(model: &Model, is_embedded: bool) -> Option<String> {
    let packed = bytes_of(pack(share::contents(&model.setup).as_bytes())).await?;
    Some(share::fragment(&packed, model.role_in_link(), is_embedded))
}

/// What a link opens.
pub(crate) async fn read_link(link: &str) -> Result<Link, Diagnostic> {
    let parts = share::parts(link)?;
    let unpacked = bytes_of(unpack(&parts.packed, share::MOST)).await.ok_or_else(share::damaged)?;
    share::open(parts, unpacked)
}

/// The address of this page with another fragment.
pub(crate) fn address(fragment: &str) -> String {
    let href = window().location().href().unwrap_or_default();
    let page = href.split('#').next().unwrap_or_default();
    format!("{page}{fragment}")
}

/// Puts a fragment into the address without a step in the history.
pub(crate) fn write_fragment(fragment: &str) {
    if fragment != self::fragment()
        && let Ok(history) = window().history()
    {
        // Browsers refuse this when it is called too often; the next change writes it.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address(fragment)));
    }
    lead_out(fragment);
}

/// Lets the way out of an embed lead to what is in it.
pub(crate) fn lead_out(fragment: &str) {
    if let Some(link) = document().get_element_by_id("by-itself") {
        let _ = link.set_attribute("href", &share::by_itself(fragment));
    }
}

/// Sets or removes an attribute of the page's root element.
pub(crate) fn mark_root(name: &str, value: Option<&str>) {
    if let Some(root) = document().document_element() {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// Moves the focus, where the element is there; a text that is to be copied is chosen.
pub(crate) fn focus(id: &str) {
    let Some(element) = document().get_element_by_id(id) else { return };
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
    if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>().filter(|it| it.read_only()) {
        area.select();
        // Its beginning is what a reader knows it by.
        area.set_scroll_top(0);
    }
}

/// The id of the text field in which the trust policy is edited.
pub(crate) const EDITOR: &str = "policy";

#[wasm_bindgen]
extern "C" {
    /// Old, and the only way to an edit that the browser's undo knows.
    #[wasm_bindgen(js_namespace = document, js_name = execCommand, catch)]
    fn exec_command(name: &str, has_dialog: bool, text: &str) -> Result<bool, JsValue>;
}

thread_local! {
    static IS_PUTTING: Cell<bool> = const { Cell::new(false) };
}

/// Whether what the browser reports as typed comes from `put`.
pub(crate) fn is_putting() -> bool {
    IS_PUTTING.get()
}

/// Makes an edit in a text field as if it were typed.
pub(crate) fn put(area: &HtmlTextAreaElement, edit: &Edit) {
    let units = |text: &str, byte: usize| u32::try_from(utf16_of(text, byte)).unwrap_or(u32::MAX);
    let before = area.value();
    let (start, end) = (units(&before, edit.replaced.start), units(&before, edit.replaced.end));
    let _ = area.focus();
    if end > start || !edit.text.is_empty() {
        let _ = area.set_selection_range(start, end);
        IS_PUTTING.set(true);
        let command = if edit.text.is_empty() { "delete" } else { "insertText" };
        let is_done = exec_command(command, false, &edit.text).unwrap_or(false);
        if !is_done && area.set_range_text_with_start_and_end(&edit.text, start, end).is_ok() {
            let options = web_sys::EventInit::new();
            options.set_bubbles(true);
            if let Ok(event) = web_sys::Event::new_with_event_init_dict("input", &options) {
                let _ = area.dispatch_event(&event);
            }
        }
        IS_PUTTING.set(false);
    }
    let after = area.value();
    let _ = area.set_selection_range(units(&after, edit.selected.start), units(&after, edit.selected.end));
}

/// Makes an edit in the trust policy, and shows its place.
pub(crate) fn edit(edit: &Edit) {
    let Some(area) = document().get_element_by_id(EDITOR).and_then(|it| it.dyn_into::<HtmlTextAreaElement>().ok())
    else {
        return;
    };
    put(&area, edit);
    let text = area.value();
    let line = position(&text, edit.selected.start).line - 1;
    let mirror = document().get_element_by_id("policy-lines");
    let lines = mirror.map(|it| it.get_elements_by_class_name("code__line"));
    if let Some(line) = lines.and_then(|it| it.item(u32::try_from(line).unwrap_or_default())) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Speaks to those who do not see the page: the one line that is live.
pub(crate) fn say(text: &str) {
    if let Some(line) = document().get_element_by_id("status") {
        line.set_text_content(Some(text));
    }
}

/// Puts a text on the clipboard; whether that was allowed.
pub(crate) async fn copy(text: &str) -> bool {
    let clipboard = window().navigator().clipboard();
    // Pages that were not served safely have none.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// The text that is being pasted.
pub(crate) fn pasted(event: &yew::Event) -> Option<String> {
    event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?.get_data("text/plain").ok()
}

/// Hands bytes over as a file.
pub(crate) fn download(name: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        if let Ok(link) = link.dyn_into::<HtmlElement>() {
            link.click();
        }
    }
    // Some browsers read it only after this call.
    Timeout::new(10_000, move || drop(Url::revoke_object_url(&url))).forget();
}

/// The text of a file.
pub(crate) async fn read(file: &Blob) -> Option<String> {
    JsFuture::from(file.text()).await.ok()?.as_string()
}

/// A moment in the reader's own time zone, as `12:03`, with its day where that is not today's.
pub(crate) fn moment(seconds: i64, now: i64) -> String {
    let date = |seconds: i64| js_sys::Date::new(&JsValue::from_f64(seconds as f64 * 1000.0));
    let (then, today) = (date(seconds), date(now));
    if then.get_time().is_nan() {
        return seconds.to_string();
    }
    let clock = format!("{:02}:{:02}", then.get_hours(), then.get_minutes());
    let day = |it: &js_sys::Date| (it.get_full_year(), it.get_month(), it.get_date());
    if day(&then) == day(&today) {
        return clock;
    }
    let (year, month, date) = day(&then);
    let month = words::MONTHS.get(month as usize).copied().unwrap_or_default();
    format!("{date} {month} {year}, {clock}")
}
