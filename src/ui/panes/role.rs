//! The end of the sentence: "may assume this role, in this environment, for this long, with these policies".

use yew::prelude::*;

use super::more::{Part, RARE_FIELDS_OF_ROLE, more, row, tool};
use super::presets::presets;
use super::who::{WhoProps, name_of};
use crate::playground::{Action, Field, RoleField};
use crate::setup::RoleDraft;
use crate::ui::components::{Blank, Form, options};
use crate::ui::store::Event;
use crate::ui::words;

/// The session lengths that are offered, in hours.
const HOURS: [u32; 7] = [1, 2, 3, 4, 6, 8, 12];

pub(super) fn role(props: &WhoProps, role: usize) -> Html {
    let (form, dispatch) = (&props.form, &props.form.dispatch);
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
    let is_here = |path: &str| {
        path.strip_prefix(&prefix).is_some_and(|it| it == "scopes" || !it.starts_with("scopes["))
            && !["path", "permissions_document"].iter().any(|it| path.strip_prefix(&prefix) == Some(it))
    };
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
            <div class="sentence">{ words::WITH }{ policies(props, draft, role, &name) }</div>
            { rare(props, role) }
            { form.messages_where(is_here) }
            if draft.environment.is_some() { <p class="note">{ words::ENVIRONMENT_HINT }</p> }
            <div class="role__tools">
                { movers(form, role, &name) }
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
    form.choice(field, "choice", Some(words::fill(words::OF_ROLE, &[words::SESSION, name])), options(all))
}

fn policies(props: &WhoProps, draft: &RoleDraft, role: usize, name: &str) -> Html {
    let (form, dispatch) = (&props.form, &props.form.dispatch);
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
                        { tool(dispatch, remove, "✕", None, false, Event::DoThenFocus(Action::RemovePermission(role, at), "add-policy".into())) }
                    </span>
                }
            }) }
            if count == 0 { <span class="note">{ words::NO_POLICY }</span> }
            <button type="button" class="quiet" id="add-policy" aria-label={words::ADD_POLICY_NAME} onclick={add}>{ words::ADD_POLICY }</button>
            { " " }
            { presets(props, role, name) }
            <datalist id="policies">
                { for words::POLICIES.iter().map(|it| html! { <option value={format!("{prefix}{it}")} /> }) }
            </datalist>
        </>
    }
}

/// What is behind "more" of the role: its path, and its inline policy.
fn rare(props: &WhoProps, role: usize) -> Html {
    let (form, [path, document]) = (&props.form, RARE_FIELDS_OF_ROLE.map(|it| Field::Role(role, it)));
    let fields = html! {
        <>
            { row(form, path, words::ROLE_PATH, form.input(Blank::new(path, "row").placeholder("/"))) }
            { row(form, document, words::INLINE_POLICY, form.area(document)) }
        </>
    };
    more(props, Part::Role, words::MORE_OF_ROLE, fields)
}

/// The buttons that move the role among the others. They stay where they are, whichever role is chosen.
fn movers(form: &Form, role: usize, name: &str) -> Html {
    let last = form.draft.roles.len().saturating_sub(1);
    let mover = |is_left: bool| {
        let (template, sign) = if is_left { (words::MOVE_LEFT, "←") } else { (words::MOVE_RIGHT, "→") };
        let is_end = if is_left { role == 0 } else { role == last };
        tool(
            &form.dispatch,
            words::fill(template, &[name]),
            sign,
            None,
            is_end,
            Event::Do(Action::MoveRole(role, is_left)),
        )
    };
    if last == 0 {
        Html::default()
    } else {
        html! { <>{ mover(true) }{ mover(false) }</> }
    }
}
