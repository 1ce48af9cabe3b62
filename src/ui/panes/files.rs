//! The middle column: the files, one at a time, to be copied or downloaded.

use yew::prelude::*;

use super::policy::{policy, tools, whose};
use crate::aws::limits::TRUST_POLICY_DEFAULT;
use crate::generate::{Generator, Kind, Language, archive};
use crate::gitlab::ci::DEFAULT_IMAGE;
use crate::playground::{Action, Field};
use crate::ui::app::View;
use crate::ui::components::{Blank, Choice, Code, Form, fixed_options};
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::words;

pub(crate) fn files(view: &View<'_>) -> Html {
    let (file, kind) = (&view.derived.file, view.derived.kind);
    let copied = words::fill(words::COPIED, &[&file.name]);
    let copy = {
        let (dispatch, file) = (view.dispatch.clone(), file.clone());
        move |_: MouseEvent| dispatch.copy(words::text(file.text.clone()), copied.clone())
    };
    let download = {
        let (dispatch, file) = (view.dispatch.clone(), file.clone());
        move |_: MouseEvent| dispatch.download(&file.name, file.text.as_bytes())
    };
    let download_all = {
        let (dispatch, setup) = (view.dispatch.clone(), view.model.setup.clone());
        move |_: MouseEvent| {
            let archive = archive(&setup);
            dispatch.download(&archive.name, &archive.bytes);
        }
    };
    let is_policy = kind == Kind::TrustPolicy;
    let is_over = is_policy && view.derived.size > TRUST_POLICY_DEFAULT;
    let language = kind.generator().map_or(Language::Json, |it| it.language);
    html! {
        <>
            { tabs(view.derived.generators().collect(), kind, view.dispatch) }
            <div class="file" role="tabpanel" id="file" tabindex="-1" aria-labelledby={tab_id(kind)}>
                if is_policy { { whose(view) } } else if view.model.editor.own().is_some() { <p class="hint">{ words::NOT_OF_OWN }</p> }
                if view.model.is_stale() && !(is_policy && view.model.editor.own().is_some()) { <p class="stale">{ words::STALE }</p> }
                if kind == Kind::GitlabCi { { ci_fields(&view.form) } }
                <div class="file__bar">
                    <div class="file__about">
                        <span class="file__name">{ words::text(file.name.clone()) }</span>
                        <span class="file__note" data-over={is_over.then_some("true")}>{ note(view) }</span>
                    </div>
                    <div class="file__acts">
                        if is_policy { { tools(view) } }
                        <button type="button" class="button" onclick={copy} aria-label={words::fill(words::COPY_NAME, &[&file.name])}>{ words::COPY }</button>
                        <button type="button" class="button" onclick={download} aria-label={words::fill(words::DOWNLOAD_NAME, &[&file.name])}>{ words::DOWNLOAD }</button>
                        <button type="button" class="button" onclick={download_all} title={words::DOWNLOAD_ALL_TITLE}>{ words::DOWNLOAD_ALL }</button>
                    </div>
                </div>
                if is_policy { { policy(view) } } else { <Code file={Shared::from(&view.derived.file)} {language} /> }
            </div>
        </>
    }
}

fn note(view: &View<'_>) -> AttrValue {
    let text = &view.derived.file.text;
    if view.derived.kind == Kind::TrustPolicy {
        let size = words::number(view.derived.size);
        return words::fill(words::SIZE_OF, &[&size, &words::number(TRUST_POLICY_DEFAULT)]);
    }
    let is_for_all = view.derived.file.role.is_none() && view.model.setup.roles().len() > 1;
    let lines = words::number(text.lines().count());
    words::fill(if is_for_all { words::LINES_FOR_ALL } else { words::LINES }, &[&lines])
}

fn tab_id(kind: Kind) -> AttrValue {
    words::text(format!("tab-{}", kind.as_str()))
}

fn tabs(tabs: Vec<&'static Generator>, chosen: Kind, dispatch: &Dispatch) -> Html {
    let buttons: Html = tabs
        .iter()
        .map(|it| {
            let is_chosen = it.kind == chosen;
            html! {
                <button
                    type="button" class="tabs__tab" role="tab" id={tab_id(it.kind)} aria-controls="file"
                    aria-selected={if is_chosen { "true" } else { "false" }} tabindex={if is_chosen { "0" } else { "-1" }}
                    onclick={dispatch.act(Action::ShowFile(it.kind))}
                >{ it.title }</button>
            }
        })
        .collect();
    let dispatch = dispatch.clone();
    let onkeydown = move |event: KeyboardEvent| {
        let last = tabs.len().saturating_sub(1);
        let at = tabs.iter().position(|it| it.kind == chosen).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" if at == last => 0,
            "ArrowRight" => at + 1,
            "ArrowLeft" if at == 0 => last,
            "ArrowLeft" => at - 1,
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        if let Some(it) = tabs.get(to) {
            event.prevent_default();
            dispatch.send(Event::DoThenFocus(Action::ShowFile(it.kind), tab_id(it.kind)));
        }
    };
    html! { <div class="tabs" role="tablist" aria-label={words::FILES} {onkeydown}>{ buttons }</div> }
}

/// What only this file has: it stands at its head.
fn ci_fields(form: &Form) -> Html {
    let method = Field::Method.text(&form.draft);
    let choice = Choice {
        look: "row",
        id: Some(words::text(Field::Method.path())),
        name: None,
        chosen: words::text(method.to_owned()),
        onchange: form.dispatch.chosen(|it| Some(Event::Do(Action::Type(Field::Method, it.to_owned())))),
        options: fixed_options(&words::METHODS),
    };
    let row = |field: Field, label: &'static str, input: Html| {
        let path = words::text(field.path());
        html! {
            <div class="row"><label class="row__label" for={path.clone()}>{ label }</label>{ input }{ form.messages(&path) }</div>
        }
    };
    let input = |field: Field, placeholder| form.input(Blank::new(field, "row").placeholder(placeholder));
    html! {
        <div class="rows">
            { row(Field::Method, words::METHOD, choice.draw()) }
            if method == "assume-role" {
                { row(Field::SessionSeconds, words::SESSION_SECONDS, input(Field::SessionSeconds, words::SESSION_SECONDS_USUAL)) }
            }
            { row(Field::Job, words::JOB, input(Field::Job, "")) }
            { row(Field::Image, words::IMAGE, input(Field::Image, DEFAULT_IMAGE)) }
        </div>
    }
}
