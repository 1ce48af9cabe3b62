//! The middle column: the files, one at a time, to be copied or downloaded.

use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::aws::limits::{TRUST_POLICY_DEFAULT, policy_size};
use crate::generate::{GENERATORS, Generator, Kind, render};
use crate::gitlab::ci::DEFAULT_IMAGE;
use crate::playground::{Action, Field};
use crate::setup::Setup;
use crate::ui::browser;
use crate::ui::components::{Blank, Choice, Code, Form, fixed_options};
use crate::ui::store::{Dispatch, Event, Shared, use_dispatch};
use crate::ui::words;

#[derive(Properties, PartialEq)]
pub(crate) struct FilesPaneProps {
    pub(crate) setup: Shared<Setup>,
    /// The chosen role, an index into the setup's.
    pub(crate) role: usize,
    pub(crate) tab: Kind,
    /// Whether the setup is older than what stands in the fields.
    pub(crate) is_stale: bool,
    /// The line of the trust policy that the check speaks of; 0 for none.
    pub(crate) mark: usize,
    /// The fields at the head of the CI file, where that is shown.
    pub(crate) form: Option<Form>,
}

/// A file, ready to be shown.
#[derive(PartialEq)]
struct Shown {
    name: AttrValue,
    text: AttrValue,
    note: String,
}

#[component]
pub(crate) fn FilesPane(props: &FilesPaneProps) -> Html {
    let dispatch = use_dispatch();
    let by_hand = use_state(|| false);
    let tabs = tabs(&props.setup, props.role);
    let open = tabs.iter().find(|it| it.kind == props.tab).or(tabs.first()).copied();
    let kind = open.map_or(Kind::TrustPolicy, |it| it.kind);
    let file = use_memo((props.setup.clone(), props.role, kind), |(setup, role, kind)| shown(setup, *role, *kind));
    use_effect_with((file.name.clone(), file.text.clone()), {
        let by_hand = by_hand.clone();
        move |_| by_hand.set(false)
    });
    let Some(open) = open else { return Html::default() };
    let copy = {
        let (dispatch, file, by_hand) = (dispatch.clone(), file.clone(), by_hand.clone());
        move |_: MouseEvent| {
            let (dispatch, file, by_hand) = (dispatch.clone(), file.clone(), by_hand.clone());
            spawn_local(async move {
                if browser::copy(&file.text).await {
                    dispatch.send(Event::done(words::fill(words::COPIED, &[&file.name])));
                } else {
                    by_hand.set(true);
                }
            });
        }
    };
    let download = {
        let (dispatch, file) = (dispatch.clone(), file.clone());
        move |_: MouseEvent| {
            browser::download(&file.name, &file.text);
            dispatch.send(Event::done(words::fill(words::DOWNLOADED, &[&file.name])));
        }
    };
    html! {
        <>
            { tab_list(&tabs, kind, &dispatch) }
            <div class="file" role="tabpanel" id="file" aria-labelledby={tab_id(kind)}>
                if props.is_stale { <p class="stale">{ words::STALE }</p> }
                if let Some(form) = &props.form { { ci_fields(form, &dispatch) } }
                <div class="file__bar">
                    <div class="file__about">
                        <span class="file__name">{ &file.name }</span>
                        <span class="file__note" title={(kind == Kind::TrustPolicy).then_some(words::SIZE_HINT)}>{ &file.note }</span>
                    </div>
                    <button type="button" class="button" onclick={copy} aria-label={format!("{} {}", words::COPY, file.name)}>{ words::COPY }</button>
                    <button type="button" class="button" onclick={download} aria-label={format!("{} {}", words::DOWNLOAD, file.name)}>{ words::DOWNLOAD }</button>
                </div>
                if *by_hand { <ByHand text={file.text.clone()} /> }
                <Code text={file.text.clone()} language={open.language} name={file.name.clone()} mark={if kind == Kind::TrustPolicy { props.mark } else { 0 }} />
            </div>
        </>
    }
}

/// The generators that have a file here: a role without inline permissions has none of that kind.
fn tabs(setup: &Setup, role: usize) -> Vec<&'static Generator> {
    let has_document = setup.roles().get(role).is_some_and(|it| it.permissions_document.is_some());
    GENERATORS.iter().copied().filter(|it| it.kind != Kind::Permissions || has_document).collect()
}

