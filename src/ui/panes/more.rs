//! What is asked rarely: a disclosure, and what the first group has behind it. And the two buttons that undo and do again.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::who::WhoProps;
use crate::aws::Partition;
use crate::playground::{Action, Change, Field, Model, RoleField};
use crate::setup::Draft;
use crate::ui::app::View;
use crate::ui::components::{Blank, Form, fixed_options, names};
use crate::ui::store::{Dispatch, Event};
use crate::ui::words;

/// What is behind a disclosure; the store keeps which are open.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Part {
    /// The rare fields of the first group.
    Setup,
    /// Those of the chosen role.
    Role,
}

impl Part {
    pub(crate) const ALL: [Self; 2] = [Self::Setup, Self::Role];

    /// Whether something in it is set or wrong: it opens when that begins, and never closes by itself.
    pub(crate) fn is_wanted(self, model: &Model) -> bool {
        let wants = |it: Field| is_set(&model.draft, it) || model.wrong_at(&it.path()).is_some();
        match self {
            Self::Setup => RARE_FIELDS.into_iter().any(wants),
            Self::Role => RARE_FIELDS_OF_ROLE.into_iter().any(|it| wants(Field::Role(model.role, it))),
        }
    }
}

/// A disclosure. The browser opens and closes it, and the store is told.
pub(super) fn more(props: &WhoProps, part: Part, about: &'static str, inner: Html) -> Html {
    let is_open = props.open.get(part as usize).copied().unwrap_or_default();
    let dispatch = props.form.dispatch.clone();
    let ontoggle = move |event: yew::Event| {
        let is_open = event.target_unchecked_into::<HtmlElement>().has_attribute("open");
        dispatch.send(Event::OpenPart(part, is_open));
    };
    html! {
        <details class="more" open={is_open} {ontoggle}>
            <summary class="more__head">{ words::MORE }<span class="more__about">{ about }</span></summary>
            <div class="rows more__rows">{ inner }</div>
        </details>
    }
}

/// The fields of the first group that most setups leave alone.
pub(super) const RARE_FIELDS: [Field; 4] = [Field::Issuer, Field::Version, Field::Partition, Field::Provider];

/// Those of a role.
pub(super) const RARE_FIELDS_OF_ROLE: [RoleField; 2] = [RoleField::Path, RoleField::PermissionsDocument];

pub(super) fn rare_fields(props: &WhoProps) -> Html {
    let form = &props.form;
    let field = |(at, field): (usize, Field)| {
        let (label, placeholder) = words::RARE.get(at).copied().unwrap_or_default();
        let input = match field {
            Field::Partition => form.choice(field, "row", None, names("", &Partition::names(), &[])),
            Field::Provider => form.choice(field, "row", None, fixed_options(&words::PROVIDERS)),
            _ => form.input(Blank::new(field, "row").placeholder(placeholder)),
        };
        row(form, field, label, input)
    };
    let fields = RARE_FIELDS.into_iter().enumerate().map(field).collect();
    more(props, Part::Setup, words::MORE_ABOUT, fields)
}

/// Whether a field says something else than what is usual.
fn is_set(draft: &Draft, field: Field) -> bool {
    let text = field.text(draft);
    let usual = match field {
        Field::Issuer => Field::Url.text(draft),
        Field::Partition => "aws",
        Field::Provider => "create",
        Field::Role(_, RoleField::Path) => "/",
        _ => "",
    };
    !text.is_empty() && text != usual
}

/// A label, its field, and the field's messages.
pub(super) fn row(form: &Form, field: Field, label: &'static str, input: Html) -> Html {
    let path = words::text(field.path());
    html! {
        <div class="row">
            <label class="row__label" for={path.clone()}>{ label }</label>
            { input }
            { form.messages(&path) }
        </div>
    }
}

/// A small button with a sign. At the end of its way it does nothing, and keeps the focus.
#[inline(never)]
pub(super) fn tool(
    dispatch: &Dispatch,
    name: AttrValue,
    sign: &'static str,
    id: Option<AttrValue>,
    is_end: bool,
    event: Event,
) -> Html {
    let disabled = is_end.then_some("true");
    let event = if is_end { Event::Do(Action::Leave) } else { event };
    let class = (sign == COPY).then_some("tool__copy");
    html! {
        <button type="button" class="tool" {id} aria-disabled={disabled} aria-label={name.clone()} title={name} onclick={dispatch.press(event)}>
            <span {class} aria-hidden="true">{ sign }</span>
        </button>
    }
}

/// The sign of a tool that doubles something: it is drawn.
pub(super) const COPY: &str = "";

/// Undo and Redo, each named by what it would do. They stay where they are, so that the focus does too.
pub(super) fn history_buttons(view: &View<'_>) -> Html {
    let history = &view.model.history;
    let button = |is_undo: bool, change: Option<Change>| {
        let (action, word) = if is_undo { (Action::Undo, words::UNDO) } else { (Action::Redo, words::REDO) };
        let name = change.map_or(AttrValue::Static(word), |it| words::fill("{}: {}", &[word, &words::change(it)]));
        let disabled = change.is_none().then_some("true");
        html! {
            <button
                type="button" class="quiet" aria-disabled={disabled} aria-label={name.clone()} title={name}
                onclick={view.dispatch.act(action)}
            >
                <span class="bar__step" data-back={is_undo.then_some("")} aria-hidden="true" />
            </button>
        }
    };
    [button(true, history.undo()), button(false, history.redo())].into_iter().collect()
}
