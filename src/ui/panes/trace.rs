//! Every statement of the policy, evaluated: what was wanted, what came, and the rule that decided.

use yew::prelude::*;

use crate::playground::Seen;
use crate::text::Span;
use crate::ui::app::View;
use crate::ui::components::{breakable, prose};
use crate::ui::words;
use crate::verdict::{ConditionTrace, KeyState, StatementTrace};

pub(super) fn trace(view: &View<'_>) -> Html {
    let Seen::Verdict { verdict, .. } = &view.derived.look.seen else { return Html::default() };
    if verdict.statements.is_empty() {
        return Html::default();
    }
    // The one that decided, or came nearest, is open.
    let decided = verdict.statements.iter().find(|it| verdict.allowed == Some(true) && it.matched == Some(true));
    let nearest = decided.or(verdict.stopper().map(|it| it.0)).map_or(0, |it| it.index);
    html! {
        <div class="also">
            <h3 class="also__head">{ words::TRACE }</h3>
            { for verdict.statements.iter().map(|it| statement(view, it, it.index == nearest)) }
        </div>
    }
}

/// Whether something applies: sign, word and state.
fn answer(matched: Option<bool>, words: &[&'static str; 3]) -> (&'static str, &'static str, &'static str) {
    let [yes, no, open] = *words;
    match matched {
        Some(true) => ("✓", yes, "agrees"),
        Some(false) => ("✕", no, "differs"),
        None => ("?", open, "open"),
    }
}

fn statement(view: &View<'_>, it: &StatementTrace, is_open: bool) -> Html {
    let (sign, word, state) = answer(it.matched, &words::APPLIES);
    let name = words::fill(words::STATEMENT, &[&(it.index + 1).to_string(), it.effect.as_str()]);
    let sid = it.sid.as_ref().map(|it| html! { <>{ " " }<code class="trace__sid">{ breakable(it) }</code></> });
    let principal = &it.principal;
    html! {
        <details class="trace" open={is_open}>
            <summary class="trace__head" data-state={state}>
                <span aria-hidden="true">{ sign }{ " " }</span>{ name }{ for sid }{ ": " }{ word }
            </summary>
            <ul>
                { row(view, Row {
                    name: words::PRINCIPAL.to_owned(),
                    span: principal.span,
                    wanted: principal.wanted.iter().map(String::as_str).collect(),
                    came: match &principal.actual { Some(it) => breakable(it), None => words::NOT_KNOWN.into() },
                    matched: principal.matched,
                    why: "",
                }) }
                { row(view, Row {
                    name: words::ACTION.to_owned(),
                    span: None,
                    wanted: Vec::new(),
                    came: breakable(words::CALL),
                    matched: it.action_matched,
                    why: "",
                }) }
                { for it.conditions.iter().map(|it| condition(view, it)) }
            </ul>
        </details>
    }
}

struct Row<'r> {
    name: String,
    span: Option<Span>,
    wanted: Vec<&'r str>,
    came: Html,
    matched: Option<bool>,
    why: &'r str,
}

fn condition(view: &View<'_>, it: &ConditionTrace) -> Html {
    let came = match &it.actual {
        KeyState::Known(values) if values.is_empty() => words::NOTHING.into(),
        KeyState::Known(values) => list(values.iter().map(String::as_str)),
        KeyState::Absent(_) => words::NOTHING.into(),
        KeyState::Unknown(_) => words::NOT_KNOWN.into(),
    };
    row(
        view,
        Row {
            name: format!("{} `{}`", it.operator, it.key),
            span: Some(it.key_span),
            wanted: it.wanted.iter().map(|it| it.0.as_str()).collect(),
            came,
            matched: it.matched,
            why: &it.why,
        },
    )
}

fn row(view: &View<'_>, it: Row<'_>) -> Html {
    let (sign, word, state) = answer(it.matched, &words::AGREEING);
    // What is being typed cannot be read: the places are those of an older text.
    let is_stale = view.model.editor.own().is_some_and(|it| it.is_stale());
    let span = it.span.filter(|_| !is_stale);
    html! {
        <li class="trace__row" data-state={state}>
            <p class="trace__name">
                <span class="trace__sign" aria-hidden="true">{ sign }</span><span class="hidden">{ word }{ ": " }</span>
                { prose(&it.name) }
                if let Some(span) = span { { " " }{ super::policy::jump(view, span) } }
            </p>
            <dl class="claims">
                if !it.wanted.is_empty() { <dt>{ words::WANTED }</dt><dd>{ list(it.wanted.into_iter()) }</dd> }
                <dt>{ words::CAME }</dt><dd>{ it.came }</dd>
            </dl>
            if !it.why.is_empty() { <p class="trace__why">{ prose(it.why) }</p> }
        </li>
    }
}

/// Values, one a line.
fn list<'v>(values: impl Iterator<Item = &'v str>) -> Html {
    values.map(|it| html! { <span class="trace__value">{ breakable(it) }</span> }).collect()
}
