//! One scope: "Jobs of this project on this ref", with what else is asked of them.
//!
//! A scope is drawn again only when it changed, so that a key press costs one card, whatever the number of scopes.

use yew::prelude::*;

use super::more::{COPY, tool};
use super::subject::Subject;
use super::who::name_of;
use crate::gitlab::ci::{ACCESS_LEVELS, PIPELINE_SOURCES, RUNNER_ENVIRONMENTS};
use crate::playground::{Action, Field, Place, ScopeField};
use crate::setup::{ScopeDraft, TEXT_PINS};
use crate::ui::browser;
use crate::ui::components::{Blank, Choice, Form, fixed_options};
use crate::ui::store::{Dispatch, Event};
use crate::ui::words;

#[derive(Properties)]
pub(crate) struct ScopeCardProps {
    pub(crate) form: Form,
    pub(crate) role: usize,
    pub(crate) scope: usize,
    /// Whether AWS has keys for the pins.
    pub(crate) has_keys: bool,
}

impl ScopeCardProps {
    fn draft(&self) -> Option<&ScopeDraft> {
        self.form.draft.roles.get(self.role)?.scopes.get(self.scope)
    }

    fn path(&self) -> String {
        format!("roles[{}].scopes[{}]", self.role, self.scope)
    }

    /// How many scopes the role has.
    fn count(&self) -> usize {
        self.form.draft.roles.get(self.role).map_or(0, |it| it.scopes.len())
    }
}

impl PartialEq for ScopeCardProps {
    fn eq(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.role, it.scope, it.has_keys, it.count());
        key(self) == key(other)
            && self.draft() == other.draft()
            // The call that sets a custom `sub` names the instance.
            && (self.draft().is_none_or(|it| it.sub_claim_components.is_none())
                || Field::Url.text(&self.form.draft) == Field::Url.text(&other.form.draft))
            && name_of(&self.form.draft, self.role) == name_of(&other.form.draft, other.role)
            && self.form.says_the_same(&other.form, &self.path())
    }
}

/// A scope's blanks, and how they are called.
struct Card<'c> {
    form: &'c Form,
    draft: &'c ScopeDraft,
    dispatch: &'c Dispatch,
    role: usize,
    scope: usize,
    role_name: AttrValue,
}

#[component]
pub(crate) fn ScopeCard(props: &ScopeCardProps) -> Html {
    let Some(draft) = props.draft() else { return Html::default() };
    let (role, scope) = (props.role, props.scope);
    let role_name = name_of(&props.form.draft, role);
    let card = Card { form: &props.form, draft, dispatch: &props.form.dispatch, role, scope, role_name };
    let name = words::fill(words::SCOPE, &[&(scope + 1).to_string(), &card.role_name]);
    html! {
        <div class="scope" role="group" aria-label={name.clone()}>
            <div class="scope__tools">
                if props.count() > 1 { { card.mover(&name, true) }{ card.mover(&name, false) } }
                { card.tool(COPY, words::fill(words::DUPLICATE, &[&name]), Action::DuplicateScope(role, scope), format!("roles[{role}].scopes[{}].project", scope + 1)) }
                if props.count() > 1 { { card.tool("✕", words::fill(words::REMOVE, &[&name]), Action::RemoveScope(role, scope), card.after_removal()) } }
            </div>
            { card.sentence() }
            { card.pins(props.has_keys) }
            { Subject { form: &props.form, draft, role, scope, named: &|what| card.named(what) }.draw() }
            { props.form.messages(&props.path()) }
        </div>
    }
}

