//! The custom `sub` of a scope's project: its components in order, their values, what comes of it, and what sets it.

use yew::prelude::*;

use super::more::tool;
use crate::gitlab::Component;
use crate::gitlab::ci::DEPLOYMENT_TIERS;
use crate::playground::{Action, Field, ScopeField, SubjectEdit};
use crate::setup::ScopeDraft;
use crate::setup::subject::{set_by_api, set_by_terraform, since};
use crate::ui::components::{Blank, Choice, Form, names, subject as segments};
use crate::ui::store::Event;
use crate::ui::words;

/// The components of which the first is one.
const FIRST: [&str; 2] = ["project_path", "project_id"];

/// The menu that adds a component.
const ADD: &str = "add-component";

/// A scope's custom `sub`, as far as it is drawn.
pub(super) struct Subject<'s> {
    pub(super) form: &'s Form,
    pub(super) draft: &'s ScopeDraft,
    pub(super) role: usize,
    pub(super) scope: usize,
    /// `{}, scope 1 of a-role`, to be filled with what a thing is.
    pub(super) named: &'s dyn Fn(&str) -> AttrValue,
}

impl Subject<'_> {
    pub(super) fn draw(&self) -> Html {
        let is_custom = self.draft.sub_claim_components.is_some();
        let onchange = self.form.dispatch.switch(self.edit(SubjectEdit::Has(!is_custom)));
        html! {
            <>
                <label class="check subject__switch">
                    <input type="checkbox" checked={is_custom} aria-label={(self.named)(words::CUSTOM_SUBJECT)} {onchange} />
                    <span>{ words::CUSTOM_SUBJECT }</span>
                </label>
                if is_custom { { self.panel() } }
            </>
        }
    }

    fn edit(&self, edit: SubjectEdit) -> Action {
        Action::Subject(self.role, self.scope, edit)
    }

    fn id(&self, what: &str) -> AttrValue {
        words::text(format!("{what}-{}-{}", self.role, self.scope))
    }

    fn panel(&self) -> Html {
        let chosen = self.draft.components();
        let components: Vec<Component> = chosen.iter().filter_map(|it| Component::parse(it).ok()).collect();
        let project = self.draft.project.as_deref().unwrap_or("");
        let call = set_by_api(Field::Url.text(&self.form.draft), project, &chosen);
        html! {
            <div class="subject" role="group" aria-label={(self.named)(words::SUBJECT)}>
                <ol class="subject__list">
                    { for components.iter().enumerate().map(|(at, it)| self.component(at, *it)) }
                </ol>
                { self.menu("add", words::ADD_COMPONENT_NAME, ADD, "", names(words::ADD_COMPONENT, &Component::names(), &chosen)) }
                { for self.draft.subjects().iter().map(|it| html! { <p class="subject__sub">{ segments(it) }</p> }) }
                { self.command(words::SET_BY_API, call) }
                { self.command(words::SET_BY_TERRAFORM, set_by_terraform(&chosen)) }
            </div>
        }
    }

    fn component(&self, at: usize, component: Component) -> Html {
        let name = component.as_str();
        let tool = |sign: &'static str, template, is_end, edit, focus: AttrValue| {
            let id = Some(self.id(&format!("{sign}{at}")));
            let name = words::fill(template, &[&(self.named)(name)]);
            tool(&self.form.dispatch, name, sign, id, is_end, Event::DoThenFocus(self.edit(edit), focus))
        };
        let tools = if at == 0 {
            Html::default()
        } else {
            html! {
                <span class="subject__tools">
                    { tool("↑", words::MOVE_UP, at == 1, SubjectEdit::Up(at), self.id(&format!("↑{}", at - 1))) }
                    { tool("✕", words::REMOVE, false, SubjectEdit::Remove(at), self.id(ADD)) }
                </span>
            }
        };
        html! {
            <li class="subject__part">
                if at == 0 {
                    { self.menu("pin", words::FIRST_COMPONENT, "first", name, names("", &FIRST, &[])) }
                } else {
                    <span class="pin__claim">{ name }</span>
                }
                { self.value(component) }
                { tools }
                <span class="subject__since">{ words::fill(words::SINCE, &[&since(component)]) }</span>
            </li>
        }
    }

    /// A choice of a component: the first, or one more.
    fn menu(&self, look: &'static str, what: &str, id: &str, chosen: &'static str, options: Html) -> Html {
        let (role, scope, id) = (self.role, self.scope, self.id(id));
        let (focus, is_more) = (id.clone(), chosen.is_empty());
        let onchange = self.form.dispatch.chosen(move |it| {
            let component = Component::parse(it).ok()?;
            let edit = if is_more { SubjectEdit::Add(component) } else { SubjectEdit::First(component) };
            Some(Event::DoThenFocus(Action::Subject(role, scope, edit), focus.clone()))
        });
        Choice { look, id: Some(id), name: Some((self.named)(what)), chosen: chosen.into(), onchange, options }.draw()
    }

    /// The field of a component's value; those of the sentence stand in the sentence.
    fn value(&self, component: Component) -> Html {
        let field = match component {
            Component::ProjectId => ScopeField::ProjectId,
            Component::RefProtected => ScopeField::RefProtected,
            Component::EnvironmentProtected => ScopeField::EnvironmentProtected,
            Component::DeploymentTier => ScopeField::DeploymentTier,
            _ => return Html::default(),
        };
        let name = (self.named)(component.as_str());
        let field = Field::Scope(self.role, self.scope, field);
        if matches!(component, Component::RefProtected | Component::EnvironmentProtected) {
            return self.form.choice(field, "pin", Some(name), names("", &["true", "false"], &[]));
        }
        let offers = (component == Component::DeploymentTier).then_some("deployment_tiers");
        self.form.input(Blank::new(field, "pin").named(name).sized(5, 40).offering(offers))
    }

    /// Something to be copied.
    fn command(&self, about: &'static str, text: String) -> Html {
        let dispatch = self.form.dispatch.clone();
        let text = words::text(text);
        let name = words::fill(words::COPY_NAME, &[about]);
        let onclick = {
            let text = text.clone();
            move |_: MouseEvent| dispatch.copy(text.clone(), words::fill(words::COPIED, &[about]))
        };
        html! {
            <div class="command">
                <p class="command__about">{ about }</p>
                <button type="button" class="quiet" aria-label={name} {onclick}>{ words::COPY }</button>
                <pre class="command__text" tabindex="0" aria-label={about}>{ text }</pre>
            </div>
        }
    }
}

/// The offers that all scopes share.
pub(super) fn offers() -> Html {
    html! {
        <datalist id="deployment_tiers">
            { for DEPLOYMENT_TIERS.iter().map(|it| html! { <option value={*it} /> }) }
        </datalist>
    }
}
