//! What the page stores: the sitting, what was said in passing, and where the focus goes next.
//!
//! One reducer at the root. What an action changes is `playground::update`'s business, tested without a browser.

use std::ops::Deref;
use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::playground::{Action, Field, Model, update};

/// The sitting and what surrounds it.
#[derive(Clone, PartialEq)]
pub(crate) struct Store {
    pub(crate) model: Model,
    pub(crate) notice: Option<Notice>,
    /// The element that takes the focus after this render, and a number that tells one wish from the next.
    pub(crate) focus: (u32, AttrValue),
}

/// Something said in passing.
#[derive(Clone, PartialEq)]
pub(crate) struct Notice {
    /// Whether it can wait until somebody closes it.
    pub(crate) is_problem: bool,
    pub(crate) text: AttrValue,
}

/// What may happen on the page.
#[derive(Clone)]
pub(crate) enum Event {
    /// Something in the sitting.
    Do(Action),
    /// The same, and then the focus goes to the element of that id.
    DoThenFocus(Action, AttrValue),
    /// Something is said.
    Say(Notice),
    /// What was said is closed.
    Dismiss,
}

impl Event {
    /// Says that something is done.
    pub(crate) fn done(text: impl Into<AttrValue>) -> Self {
        Self::Say(Notice { is_problem: false, text: text.into() })
    }

    /// Says that something cannot be done.
    pub(crate) fn problem(text: impl Into<AttrValue>) -> Self {
        Self::Say(Notice { is_problem: true, text: text.into() })
    }
}

impl Reducible for Store {
    type Action = Event;

    fn reduce(self: Rc<Self>, event: Event) -> Rc<Self> {
        let mut next = (*self).clone();
        match event {
            Event::Do(action) => match update(&self.model, action) {
                Some(model) => next.model = model,
                None => return self,
            },
            Event::DoThenFocus(action, id) => {
                if let Some(model) = update(&self.model, action) {
                    next.model = model;
                }
                next.focus = (self.focus.0.wrapping_add(1), id);
            }
            Event::Say(notice) => next.notice = Some(notice),
            Event::Dismiss => next.notice = None,
        }
        Rc::new(next)
    }
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

    /// What is typed goes into `field`.
    pub(crate) fn typed(&self, field: Field) -> Callback<InputEvent> {
        let dispatch = self.clone();
        Callback::from(move |event: InputEvent| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            dispatch.send(Event::Do(Action::Type(field, value)));
        })
    }

    /// What is chosen in a `select` becomes an event.
    pub(crate) fn chosen(
        &self,
        event_of: impl Fn(&HtmlSelectElement) -> Option<Event> + 'static,
    ) -> Callback<yew::Event> {
        let dispatch = self.clone();
        Callback::from(move |event: yew::Event| {
            if let Some(event) = event_of(&event.target_unchecked_into()) {
                dispatch.send(event);
            }
        })
    }
}

/// The dispatch that the root provides.
#[hook]
#[expect(clippy::expect_used, reason = "the root provides it around everything")]
pub(crate) fn use_dispatch() -> Dispatch {
    use_context::<Dispatch>().expect("inside the root")
}

/// Something derived or stored that is compared by its place in memory, not by its content.
pub(crate) struct Shared<T: ?Sized>(Rc<T>);

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Rc::new(value))
    }
}

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
