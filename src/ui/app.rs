//! The root: holds the sitting, derives what is shown, lays out the three columns.
//!
//! Each derivation is remembered with exactly what it depends on, and kept by pointer, so that a column is drawn again only when
//! something in it changed.

use yew::prelude::*;

use super::components::{Form, prose};
use super::hooks::{opened, use_address, use_clock, use_focus, use_passing, use_ready, use_title, use_voice};
use super::panes::{Bar, CheckPane, FilesPane, Foot, Outcome, WhoPane, outcome};
use super::store::{Dispatch, Event, Notice, Shared, Store};
use super::{browser, words};
use crate::generate::Kind;
use crate::playground::{Chosen, Compiled, Seen, Table, look};
use crate::setup::findings;

/// The columns where only one has room.
const PARTS: [(&str, &str); 3] = [("who", words::WHO), ("what", words::FILES_SHORT), ("check", words::CHECK_SHORT)];

#[component]
pub(crate) fn App() -> Html {
    let store = use_reducer(|| {
        let (model, notice) = opened();
        Store { model, notice, focus: (0, AttrValue::default()) }
    });
    let part = use_state(|| "who");
    let dispatch = Dispatch(store.dispatcher());
    let model = &store.model;
    let setup = Shared::from(&model.setup);
    let role = model.role_in_setup();

    let compiled = use_memo(setup.clone(), |_| Compiled::new(std::rc::Rc::clone(&model.setup)));
    let table = use_memo((setup.clone(), role, model.now), |(_, role, now)| Table::of(&compiled, *role, *now));
    let seen = use_memo((setup.clone(), role, model.token.clone(), model.as_of, model.now), |_| {
        let look = look(&compiled, model);
        let outcome = outcome(&look);
        (Shared::new(look), outcome)
    });
    let found = use_memo(setup.clone(), |setup| findings(setup));
    let (look, outcome) = (*seen).clone();

    let form = Form { draft: (&model.draft).into(), wrong: (&model.wrong).into(), findings: (&found).into() };
    let mark = match &look.seen {
        Seen::Verdict { stopper: Some(it), .. } => it.line,
        _ => 0,
    };
    let session = model.setup.roles().get(role).map_or(0, |it| it.max_session_seconds);

    use_address(setup.clone(), model.is_example, dispatch.clone());
    use_title(outcome.word);
    use_clock(matches!(model.token, Chosen::Pasted(_)), dispatch.clone());
    use_passing(store.notice.clone(), dispatch.clone());
    use_focus(store.focus.clone());
    use_ready();
    let key = (outcome.state, outcome.stage, model.token.clone(), model.role);
    let spoken = use_voice(key, format!("{}. {}", outcome.word, outcome.sentence), Shared::from(&model.draft));

    html! {
        <ContextProvider<Dispatch> context={dispatch.clone()}>
            <Bar setup={setup.clone()} is_stale={model.is_stale()} />
            { said(store.notice.as_ref(), &dispatch) }
            { parts(&part, &outcome) }
            <main class="bench" data-part={*part}>
                <section class="bench__column" id="who" aria-labelledby="who-head" tabindex="0">
                    <h2 class="bench__head" id="who-head">{ words::WHO }</h2>
                    <WhoPane form={form.clone()} role={model.role} is_example={model.is_example} />
                </section>
                <section class="bench__column" id="what" aria-labelledby="what-head" tabindex="0">
                    <h2 class="bench__head" id="what-head">{ words::WHAT }</h2>
                    <FilesPane
                        {setup} {role} tab={model.tab} is_stale={model.is_stale()} {mark}
                        form={(model.tab == Kind::GitlabCi).then_some(form)}
                    />
                </section>
                <section class="bench__column" id="check" aria-labelledby="check-head" tabindex="0">
                    <h2 class="bench__head" id="check-head">{ words::CHECK }</h2>
                    <CheckPane
                        {look} outcome={outcome.clone()} table={Shared::from(&table)}
                        token={model.token.clone()} as_of={model.as_of} now={model.now} {session}
                    />
                </section>
            </main>
            { verdict_line(&outcome, &part) }
            <Foot />
            <p class="hidden" role="status">{ store.notice.as_ref().map_or(spoken, |it| it.text.clone()) }</p>
        </ContextProvider<Dispatch>>
    }
}

fn said(notice: Option<&Notice>, dispatch: &Dispatch) -> Html {
    let Some(notice) = notice else { return Html::default() };
    html! {
        <div class="notice" data-kind={if notice.is_problem { "problem" } else { "done" }}>
            <p class="notice__text">{ prose(&notice.text) }</p>
            <button type="button" class="tool" aria-label={words::CLOSE} onclick={dispatch.press(Event::Dismiss)}>
                <span aria-hidden="true">{ "✕" }</span>
            </button>
        </div>
    }
}

/// The bar of columns, where only one has room.
fn parts(chosen: &UseStateHandle<&'static str>, outcome: &Outcome) -> Html {
    html! {
        <nav class="parts" aria-label={words::PARTS}>
            { for PARTS.iter().map(|(id, name)| {
                let chosen = chosen.clone();
                let current = (*chosen == *id).then_some("true");
                html! {
                    <button type="button" class="parts__part" aria-current={current} onclick={move |_: MouseEvent| chosen.set(id)}>
                        { *name }
                        if *id == "check" { { " · " }<span class="parts__verdict" data-state={outcome.state}>{ outcome.word }</span> }
                    </button>
                }
            }) }
        </nav>
    }
}

/// The verdict in one line, where its column is out of sight.
fn verdict_line(outcome: &Outcome, part: &UseStateHandle<&'static str>) -> Html {
    let part = part.clone();
    let show = move |_: MouseEvent| {
        part.set("check");
        browser::show("check");
        browser::focus("check");
    };
    html! {
        <div class="line" data-state={outcome.state}>
            <p class="line__text"><strong class="line__word">{ outcome.word }</strong>{ " " }{ prose(&outcome.sentence) }</p>
            <button type="button" class="link" onclick={show}>{ words::WHY }</button>
        </div>
    }
}
