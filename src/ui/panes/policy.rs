//! The trust policy as a file that can be edited: whose it is, the way back, and the editor.

use yew::prelude::*;

use super::findings::findings;
use web_sys::HtmlInputElement;

use crate::generate::Language;
use crate::playground::{Action, Edit, Own};
use crate::source::Kind;
use crate::text::{Diagnostic, Span, position};
use crate::ui::app::View;
use crate::ui::components::{Choice, Editor, breakable, options, prose};
use crate::ui::store::{Event, Shared};
use crate::ui::words;

/// So many references get a field.
const MOST_UNKNOWN: usize = 20;

/// What stands above the buttons: whose policy it is.
pub(super) fn whose(view: &View<'_>) -> Html {
    let editor = &view.model.editor;
    let switch = |is_own: bool, words: &'static str| {
        let onclick = view.dispatch.act_then_focus(Action::ShowOwn(is_own), "file");
        html! { <button type="button" class="link" {onclick}>{ words }</button> }
    };
    if let Some(own) = editor.own() {
        let stale = own.is_stale().then(|| if own.good.is_some() { words::OWN_STALE } else { words::OWN_UNREAD });
        html! {
            <>
                <p class="hint">{ words::OWN }{ " " }{ switch(false, words::BACK_TO_COMPOSED) }</p>
                { taken_for(view, own) }
                if let Some((problem, words)) = own.problem.as_ref().zip(stale) {
                    <p class="stale">
                        <strong>
                            { for problem.span.map(|it| html! { <>{ jump(view, it) }{ ": " }</> }) }
                            { prose(&problem.message) }{ "." }
                        </strong>
                        if !problem.help.is_empty() { <span class="message__help">{ prose(&problem.help) }</span> }
                        { " " }{ words }
                    </p>
                }
            </>
        }
    } else if editor.waiting().is_some() {
        html! { <p class="note">{ words::OWN_WAITS }{ " " }{ switch(true, words::BACK_TO_OWN) }</p> }
    } else {
        Html::default()
    }
}

/// What the text was taken for, where it is more than a policy: which role of it, and values for what it leaves open.
fn taken_for(view: &View<'_>, own: &Own) -> Html {
    let source = &own.source;
    let policies = &source.policies;
    let choice = Choice {
        look: "row",
        id: Some(AttrValue::Static("own-role")),
        name: None,
        chosen: words::text(own.choice.to_string()),
        onchange: view.dispatch.chosen(|it| Some(Event::Do(Action::ChoosePolicy(it.parse().ok()?)))),
        options: options(policies.iter().enumerate().map(|(at, it)| {
            let name =
                if it.name.is_empty() { words::text((at + 1).to_string()) } else { words::text(it.name.clone()) };
            (words::text(at.to_string()), name)
        })),
    };
    let name = policies.get(own.choice).map(|it| it.name.as_str()).filter(|it| !it.is_empty());
    let references = own.references();
    let unread: Vec<&str> = source.unread.iter().map(|it| it.name.as_str()).filter(|it| !it.is_empty()).collect();
    html! {
        <>
            if source.kind != Kind::Policy && !policies.is_empty() {
                <p class="note">
                    { words::fill(words::TAKEN_FOR, &[source.kind.words()]) }
                    if let Some(name) = name.filter(|_| policies.len() == 1) { { prose(&words::fill(words::JUDGED_OF_IT, &[name])) } }
                    if !unread.is_empty() { { prose(&words::fill(words::UNREAD_OF_IT, &[&unread.join("`, `")])) } }
                </p>
            }
            <div class="rows" hidden={policies.len() < 2 && references.is_empty()}>
                if policies.len() > 1 {
                    <div class="row"><label class="row__label" for="own-role">{ words::ROLE_OF_IT }</label>{ choice.draw() }</div>
                }
                { for references.iter().take(MOST_UNKNOWN).enumerate().map(|(at, it)| variable(view, own, at, it)) }
            </div>
            if references.len() > MOST_UNKNOWN {
                <p class="note">{ words::fill(words::MORE_UNKNOWN, &[&(references.len() - MOST_UNKNOWN).to_string()]) }</p>
            }
        </>
    }
}

