//! What AWS answers: the way of the token, the answer in AWS's words, the reason, and the two sides laid next to each other.

use yew::prelude::*;

use super::policy::jump;
use crate::gitlab::Component;
use crate::pattern::Piece;
use crate::playground::{Look, Seen, Stopper};
use crate::time::duration;
use crate::ui::app::View;
use crate::ui::components::{breakable, plain, prose, tint};
use crate::ui::words;
use crate::verdict::{Row, Stage, Verdict};

/// The verdict in short: for the title, the stamp, the line and the voice.
#[derive(Clone, PartialEq)]
pub(crate) struct Outcome {
    /// `allowed`, `denied`, `refused`, `depends` or `none`, for the style sheet.
    pub(crate) state: &'static str,
    pub(crate) word: &'static str,
    /// One sentence, with code in backticks.
    pub(crate) sentence: AttrValue,
    /// Where it ended.
    pub(crate) stage: Option<Stage>,
}

/// What came of a look, in short.
pub(crate) fn outcome(look: &Look) -> Outcome {
    let (state, word, sentence, stage) = match &look.seen {
        Seen::NoSample(why) => ("none", words::NO_TOKEN, words::fill(words::NO_SAMPLE, &[why]), None),
        Seen::Unreadable(it) => ("none", words::UNREADABLE, words::text(it.message.clone()), None),
        Seen::NoVerdict { message, .. } => ("none", words::NO_VERDICT, words::text(message.clone()), None),
        Seen::Verdict { verdict, .. } => {
            let why = match &verdict.failure {
                Some(it) => words::fill(stage_words(it.stage, &words::AT_STAGE), &[&it.why]),
                None if verdict.allowed.is_none() => depends_sentence(verdict),
                None if look.role.is_empty() => AttrValue::Static(words::FOR_OWN),
                None => words::fill(words::FOR_ROLE, &[&look.role]),
            };
            let (state, word) = match (verdict.allowed, verdict.stage) {
                (Some(true), _) => ("allowed", words::ALLOWED),
                (None, _) => ("depends", words::DEPENDS),
                (_, Stage::TrustPolicy) => ("denied", words::DENIED),
                _ => ("refused", words::REFUSED),
            };
            (state, word, why, Some(verdict.stage))
        }
    };
    Outcome { state, word, sentence, stage }
}

pub(super) fn stage_name(stage: Stage) -> &'static str {
    stage_words(stage, &words::STAGES)
}

