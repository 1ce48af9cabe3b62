//! Every statement of the policy, evaluated: what was wanted, what came, and the rule that decided.

use yew::prelude::*;

use crate::playground::{Edit, Look, Seen};
use crate::text::{Breaks, Span};
use crate::ui::app::View;
use crate::ui::components::{breakable, prose};
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::words;
use crate::verdict::{ConditionTrace, KeyState, StatementTrace};

pub(super) fn trace(view: &View<'_>) -> Html {
    let (look, target) = &view.derived.traced;
    let Seen::Verdict { verdict, .. } = &look.seen else { return Html::default() };
    if verdict.statements.is_empty() {
        return Html::default();
    }
    // The one that decided, or came nearest, is open.
    let decided = verdict.statements.iter().find(|it| verdict.allowed == Some(true) && it.matched == Some(true));
    let nearest = decided.or(verdict.stopper().map(|it| it.0)).map_or(0, |it| it.index);
    // What is being typed cannot be read: the places are those of an older text.
    let is_stale = view.model.editor.own().is_some_and(|it| it.is_stale());
    let breaks = Breaks::of(&target.text);
    html! {
        <div class="also">
            <h3 class="also__head">{ words::TRACE }</h3>
            { for verdict.statements.iter().map(|it| {
                let lines = if is_stale { Vec::new() } else { places(it).map(|it| breaks.line(it.start)).collect() };
                html! {
                    <Statement
                        key={it.index} look={Shared::from(look)} at={it.index} {lines}
                        is_nearest={it.index == nearest} dispatch={view.dispatch.clone()}
                    />
                }
            }) }
        </div>
    }
}

/// What can be led to: the principals, then the keys of the conditions.
fn places(it: &StatementTrace) -> impl Iterator<Item = Span> {
    std::iter::once(it.principal.span.unwrap_or(it.span)).chain(it.conditions.iter().map(|it| it.key_span))
}

#[derive(Properties)]
struct StatementProps {
    look: Shared<Look>,
    /// Which statement it is.
    at: usize,
    /// The lines of its places; none where the text is another by now.
    lines: Vec<usize>,
    /// Whether it is the one that decided, or came nearest.
    is_nearest: bool,
    dispatch: Dispatch,
}

impl StatementProps {
    fn trace(&self) -> Option<&StatementTrace> {
        match &self.look.seen {
            Seen::Verdict { verdict, .. } => verdict.statements.iter().find(|it| it.index == self.at),
            _ => None,
        }
    }
}

/// A statement is drawn again where its own trace is another.
impl PartialEq for StatementProps {
    fn eq(&self, other: &Self) -> bool {
        (&self.lines, self.is_nearest) == (&other.lines, other.is_nearest) && self.trace() == other.trace()
    }
}

/// A statement; what is in it is drawn once it is opened.
#[component]
fn Statement(props: &StatementProps) -> Html {
    let opened = use_state_eq(|| None::<bool>);
    let is_open = opened.unwrap_or(props.is_nearest);
    let toggle = {
        let opened = opened.clone();
        move |_: MouseEvent| opened.set(Some(!is_open))
    };
    let Some(it) = props.trace() else { return Html::default() };
    let (sign, word, state) = answer(it.matched, &words::APPLIES);
    let name = words::fill(words::STATEMENT, &[&(it.index + 1).to_string(), it.effect.as_str()]);
    let sid = it.sid.as_ref().map(|it| html! { <>{ " " }<code class="trace__sid">{ breakable(it) }</code></> });
    let mut jumps = places(it).zip(&props.lines).map(|(span, line)| {
        let onclick = props.dispatch.press(Event::Edit(Edit::select(span)));
        html! { <>{ " " }<button type="button" class="link" {onclick}>{ words::fill(words::LINE, &[&line.to_string()]) }</button></> }
    });
    html! {
        <div class="trace">
            <button type="button" class="trace__head" data-state={state} aria-expanded={if is_open { "true" } else { "false" }} onclick={toggle}>
                <span aria-hidden="true">{ sign }{ " " }</span>{ name }{ for sid }{ ": " }{ word }
            </button>
            if is_open {
                <ul>
                    { row(Row {
                        name: words::PRINCIPAL.to_owned(),
                        jump: jumps.next(),
                        wanted: it.principal.wanted.iter().map(String::as_str).collect(),
                        came: match &it.principal.actual { Some(it) => breakable(it), None => words::NOT_KNOWN.into() },
                        matched: it.principal.matched,
                        why: "",
                    }) }
                    { row(Row {
                        name: words::ACTION.to_owned(),
                        jump: None,
                        wanted: Vec::new(),
                        came: breakable(words::CALL),
                        matched: it.action_matched,
                        why: "",
                    }) }
                    { for it.conditions.iter().map(|it| condition(it, jumps.next())) }
                </ul>
            }
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

struct Row<'r> {
    name: String,
    jump: Option<Html>,
    wanted: Vec<&'r str>,
    came: Html,
    matched: Option<bool>,
    why: &'r str,
}

fn condition(it: &ConditionTrace, jump: Option<Html>) -> Html {
    let came = match &it.actual {
        KeyState::Known(values) if values.is_empty() => words::NOTHING.into(),
        KeyState::Known(values) => list(values.iter().map(String::as_str)),
        KeyState::Absent(_) => words::NOTHING.into(),
        KeyState::Unknown(..) => words::NOT_KNOWN.into(),
    };
    row(Row {
        name: format!("{} `{}`", it.operator, it.key),
        jump,
        wanted: it.wanted.iter().map(|it| it.0.as_str()).collect(),
        came,
        matched: it.matched,
        why: &it.why,
    })
}

fn row(it: Row<'_>) -> Html {
    let (sign, word, state) = answer(it.matched, &words::AGREEING);
    html! {
        <li class="trace__row" data-state={state}>
            <p class="trace__name">
                <span class="trace__sign" aria-hidden="true">{ sign }</span><span class="hidden">{ word }{ ": " }</span>
                { prose(&it.name) }
                { for it.jump }
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
