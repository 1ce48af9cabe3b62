//! Permissions of common deployments: choose one, fill in its fields, and it stands in the role's inline policy.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::who::WhoProps;
use crate::playground::{Action, Field, Model, RoleField};
use crate::setup::presets::{PRESETS, Preset};
use crate::text::Diagnostic;
use crate::ui::components::{Choice, options, prose};
use crate::ui::store::Event;
use crate::ui::words;

/// The preset that is being filled in for a role, what was typed, and what is wrong with it.
#[derive(Clone, PartialEq)]
pub(crate) struct Choosing {
    role: usize,
    preset: &'static Preset,
    values: Vec<String>,
    wrong: Vec<Diagnostic>,
}

/// The menu of presets.
const MENU: &str = "add-preset";

impl Choosing {
    pub(crate) fn new(role: usize, preset: &'static Preset) -> Self {
        Self { role, preset, values: vec![String::new(); preset.fields.len()], wrong: Vec::new() }
    }

    /// Puts a text into a field.
    pub(crate) fn set(&mut self, at: usize, text: String) {
        if let Some(it) = self.values.get_mut(at) {
            *it = text;
        }
        self.wrong.clear();
    }

    /// What writes it into the role's inline policy, and what is said then; none where something is wrong, which then stands at its
    /// field.
    pub(crate) fn write(&mut self, model: &Model) -> Option<(Action, AttrValue)> {
        let policy = Field::Role(self.role, RoleField::PermissionsDocument);
        let document =
            self.preset.apply(&self.values, &model.draft, self.role).map_err(|wrong| self.wrong = wrong).ok()?;
        Some((Action::Type(policy, document), words::fill(words::PRESET_WRITTEN, &[self.preset.title])))
    }

    /// The element that takes the focus: the first wrong field, or the menu.
    pub(crate) fn focus(&self) -> AttrValue {
        self.wrong.first().map_or(AttrValue::Static(MENU), |it| words::text(it.path.clone()))
    }
}

pub(super) fn presets(props: &WhoProps, role: usize, name: &str) -> Html {
    let choosing = props.choosing.as_ref().filter(|it| it.role == role);
    let mut offers = vec![("".into(), words::ADD_PRESET.into())];
    offers.extend(PRESETS.iter().map(|it| (it.name.into(), it.title.into())));
    let menu = Choice {
        look: "add",
        id: Some(AttrValue::Static(MENU)),
        name: Some(words::fill(words::OF_ROLE, &[words::ADD_PRESET_NAME, name])),
        chosen: AttrValue::Static(choosing.map_or("", |it| it.preset.name)),
        onchange: props.form.dispatch.chosen(move |it| Some(Event::ChoosePreset(role, Preset::named(it)))),
        options: options(offers),
    };
    html! {
        <>
            { menu.draw() }
            if let Some(choosing) = choosing { { panel(props, choosing) } }
        </>
    }
}

fn panel(props: &WhoProps, choosing: &Choosing) -> Html {
    let preset = choosing.preset;
    let field = |(at, value): (usize, &String)| {
        let field = preset.fields.get(at)?;
        let id = words::text(format!("preset.{}", field.name));
        let is_wrong = choosing.wrong.iter().any(|it| *it.path == *id);
        let described = is_wrong.then(|| words::text(format!("about-{id}")));
        let dispatch = props.form.dispatch.clone();
        let oninput = move |event: InputEvent| {
            dispatch.send(Event::TypePreset(at, event.target_unchecked_into::<HtmlInputElement>().value()));
        };
        let optional = if field.is_optional { words::OPTIONAL } else { "" };
        Some(html! {
            <div class="row">
                <label class="row__label" for={id.clone()}>{ field.name.replace('_', " ") }{ optional }</label>
                <input
                    type="text" spellcheck="false" autocomplete="off" autocapitalize="off" translate="no"
                    {id} class="field" data-look="row" placeholder={field.example} aria-invalid={is_wrong.then_some("true")}
                    aria-describedby={described} value={words::text(value.clone())} {oninput}
                />
            </div>
        })
    };
    html! {
        <div class="preset" role="group" aria-label={preset.title}>
            <div class="rows">{ for choosing.values.iter().enumerate().filter_map(field) }</div>
            { props.form.list_of(&choosing.wrong) }
            if !preset.note.is_empty() { <p class="note">{ prose(preset.note) }</p> }
            <button type="button" class="button" onclick={props.form.dispatch.press(Event::WritePreset)}>{ words::WRITE_PRESET }</button>
        </div>
    }
}
