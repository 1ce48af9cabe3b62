//! The root: holds the sitting and what is derived from it, and lays out the page.

use yew::prelude::*;

use super::components::{Form, prose};
use super::outside::Outside;
use super::panes::{Outcome, Who, bar, check, files, foot, help, outcome};
use super::store::{Dispatch, Event, Notice, NoticeKind, Store};
use super::words;
use crate::playground::{Derived, Model};

/// The columns where only one has room.
const PARTS: [(&str, &str); 3] = [("who", words::WHO), ("what", words::FILES_SHORT), ("check", words::CHECK_SHORT)];

/// What the panes draw from.
pub(crate) struct View<'v> {
    pub(crate) store: &'v Store,
    pub(crate) model: &'v Model,
    pub(crate) derived: &'v Derived,
    pub(crate) outcome: &'v Outcome,
    pub(crate) form: Form,
    pub(crate) dispatch: &'v Dispatch,
}

/// The sitting that the page begins with.
#[derive(Properties, PartialEq)]
pub(crate) struct AppProps {
    pub(crate) store: Store,
}

#[component]
pub(crate) fn App(props: &AppProps) -> Html {
    let store = use_reducer(|| props.store.clone());
    let all = use_mut_ref(|| Derived::new(&store.model));
    let outside = use_mut_ref(Outside::default);
    let again = use_force_update();
    let dispatch = Dispatch(store.dispatcher());
    let mut derived = all.borrow_mut();
    let model = &store.model;
    derived.follow(model);
    let outcome = outcome(&derived.look);
    use_effect({
        let (store, outcome, dispatch, all) = (store.clone(), outcome.clone(), dispatch.clone(), all.clone());
        let is_due = derived.is_due();
        move || {
            let mut outside = outside.borrow_mut();
            outside.follow(&store, &outcome, &dispatch);
            let model = is_due.then(|| store.model.clone());
            outside.finish(model, move |model| {
                all.borrow_mut().finish(model);
                again.force_update();
            });
        }
    });
    let form = Form {
        draft: (&model.draft).into(),
        wrong: (&model.wrong).into(),
        findings: (&derived.findings).into(),
        dispatch: dispatch.clone(),
    };
    draw(&View { store: &store, model, derived: &derived, outcome: &outcome, form, dispatch: &dispatch })
}

fn draw(view: &View<'_>) -> Html {
    html! {
        <>
            { bar(view) }
            { said(view.store.notice.as_ref(), view.dispatch) }
            if view.store.is_help { { help(view) } } else { { parts(view) } }
            <main class="bench" data-part={view.store.part} hidden={view.store.is_help} onfocusout={view.dispatch.leave()}>
                { column("who", words::WHO, composer(view)) }
                { column("what", words::WHAT, files(view)) }
                { column("check", words::CHECK, check(view)) }
            </main>
            if !view.store.is_help { { verdict_line(view) } }
            { foot() }
            <p class="hidden" id="status" role="status" />
        </>
    }
}

/// The column that is drawn again only when what it shows is another.
fn composer(view: &View<'_>) -> Html {
    html! {
        <Who
            form={view.form.clone()} role={view.model.role} is_example={view.model.is_example} kind={view.derived.kind}
            open={view.store.open} choosing={view.store.choosing.clone()}
        />
    }
}

/// A column: it may scroll, so it can be focused and has a name.
fn column(id: &'static str, name: &'static str, inner: Html) -> Html {
    html! {
        <section class="bench__column" {id} aria-label={name} tabindex="0">
            <h2 class="bench__head">{ name }</h2>
            { inner }
        </section>
    }
}

fn said(notice: Option<&Notice>, dispatch: &Dispatch) -> Html {
    let Some(notice) = notice else { return Html::default() };
    let kind = match notice.kind {
        NoticeKind::Done => "done",
        NoticeKind::Problem => "problem",
    };
    html! {
        <section class="notice" aria-label={words::NOTICE} data-kind={kind}>
            <div class="notice__text">
                <p id="notice">{ prose(&notice.text) }</p>
                if let Some(text) = &notice.copy {
                    <textarea
                        id="by-hand" class="notice__copy" readonly={true} rows="4" aria-labelledby="notice"
                        spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" value={text}
                    />
                }
            </div>
            if notice.undo {
                <button type="button" class="button" id="undo" onclick={dispatch.press(Event::Undo)}>{ words::UNDO }</button>
            }
            <button type="button" class="tool" aria-label={words::CLOSE} onclick={dispatch.press(Event::Dismiss)}>
                <span aria-hidden="true">{ "✕" }</span>
            </button>
        </section>
    }
}

/// The bar of columns, where only one has room.
fn parts(view: &View<'_>) -> Html {
    html! {
        <nav class="parts" aria-label={words::PARTS}>
            { for PARTS.iter().map(|(id, name)| {
                let current = (view.store.part == *id).then_some("true");
                html! {
                    <button type="button" class="parts__part" aria-current={current} onclick={view.dispatch.press(Event::ShowPart(id))}>
                        { *name }
                        if *id == "check" {
                            <span class="parts__verdict" data-state={view.outcome.state}>{ " " }{ view.outcome.word }</span>
                        }
                    </button>
                }
            }) }
        </nav>
    }
}

/// The verdict in one line, where its column is out of sight.
fn verdict_line(view: &View<'_>) -> Html {
    html! {
        <aside class="line" aria-label={words::VERDICT_LINE} data-state={view.outcome.state}>
            <p class="line__text">
                <strong class="line__word">{ view.outcome.word }</strong>{ " " }{ prose(&view.outcome.sentence) }
            </p>
            <button type="button" class="link" onclick={view.dispatch.press(Event::ShowCheck)}>{ words::WHY }</button>
        </aside>
    }
}
