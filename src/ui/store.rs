//! What the page stores: the sitting, and the little that surrounds it and no other session needs to know.
//!
//! One reducer at the root. What an action changes is `playground::update`'s business, tested without a browser.

use std::ops::Deref;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::panes::{Choosing, Part};
use super::{browser, words};
use crate::generate::Kind;
use crate::lint::Fix;
use crate::playground::{Action, Edit, Field, Model, Sample, edit_of, formatted, update};
use crate::setup::Draft;
use crate::setup::presets::Preset;
use crate::text::Span;

/// The sitting and what surrounds it.
#[derive(Clone, PartialEq)]
pub(crate) struct Store {
    pub(crate) model: Model,
    pub(crate) notice: Option<Notice>,
    /// The element that takes the focus after this render, and a number that tells one wish from the next.
    pub(crate) focus: (u32, AttrValue),
    /// The last edit that was asked of the editor, and a number that tells one from the next.
    pub(crate) edit: (u32, Rc<Edit>),
    /// The column that is shown where only one has room.
    pub(crate) part: &'static str,
    /// Whether the box for a token is open.
    pub(crate) is_pasting: bool,
    /// Whether all claims of the token are shown.
    pub(crate) is_open: bool,
    /// Whether the help is shown, in the place of the columns.
    pub(crate) is_help: bool,
    /// How often something happened that may choose in a `select` without the reader's hand.
    pub(crate) choices: u32,
    /// Whether the page is shown inside another one.
    pub(crate) is_embedded: bool,
    /// The colours, an index into `words::THEME`.
    pub(crate) theme: usize,
    /// Which disclosures are open, in the order of `Part::ALL`.
    pub(crate) open: [bool; 2],
    /// The preset that is being filled in.
    pub(crate) choosing: Option<Choosing>,
}

/// Something said in passing.
#[derive(Clone, PartialEq)]
pub(crate) struct Notice {
    pub(crate) kind: NoticeKind,
    pub(crate) text: AttrValue,
    /// A text to be copied by hand.
    pub(crate) copy: Option<AttrValue>,
    /// Whether it can be taken back; such a notice stays until something else is done.
    pub(crate) undo: bool,
}

/// A remedy that was pressed.
#[derive(Clone)]
pub(crate) struct Mend {
    pub(crate) title: AttrValue,
    pub(crate) edit: Rc<Draft>,
    /// The sample that is looked at, if it is one.
    pub(crate) sample: Option<Rc<Sample>>,
}

/// How long something that was said stays.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum NoticeKind {
    /// It is done: the words go by themselves.
    Done,
    /// Somebody has to close it.
    Problem,
}

