//! The editor: a text field of the browser's, and under it the same text with its colours and marks.
//!
//! The field's own letters are transparent and lie exactly over those of the mirror, which also gives the field its height. Every
//! edit goes through the browser, as if it were typed, so that its undo takes it back. Tab is left alone: it leads on.

use gloo::events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::code::{name_of, use_lines};
use super::prose::prose;
use crate::generate::{File, Language};
use crate::playground::{Action, Edit, Key, LARGEST_POLICY, Mark, press};
use crate::text::{Span, byte_of, position};
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::{browser, words};

/// A text with more bytes has no colours, marks and numbers: drawing them would take longer than a frame.
const COLOURED: usize = 48 * 1024;

#[derive(Properties, PartialEq)]
pub(crate) struct EditorProps {
    pub(crate) file: Shared<File>,
    pub(crate) language: Language,
    pub(crate) marks: Shared<Vec<Mark>>,
    /// Whether the text cannot be read.
    pub(crate) is_wrong: bool,
    pub(crate) dispatch: Dispatch,
}

#[component]
pub(crate) fn Editor(props: &EditorProps) -> Html {
    // The mark that the caret is in.
    let caret = use_state_eq(|| None::<usize>);
    let area = use_node_ref();
    use_effect_with(area.clone(), |area| {
        // Yew has no name for this event.
        let options = EventListenerOptions::enable_prevent_default();
        let listen =
            |it: HtmlTextAreaElement| EventListener::new_with_options(&it, "beforeinput", options, beforeinput);
        let listener = area.cast::<HtmlTextAreaElement>().map(listen);
        move || drop(listener)
    });
    let text = &props.file.text;
    let is_large = text.len() > COLOURED;
    let mirror = use_lines(if is_large { "" } else { text }, props.language, Some(&props.marks));
    let look = {
        let (caret, marks) = (caret.clone(), props.marks.clone());
        move |area: &HtmlTextAreaElement| {
            let at = selection(area).1.start;
            caret.set(marks.iter().position(|it| it.span.start <= at && at <= it.span.end));
        }
    };
    let oninput = {
        let dispatch = props.dispatch.clone();
        move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            dispatch.send(Event::Do(Action::TypePolicy(text)));
        }
    };
    let onkeydown = {
        let (dispatch, marks) = (props.dispatch.clone(), props.marks.clone());
        move |event: KeyboardEvent| keydown(&event, &marks, &dispatch)
    };
    let onpaste = {
        let dispatch = props.dispatch.clone();
        move |event: yew::Event| meet_large(&event, browser::pasted(&event), &dispatch)
    };
    let ondrop = {
        let dispatch = props.dispatch.clone();
        move |event: DragEvent| {
            let text = event.data_transfer().and_then(|it| it.get_data("text/plain").ok());
            meet_large(&event, text, &dispatch);
        }
    };
    let (onkeyup, onclick) = {
        let other = look.clone();
        (
            move |event: KeyboardEvent| look(&event.target_unchecked_into()),
            move |event: MouseEvent| other(&event.target_unchecked_into()),
        )
    };
    let said = caret.and_then(|at| props.marks.get(at));
    html! {
        <div class="editor" data-large={is_large.then_some("true")}>
            if !is_large {
                <pre class="code" aria-hidden="true" translate="no"><code id="policy-lines">{ mirror }</code></pre>
            }
            <textarea
                ref={area.clone()} id={browser::EDITOR} class="editor__text" rows={if is_large { "28" } else { "1" }} value={words::text(text.clone())}
                aria-label={words::text(props.file.name.clone())} aria-describedby="policy-keys" aria-invalid={props.is_wrong.then_some("true")}
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no"
                {oninput} {onkeydown} {onkeyup} {onclick} {onpaste} {ondrop}
            />
            <p class="hidden" id="policy-keys">{ words::EDITOR_KEYS }</p>
            if is_large { <p class="note">{ words::NOT_COLOURED }</p> }
            if let Some(mark) = said {
                <p class="editor__says message" data-kind={name_of(mark.kind)}>
                    <span>
                        { words::fill(words::AT_LINE, &[&position(text, mark.span.start).line.to_string()]) }
                        { prose(&mark.message) }
                        if !mark.help.is_empty() { <span class="message__help">{ prose(&mark.help) }</span> }
                    </span>
                </p>
            }
        </div>
    }
}

/// The text of a field and what is selected in it, in bytes.
fn selection(area: &HtmlTextAreaElement) -> (String, Span) {
    let text = area.value();
    let at = |units: Option<u32>| byte_of(&text, units.unwrap_or_default() as usize);
    let start = at(area.selection_start().ok().flatten());
    let end = at(area.selection_end().ok().flatten());
    (text, Span::new(start, end))
}

/// What is typed may be more than its character. A keyboard of glass and one with dead keys come here too, not to `keydown`.
fn beforeinput(event: &yew::Event) {
    let Some(input) = event.dyn_ref::<InputEvent>().filter(|_| !browser::is_putting()) else { return };
    let key = match input.input_type().as_str() {
        "insertText" => {
            let typed = input.data().unwrap_or_default();
            let mut typed = typed.chars();
            match (typed.next(), typed.next()) {
                (Some(c), None) => Key::Character(c),
                _ => return,
            }
        }
        "insertLineBreak" | "insertParagraph" => Key::Enter,
        "deleteContentBackward" => Key::Backspace,
        _ => return,
    };
    apply(event, &event.target_unchecked_into(), key);
}

fn apply(event: &yew::Event, area: &HtmlTextAreaElement, key: Key) {
    let (text, selected) = selection(area);
    if let Some(edit) = press(&text, selected, key) {
        event.prevent_default();
        browser::put(area, &edit);
    }
}

fn keydown(event: &KeyboardEvent, marks: &[Mark], dispatch: &Dispatch) {
    let area: HtmlTextAreaElement = event.target_unchecked_into();
    if event.ctrl_key() && !event.alt_key() {
        match event.code().as_str() {
            "BracketRight" => apply(event, &area, Key::Indent),
            "BracketLeft" => apply(event, &area, Key::Outdent),
            _ => {}
        }
    } else if event.key() == "F8" {
        event.prevent_default();
        let at = selection(&area).1.start;
        let mut places: Vec<&Mark> = marks.iter().collect();
        places.sort_by_key(|it| it.span);
        let next = if event.shift_key() {
            places.iter().rev().find(|it| it.span.start < at).or(places.last())
        } else {
            places.iter().find(|it| it.span.start > at).or(places.first())
        };
        if let Some(mark) = next {
            dispatch.send(Event::Edit(Edit::select(mark.span)));
            browser::say(&mark.message.replace('`', ""));
        }
    }
}

/// What would take minutes to read is not let in; what is there stays. What will have no colours gets the plain field before the
/// browser puts it there: laying it out as the mirror's lines are takes ten times as long.
fn meet_large(event: &yew::Event, text: Option<String>, dispatch: &Dispatch) {
    let length = text.map_or(0, |it| it.len());
    if length > LARGEST_POLICY {
        event.prevent_default();
        dispatch.send(Event::problem(words::LARGE_PASTE));
    } else if length > COLOURED
        && let Some(editor) = event.target_unchecked_into::<HtmlTextAreaElement>().parent_element()
    {
        let _ = editor.set_attribute("data-large", "true");
    }
}
