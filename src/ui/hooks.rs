//! What the page does beside drawing: the address, the title, the voice, the clock, the focus.

use gloo::events::EventListener;
use gloo::timers::callback::{Interval, Timeout};
use gloo::utils::{document, window};
use yew::prelude::*;

use super::browser;
use super::store::{Dispatch, Event, Notice, Shared};
use super::words;
use crate::playground::{Action, Model, share};
use crate::setup::Setup;

/// How long after a change the address is written, in milliseconds.
const WRITE_AFTER: u32 = 300;
/// How long after the last key press a verdict is spoken, in milliseconds.
const SPEAK_AFTER: u32 = 700;
/// How often the clock of a pasted token moves, in milliseconds.
const TICK: u32 = 30_000;
/// How long something said in passing stays, in milliseconds.
const STAY: u32 = 6_000;

/// The sitting that the address opens, and what there is to say of it.
pub(crate) fn opened() -> (Model, Option<Notice>) {
    let now = browser::now();
    let fragment = browser::fragment();
    if fragment.len() < 2 {
        return (Model::with_example(now), None);
    }
    match share::read(&fragment) {
        Ok(link) => {
            let role = role_of(&link);
            let mut model = Model::new(link.setup, now);
            model.role = role;
            (model, None)
        }
        Err(why) => (Model::with_example(now), Some(broken(&why.one_line("")))),
    }
}

fn role_of(link: &share::Link) -> usize {
    let name = link.role.as_deref();
    link.setup.roles().iter().position(|it| Some(it.name.as_str()) == name).unwrap_or(0)
}

fn broken(why: &str) -> Notice {
    Notice { is_problem: true, text: words::fill(words::BROKEN_LINK, &[why]).into() }
}

/// Keeps the setup in the address, and opens what somebody puts there.
#[hook]
pub(crate) fn use_address(setup: Shared<Setup>, is_example: bool, dispatch: Dispatch) {
    let is_first = use_mut_ref(|| true);
    use_effect_with((setup, is_example), move |(setup, is_example)| {
        let (setup, is_example) = (setup.clone(), *is_example);
        // The address that opened the page stays as it is until something changes.
        let is_opening = is_first.replace(false);
        let timer = (!is_opening).then(|| {
            Timeout::new(WRITE_AFTER, move || {
                browser::write_fragment(&if is_example { String::new() } else { share::write(&setup) });
            })
        });
        move || drop(timer)
    });
    use_effect_with((), move |()| {
        let listener = EventListener::new(&window(), "hashchange", move |_| {
            let fragment = browser::fragment();
            if fragment.len() < 2 {
                return;
            }
            match share::read(&fragment) {
                Ok(link) => {
                    let role = role_of(&link);
                    dispatch.send(Event::Do(Action::Open(Box::new(link.setup))));
                    dispatch.send(Event::Do(Action::ChooseRole(role)));
                    dispatch.send(Event::Dismiss);
                }
                Err(why) => dispatch.send(Event::Say(broken(&why.one_line("")))),
            }
        });
        move || drop(listener)
    });
}

/// The document's title says the verdict.
#[hook]
pub(crate) fn use_title(word: &'static str) {
    use_effect_with(word, |word| document().set_title(&words::fill(words::TITLE, &[word])));
}

/// What the hidden status line says: the verdict, when it changed and nobody types any more.
#[hook]
pub(crate) fn use_voice<V: PartialEq + 'static, T: PartialEq + 'static>(
    verdict: V,
    sentence: String,
    typed: T,
) -> AttrValue {
    let spoken = use_state(AttrValue::default);
    let last = use_mut_ref(|| None);
    use_effect_with((typed, sentence), {
        let spoken = spoken.clone();
        move |(_, sentence)| {
            let sentence = AttrValue::from(sentence.replace('`', ""));
            let is_first = last.borrow().is_none();
            let is_new = last.borrow().as_ref() != Some(&verdict);
            let timer = if is_first {
                last.replace(Some(verdict));
                None
            } else {
                is_new.then(|| {
                    Timeout::new(SPEAK_AFTER, move || {
                        last.replace(Some(verdict));
                        spoken.set(sentence);
                    })
                })
            };
            move || drop(timer)
        }
    });
    (*spoken).clone()
}

/// The clock moves while it matters.
#[hook]
pub(crate) fn use_clock(is_running: bool, dispatch: Dispatch) {
    use_effect_with(is_running, move |is_running| {
        let timer =
            is_running.then(|| Interval::new(TICK, move || dispatch.send(Event::Do(Action::Tick(browser::now())))));
        move || drop(timer)
    });
}

/// What was said in passing goes by itself, unless it is a problem.
#[hook]
pub(crate) fn use_passing(notice: Option<Notice>, dispatch: Dispatch) {
    use_effect_with(notice, move |notice| {
        let passes = notice.as_ref().is_some_and(|it| !it.is_problem);
        let timer = passes.then(|| Timeout::new(STAY, move || dispatch.send(Event::Dismiss)));
        move || drop(timer)
    });
}

/// Moves the focus when somebody asked for it.
#[hook]
pub(crate) fn use_focus(wish: (u32, AttrValue)) {
    use_effect_with(wish, |(_, id)| {
        if !id.is_empty() {
            browser::focus(id);
        }
    });
}

/// Says to those who wait for it that the page can be used.
#[hook]
pub(crate) fn use_ready() {
    use_effect_with((), |()| browser::mark_root("data-ready", Some("")));
}
