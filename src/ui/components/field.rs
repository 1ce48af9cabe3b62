//! The form: every text field of the page with its name, its messages, and nothing that a browser would send or store.
//!
//! A field's id is its path in the setup file, the one under which messages come, so that a message finds its field.

use std::borrow::Cow;

use yew::prelude::*;
use yew::virtual_dom::VList;

use super::prose;
use crate::playground::{Action, Field};
use crate::setup::{Draft, Finding, Severity};
use crate::text::{Diagnostic, position};
use crate::ui::store::{Dispatch, Event, Shared};
use crate::ui::words;

/// What fields need to know.
#[derive(Clone, PartialEq)]
pub(crate) struct Form {
    pub(crate) draft: Shared<Draft>,
    pub(crate) wrong: Shared<Vec<Diagnostic>>,
    pub(crate) findings: Shared<Vec<Finding>>,
    pub(crate) dispatch: Dispatch,
}

/// A field to be drawn.
pub(crate) struct Blank {
    pub(crate) field: Field,
    /// Its name, for those who do not see where it stands; none where a label has its id.
    pub(crate) name: Option<AttrValue>,
    /// How it looks, for the style sheet.
    pub(crate) look: &'static str,
    /// The least and the most width, in characters; none where the layout decides.
    pub(crate) size: Option<(usize, usize)>,
    /// The id of a list of offers.
    pub(crate) list: Option<&'static str>,
    /// Shown while it is empty.
    pub(crate) placeholder: &'static str,
    pub(crate) onpaste: Option<Callback<yew::Event>>,
}

impl Blank {
    pub(crate) fn new(field: Field, look: &'static str) -> Self {
        Self { field, name: None, look, size: None, list: None, placeholder: "", onpaste: None }
    }

    pub(crate) fn named(mut self, name: AttrValue) -> Self {
        self.name = Some(name);
        self
    }

    pub(crate) fn sized(mut self, least: usize, most: usize) -> Self {
        self.size = Some((least, most));
        self
    }

    pub(crate) fn offering(mut self, list: Option<&'static str>) -> Self {
        self.list = list;
        self
    }

    pub(crate) fn pasting(mut self, onpaste: Callback<yew::Event>) -> Self {
        self.onpaste = Some(onpaste);
        self
    }

    pub(crate) fn placeholder(mut self, words: &'static str) -> Self {
        self.placeholder = words;
        self
    }
}

/// A message under fields.
#[derive(PartialEq)]
struct Message<'f> {
    path: &'f str,
    kind: &'static str,
    text: Cow<'f, str>,
    help: &'f str,
}

impl Form {
    /// The field itself; its messages stand where `messages` puts them.
    pub(crate) fn input(&self, it: Blank) -> Html {
        let path = it.field.path();
        let value = words::text(it.field.text(&self.draft).to_owned());
        let described = self.messages_in(&path).next().map(|it| message_id(it.path));
        let invalid = self.is_wrong(&path).then_some("true");
        let size = it.size.map(|(least, most)| words::text(value.chars().count().clamp(least, most).to_string()));
        let bench = (path == "roles[0].scopes[0].project").then_some("project");
        html! {
            <input
                type="text" spellcheck="false" autocomplete="off" autocapitalize="off" translate="no"
                id={words::text(path)} class="field" data-look={it.look} {size} aria-label={it.name} aria-invalid={invalid}
                aria-describedby={described} list={it.list} placeholder={it.placeholder} data-bench={bench}
                value={value} oninput={self.dispatch.typed(it.field)} onpaste={it.onpaste}
            />
        }
    }

    /// A field for a text of many lines; its label has its id.
    pub(crate) fn area(&self, field: Field) -> Html {
        let path = field.path();
        let described = self.messages_in(&path).next().map(|it| message_id(it.path));
        let invalid = self.is_wrong(&path).then_some("true");
        let value = words::text(field.text(&self.draft).to_owned());
        let rows = value.lines().count().clamp(3, 16).to_string();
        html! {
            <textarea
                spellcheck="false" autocomplete="off" autocapitalize="off" translate="no" wrap="off" {rows}
                id={words::text(path)} class="field" data-look="area" aria-invalid={invalid} aria-describedby={described}
                value={value} oninput={self.dispatch.typed(field)}
            />
        }
    }

    /// Messages about what is no field of the setup.
    pub(crate) fn list_of(&self, wrong: &[Diagnostic]) -> Html {
        let message = |it| {
            let it: &Diagnostic = it;
            Message { path: &it.path, kind: "wrong", text: it.message.as_str().into(), help: &it.help }
        };
        self.list(wrong.iter().map(message).collect())
    }

    /// A field of which one value is chosen. It has a name of its own, or its label has its id.
    #[inline(never)]
    pub(crate) fn choice(&self, field: Field, look: &'static str, name: Option<AttrValue>, options: Html) -> Html {
        let onchange = self.dispatch.chosen(move |it| Some(Event::Do(Action::Type(field, it.to_owned()))));
        let chosen = words::text(field.text(&self.draft).to_owned());
        Choice { look, id: Some(words::text(field.path())), name, chosen, onchange, options }.draw()
    }

    /// The messages of all fields whose path is `path` or begins with it.
    pub(crate) fn messages(&self, path: &str) -> Html {
        self.list(self.messages_in(path).collect())
    }

