//! The right column: one token at a time, and what AWS would answer to it.

use yew::prelude::*;

use super::answer::{Outcome, answer};
use super::paste::PasteBox;
use super::tests::Tests;
use super::ticket::ticket;
use crate::playground::{Action, AsOf, Chosen, Look, Pasted, SampleKind, Seen, Table, has_expired_since, judged_at};
use crate::ui::browser::{moment, now as clock};
use crate::ui::components::{Choice, options, prose};
use crate::ui::store::{Dispatch, Event, Shared, use_dispatch};
use crate::ui::words;
use crate::verdict::Evidence;

#[derive(Properties, PartialEq)]
pub(crate) struct CheckPaneProps {
    pub(crate) look: Shared<Look>,
    pub(crate) outcome: Outcome,
    pub(crate) table: Shared<Table>,
    pub(crate) token: Chosen,
    pub(crate) as_of: AsOf,
    /// In seconds since 1970.
    pub(crate) now: i64,
    /// The longest session of the role, in seconds.
    pub(crate) session: u32,
}

#[component]
pub(crate) fn CheckPane(props: &CheckPaneProps) -> Html {
    let dispatch = use_dispatch();
    let is_pasting = use_state(|| false);
    let open = {
        let is_pasting = is_pasting.clone();
        move |_: MouseEvent| is_pasting.set(!*is_pasting)
    };
    let close = use_callback((), {
        let is_pasting = is_pasting.clone();
        move |(), ()| is_pasting.set(false)
    });
    let chosen = match &props.token {
        Chosen::Sample(kind) => Some(known(&props.table, *kind)),
        Chosen::Pasted(_) => None,
    };
    html! {
        <>
            <div class="source">
                { samples(&props.table, chosen, &dispatch) }
                <button type="button" class="button" aria-expanded={if *is_pasting { "true" } else { "false" }} onclick={open}>{ words::PASTE }</button>
            </div>
            if *is_pasting { <PasteBox {close} /> }
            if let Chosen::Pasted(pasted) = &props.token { { about_pasted(pasted, props, &dispatch) } }
            { match &props.look.seen {
                Seen::Verdict { evidence, .. } | Seen::NoVerdict { evidence, .. } => ticket(evidence, &props.outcome, props.now),
                Seen::NoSample(_) | Seen::Unreadable(_) => Html::default(),
            } }
            { answer(&props.look, i64::from(props.session)) }
            <Tests table={props.table.clone()} {chosen} />
        </>
    }
}

/// The sample of that kind, or the one that is shown in its place.
fn known(table: &Table, kind: SampleKind) -> SampleKind {
    let has = |kind: SampleKind| table.rows.iter().any(|it| it.0.kind == kind);
    if has(kind) { kind } else { SampleKind::Meant(0) }
}

fn samples(table: &Table, chosen: Option<SampleKind>, dispatch: &Dispatch) -> Html {
    let kinds: Vec<SampleKind> = table.rows.iter().map(|it| it.0.kind).collect();
    let onchange = dispatch.chosen(move |menu| {
        let at: usize = menu.value().parse().ok()?;
        Some(Event::Do(Action::ChooseSample(*kinds.get(at)?)))
    });
    let at = table.rows.iter().position(|it| Some(it.0.kind) == chosen);
    let options = options(table.rows.iter().enumerate().map(|(at, it)| (at.to_string(), it.0.title.clone())));
    html! {
        <Choice
            class="source__samples" id="token-source" name={words::TOKEN}
            chosen={at.map(|it| it.to_string()).unwrap_or_default()} {onchange}
        >
            if chosen.is_none() { <option value="">{ words::PASTED }</option> }
            { options }
        </Choice>
    }
}

/// What is said of a token that was pasted: what was kept, and when it is judged.
fn about_pasted(pasted: &Pasted, props: &CheckPaneProps, dispatch: &Dispatch) -> Html {
    let Pasted::Read(evidence) = pasted else { return Html::default() };
    let was_jwt = matches!(evidence, Evidence::Token(it) if it.header.is_some());
    let issued = matches!(evidence, Evidence::Token(it) if it.seconds("iat").is_some());
    let forget = dispatch.act_then_focus(Action::ChooseSample(SampleKind::Meant(0)), "token-source");
    html! {
        <div class="pasted">
            <p class="note">
                { if was_jwt { words::SIGNATURE_DROPPED } else { words::NO_SIGNATURE } }{ " " }
                <button type="button" class="link" onclick={forget}>{ words::FORGET }</button>
            </p>
            if issued { { as_of(evidence, props, dispatch) } }
        </div>
    }
}

fn as_of(evidence: &Evidence, props: &CheckPaneProps, dispatch: &Dispatch) -> Html {
    let when = moment(judged_at(evidence, AsOf::Issued, props.now), props.now);
    let choice = |as_of: AsOf, label: String| {
        let dispatch = dispatch.clone();
        let onchange = move |_: yew::Event| {
            dispatch.send(Event::Do(Action::Tick(clock())));
            dispatch.send(Event::Do(Action::Judge(as_of)));
        };
        html! {
            <label class="check">
                <input type="radio" name="as-of" checked={props.as_of == as_of} {onchange} />
                <span>{ label }</span>
            </label>
        }
    };
    html! {
        <fieldset class="asof">
            <legend class="asof__legend">{ words::AS_OF }</legend>
            { choice(AsOf::Issued, words::fill(words::AS_OF_ISSUED, &[&when])) }
            { choice(AsOf::Now, words::AS_OF_NOW.to_owned()) }
            if has_expired_since(evidence, props.as_of, props.now) { <p class="note">{ prose(words::EXPIRED_SINCE) }</p> }
        </fieldset>
    }
}
