//! What the page does beside drawing, after each render: address, title, colours, voice, clock, focus, and the choice of each
//! `select`, which the browser owns once somebody chose.
//!
//! One effect with one memory, not a hook for each: they share what they are told, and a hook costs the page a kilobyte.

use std::cell::RefCell;
use std::rc::Rc;

use gloo::events::EventListener;
use gloo::timers::callback::{Interval, Timeout};
use gloo::utils::{document, window};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlSelectElement};

use super::panes::Outcome;
use super::store::{Dispatch, Event, Notice, NoticeKind, Store};
use super::{browser, words};
use crate::playground::{Action, Chosen, Model, share};
use crate::verdict::Stage;

/// How long after a change the address is written, in milliseconds.
const WRITE_AFTER: u32 = 300;
/// How long after the last change that is found which takes longer than a frame, in milliseconds: some frames.
const FINISH_AFTER: u32 = 50;
/// How long after the last change a verdict is spoken, in milliseconds.
const SPEAK_AFTER: u32 = 700;
/// How often the clock of a pasted token moves, in milliseconds.
const TICK: u32 = 30_000;
/// How long something said in passing stays, in milliseconds.
const STAY: u32 = 6_000;
/// What the root element says of the colours, in the order of `words::THEME`.
const THEMES: [Option<&str>; 3] = [None, Some("light"), Some("dark")];

/// The sitting that the address opens, and what there is to say of it.
pub(crate) async fn opened() -> Store {
    let now = browser::now();
    let fragment = browser::fragment();
    if fragment.len() < 2 {
        return Store::new(Model::with_example(now), None);
    }
    let mut store = match browser::read_link(&fragment).await {
        Ok(link) => {
            let role = role_of(&link);
            let mut model = Model::new(link.setup, now);
            model.role = role;
            Store::new(model, None)
        }
        Err(why) => Store::new(Model::with_example(now), Some(broken(&why.one_line("")))),
    };
    store.is_embedded = share::is_embedded(&fragment);
    store
}

fn role_of(link: &share::Link) -> usize {
    let name = link.role.as_deref();
    link.setup.roles().iter().position(|it| Some(it.name.as_str()) == name).unwrap_or(0)
}

fn broken(why: &str) -> Notice {
    Notice { kind: NoticeKind::Problem, text: words::fill(words::BROKEN_LINK, &[why]), copy: None, undo: false }
}