    /// The messages of those fields for which `is_here` says so.
    pub(crate) fn messages_where(&self, is_here: impl Fn(&str) -> bool) -> Html {
        self.list(self.all_messages().filter(|it| is_here(it.path)).collect())
    }

    /// Whether the messages under `path` are the same in both forms.
    pub(crate) fn says_the_same(&self, other: &Self, path: &str) -> bool {
        self.messages_in(path).eq(other.messages_in(path))
    }

    fn list(&self, messages: Vec<Message<'_>>) -> Html {
        if messages.is_empty() {
            return Html::default();
        }
        html! {
            <ul class="messages">
                { for messages.into_iter().map(|it| html! {
                    <li class="message" id={message_id(it.path)} data-kind={it.kind}>
                        <span class="hidden">{ words::kind_of_message(it.kind) }</span>
                        <span>
                            { prose(&it.text) }
                            if !it.help.is_empty() { <span class="message__help">{ prose(it.help) }</span> }
                        </span>
                    </li>
                }) }
            </ul>
        }
    }

    /// The gravest kind of message under `path`, in words for the style sheet.
    pub(crate) fn gravest(&self, path: &str) -> Option<&'static str> {
        let has = |kind: &str| self.messages_in(path).any(|it| it.kind == kind);
        if has("wrong") || has("todo") { Some("wrong") } else { has("caution").then_some("caution") }
    }

    /// Whether the field of exactly that path is wrong.
    pub(crate) fn has_wrong(&self, path: &str) -> bool {
        self.wrong.iter().any(|it| it.path == path)
    }

    fn is_wrong(&self, path: &str) -> bool {
        // A pin that is out of place is wrong in each of its values.
        let pin =
            path.split_once('[').filter(|_| path.ends_with(']')).and_then(|_| path.rsplit_once('[')).map(|it| it.0);
        self.wrong.iter().any(|it| it.path == path || Some(it.path.as_str()) == pin)
    }

    fn messages_in<'f>(&'f self, path: &'f str) -> impl Iterator<Item = Message<'f>> {
        self.all_messages().filter(move |it| {
            it.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    fn all_messages(&self) -> impl Iterator<Item = Message<'_>> {
        let wrong = self.wrong.iter().map(|it| {
            // A blank that was just added, or is about to be filled, is not yet a mistake.
            let (kind, text) = match self.is_empty(&it.path) {
                true if !it.help.is_empty() => ("todo", words::STILL_EMPTY.into()),
                _ => ("wrong", self.with_place(it)),
            };
            Message { path: &it.path, kind, text, help: &it.help }
        });
        let wise = self.findings.iter().filter(|it| !self.wrong.iter().any(|wrong| wrong.path == it.path)).map(|it| {
            let kind = match it.severity {
                Severity::Info => "info",
                Severity::Caution => "caution",
            };
            Message { path: &it.path, kind, text: it.message.as_str().into(), help: &it.help }
        });
        wrong.chain(wise)
    }

    /// The message, with its place where the field's text has lines.
    fn with_place<'f>(&self, it: &'f Diagnostic) -> Cow<'f, str> {
        match (it.span, Field::at(&it.path)) {
            (Some(span), Some(field)) => {
                format!("{}: {}", position(field.text(&self.draft), span.start), it.message).into()
            }
            _ => it.message.as_str().into(),
        }
    }

    fn is_empty(&self, path: &str) -> bool {
        Field::at(path).is_some_and(|it| it.text(&self.draft).is_empty())
    }
}

fn message_id(path: &str) -> AttrValue {
    words::text(format!("about-{path}"))
}

/// A `select` to be drawn. What is chosen in it stands in `data-chosen`: the browser owns the choice once somebody made one, and
/// is told after each render.
pub(crate) struct Choice {
    /// How it looks, for the style sheet.
    pub(crate) look: &'static str,
    pub(crate) id: Option<AttrValue>,
    /// Its name, for those who do not see where it stands; none where a label has its id.
    pub(crate) name: Option<AttrValue>,
    pub(crate) chosen: AttrValue,
    pub(crate) onchange: Callback<yew::Event>,
    pub(crate) options: Html,
}

impl Choice {
    pub(crate) fn draw(self) -> Html {
        html! {
            <select class="field" data-look={self.look} id={self.id} aria-label={self.name} data-chosen={self.chosen} onchange={self.onchange}>
                { self.options }
            </select>
        }
    }
}

/// The options of a choice: value and words.
pub(crate) fn options(all: impl IntoIterator<Item = (AttrValue, AttrValue)>) -> Html {
    all.into_iter().map(|(value, words)| html! { <option {value}>{ words }</option> }).collect()
}

/// The options of a choice that are called what they are, all `but` some; the first may invite to choose.
#[inline(never)]
pub(crate) fn names(invitation: &'static str, all: &[&'static str], but: &[&str]) -> Html {
    let mut list = VList::new();
    let mut option = |value: &'static str, words: &'static str| {
        list.add_child(html! { <option {value}>{ words }</option> });
    };
    if !invitation.is_empty() {
        option("", invitation);
    }
    for it in all {
        if !but.contains(it) {
            option(it, it);
        }
    }
    list.into()
}

/// The options of a choice that are always the same.
pub(crate) fn fixed_options(all: &'static [(&'static str, &'static str)]) -> Html {
    all.iter().map(|(value, words)| html! { <option value={*value}>{ *words }</option> }).collect()
}
