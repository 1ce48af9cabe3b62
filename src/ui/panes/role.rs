//! The end of the sentence: "may assume this role, in this environment, for this long, with these policies".

use yew::prelude::*;

use super::who::{also_set, name_of};
use crate::playground::{Action, Field, RoleField};
use crate::setup::RoleDraft;
use crate::ui::components::{Blank, Choice, Form, options};
use crate::ui::store::Event;
use crate::ui::words;

/// The session lengths that are offered, in hours.
const HOURS: [u32; 7] = [1, 2, 3, 4, 6, 8, 12];

pub(super) fn role(form: &Form, role: usize) -> Html {
    let dispatch = &form.dispatch;
    let Some(draft) = form.draft.roles.get(role) else { return Html::default() };
    let name = name_of(&form.draft, role);
    let input = |field: RoleField, look, what: &str, least, placeholder| {
        let blank = Blank::new(Field::Role(role, field), look)
            .named(words::fill(words::OF_ROLE, &[what, &name]))
            .sized(least, 60)
            .placeholder(placeholder);
        form.input(blank)
    };
    let prefix = format!("roles[{role}].");
    let is_here =
        |path: &str| path.strip_prefix(&prefix).is_some_and(|it| it == "scopes" || !it.starts_with("scopes["));
    html! {
        <div class="role">
            <p class="sentence">
                { words::MAY_ASSUME }
                { input(RoleField::Name, "role", words::ROLE_NAME, 12, "") }
                { words::FOR }
                { session(form, role, &name) }
                { words::IN_ENVIRONMENT }
                { input(RoleField::Environment, "role", words::ENVIRONMENT, 6, words::ENVIRONMENT_NONE) }
            </p>
            <p class="sentence">{ words::WITH }{ policies(form, draft, role, &name) }</p>
            { also_set(&extras(draft)) }
            { form.messages_where(is_here) }
            if draft.environment.is_some() { <p class="note">{ words::ENVIRONMENT_HINT }</p> }
            <div class="role__tools">
                <button type="button" class="quiet" onclick={dispatch.act_then_focus(Action::DuplicateRole(role), format!("roles[{}].name", role + 1))}>
                    { words::DUPLICATE_ROLE }
                </button>
                if form.draft.roles.len() > 1 {
                    <button type="button" class="quiet" onclick={dispatch.act_then_focus(Action::RemoveRole(role), "add-scope")}>
                        { words::REMOVE_ROLE }
                    </button>
                }
            </div>
        </div>
    }
}

fn session(form: &Form, role: usize, name: &str) -> Html {
    let field = Field::Role(role, RoleField::MaxSessionSeconds);
    let chosen = field.text(&form.draft);
    let hours = HOURS.map(|it| {
        (
            words::text((it * 3_600).to_string()),
            match it {
                1 => AttrValue::Static(words::HOUR),
                _ => words::fill(words::HOURS, &[&it.to_string()]),
            },
        )
    });
    let mut all = hours.to_vec();
    if !all.iter().any(|it| it.0 == chosen) {
        all.push((words::text(chosen.to_owned()), words::fill(words::SECONDS, &[chosen])));
    }
    let onchange = form.dispatch.chosen(move |it| Some(Event::Do(Action::Type(field, it.to_owned()))));
    let name = Some(words::fill(words::OF_ROLE, &[words::SESSION, name]));
    Choice { look: "choice", id: None, name, chosen: words::text(chosen.to_owned()), onchange, options: options(all) }
        .draw()
}

fn policies(form: &Form, draft: &RoleDraft, role: usize, name: &str) -> Html {
    let dispatch = &form.dispatch;
    let partition = form.draft.aws.partition.as_deref().unwrap_or("aws");
    let prefix = format!("arn:{partition}:iam::aws:policy/");
    let count = draft.permissions.len();
    let add = dispatch
        .act_then_focus(Action::AddPermission(role, prefix.clone()), format!("roles[{role}].permissions[{count}]"));
    html! {
        <>
            { for (0..count).map(|at| {
                let what = words::fill(words::POLICY, &[&(at + 1).to_string()]);
                let named = words::fill(words::OF_ROLE, &[&what, name]);
                let remove = words::fill(words::REMOVE, &[&named]);
                let blank = Blank::new(Field::Role(role, RoleField::Permission(at)), "role")
                    .named(named).sized(20, 60).offering(Some("policies"));
                html! {
                    <span class="pin__value">
                        { form.input(blank) }
                        <button type="button" class="tool" aria-label={remove.clone()} title={remove} onclick={dispatch.act_then_focus(Action::RemovePermission(role, at), "add-policy")}>
                            <span aria-hidden="true">{ "✕" }</span>
                        </button>
                    </span>
                }
            }) }
            if count == 0 { <span class="note">{ words::NO_POLICY }</span> }
            <button type="button" class="quiet" id="add-policy" aria-label={words::ADD_POLICY_NAME} onclick={add}>{ words::ADD_POLICY }</button>
            <datalist id="policies">
                { for words::POLICIES.iter().map(|it| html! { <option value={format!("{prefix}{it}")} /> }) }
            </datalist>
        </>
    }
}

fn extras(draft: &RoleDraft) -> Vec<AttrValue> {
    let mut found = Vec::new();
    if let Some(path) = draft.path.as_ref().filter(|it| *it != "/") {
        found.push(words::fill(words::ROLE_PATH_IS, &[path]));
    }
    if draft.permissions_document.is_some() {
        found.push(AttrValue::Static(words::INLINE_POLICY));
    }
    found
}
