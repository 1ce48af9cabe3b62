//! The findings of the person's own policy: one card each, worst first, with the place, the proof and the way out.

use std::collections::HashMap;
use std::rc::Rc;

use yew::prelude::*;

use crate::lint::{Finding, Severity};
use crate::playground::{Action, Edit, Line, explanation, is_mendable};
use crate::print::json::compact;
use crate::text::position;
use crate::ui::app::View;
use crate::ui::components::prose;
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::words;

pub(super) fn findings(view: &View<'_>) -> Html {
    let Some(own) = view.model.editor.own().filter(|it| it.good.is_some()) else { return Html::default() };
    let all = &view.derived.review;
    let is_stale = own.is_stale();
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    let cards = all.iter().enumerate().map(|(at, it)| {
        let line = (it.file == 0 && !is_stale).then(|| position(&own.text, it.span.start).line);
        let count = seen.entry((it.rule.id.as_str(), &it.message)).or_default();
        *count += 1;
        let key = format!("{count} {} {}", it.rule.id.as_str(), it.message);
        html! { <Card {key} all={Shared::from(all)} {at} {line} {is_stale} dispatch={view.dispatch.clone()} /> }
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
    /// Its line; none where it stands in no text on the page.
    line: Option<usize>,
    /// Whether the text is another by now.
    is_stale: bool,
    dispatch: Dispatch,
}

/// A card is drawn again where its own finding is another.
impl PartialEq for CardProps {
    fn eq(&self, other: &Self) -> bool {
        (self.line, self.is_stale) == (other.line, other.is_stale) && self.all.get(self.at) == other.all.get(other.at)
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
                if let Some(line) = props.line {
                    <button type="button" class="link" onclick={dispatch.press(Event::Edit(Edit::select(finding.span)))}>
                        { words::fill(words::LINE, &[&line.to_string()]) }
                    </button>
                }
            </p>
            <p class="finding__message">{ prose(&finding.message) }</p>
            if !finding.help.is_empty() { <p class="finding__help">{ prose(&finding.help) }</p> }
            { for finding.related.iter().map(|it| html! { <p class="finding__help">{ prose(&it.note) }</p> }) }
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