/// What may happen on the page.
#[derive(Clone)]
pub(crate) enum Event {
    /// Something in the sitting.
    Do(Action),
    /// The same, and then the focus goes to the element of that id.
    DoThenFocus(Action, AttrValue),
    /// The editor is shown, and edits its text or selects in it.
    Edit(Edit),
    /// A finding of the person's own policy is mended.
    Fix(Rc<Fix>),
    /// The person's own policy is written as a printer would.
    Format,
    /// The setup is composed from the person's own policy.
    Compose,
    /// The setup is mended.
    Mend(Mend),
    /// The mending is undone.
    Undo,
    /// Something is said.
    Say(Notice),
    /// What was said is closed.
    Dismiss,
    /// A column is chosen.
    ShowPart(&'static str),
    /// The check is chosen, and the focus goes there.
    ShowCheck,
    /// The box for a token is opened or closed.
    OpenPaste(bool),
    /// All claims of the token are shown or not.
    OpenClaims(bool),
    /// The help is opened or closed.
    ShowHelp(bool),
    /// The next colours.
    NextTheme,
    /// A disclosure was opened or closed.
    OpenPart(Part, bool),
    /// A preset is chosen for a role, or none.
    ChoosePreset(usize, Option<&'static Preset>),
    /// A field of the chosen preset is typed.
    TypePreset(usize, String),
    /// The chosen preset is written.
    WritePreset,
}

impl Event {
    /// Says that something is done.
    pub(crate) fn done(text: impl Into<AttrValue>) -> Self {
        Self::Say(Notice { kind: NoticeKind::Done, text: text.into(), copy: None, undo: false })
    }

    /// Says that something cannot be done.
    pub(crate) fn problem(text: impl Into<AttrValue>) -> Self {
        Self::Say(Notice { kind: NoticeKind::Problem, text: text.into(), copy: None, undo: false })
    }
}

impl Store {
    pub(crate) fn new(model: Model, notice: Option<Notice>) -> Self {
        Self {
            open: Part::ALL.map(|it| it.is_wanted(&model)),
            choosing: None,
            model,
            notice,
            focus: (0, AttrValue::default()),
            edit: (0, Rc::new(Edit::select(Span::default()))),
            part: "who",
            is_pasting: false,
            is_open: false,
            is_help: false,
            choices: 0,
            is_embedded: false,
            theme: 0,
        }
    }

    fn focus_on(&mut self, id: AttrValue) {
        self.focus = (self.focus.0.wrapping_add(1), id);
    }
}

impl Reducible for Store {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        let mut next = (*self).clone();
        // A region that is typed chooses its partition.
        if !matches!(event, Event::Do(Action::Type(field, _)) if field != Field::Region) {
            next.choices = self.choices.wrapping_add(1);
        }
        // What is undone by a press is what was done last.
        let is_edit = matches!(&event, Event::Do(it) | Event::DoThenFocus(it, _) if !matches!(it, Action::Tick(_) | Action::Leave));
        if is_edit && self.notice.as_ref().is_some_and(|it| it.undo) {
            next.notice = None;
        }
        match event {
            Event::Do(action) => match update(&self.model, action) {
                Some(model) => next.model = model,
                None => return self,
            },
            Event::DoThenFocus(action, id) => {
                if let Some(model) = update(&self.model, action) {
                    next.model = model;
                }
                next.focus_on(id);
            }
            Event::Edit(edit) => {
                next.model = update(&self.model, Action::ShowFile(Kind::TrustPolicy)).unwrap_or(next.model);
                next.part = "what";
                next.edit = (self.edit.0.wrapping_add(1), Rc::new(edit));
            }
            Event::Format => {
                let Some(own) = self.model.editor.own() else { return self };
                match formatted(&own.text) {
                    Ok(edit) => next.edit = (self.edit.0.wrapping_add(1), Rc::new(edit)),
                    Err(it) => {
                        let text = words::fill(words::NOT_FORMATTED, &[&it.one_line(&own.text)]);
                        next.notice = Some(Notice { kind: NoticeKind::Problem, text, copy: None, undo: false });
                    }
                }
            }
            Event::Fix(fix) => {
                let Some(edit) = self.model.editor.own().and_then(|it| edit_of(it, &fix)) else { return self };
                next.model = update(&self.model, Action::Leave).unwrap_or(next.model);
                next.edit = (self.edit.0.wrapping_add(1), Rc::new(edit));
                let (kind, text) = (NoticeKind::Done, words::fill(words::FIXED, &[&fix.title]));
                next.notice = Some(Notice { kind, text, copy: None, undo: false });
            }
            Event::Compose => {
                if let Some(model) = update(&self.model, Action::Compose) {
                    next.model = model;
                    let (kind, text) = (NoticeKind::Done, AttrValue::Static(words::COMPOSED));
                    next.notice = Some(Notice { kind, text, copy: None, undo: true });
                    next.focus_on("undo".into());
                }
            }
            Event::Mend(Mend { title, edit, sample }) => {
                if let Some(model) = sample.and_then(|it| update(&next.model, Action::Keep(it))) {
                    next.model = model;
                }
                if let Some(model) = replaced(&next.model, &edit) {
                    next.model = model;
                    let (kind, text) = (NoticeKind::Done, words::fill(words::MENDED, &[&title]));
                    next.notice = Some(Notice { kind, text, copy: None, undo: true });
                }
                next.focus_on("undo".into());
            }
            Event::Undo => {
                next.model = update(&self.model, Action::Undo).unwrap_or(next.model);
                next.notice = None;
                next.focus_on("remedy".into());
            }
            Event::Say(notice) => {
                if notice.copy.is_some() {
                    next.focus_on("by-hand".into());
                }
                next.notice = Some(notice);
            }
            Event::Dismiss => next.notice = None,
            Event::ShowPart(part) => next.part = part,
            Event::ShowCheck => {
                next.part = "check";
                next.focus_on("check".into());
            }
            Event::OpenPaste(is_open) => {
                next.is_pasting = is_open;
                next.focus_on(if is_open { "paste" } else { "token-source" }.into());
            }
            Event::OpenClaims(is_open) => next.is_open = is_open,
            Event::ShowHelp(is_help) => {
                next.is_help = is_help;
                next.focus_on(if is_help { "help" } else { "open-help" }.into());
            }
            Event::OpenPart(part, is_open) => {
                if let Some(it) = next.open.get_mut(part as usize) {
                    *it = is_open;
                }
            }
            Event::ChoosePreset(role, preset) => next.choosing = preset.map(|it| Choosing::new(role, it)),
            Event::TypePreset(at, text) => {
                if let Some(it) = &mut next.choosing {
                    it.set(at, text);
                }
            }
            Event::WritePreset => {
                let written = next.choosing.as_mut().and_then(|it| it.write(&self.model));
                let focus = next.choosing.as_ref().map(Choosing::focus).unwrap_or_default();
                next.focus_on(focus);
                if let Some((action, said)) = written {
                    next.choosing = None;
                    next.model = update(&self.model, action).unwrap_or(next.model);
                    next.notice = Some(Notice { kind: NoticeKind::Done, text: said, copy: None, undo: false });
                }
            }
            Event::NextTheme => next.theme = (self.theme + 1) % words::THEME.len(),
        }
        for (part, is_open) in Part::ALL.into_iter().zip(&mut next.open) {
            let (was, is) = (part.is_wanted(&self.model), part.is_wanted(&next.model));
            // Another role shows what it has; what begins to want to be seen is opened; nothing closes under somebody's hands.
            if part == Part::Role && self.model.role != next.model.role {
                *is_open = is;
            } else if is && !was {
                *is_open = true;
            }
        }
        Rc::new(next)
    }
}

fn replaced(model: &Model, draft: &Rc<Draft>) -> Option<Model> {
    update(model, Action::Replace(Box::new((**draft).clone())))
}

/// The way back to the store. It never changes, so nothing is drawn again because of it.
#[derive(Clone, PartialEq)]
pub(crate) struct Dispatch(pub(crate) UseReducerDispatcher<Store>);

impl Dispatch {
    pub(crate) fn send(&self, event: Event) {
        self.0.dispatch(event);
    }

