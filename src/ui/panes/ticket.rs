//! The token as a ticket: what AWS looks at above the perforation, the rest on the stub, the verdict stamped on it.

use yew::prelude::*;

use crate::document::json::{Node, Value};
use crate::gitlab::token::Token;
use crate::time::duration;
use crate::ui::app::View;
use crate::ui::browser::moment;
use crate::ui::components::{breakable, plain, subject};
use crate::ui::store::Event;
use crate::ui::words;
use crate::verdict::{Evidence, Record};

/// The claims above the perforation, and those on the stub.
const BODY: [&str; 3] = ["iss", "aud", "sub"];
const STUB: [&str; 3] = ["project_id", "ref_protected", "pipeline_source"];

pub(super) fn ticket(evidence: &Evidence, view: &View<'_>) -> Html {
    let outcome = view.outcome;
    let (body, stub) = match evidence {
        Evidence::Token(token) => (claims(token, &BODY, view.model.now), token_stub(token, view)),
        Evidence::Record(record) => record_parts(record),
    };
    html! {
        <article class="ticket" aria-label={words::TOKEN} data-state={outcome.state} translate="no">
            <div class="ticket__body"><dl class="claims">{ body }</dl></div>
            <p class="ticket__stamp"><span class="hidden">{ words::VERDICT }</span>{ outcome.word }</p>
            <div class="ticket__stub">{ stub }</div>
        </article>
    }
}

fn claims(token: &Token, names: &[&'static str], now: i64) -> Html {
    names.iter().filter_map(|name| Some(row(name, claim(name, token.claim(name)?, now)))).collect()
}

fn row(name: &str, value: Html) -> Html {
    html! { <><dt>{ plain(name) }</dt><dd>{ value }</dd></> }
}

fn token_stub(token: &Token, view: &View<'_>) -> Html {
    let (now, is_open) = (view.model.now, view.store.is_open);
    let all = token.claims.as_object().unwrap_or_default();
    let is_shown = |name: &str| BODY.contains(&name) || STUB.contains(&name);
    let more = all.iter().filter(|it| !is_shown(&it.key)).count();
    let expires = token.seconds("exp").map(|exp| {
        let left = exp.saturating_sub(now);
        let template = if left > 0 { words::EXPIRES_IN } else { words::EXPIRED_AGO };
        row(words::EXPIRES, words::fill(template, &[&duration(left)]).into())
    });
    html! {
        <>
            <dl class="claims">{ claims(token, &STUB, now) }{ for expires }</dl>
            <button
                type="button" class="link" aria-expanded={if is_open { "true" } else { "false" }}
                onclick={view.dispatch.press(Event::OpenClaims(!is_open))}
            >{ words::fill(if is_open { words::FEWER_CLAIMS } else { words::MORE_CLAIMS }, &[&more.to_string()]) }</button>
            if is_open {
                <dl class="claims" aria-label={words::ALL_CLAIMS}>
                    { for all.iter().filter(|it| !is_shown(&it.key)).map(|it| row(&it.key, claim(&it.key, &it.value, now))) }
                </dl>
            }
        </>
    }
}

/// A claim's value as it is written, times in words beside it.
fn claim(name: &str, node: &Node, now: i64) -> Html {
    match &node.value {
        Value::String(it) if name == "sub" => subject(it),
        Value::String(it) => breakable(it),
        Value::Number(it) if matches!(name, "iat" | "nbf" | "exp") => match it.parse() {
            Ok(seconds) => html! { <>{ it }<span class="claims__aside">{ " " }{ moment(seconds, now) }</span></> },
            Err(_) => breakable(it),
        },
        Value::Number(it) => breakable(it),
        _ => breakable(&crate::print::json::compact(node)),
    }
}

fn record_parts(record: &Record) -> (Html, Html) {
    let audience = record.audience.as_ref().map(|it| row("aud", breakable(it)));
    let account = record.account.as_ref().map(|it| row(words::ACCOUNT, breakable(it.as_str())));
    let first = || row(words::RECORD_CALL, words::fill(words::RECORD_FIRST, &[&record.of.to_string()]).into());
    let call = (record.of > 1).then(first);
    let outcome = if record.allowed { words::RECORD_ALLOWED } else { words::RECORD_DENIED };
    let body = html! { <>{ row("iss", breakable(&record.issuer)) }{ for audience }{ row("sub", subject(&record.subject)) }</> };
    let stub =
        html! { <dl class="claims">{ for account }{ for call }{ row(words::RECORD_OUTCOME, outcome.into()) }</dl> };
    (body, stub)
}
