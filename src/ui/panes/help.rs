//! Help, a view of its own in the place of the columns: four drawings, made of this setup and of the engine's tables, and the keys of the
//! editor.
//!
//! Each drawing is a real list or table, so that it can be read aloud. What it says stands in `words`.

use yew::prelude::*;

use crate::aws::keys::{BEFORE_POLICY, EVERY_PROVIDER, claims_of};
use crate::gitlab::job::CLAIMS;
use crate::gitlab::{Component, segments};
use crate::setup::{Role, Setup};
use crate::time::duration;
use crate::ui::app::View;
use crate::ui::components::{breakable, prose, subject, tint};
use crate::ui::store::Event;
use crate::ui::words;

pub(crate) fn help(view: &View<'_>) -> Html {
    let setup = &view.model.setup;
    let Some(role) = setup.roles().get(view.model.role_in_setup()) else { return Html::default() };
    let issuer = setup.gitlab().issuer.to_string();
    let keys = claims_of(&issuer).count().to_string();
    let counted: [&str; 3] = [&CLAIMS.len().to_string(), &keys, &issuer];
    let drawings = [
        (flow(setup, role, &issuer), [].as_slice()),
        (anatomy(role), &[role.name.as_str()]),
        (seen(&issuer, setup.gitlab().issuer.key_prefix()), &counted),
        (lanes(), &[]),
    ];
    html! {
        <main class="help" id="help" tabindex="0" aria-labelledby="help-head">
            <div class="help__head">
                <h2 class="help__title" id="help-head">{ words::HELP }</h2>
                <button type="button" class="button" onclick={view.dispatch.press(Event::ShowHelp(false))}>{ words::HELP_BACK }</button>
            </div>
            { for words::HELP_PARTS.iter().zip(drawings).map(|((head, above, below), (drawing, own))| html! {
                <section class="help__part">
                    <h3 class="help__part-head">{ prose(head) }</h3>
                    <p class="help__says">{ prose(&words::fill(above, own)) }</p>
                    { drawing }
                    <p class="help__says">{ prose(below) }</p>
                </section>
            }) }
            <section class="help__part">
                <h3 class="help__part-head">{ words::HELP_OWN.0 }</h3>
                { for words::HELP_OWN.1.iter().map(|it| html! { <p class="help__says">{ prose(it) }</p> }) }
            </section>
        </main>
    }
}

/// A drawing along a line: what stands at each place, and under it what it is.
fn stations(look: &'static str, all: impl Iterator<Item = (&'static str, Html, AttrValue)>) -> Html {
    html! {
        <ol class="stations" data-look={look}>
            { for all.map(|(above, title, says)| html! {
                <li class="stations__station">
                    <span class="stations__above">{ above }</span>
                    <strong class="stations__title">{ title }</strong>
                    <span class="stations__says">{ prose(&says) }</span>
                </li>
            }) }
        </ol>
    }
}

/// From the job to its credentials.
fn flow(setup: &Setup, role: &Role, issuer: &str) -> Html {
    let longest = duration(i64::from(role.max_session_seconds));
    let own = ["", role.name.as_str(), issuer, "", setup.gitlab().audience.as_str(), "", &longest];
    stations(
        "flow",
        words::HELP_FLOW
            .iter()
            .zip(own)
            .map(|((by, title, says), own)| (*by, (*title).into(), words::fill(says, &[own]))),
    )
}

/// The `sub` of the role's first scope: whole, then segment by segment.
fn anatomy(role: &Role) -> Html {
    let whole = role.scopes.first().and_then(|it| it.subjects().into_iter().next()).unwrap_or_default();
    let parts = segments(&whole).unwrap_or_default().into_iter().map(|part| {
        let value = html! { <span class="tint" data-look={tint(part.component)}>{ breakable(part.value) }</span> };
        let says = match part.component {
            Component::ProjectPath => words::HELP_PROJECT_PATH,
            Component::ProjectId => words::HELP_PROJECT_ID,
            Component::RefType => words::HELP_REF_TYPE,
            Component::Ref => words::HELP_REF,
            _ => words::HELP_COMPONENT,
        };
        let wild = if part.value.contains(['*', '?']) { words::HELP_WILDCARD } else { "" };
        (part.component.as_str(), value, words::text(format!("{says}{wild}")))
    });
    html! { <><p class="help__sub" translate="no">{ subject(&whole) }</p>{ stations("anatomy", parts) }</> }
}

/// What AWS makes of each claim of a token.
fn seen(issuer: &str, prefix: &str) -> Html {
    let is_key = |claim: &str| claims_of(issuer).any(|it| it == claim);
    let is_in = |row: usize, claim: &str| match row {
        0 => BEFORE_POLICY.contains(&claim),
        1 => EVERY_PROVIDER.contains(&claim),
        2 => is_key(claim) && !EVERY_PROVIDER.contains(&claim),
        _ => !is_key(claim) && !BEFORE_POLICY.contains(&claim),
    };
    let rows = words::HELP_SEEN.iter().enumerate().map(|(row, (state, says, known))| {
        let mut claims = CLAIMS.iter().filter(|it| is_in(row, it)).peekable();
        claims.peek()?;
        let claims = claims.map(|it| {
            let name = if row == 1 || row == 2 { format!("{prefix}:{it}") } else { (*it).to_owned() };
            html! { <li><code class="seen__claim">{ breakable(&name) }</code></li> }
        });
        Some(html! {
            <tr data-state={*state}>
                <th scope="row"><strong>{ prose(says) }</strong><span class="seen__known">{ prose(known) }</span></th>
                <td><ul class="seen__claims">{ for claims }</ul></td>
            </tr>
        })
    });
    html! { <table class="seen" aria-label={words::HELP_SEEN_NAME}><tbody>{ for rows.flatten() }</tbody></table> }
}

/// Who gets where: with one role for everything, and with one for each environment.
fn lanes() -> Html {
    let lanes = words::HELP_LANES.iter().map(|(head, from, state, to)| {
        let (sign, says) = if *state == "denied" { ("✕", words::CELL_DENIED) } else { ("✓", words::CELL_ALLOWED) };
        html! {
            <>
                if !head.is_empty() { <li class="lanes__head">{ *head }</li> }
                <li class="lanes__lane" data-state={*state}>
                    <span class="lanes__end">{ prose(from) }</span>
                    <span class="lanes__way"><span class="lanes__sign" aria-hidden="true">{ sign }</span><span class="hidden">{ says }</span></span>
                    <span class="lanes__end">{ prose(to) }</span>
                </li>
            </>
        }
    });
    html! { <ul class="lanes">{ for lanes }</ul> }
}
