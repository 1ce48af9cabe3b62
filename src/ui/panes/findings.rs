//! The findings of the person's own policy: one card each, worst first, with the place, the proof and the way out.

use std::collections::HashMap;
use std::rc::Rc;

use yew::prelude::*;

use crate::lint::{Finding, Severity};
use crate::playground::{Action, Edit, Line, Places, Whereabouts, explanation, is_mendable};
use crate::print::json::compact;
use crate::text::Span;
use crate::ui::app::View;
use crate::ui::components::{breakable, prose};
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::words;

pub(super) fn findings(view: &View<'_>) -> Html {
    let Some(own) = view.model.editor.own().filter(|it| it.good.is_some()) else { return Html::default() };
    let all = &view.derived.review;
    let is_stale = own.is_stale();
    let places_of = Places::of(&own.text, &view.model.beside);
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    let cards = all.iter().enumerate().map(|(at, it)| {
        let others = it.related.iter().map(|it| (it.file, it.span));
        let places = std::iter::once((it.file, it.span)).chain(others).map(|it| places_of.whereabouts(it.0, it.1));
        // A message may hold a number that each press changes; the card stays.
        let count = seen.entry((it.rule.id.as_str(), &it.path)).or_default();
        *count += 1;
        let key = format!("{count} {} {}", it.rule.id.as_str(), it.path);
        html! { <Card {key} all={Shared::from(all)} {at} places={places.collect::<Vec<_>>()} {is_stale} dispatch={view.dispatch.clone()} /> }
    });
    html! {
        <section class="findings" aria-label={words::FINDINGS}>
            <h3 class="also__head">{ words::FINDINGS }{ " " }<span class="findings__count">{ words::number(all.len()) }</span></h3>
            if all.is_empty() { <p class="note">{ words::NO_FINDINGS }</p> }
            <ol class="findings__list">{ for cards }</ol>
        </section>
    }
}

#[derive(Properties)]
struct CardProps {
    all: Shared<Vec<Finding>>,
    at: usize,
    /// Where it stands, then where what it does not agree with does.
    places: Vec<Whereabouts>,
    /// Whether the text is another by now.
    is_stale: bool,
    dispatch: Dispatch,
}

/// A card is drawn again where its own finding is another.
impl PartialEq for CardProps {
    fn eq(&self, other: &Self) -> bool {
        (&self.places, self.is_stale) == (&other.places, other.is_stale)
            && self.all.get(self.at) == other.all.get(other.at)
    }
}

#[component]
fn Card(props: &CardProps) -> Html {
    let is_open = use_state_eq(|| false);
    let Some(finding) = props.all.get(props.at) else { return Html::default() };
    let dispatch = &props.dispatch;
    let severity = finding.rule.severity;
    let toggle = {
        let is_open = is_open.clone();
        move |_: MouseEvent| is_open.set(!*is_open)
    };
    let witness = finding.witness.as_ref().map(|it| {
        let token = compact(it.token());
        let dispatch = dispatch.clone();
        let onclick = move |_: MouseEvent| {
            dispatch.send(Event::Do(Action::Paste(token.clone())));
            dispatch.send(Event::ShowCheck);
        };
        html! { <button type="button" class="link" {onclick}>{ words::SEE_WITNESS }</button> }
    });
    let fix = finding.fix.as_ref().filter(|_| !props.is_stale && is_mendable(finding)).map(|fix| {
        let onclick = dispatch.press(Event::Fix(Rc::new(fix.clone())));
        html! { <button type="button" class="button" {onclick}>{ prose(&words::fill(words::FIX, &[&fix.title])) }</button> }
    });
    html! {
        <li class="finding" data-severity={severity.as_str()}>
            <p class="finding__head">
                <span class="finding__badge"><span aria-hidden="true">{ sign(severity) }{ " " }</span>{ severity.as_str() }</span>
                { for props.places.first().map(|it| place(props, it, finding.span)) }
            </p>
            <p class="finding__message">{ prose(&finding.message) }</p>
            if !finding.help.is_empty() { <p class="finding__help">{ prose(&finding.help) }</p> }
            { for finding.related.iter().zip(props.places.iter().skip(1)).map(|(it, at)| html! {
                <p class="finding__help">{ prose(&it.note) }{ " " }{ place(props, at, it.span) }</p>
            }) }
            <p class="finding__acts">
                { for fix }
                { for witness }
                <button type="button" class="link" aria-expanded={if *is_open { "true" } else { "false" }} onclick={toggle}>
                    { words::EXPLAIN }<span class="hidden">{ " " }{ finding.rule.id.as_str() }</span>
                </button>
            </p>
            if *is_open {
                <div class="finding__why">
                    { for explanation(finding).map(|it| match it {
                        Line::Heading(text) => html! { <h4>{ text }</h4> },
                        Line::Text(text) => html! { <p>{ prose(text) }</p> },
                        // In a tab of its own: a policy that is typed here is in this page's memory alone.
                        Line::Reference(name, url) => html! { <p><a class="link" href={url} target="_blank" rel="noreferrer">{ name }</a></p> },
                    }) }
                    <p class="finding__rule"><code>{ finding.rule.id.as_str() }</code></p>
                </div>
            }
        </li>
    }
}

/// A line of the person's text, which leads to it, or of another file, which is said.
fn place(props: &CardProps, at: &Whereabouts, span: Span) -> Html {
    let line = at.line.map(|it| words::fill(words::LINE, &[&it.to_string()]));
    match &at.file {
        None if props.is_stale => Html::default(),
        None => html! {
            <button type="button" class="link" onclick={props.dispatch.press(Event::Edit(Edit::select(span)))}>{ for line }</button>
        },
        Some(name) => {
            html! { <span><code>{ breakable(name) }</code>{ for line.map(|it| html! { <>{ ", " }{ it }</> }) }</span> }
        }
    }
}

/// What stands beside the word, for those who see no colour.
fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "⬣",
        Severity::High => "▲",
        Severity::Medium => "◆",
        Severity::Low => "●",
        Severity::Info => "i",
    }
}
