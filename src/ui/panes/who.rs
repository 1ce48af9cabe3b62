//! The left column: whose jobs may assume which role. A sentence with blanks; each blank is a field of the setup.

use yew::prelude::*;

use super::more::{RARE_FIELDS, rare_fields, row};
use super::presets::Choosing;
use super::role::role;
use super::scope::ScopeCard;
use super::subject::offers;
use crate::generate::Kind;
use crate::playground::{Action, Field, RoleField, has_gitlab_keys};
use crate::setup::Draft;
use crate::ui::components::{Blank, Form};
use crate::ui::words;

/// The fields that all roles share: label, and the offers it has.
const SHARED_FIELDS: [(Field, &str, Option<&str>); 4] = [
    (Field::Url, words::GITLAB, None),
    (Field::Audience, words::AUDIENCE, Some("audiences")),
    (Field::Account, words::ACCOUNT, None),
    (Field::Region, words::REGION, None),
];

/// All that the column is drawn from: what is typed into a policy of one's own changes nothing in it.
#[derive(Properties, PartialEq)]
pub(crate) struct WhoProps {
    pub(crate) form: Form,
    /// The role that is chosen.
    pub(crate) role: usize,
    pub(crate) is_example: bool,
    /// The file that is shown.
    pub(crate) kind: Kind,
    /// Which disclosures are open, in the order of `Part::ALL`.
    pub(crate) open: [bool; 2],
    pub(crate) choosing: Option<Choosing>,
}

#[component]
pub(crate) fn Who(props: &WhoProps) -> Html {
    let (form, at, dispatch) = (&props.form, props.role, &props.form.dispatch);
    let role_path = format!("roles[{at}]");
    // The fields of the CI file stand at its head, and so do their messages while it is shown.
    let is_ci_shown = props.kind == Kind::GitlabCi;
    let is_elsewhere = |path: &str| {
        if is_ci_shown && path.starts_with("ci.") {
            return false;
        }
        let is_shared = SHARED_FIELDS.iter().map(|it| it.0).chain(RARE_FIELDS).any(|it| it.path() == path);
        let is_chosen = path.strip_prefix(&role_path).is_some_and(|it| it.starts_with('.'));
        // What is unwise in another role is marked at that role; what is wrong stops everything.
        !is_shared && !is_chosen && (form.has_wrong(path) || !path.starts_with("roles["))
    };
    let elsewhere = form.messages_where(is_elsewhere);
    let role_name = name_of(&form.draft, at);
    let scopes = form.draft.roles.get(at).map_or(0, |it| it.scopes.len());
    let has_keys = has_gitlab_keys(&form.draft);
    html! {
        <>
            if props.is_example { <p class="hint">{ words::EXAMPLE }</p> }
            if elsewhere != Html::default() {
                <div class="elsewhere"><h3 class="elsewhere__head">{ words::ELSEWHERE }</h3>{ elsewhere }</div>
            }
            <div class="rows">
                { for SHARED_FIELDS.iter().map(|it| shared_field(form, *it)) }
            </div>
            <datalist id="audiences">
                { for audiences(&form.draft).into_iter().map(|it| html! { <option value={it} /> }) }
            </datalist>
            { rare_fields(props) }
            { offers() }
            { roles(form, at) }
            <div class="scopes" role="group" aria-label={words::fill(words::SCOPES, &[&role_name])}>
                { for (0..scopes).map(|scope| html! {
                    <ScopeCard form={form.clone()} role={at} {scope} {has_keys} />
                }) }
            </div>
            <button
                type="button" class="add" id="add-scope"
                onclick={dispatch.act_then_focus(Action::AddScope(at), format!("roles[{at}].scopes[{scopes}].project"))}
            >{ words::ADD_SCOPE }</button>
            { role(props, at) }
        </>
    }
}

/// The role's name as typed, or words for one that has none.
pub(super) fn name_of(draft: &Draft, role: usize) -> AttrValue {
    let name = Field::Role(role, RoleField::Name).text(draft);
    if name.is_empty() { AttrValue::Static(words::ROLE_UNNAMED) } else { words::text(name.to_owned()) }
}

fn shared_field(form: &Form, (field, label, list): (Field, &'static str, Option<&'static str>)) -> Html {
    let placeholder = if field == Field::Region { words::REGION_NONE } else { "" };
    row(form, field, label, form.input(Blank::new(field, "row").offering(list).placeholder(placeholder)))
}

fn audiences(draft: &Draft) -> [AttrValue; 2] {
    let partition = draft.aws.partition.as_deref().unwrap_or("aws");
    let suffix = if partition == "aws-cn" { ".cn" } else { "" };
    [words::text(format!("sts.amazonaws.com{suffix}")), words::text(Field::Url.text(draft).to_owned())]
}

fn roles(form: &Form, chosen: usize) -> Html {
    let (draft, dispatch) = (&form.draft, &form.dispatch);
    let count = draft.roles.len();
    html! {
        <div class="roles">
            <div class="roles__group" role="radiogroup" aria-label={words::ROLES}>
                { for (0..count).map(|at| {
                    let environment = words::text(Field::Role(at, RoleField::Environment).text(draft).to_owned());
                    let onchange = dispatch.switch(Action::ChooseRole(at));
                    html! {
                        <label class="chip">
                            <input class="chip__radio" type="radio" name="role" checked={at == chosen} {onchange} />
                            <span class="chip__face">
                                { name_of(draft, at) }
                                { mark(form, at) }
                                if !environment.is_empty() { { " " }<small class="chip__small">{ environment }</small> }
                            </span>
                        </label>
                    }
                }) }
            </div>
            <button
                type="button" class="quiet" aria-label={words::ADD_ROLE_NAME}
                onclick={dispatch.act_then_focus(Action::AddRole, format!("roles[{count}].name"))}
            >{ words::ADD_ROLE }</button>
        </div>
    }
}

/// A sign on a role that has something to say.
fn mark(form: &Form, role: usize) -> Html {
    let Some(kind) = form.gravest(&format!("roles[{role}]")) else { return Html::default() };
    let sign = if kind == "wrong" { "✕" } else { "!" };
    html! {
        <span class="chip__mark" data-kind={kind}>
            <span aria-hidden="true">{ sign }</span><span class="hidden">{ " " }{ words::kind_of_message(kind) }</span>
        </span>
    }
}