fn shown(setup: &Setup, role: usize, kind: Kind) -> Shown {
    let role = setup.roles().get(role).map(|it| it.name.as_str());
    let Some(file) = render(setup, kind, role) else {
        return Shown { name: AttrValue::default(), text: AttrValue::default(), note: String::new() };
    };
    let lines = words::number(file.text.lines().count());
    let note = match kind {
        Kind::TrustPolicy => {
            let size = words::number(policy_size(&file.text));
            words::fill(words::SIZE_OF, &[&size, &words::number(TRUST_POLICY_DEFAULT)])
        }
        Kind::Permissions => words::fill(words::LINES, &[&lines]),
        _ if setup.roles().len() > 1 => words::fill(words::FOR_ALL_ROLES, &[&lines]),
        _ => words::fill(words::LINES, &[&lines]),
    };
    Shown { name: file.name.into(), text: file.text.into(), note }
}

fn tab_id(kind: Kind) -> String {
    format!("tab-{}", kind.as_str())
}

fn tab_list(tabs: &[&'static Generator], chosen: Kind, dispatch: &Dispatch) -> Html {
    let kinds: Vec<Kind> = tabs.iter().map(|it| it.kind).collect();
    let at = kinds.iter().position(|it| *it == chosen).unwrap_or(0);
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let last = kinds.len().saturating_sub(1);
            let to = match event.key().as_str() {
                "ArrowRight" => {
                    if at == last {
                        0
                    } else {
                        at + 1
                    }
                }
                "ArrowLeft" => {
                    if at == 0 {
                        last
                    } else {
                        at - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            if let Some(kind) = kinds.get(to) {
                event.prevent_default();
                dispatch.send(Event::DoThenFocus(Action::ShowFile(*kind), tab_id(*kind).into()));
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={words::FILES} {onkeydown}>
            { for tabs.iter().map(|it| {
                let is_chosen = it.kind == chosen;
                html! {
                    <button
                        type="button" class="tabs__tab" role="tab" id={tab_id(it.kind)} aria-controls="file"
                        aria-selected={if is_chosen { "true" } else { "false" }} tabindex={if is_chosen { "0" } else { "-1" }}
                        onclick={dispatch.act(Action::ShowFile(it.kind))}
                    >{ it.title }</button>
                }
            }) }
        </div>
    }
}

fn ci_fields(form: &Form, dispatch: &Dispatch) -> Html {
    let method = Field::Method.text(&form.draft);
    let onchange = dispatch.chosen(|it| Some(Event::Do(Action::Type(Field::Method, it.value()))));
    let row = |field: Field, label: &'static str, placeholder: &'static str| {
        let path = field.path();
        html! {
            <div class="row">
                <label class="row__label" for={path.clone()}>{ label }</label>
                { form.input(dispatch, Blank::new(field, "row__input").placeholder(placeholder)) }
                { form.messages(&path) }
            </div>
        }
    };
    html! {
        <div class="rows">
            <div class="row">
                <label class="row__label" for="ci.method">{ words::METHOD }</label>
                <Choice class="row__input" id="ci.method" chosen={method.to_owned()} {onchange}>
                    { fixed_options(&words::METHODS) }
                </Choice>
                { form.messages("ci.method") }
            </div>
            if method == "assume-role" { { row(Field::SessionSeconds, words::SESSION_SECONDS, words::SESSION_SECONDS_USUAL) } }
            { row(Field::Job, words::JOB, "") }
            { row(Field::Image, words::IMAGE, DEFAULT_IMAGE) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ByHandProps {
    text: AttrValue,
}

/// The text in a box, chosen, for browsers that do not let a page copy.
#[component]
fn ByHand(props: &ByHandProps) -> Html {
    let node = use_node_ref();
    use_effect_with(node.clone(), |node| {
        if let Some(area) = node.cast::<HtmlTextAreaElement>() {
            let _ = area.focus();
            area.select();
        }
    });
    html! {
        <div class="byhand">
            <label for="by-hand">{ words::COPY_BY_HAND }</label>
            <textarea
                ref={node} id="by-hand" class="byhand__text" readonly={true} rows="4"
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" value={props.text.clone()}
            />
        </div>
    }
}
