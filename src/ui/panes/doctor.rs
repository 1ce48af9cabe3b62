//! What a job's log said: each error that is known, where it arises, and its causes, the one that it is first.
//!
//! A log is read once and not kept. A verdict is held beside it only where the person brought the token of the job.

use yew::prelude::*;

use super::answer::{sentence, stage_name};
use crate::doctor::{Beside, Complaint, Holds, Judged, Sure, diagnose};
use crate::playground::{Action, AsOf, Chosen, Seen};
use crate::ui::app::View;
use crate::ui::components::prose;
use crate::ui::words;

pub(super) fn doctor(view: &View<'_>) -> Html {
    if view.model.complaints.is_empty() {
        return Html::default();
    }
    let circumstances = view.derived.target.circumstances(view.model.now, &[]);
    let beside = match (&view.model.token, &view.derived.look.seen) {
        (Chosen::Pasted(_), Seen::Verdict { verdict, evidence, .. }) => {
            let is_time_assumed = view.model.as_of == AsOf::Issued;
            Some(Beside { verdict, evidence, circumstances: &circumstances, is_time_assumed })
        }
        _ => None,
    };
    let forget = view.dispatch.act_then_focus(Action::ForgetLog, "token-source");
    html! {
        <section class="doctor" aria-label={words::LOG_SAYS}>
            <h3 class="also__head">{ words::LOG_SAYS }</h3>
            { for view.model.complaints.iter().map(|it| complaint(it, beside)) }
            if beside.is_none() { <p class="note">{ words::LOG_ALONE }</p> }
            <p class="note">
                { words::LOG_NOT_KEPT }{ " " }
                <button type="button" class="link" onclick={forget}>{ words::FORGET }</button>
            </p>
        </section>
    }
}

fn complaint(it: &Complaint, beside: Option<Beside<'_>>) -> Html {
    let (known, code) = (it.known, it.code_before());
    let diagnosis = diagnose(it, beside);
    let stages: Vec<&str> = known.stages.iter().map(|it| stage_name(*it)).collect();
    html! {
        <>
            <p class="doctor__error">
                if !code.is_empty() { <strong>{ code }</strong>{ " " } }
                <span>{ it.message() }</span>
            </p>
            <p class="why">{ prose(&words::fill(words::SAID_BY, &[known.speaker.words(), known.says])) }</p>
            if !stages.is_empty() { <p class="note">{ words::fill(words::ARISES_AT, &[&stages.join(", ")]) }</p> }
            if let Some(compared) = &diagnosis.compared { <p class="why">{ prose(&words::fill(words::COMPARED_WITH, &[compared])) }</p> }
            <ul class="doctor__causes">{ for diagnosis.causes.iter().map(cause) }</ul>
        </>
    }
}

fn cause(it: &Judged) -> Html {
    let (state, sign, word) = match it.holds {
        Holds::Yes => ("yes", "✓", words::CAUSE_YES),
        Holds::No => ("no", "✕", words::CAUSE_NO),
        Holds::Open => ("open", "?", words::CAUSE_OPEN),
    };
    let remedy = words::fill(words::WHAT_TO_DO, &[it.cause.remedy]);
    html! {
        <li class="doctor__cause" data-state={state}>
            <span class="doctor__sign" aria-hidden="true">{ sign }</span>
            <div>
                <p><span class="hidden">{ word }{ ": " }</span>{ sentence(it.cause.what) }</p>
                if !it.why.is_empty() { <p class="why">{ sentence(&it.why) }</p> }
                if it.holds != Holds::No { <p class="note">{ prose(&remedy) }</p> }
                if it.cause.sure == Sure::Unconfirmed { <p class="note">{ words::NOT_CONFIRMED }</p> }
            </div>
        </li>
    }
}