/// What a verdict is told apart by: the same one is not spoken twice.
type Spoken = (&'static str, Option<Stage>, Chosen, usize);

/// What the outside was last told. Timers and listeners end with the page.
#[derive(Default)]
pub(crate) struct Outside {
    last: Option<Store>,
    spoken: Rc<RefCell<Option<Spoken>>>,
    voice: Option<Timeout>,
    rest: Option<Timeout>,
    address: Option<Timeout>,
    passing: Option<Timeout>,
    clock: Option<Interval>,
    links: Option<EventListener>,
    escape: Option<EventListener>,
    /// What had the focus before a text was laid out to be copied.
    before: Option<HtmlElement>,
}

impl Outside {
    /// Tells the outside what was drawn.
    pub(crate) fn follow(&mut self, store: &Store, outcome: &Outcome, dispatch: &Dispatch) {
        if self.last.as_ref().is_none_or(|it| it.choices != store.choices) {
            choose_in_selects();
        }
        let Some(last) = self.last.replace(store.clone()) else { return self.begin(store, outcome, dispatch) };
        let model = &store.model;
        let is_new_setup = !Rc::ptr_eq(&model.setup, &last.model.setup);
        if is_new_setup || model.is_example != last.model.is_example || model.role != last.model.role {
            self.address = Some(write_address(store));
        }
        if last.theme != store.theme {
            browser::mark_root("data-theme", THEMES.get(store.theme).copied().flatten());
        }
        if last.notice != store.notice {
            self.pass(store, dispatch);
            self.lend_focus(store);
        }
        let is_pasted = |store: &Store| matches!(store.model.token, Chosen::Pasted(_));
        if is_pasted(&last) != is_pasted(store) {
            let tick = move |dispatch: Dispatch| move || dispatch.send(Event::Do(Action::Tick(browser::now())));
            self.clock = is_pasted(store).then(|| Interval::new(TICK, tick(dispatch.clone())));
        }
        if last.is_help != store.is_help {
            self.escape = store.is_help.then(|| close_on_escape(dispatch.clone()));
        }
        // Somebody who types is not spoken to, so a draft that is not right counts too.
        let is_new_draft = is_new_setup || !Rc::ptr_eq(&model.draft, &last.model.draft);
        let is_new_policy = model.editor != last.model.editor || !Rc::ptr_eq(&model.context, &last.model.context);
        if is_new_draft
            || is_new_policy
            || last.model.role != model.role
            || last.model.token != model.token
            || last.model.as_of != model.as_of
        {
            self.speak(model, outcome);
        }
        // Last, so that what takes the focus is as it will be.
        if last.focus != store.focus {
            browser::focus(&store.focus.1);
        }
        if last.edit.0 != store.edit.0 {
            browser::edit(&store.edit.1);
        }
    }

    /// Does what is due of a sitting once what was drawn is seen, and nothing else was drawn meanwhile.
    pub(crate) fn finish(&mut self, due: Option<Model>, finish: impl FnOnce(&Model) + 'static) {
        self.rest = due.map(|model| Timeout::new(FINISH_AFTER, move || finish(&model)));
    }

    fn begin(&mut self, store: &Store, outcome: &Outcome, dispatch: &Dispatch) {
        say_title(outcome.word);
        browser::lead_out(&browser::fragment());
        self.spoken.replace(Some(spoken(&store.model, outcome)));
        self.pass(store, dispatch);
        let dispatch = dispatch.clone();
        self.links = Some(EventListener::new(&window(), "hashchange", move |_| open_address(&dispatch)));
        browser::mark_root("data-ready", Some(""));
    }

    /// What was said in passing goes by itself, unless it is a problem.
    fn pass(&mut self, store: &Store, dispatch: &Dispatch) {
        if let Some(notice) = &store.notice {
            browser::say(&notice.text);
        }
        let passes = store.notice.as_ref().is_some_and(|it| it.kind == NoticeKind::Done && !it.undo);
        let dispatch = dispatch.clone();
        self.passing = passes.then(|| Timeout::new(STAY, move || dispatch.send(Event::Dismiss)));
    }

    /// A text that is laid out takes the focus, and gives it back when it is closed.
    fn lend_focus(&mut self, store: &Store) {
        if store.notice.as_ref().is_some_and(|it| it.copy.is_some()) {
            self.before = document().active_element().and_then(|it| it.dyn_into().ok());
        } else if let Some(before) = self.before.take() {
            let _ = before.focus();
        }
    }

    /// The verdict, aloud and in the title, when it changed and nobody types any more.
    fn speak(&mut self, model: &Model, outcome: &Outcome) {
        let new = spoken(model, outcome);
        let is_same = self.spoken.borrow().as_ref() == Some(&new);
        let (word, spoken) = (outcome.word, Rc::clone(&self.spoken));
        let sentence = format!("{word}. {}", outcome.sentence.replace('`', ""));
        self.voice = (!is_same).then(|| {
            Timeout::new(SPEAK_AFTER, move || {
                say_title(word);
                browser::say(&sentence);
                spoken.replace(Some(new));
            })
        });
    }
}

fn say_title(word: &str) {
    document().set_title(&words::fill(words::TITLE, &[word]));
}

fn spoken(model: &Model, outcome: &Outcome) -> Spoken {
    (outcome.word, outcome.stage, model.token.clone(), model.role)
}

/// The example leaves the address blank, but for an embed's, which stays one; a token is never in it.
fn write_address(store: &Store) -> Timeout {
    let (model, is_embedded) = (store.model.clone(), store.is_embedded);
    Timeout::new(WRITE_AFTER, move || {
        if model.is_example && !is_embedded {
            browser::write_fragment("");
        } else {
            spawn_local(async move {
                if let Some(fragment) = browser::link_of(&model, is_embedded).await {
                    browser::write_fragment(&fragment);
                }
            });
        }
    })
}

/// The help is closed from wherever the focus is.
fn close_on_escape(dispatch: Dispatch) -> EventListener {
    EventListener::new(&document(), "keydown", move |event| {
        if event.dyn_ref::<yew::KeyboardEvent>().is_some_and(|it| it.key() == "Escape") {
            dispatch.send(Event::ShowHelp(false));
        }
    })
}

/// Somebody put another link into the address of the open page.
fn open_address(dispatch: &Dispatch) {
    let fragment = browser::fragment();
    if fragment.len() < 2 {
        return;
    }
    let dispatch = dispatch.clone();
    spawn_local(async move {
        match browser::read_link(&fragment).await {
            Ok(link) => {
                let role = role_of(&link);
                dispatch.send(Event::Do(Action::Open(Box::new(link.setup))));
                dispatch.send(Event::Do(Action::ChooseRole(role)));
                dispatch.send(Event::Dismiss);
            }
            Err(why) => dispatch.send(Event::Say(broken(&why.one_line("")))),
        }
    });
}

/// Each `select` says in `data-chosen` what is chosen in it.
fn choose_in_selects() {
    let all = document().get_elements_by_tag_name("select");
    for select in (0..all.length()).filter_map(|at| all.item(at)?.dyn_into::<HtmlSelectElement>().ok()) {
        if let Some(chosen) = select.get_attribute("data-chosen")
            && select.value() != chosen
        {
            select.set_value(&chosen);
        }
    }
}
