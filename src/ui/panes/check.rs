//! The right column: one token at a time, and what AWS would answer to it.

use yew::prelude::*;

use super::answer::answer;
use super::doctor::doctor;
use super::edits::edits;
use super::keys::keys;
use super::paste::paste_box;
use super::remedies::remedies;
use super::tests::Tests;
use super::ticket::ticket;
use super::trace::trace;
use crate::playground::{Action, AsOf, Chosen, Pasted, SampleKind, Seen, has_expired_since, judged_at};
use crate::ui::app::View;
use crate::ui::browser::moment;
use crate::ui::components::{Choice, options};
use crate::ui::store::{Event, Shared};
use crate::ui::words;
use crate::verdict::Evidence;

pub(crate) fn check(view: &View<'_>) -> Html {
    let (model, derived, dispatch) = (view.model, view.derived, view.dispatch);
    let chosen = match &model.token {
        Chosen::Sample(kind) => derived.table.rows.iter().find(|it| it.0.kind == *kind).or(derived.table.rows.first()),
        Chosen::Pasted(_) | Chosen::Kept(_) => None,
    };
    let chosen = chosen.map(|it| it.0.kind);
    let is_open = view.store.is_pasting;
    html! {
        <>
            <div class="source">
                { samples(view, chosen) }
                <button
                    type="button" class="button" aria-expanded={if is_open { "true" } else { "false" }}
                    onclick={dispatch.press(Event::OpenPaste(!is_open))}
                >{ words::PASTE }</button>
            </div>
            if is_open { { paste_box(dispatch) } }
            { doctor(view) }
            if let Chosen::Pasted(pasted) = &model.token { { about_pasted(pasted, view) } }
            { match &derived.look.seen {
                Seen::Verdict { evidence, .. } | Seen::NoVerdict { evidence, .. } => ticket(evidence, view),
                Seen::NoSample(_) | Seen::Unreadable(_) => Html::default(),
            } }
            { answer(view, i64::from(derived.target.session)) }
            { keys(view) }
            { remedies(view) }
            { edits(view) }
            { trace(view) }
            <Tests table={Shared::from(&derived.table)} {chosen} dispatch={dispatch.clone()} />
        </>
    }
}

fn samples(view: &View<'_>, chosen: Option<SampleKind>) -> Html {
    let rows = &view.derived.table.rows;
    let table = view.derived.table.clone();
    let onchange = view.dispatch.chosen(move |at| {
        let (sample, _) = table.rows.get(at.parse::<usize>().ok()?)?;
        Some(Event::Do(Action::ChooseSample(sample.kind)))
    });
    let at = rows.iter().position(|it| Some(it.0.kind) == chosen);
    let options = html! {
        <>
            if let Chosen::Kept(sample) = &view.model.token {
                <option value="">{ words::fill(words::KEPT, &[&sample.title]) }</option>
            } else if chosen.is_none() {
                <option value="">{ words::PASTED }</option>
            }
            { options(rows.iter().enumerate().map(|(at, it)| (words::text(at.to_string()), words::text(it.0.title.clone())))) }
        </>
    };
    let chosen = at.map(|it| words::text(it.to_string())).unwrap_or_default();
    let (id, name) = (Some(AttrValue::Static("token-source")), Some(AttrValue::Static(words::TOKEN)));
    Choice { look: "samples", id, name, chosen, onchange, options }.draw()
}

/// What is said of a token that was pasted: what was kept, and when it is judged.
fn about_pasted(pasted: &Pasted, view: &View<'_>) -> Html {
    let Pasted::Read(evidence) = pasted else { return Html::default() };
    let was_jwt = matches!(evidence, Evidence::Token(it) if it.header.is_some());
    let issued = matches!(evidence, Evidence::Token(it) if it.seconds("iat").is_some());
    let forget = view.dispatch.act_then_focus(Action::ChooseSample(SampleKind::Meant(0)), "token-source");
    html! {
        <div class="pasted">
            <p class="note">
                { if was_jwt { words::SIGNATURE_DROPPED } else { words::NO_SIGNATURE } }{ " " }
                <button type="button" class="link" onclick={forget}>{ words::FORGET }</button>
            </p>
            if issued { { as_of(evidence, view) } }
        </div>
    }
}

fn as_of(evidence: &Evidence, view: &View<'_>) -> Html {
    let model = view.model;
    let when = moment(judged_at(evidence, AsOf::Issued, model.now), model.now);
    let choice = |as_of: AsOf, label: AttrValue| {
        html! {
            <label class="check">
                <input type="radio" name="as-of" checked={model.as_of == as_of} onchange={view.dispatch.switch(Action::Judge(as_of))} />
                <span>{ label }</span>
            </label>
        }
    };
    html! {
        <fieldset class="asof">
            <legend class="asof__legend">{ words::AS_OF }</legend>
            { choice(AsOf::Issued, words::fill(words::AS_OF_ISSUED, &[&when])) }
            { choice(AsOf::Now, AttrValue::Static(words::AS_OF_NOW)) }
            if has_expired_since(evidence, model.as_of, model.now) { <p class="note">{ words::EXPIRED_SINCE }</p> }
        </fieldset>
    }
}