/// A reference without a value of its own, and the field that gives it one.
fn variable(view: &View<'_>, own: &Own, at: usize, name: &str) -> Html {
    let id = words::text(format!("variable-{at}"));
    let value = own.variables.iter().find(|it| it.0 == name).map(|it| it.1.clone()).unwrap_or_default();
    let (dispatch, of) = (view.dispatch.clone(), name.to_owned());
    let oninput = move |event: InputEvent| {
        let value = event.target_unchecked_into::<HtmlInputElement>().value();
        dispatch.send(Event::Do(Action::SetVariable(of.clone(), value)));
    };
    html! {
        <div class="row">
            <label class="row__label" for={id.clone()}><code>{ breakable(name) }</code></label>
            <input
                {id} class="field" data-look="row" value={words::text(value)} {oninput} placeholder={words::NO_VALUE}
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no"
            />
        </div>
    }
}

/// The buttons that only this file has.
pub(super) fn tools(view: &View<'_>) -> Html {
    if view.model.editor.own().is_none_or(|it| it.language() != Language::Json) {
        return Html::default();
    }
    html! { <button type="button" class="button" onclick={view.dispatch.press(Event::Format)}>{ words::FORMAT }</button> }
}

/// The editor, and what is said of the text in it.
pub(super) fn policy(view: &View<'_>) -> Html {
    let derived = view.derived;
    let own = view.model.editor.own();
    html! {
        <>
            <Editor
                file={Shared::from(&derived.file)} language={own.map_or(Language::Json, |it| it.language())} marks={Shared::from(&derived.marks)}
                is_wrong={own.is_some_and(|it| it.is_stale())} dispatch={view.dispatch.clone()}
            />
            { composing(view) }
            { not_read(view) }
            { beside(view) }
            { findings(view) }
        </>
    }
}

/// The way back into the setup, or what stands in it.
fn composing(view: &View<'_>) -> Html {
    let is_stale = view.model.editor.own().is_some_and(|it| it.is_stale());
    match view.derived.setup_of_own.as_deref().filter(|_| !is_stale) {
        Some(Ok(_)) => html! {
            <p class="note"><button type="button" class="button" onclick={view.dispatch.press(Event::Compose)}>{ words::COMPOSE }</button></p>
        },
        Some(Err(wrong)) => html! {
            <details class="more">
                <summary class="more__head">{ words::NOT_COMPOSED }</summary>
                { said(view, wrong.iter()) }
            </details>
        },
        None => Html::default(),
    }
}

/// So much of what stands in the way is said.
const MOST_SAID: usize = 20;

/// What of the text was not read, or passed over: no answer speaks of it.
fn not_read(view: &View<'_>) -> Html {
    let Some(source) = view.model.editor.own().filter(|it| !it.is_stale()).map(|it| &it.source) else {
        return Html::default();
    };
    if source.problems.is_empty() && source.notes.is_empty() {
        return Html::default();
    }
    html! {
        <div class="also">
            <h3 class="also__head">{ words::NOT_READ }</h3>
            { said(view, source.problems.iter().chain(&source.notes)) }
        </div>
    }
}

/// A list of what is said of places of the text, each leading there.
fn said<'s>(view: &View<'_>, all: impl Iterator<Item = &'s Diagnostic>) -> Html {
    html! {
        <ul class="also__list">
            { for all.take(MOST_SAID).map(|it| html! {
                <li>
                    { for it.span.map(|it| html! { <>{ jump(view, it) }{ ": " }</> }) }{ prose(&it.message) }
                    if !it.help.is_empty() { <span class="message__help">{ prose(&it.help) }</span> }
                </li>
            }) }
        </ul>
    }
}

/// The files that are looked at beside the policy.
fn beside(view: &View<'_>) -> Html {
    let files = &view.model.beside;
    if files.is_empty() {
        return Html::default();
    }
    let items = files.iter().enumerate().map(|(at, it)| {
        let name = words::fill(words::FORGET_FILE, &[&it.name]);
        html! {
            <li>
                <code>{ breakable(&it.name) }</code>{ " " }
                <button type="button" class="link" aria-label={name} onclick={view.dispatch.act(Action::Forget(at))}>{ words::FORGET }</button>
            </li>
        }
    });
    html! { <div class="also"><h3 class="also__head">{ words::BESIDE }</h3><ul class="also__list">{ for items }</ul></div> }
}

/// A press that leads to a place of the text in the editor.
pub(super) fn jump(view: &View<'_>, span: Span) -> Html {
    let line = position(&view.derived.file.text, span.start).line.to_string();
    let onclick = view.dispatch.press(Event::Edit(Edit::select(span)));
    html! { <button type="button" class="link" {onclick}>{ words::fill(words::LINE, &[&line]) }</button> }
}