    /// A press that does `event`.
    pub(crate) fn press(&self, event: Event) -> Callback<MouseEvent> {
        let dispatch = self.clone();
        Callback::from(move |_| dispatch.send(event.clone()))
    }

    /// A press that does `action`.
    pub(crate) fn act(&self, action: Action) -> Callback<MouseEvent> {
        self.press(Event::Do(action))
    }

    /// A press that does `action` and moves the focus.
    pub(crate) fn act_then_focus(&self, action: Action, id: impl Into<AttrValue>) -> Callback<MouseEvent> {
        self.press(Event::DoThenFocus(action, id.into()))
    }

    /// A change, of a box or a choice of one, that does `action`.
    pub(crate) fn switch(&self, action: Action) -> Callback<yew::Event> {
        let dispatch = self.clone();
        Callback::from(move |_| dispatch.send(Event::Do(action.clone())))
    }

    /// A field is left.
    pub(crate) fn leave(&self) -> Callback<FocusEvent> {
        let dispatch = self.clone();
        Callback::from(move |_| dispatch.send(Event::Do(Action::Leave)))
    }

    /// What is typed goes into `field`.
    pub(crate) fn typed(&self, field: Field) -> Callback<InputEvent> {
        let dispatch = self.clone();
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatch.send(Event::Do(Action::Type(field, value)));
        })
    }

    /// What is chosen in a `select` becomes an event.
    pub(crate) fn chosen(&self, event_of: impl Fn(&str) -> Option<Event> + 'static) -> Callback<yew::Event> {
        self.chosen_by(Rc::new(event_of))
    }

    /// One copy of what all choices do.
    #[expect(clippy::type_complexity, reason = "said once")]
    #[inline(never)]
    fn chosen_by(&self, event_of: Rc<dyn Fn(&str) -> Option<Event>>) -> Callback<yew::Event> {
        let dispatch = self.clone();
        Callback::from(move |event: yew::Event| {
            if let Some(event) = event_of(&event.target_unchecked_into::<HtmlSelectElement>().value()) {
                dispatch.send(event);
            }
        })
    }

    /// Hands bytes over as a file, and says so.
    pub(crate) fn download(&self, name: &str, bytes: &[u8]) {
        browser::download(name, bytes);
        self.send(Event::done(words::fill(words::DOWNLOADED, &[name])));
    }

    /// Copies `text` and says `done`; where that is not allowed, the text is laid out to be copied by hand.
    pub(crate) fn copy(&self, text: AttrValue, done: AttrValue) {
        let dispatch = self.clone();
        spawn_local(async move {
            dispatch.send(if browser::copy(&text).await {
                Event::done(done)
            } else {
                let words = words::COPY_BY_HAND.into();
                Event::Say(Notice { kind: NoticeKind::Problem, text: words, copy: Some(text), undo: false })
            });
        });
    }
}

/// Something derived or stored that is compared by its place in memory, not by its content.
pub(crate) struct Shared<T: ?Sized>(Rc<T>);

impl<T: ?Sized> From<&Rc<T>> for Shared<T> {
    fn from(it: &Rc<T>) -> Self {
        Self(Rc::clone(it))
    }
}

impl<T: ?Sized> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: ?Sized> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T: ?Sized> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