fn stage_words(stage: Stage, words: &[&'static str; 6]) -> &'static str {
    Stage::CALL.iter().zip(words).find(|it| *it.0 == stage).map_or("", |it| it.1)
}

fn depends_sentence(verdict: &Verdict) -> AttrValue {
    let keys: Vec<String> = verdict.depends_on.iter().map(|it| format!("`{it}`")).collect();
    match (keys.as_slice(), verdict.unconfirmed.as_slice()) {
        (_, []) => words::fill(words::DEPENDS_SAYS, &[&keys.join(", ")]),
        ([], open) => words::fill(words::UNCONFIRMED_SAYS, &[&open.join("; ")]),
        (_, open) => words::fill(words::DEPENDS_AND_UNCONFIRMED_SAYS, &[&keys.join(", "), &open.join("; ")]),
    }
}

/// The six stages, and how far the token came.
pub(super) fn journey(verdict: &Verdict) -> Html {
    let state = |stage: Stage| {
        if verdict.allowed == Some(true) || stage < verdict.stage {
            ("passed", words::STAGE_PASSED)
        } else if stage == verdict.stage {
            if verdict.allowed.is_none() { ("open", words::STAGE_OPEN) } else { ("ended", words::STAGE_ENDED) }
        } else if verdict.also.iter().any(|it| it.stage == stage) {
            ("also", words::STAGE_ALSO)
        } else {
            ("todo", words::STAGE_TODO)
        }
    };
    html! {
        <ol class="journey" aria-label={words::JOURNEY}>
            { for Stage::CALL.iter().map(|stage| {
                let (state, words) = state(*stage);
                html! {
                    <li class="journey__stage" data-state={state}>
                        { stage_name(*stage) }<span class="hidden">{ ": " }{ words }</span>
                    </li>
                }
            }) }
        </ol>
    }
}

/// The answer and the reason.
pub(super) fn answer(view: &View<'_>, session: i64) -> Html {
    let (look, outcome) = (&*view.derived.look, view.outcome);
    match &look.seen {
        Seen::NoSample(why) => said("none", words::NO_TOKEN, &words::fill(words::NO_SAMPLE, &[why])),
        Seen::Unreadable(it) => html! {
            <>
                { said("none", words::NOT_A_TOKEN, &it.message) }
                if !it.help.is_empty() { <p class="why">{ prose(&it.help) }</p> }
            </>
        },
        Seen::NoVerdict { message, .. } => said("none", words::NO_VERDICT_ANSWER, message),
        Seen::Verdict { verdict, stopper, evidence, .. } => html! {
            <>
                { journey(verdict) }
                { of_verdict(look, verdict, outcome.state, session) }
                if let Some(it) = view.derived.target.against(evidence, verdict) { <p class="note">{ sentence(&it) }</p> }
                if let Some(stopper) = stopper.as_deref().filter(|_| verdict.stage == Stage::TrustPolicy) { { comparison(stopper) } }
                { also(verdict) }
                { refused_by_iam(view, verdict) }
            </>
        },
    }
}

fn said(state: &'static str, code: &str, message: &str) -> Html {
    html! {
        <div class="answer" data-state={state}>
            <strong class="answer__code">{ plain(code) }</strong>
            <span class="answer__message">{ prose(message) }</span>
        </div>
    }
}

fn of_verdict(look: &Look, verdict: &Verdict, state: &'static str, session: i64) -> Html {
    match (&verdict.failure, verdict.allowed) {
        (Some(failure), _) => {
            let message =
                if failure.error.message.is_empty() { words::NO_MESSAGE } else { failure.error.message.as_str() };
            html! { <>{ said(state, failure.error.code, message) }<p class="why">{ sentence(&failure.why) }</p></> }
        }
        (None, None) => said(state, words::DEPENDS_ANSWER, &depends_sentence(verdict)),
        (None, _) => {
            let says = match look.role.as_str() {
                "" => words::fill(words::ALLOWED_UNNAMED, &[&duration(session)]),
                role => words::fill(words::ALLOWED_SAYS, &[role, &duration(session)]),
            };
            let by = verdict.statements.iter().find(|it| it.matched == Some(true));
            let why = by.map(|it| words::fill(words::ALLOWED_WHY, &[&(it.index + 1).to_string()]));
            html! { <>{ said(state, words::ALLOWED_ANSWER, &says) }<p class="why">{ sentence(&why.unwrap_or_default()) }</p></> }
        }
    }
}

/// The engine's words as a sentence: with a capital and a full stop.
pub(super) fn sentence(text: &str) -> Html {
    let mut rest = text.chars();
    let first = rest.next().map(|it| it.to_ascii_uppercase().to_string());
    prose(&format!("{}{}.", first.unwrap_or_default(), rest.as_str()))
}

/// Wanted and came, row by row.
fn comparison(stopper: &Stopper) -> Html {
    let whole = |text: &str| vec![Piece { text: text.to_owned(), agrees: false }];
    let (key, rows, of) = match (&stopper.condition, &stopper.layout) {
        (Some(condition), Some(layout)) => (condition.key.as_str(), layout.rows.clone(), layout.of),
        (Some(_), None) => return Html::default(),
        (None, _) if stopper.statement.principal.matched != Some(false) => return Html::default(),
        (None, _) => {
            let principal = &stopper.statement.principal;
            let wanted = principal.wanted.first().map(|it| whole(it)).unwrap_or_default();
            let came = principal.actual.as_deref().map(whole).unwrap_or_default();
            (words::PRINCIPAL, vec![Row { component: None, wanted, came, agrees: false }], 1)
        }
    };
    html! {
        <>
            <table class="compare">
                <caption class="hidden">{ words::COMPARED }</caption>
                <thead>
                    <tr>
                        <th scope="col"><code>{ breakable(key) }</code></th>
                        <th scope="col">{ words::fill(words::WANTED_LINE, &[&stopper.line.to_string()]) }</th>
                        <th scope="col">{ words::CAME }</th>
                        <th scope="col"><span class="hidden">{ words::AGREES }</span></th>
                    </tr>
                </thead>
                <tbody>{ for rows.iter().map(compared) }</tbody>
            </table>
            if of > 1 { <p class="note">{ words::fill(words::NEAREST, &[&of.to_string()]) }</p> }
        </>
    }
}

fn compared(row: &Row) -> Html {
    let (sign, words) = if row.agrees { ("✓", words::AGREES) } else { ("✕", words::DIFFERS) };
    let state = if row.agrees { "agrees" } else { "differs" };
    let name = row.component.map_or(words::WHOLE_VALUE, Component::as_str);
    html! {
        <tr class="compare__row" data-state={state}>
            <th scope="row">{ name }</th>
            <td data-label={words::WANTED}>{ side(row.component, &row.wanted) }</td>
            <td data-label={words::CAME}>{ side(row.component, &row.came) }</td>
            <td class="compare__sign"><span aria-hidden="true">{ sign }</span><span class="hidden">{ words }</span></td>
        </tr>
    }
}

fn side(component: Option<Component>, pieces: &[Piece]) -> Html {
    if pieces.is_empty() {
        return html! { <span class="compare__nothing">{ words::NOTHING }</span> };
    }
    let pieces = pieces.iter().map(|it| {
        if it.agrees {
            breakable(&it.text)
        } else {
            html! { <mark class="compare__bad">{ breakable(&it.text) }</mark> }
        }
    });
    html! { <span class="tint" data-look={component.map_or("other", tint)}>{ for pieces }</span> }
}

fn also(verdict: &Verdict) -> Html {
    if verdict.also.is_empty() {
        return Html::default();
    }
    html! {
        <div class="also">
            <h3 class="also__head">{ words::ALSO }</h3>
            <ul class="also__list">
                { for verdict.also.iter().map(|it| html! {
                    <li><strong>{ stage_name(it.stage) }{ ": " }{ it.error.code }</strong>{ " " }{ prose(&it.why) }</li>
                }) }
            </ul>
            <p class="note">{ words::ORDER_UNCONFIRMED }</p>
        </div>
    }
}

fn refused_by_iam(view: &View<'_>, verdict: &Verdict) -> Html {
    if verdict.refused_by_iam.is_empty() {
        return Html::default();
    }
    let is_stale = view.model.editor.own().is_some_and(|it| it.is_stale());
    html! {
        <div class="also">
            <h3 class="also__head">{ words::IAM_REFUSES }</h3>
            <ul class="also__list">{ for verdict.refused_by_iam.iter().map(|it| html! {
                <li>
                    if !is_stale { { jump(view, it.span) }{ ": " } }
                    { prose(&it.message) }
                </li>
            }) }</ul>
        </div>
    }
}