impl Card<'_> {
    fn field(&self, field: ScopeField) -> Field {
        Field::Scope(self.role, self.scope, field)
    }

    fn named(&self, what: &str) -> AttrValue {
        words::fill(words::OF_SCOPE, &[what, &(self.scope + 1).to_string(), &self.role_name])
    }

    fn tool(&self, sign: &'static str, name: AttrValue, action: Action, then: String) -> Html {
        tool(self.dispatch, name, sign, None, false, Event::DoThenFocus(action, words::text(then)))
    }

    /// Moves the scope a place up or down; the focus goes with it.
    fn mover(&self, name: &str, is_up: bool) -> Html {
        let (template, sign) = if is_up { (words::MOVE_UP, "↑") } else { (words::MOVE_DOWN, "↓") };
        let id = |scope: usize| words::text(format!("{sign}{}-{scope}", self.role));
        let last = self.form.draft.roles.get(self.role).map_or(0, |it| it.scopes.len()).saturating_sub(1);
        let (is_end, to) =
            if is_up { (self.scope == 0, self.scope.saturating_sub(1)) } else { (self.scope == last, self.scope + 1) };
        let event = Event::DoThenFocus(Action::MoveScope(self.role, self.scope, is_up), id(to));
        tool(self.dispatch, words::fill(template, &[name]), sign, Some(id(self.scope)), is_end, event)
    }

    /// The scope that takes this one's place, or the button that adds one.
    fn after_removal(&self) -> String {
        let count = self.form.draft.roles.get(self.role).map_or(0, |it| it.scopes.len());
        if self.scope + 1 < count { self.field(ScopeField::Project).path() } else { "add-scope".to_owned() }
    }

    fn sentence(&self) -> Html {
        let (role, scope) = (self.role, self.scope);
        let kinds = self.field(ScopeField::RefType);
        let kinds =
            self.form.choice(kinds, "kind", Some(self.named(words::REF_TYPE)), fixed_options(&words::REF_TYPES));
        let blank = |field: ScopeField, look, name: &str, least| {
            Blank::new(self.field(field), look).named(self.named(name)).sized(least, 60)
        };
        let dispatch = self.dispatch.clone();
        let onpaste = Callback::from(move |event: yew::Event| {
            if let Some(address) = browser::pasted(&event).filter(|it| Place::is_address(it)) {
                event.prevent_default();
                dispatch.send(Event::Do(Action::PasteAddress(role, scope, address)));
            }
        });
        let project = blank(ScopeField::Project, "project", words::PROJECT, 12);
        html! {
            <p class="sentence">
                { words::JOBS_OF }
                { self.form.input(project.placeholder(words::PROJECT_EXAMPLE).pasting(onpaste)) }
                { words::ON }
                { kinds }
                { " " }
                { self.form.input(blank(ScopeField::Ref, "ref", words::REF, 5)) }
            </p>
        }
    }

    fn pins(&self, has_keys: bool) -> Html {
        let (role, scope) = (self.role, self.scope);
        let is_component = |claim: &str| self.draft.sub_claim_components.iter().flatten().any(|it| it == claim);
        let protected = self.draft.ref_protected == Some(true);
        let onchange = self.dispatch.switch(Action::Protected(role, scope, !protected));
        let ids = [
            (ScopeField::ProjectId, "project_id", &self.draft.project_id),
            (ScopeField::NamespaceId, "namespace_id", &self.draft.namespace_id),
        ];
        html! {
            <div class="pins">
                if self.draft.ref_protected == Some(false) && !is_component("ref_protected") {
                    <span class="pin__value">
                        { words::UNPROTECTED }
                        { self.tool("✕", words::fill(words::REMOVE, &[&self.named(words::UNPROTECTED)]), Action::Protected(role, scope, false), self.after_pin(has_keys)) }
                    </span>
                } else if !is_component("ref_protected") && (has_keys || protected) {
                    <label class="check">
                        <input type="checkbox" checked={protected} aria-label={self.named(words::PROTECTED)} {onchange} />
                        <span>{ words::PROTECTED }</span>
                    </label>
                }
                { for ids.into_iter().filter(|it| it.2.is_some() && !is_component(it.1)).map(|(field, claim, _)| self.pin(claim, &[field], has_keys)) }
                { for self.draft.pins.iter().filter_map(|pin| {
                    let claim = TEXT_PINS.into_iter().find(|it| *it == pin.claim)?;
                    let fields: Vec<_> = (0..pin.values.len()).map(|at| ScopeField::Pin(claim, at)).collect();
                    Some(self.pin(claim, &fields, has_keys))
                }) }
                if has_keys { { self.add_pin() } } else if self.draft.sub_claim_components.is_none() { <span class="pins__note">{ words::PINS_ELSEWHERE }</span> }
            </div>
        }
    }

    /// A claim and the values that it may have.
    fn pin(&self, claim: &'static str, fields: &[ScopeField], has_keys: bool) -> Html {
        let known: &[&str] = match claim {
            "pipeline_source" => &PIPELINE_SOURCES,
            "runner_environment" => &RUNNER_ENVIRONMENTS,
            "user_access_level" => &ACCESS_LEVELS,
            _ => &[],
        };
        let (role, scope) = (self.role, self.scope);
        let takes_several = TEXT_PINS.contains(&claim);
        let menu = self.after_pin(has_keys);
        let values = fields.iter().enumerate().map(|(at, field)| {
            let name = if at == 0 { AttrValue::Static(claim) } else { words::fill(words::VALUE, &[claim, &(at + 1).to_string()]) };
            let remove = words::fill(words::REMOVE, &[&self.named(&name)]);
            let list = (!known.is_empty()).then_some(claim);
            html! {
                <>
                    if at > 0 { <span>{ words::OR }</span> }
                    <span class="pin__value">
                        { self.form.input(Blank::new(self.field(*field), "pin").named(self.named(&name)).sized(5, 40).offering(list)) }
                        { self.tool("✕", remove, Action::RemovePin(role, scope, claim, at), menu.clone()) }
                    </span>
                </>
            }
        });
        let next = self.field(ScopeField::Pin(claim, fields.len())).path();
        let add = words::fill(words::ADD_VALUE_NAME, &[&self.named(claim)]);
        html! {
            <span class="pin">
                <span class="pin__claim">{ claim }</span>
                { for values }
                if takes_several {
                    <button type="button" class="quiet" aria-label={add} onclick={self.dispatch.act_then_focus(Action::AddPin(role, scope, claim), next)}>
                        { words::ADD_VALUE }
                    </button>
                }
            </span>
        }
    }

    /// Where the focus goes when a pin goes: the menu of pins, or the project where there is none.
    fn after_pin(&self, has_keys: bool) -> String {
        if has_keys { self.menu_id() } else { self.field(ScopeField::Project).path() }
    }

    fn menu_id(&self) -> String {
        format!("add-pin-{}-{}", self.role, self.scope)
    }

    fn add_pin(&self) -> Html {
        let has = |claim: &str| match claim {
            "project_id" => self.draft.project_id.is_some(),
            "namespace_id" => self.draft.namespace_id.is_some(),
            _ => self.draft.pins.iter().any(|it| it.claim == claim),
        };
        let (role, scope) = (self.role, self.scope);
        let onchange = self.dispatch.chosen(move |menu| {
            let claim = words::PINS.iter().map(|it| it.0).find(|it| *it == menu)?;
            let field = match claim {
                "project_id" => ScopeField::ProjectId,
                "namespace_id" => ScopeField::NamespaceId,
                _ => ScopeField::Pin(claim, 0),
            };
            let focus = Field::Scope(role, scope, field).path();
            Some(Event::DoThenFocus(Action::AddPin(role, scope, claim), focus.into()))
        });
        let name = words::fill(words::OF_SCOPE, &[words::ADD_PIN_NAME, &(scope + 1).to_string(), &self.role_name]);
        let options = html! {
            <>
                <option value="">{ words::ADD_PIN }</option>
                { for words::PINS.iter().filter(|it| !has(it.0)).map(|it| html! { <option value={it.0}>{ it.1 }</option> }) }
            </>
        };
        let id = Some(words::text(self.menu_id()));
        Choice { look: "add", id, name: Some(name), chosen: AttrValue::Static(""), onchange, options }.draw()
    }
}
