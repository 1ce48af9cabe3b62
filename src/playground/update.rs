//! What may happen in a sitting, and what it changes. Pure: the clock and what was pasted come as arguments.

use std::rc::Rc;

use super::{AsOf, Chosen, Field, Model, Pasted, Place, Sample, SampleKind, ScopeField};
use crate::aws::{Partition, Region};
use crate::generate::Kind;
use crate::setup::{Draft, PinDraft, RoleDraft, ScopeDraft, Setup};
use crate::verdict::read_evidence;

/// Something that happens.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A key was pressed in a field.
    Type(Field, String),
    /// The address of something on GitLab was pasted as the project of a scope: role, scope, address.
    PasteAddress(usize, usize, String),
    /// "only if protected" was switched: role, scope, on.
    Protected(usize, usize, bool),
    /// A role was added after the last.
    AddRole,
    /// A role was doubled; the copy stands after it and is chosen.
    DuplicateRole(usize),
    /// A role was removed; the last one stays.
    RemoveRole(usize),
    /// A role was chosen.
    ChooseRole(usize),
    /// A managed policy was added to a role.
    AddPermission(usize, String),
    /// A managed policy was removed: role, index.
    RemovePermission(usize, usize),
    /// A scope was added to a role.
    AddScope(usize),
    /// A scope was doubled: role, scope.
    DuplicateScope(usize, usize),
    /// A scope was removed: role, scope; the last one stays.
    RemoveScope(usize, usize),
    /// A pin was added to a scope, or one more value to it: role, scope, claim.
    AddPin(usize, usize, &'static str),
    /// A value of a pin was removed, and the pin with its last one: role, scope, claim, index.
    RemovePin(usize, usize, &'static str, usize),
    /// A file was chosen.
    ShowFile(Kind),
    /// A sample token was chosen.
    ChooseSample(SampleKind),
    /// A sample stays as it is, whatever becomes of the setup.
    Keep(Rc<Sample>),
    /// A token was pasted: its text, as it came.
    Paste(String),
    /// When a pasted token is judged.
    Judge(AsOf),
    /// The clock moved, in seconds since 1970.
    Tick(i64),
    /// Another setup was opened.
    Open(Box<Setup>),
    /// Begin again with the example.
    StartOver,
    /// The draft was replaced by another that was offered, one step to be undone.
    Replace(Box<Draft>),
}

/// The model after `action`; none where nothing changed.
pub fn update(model: &Model, action: Action) -> Option<Model> {
    let mut next = model.clone();
    match action {
        Action::ChooseRole(role) => next.role = role.min(model.draft.roles.len().saturating_sub(1)),
        Action::ShowFile(kind) => next.tab = kind,
        Action::ChooseSample(kind) => next.token = Chosen::Sample(kind),
        Action::Keep(sample) => next.token = Chosen::Kept(sample),
        Action::Paste(text) => {
            // The signature never gets any further than this line.
            let kept = crate::gitlab::token::without_signature(&text);
            let pasted = match read_evidence(kept) {
                Ok(it) => Pasted::Read(it),
                Err(it) => Pasted::Unreadable(it),
            };
            next.token = Chosen::Pasted(Rc::new(pasted));
            next.as_of = AsOf::Issued;
        }
        Action::Judge(as_of) => next.as_of = as_of,
        Action::Tick(now) => next.now = now,
        Action::Open(setup) => {
            next = Model {
                token: model.token.clone(),
                tab: model.tab,
                as_of: model.as_of,
                ..Model::new(*setup, model.now)
            };
            forget_sample(&mut next);
        }
        Action::StartOver => next = Model::with_example(model.now),
        edit => return edited(model, edit),
    }
    (next != *model).then_some(next)
}

/// A sample of another setup may not exist in this one.
fn forget_sample(model: &mut Model) {
    if let Chosen::Sample(_) | Chosen::Kept(_) = model.token {
        model.token = Chosen::Sample(SampleKind::Meant(0));
    }
}

/// The actions that change the draft.
fn edited(model: &Model, action: Action) -> Option<Model> {
    let mut draft = (*model.draft).clone();
    let mut chosen = None;
    change(&mut draft, action, &mut chosen);
    if draft == *model.draft {
        return None;
    }
    let mut next = model.with_draft(draft);
    if let Some(role) = chosen {
        next.role = role;
    }
    Some(next)
}

fn change(draft: &mut Draft, action: Action, chosen: &mut Option<usize>) {
    match action {
        Action::Type(field, text) => typed(draft, field, text),
        Action::Replace(other) => *draft = *other,
        Action::PasteAddress(role, scope, address) => {
            if let Some(place) = Place::parse(&address, Field::Url.text(draft)) {
                typed(draft, Field::Url, place.instance);
                Field::Scope(role, scope, ScopeField::Project).set(draft, place.project);
                if let Some((kind, name)) = place.reference {
                    Field::Scope(role, scope, ScopeField::RefType).set(draft, kind.as_str().to_owned());
                    Field::Scope(role, scope, ScopeField::Ref).set(draft, name);
                }
            }
        }
        Action::AddRole => {
            let role = RoleDraft {
                name: Some(free_name(draft, "gitlab-role")),
                scopes: vec![new_scope(draft)],
                ..RoleDraft::default()
            };
            draft.roles.push(role);
            *chosen = Some(draft.roles.len() - 1);
        }
        Action::DuplicateRole(at) => {
            if let Some(mut copy) = draft.roles.get(at).cloned() {
                copy.name = Some(free_name(draft, copy.name.as_deref().unwrap_or("gitlab-role")));
                draft.roles.insert(at + 1, copy);
                *chosen = Some(at + 1);
            }
        }
        Action::RemoveRole(at) => {
            if draft.roles.len() > 1 && at < draft.roles.len() {
                draft.roles.remove(at);
                *chosen = Some(at.min(draft.roles.len() - 1));
            }
        }
        other => change_role(draft, other),
    }
}

/// Puts a text into a field, and into those that follow it: an audience that was the instance's address stays it, and a region
/// tells its partition.
fn typed(draft: &mut Draft, field: Field, text: String) {
    match field {
        Field::Url if Field::Audience.text(draft) == Field::Url.text(draft) => {
            draft.gitlab.audience = Some(text.clone())
        }
        Field::Region if Region::parse(&text).is_ok() => {
            let partition = Partition::of_region(&text);
            draft.aws.partition = (partition != Partition::Aws).then(|| partition.as_str().to_owned());
        }
        _ => {}
    }
    field.set(draft, text);
}

fn change_role(draft: &mut Draft, action: Action) {
    match action {
        Action::AddPermission(role, arn) => {
            if let Some(it) = draft.roles.get_mut(role) {
                it.permissions.push(arn);
            }
        }
        Action::RemovePermission(role, at) => {
            if let Some(it) = draft.roles.get_mut(role).filter(|it| at < it.permissions.len()) {
                it.permissions.remove(at);
            }
        }
        Action::AddScope(role) => {
            let mut scope = new_scope(draft);
            if let Some(it) = draft.roles.get_mut(role) {
                // The next line is most often another ref of the same project.
                if let Some(last) = it.scopes.last() {
                    scope.project.clone_from(&last.project);
                }
                it.scopes.push(scope);
            }
        }
        Action::DuplicateScope(role, at) => {
            if let Some(it) = draft.roles.get_mut(role)
                && let Some(copy) = it.scopes.get(at).cloned()
            {
                it.scopes.insert(at + 1, copy);
            }
        }
        Action::RemoveScope(role, at) => {
            if let Some(it) = draft.roles.get_mut(role).filter(|it| it.scopes.len() > 1 && at < it.scopes.len()) {
                it.scopes.remove(at);
            }
        }
        Action::Protected(role, scope, on) => {
            with_scope(draft, role, scope, |it| it.ref_protected = on.then_some(true))
        }
        Action::AddPin(role, scope, claim) => with_scope(draft, role, scope, |it| add_pin(it, claim)),
        Action::RemovePin(role, scope, claim, at) => with_scope(draft, role, scope, |it| remove_pin(it, claim, at)),
        _ => {}
    }
}

fn with_scope(draft: &mut Draft, role: usize, scope: usize, change: impl FnOnce(&mut ScopeDraft)) {
    if let Some(it) = draft.roles.get_mut(role).and_then(|it| it.scopes.get_mut(scope)) {
        change(it);
    }
}

fn add_pin(scope: &mut ScopeDraft, claim: &'static str) {
    match claim {
        "project_id" => scope.project_id = Some(scope.project_id.take().unwrap_or_default()),
        "namespace_id" => scope.namespace_id = Some(scope.namespace_id.take().unwrap_or_default()),
        _ => match scope.pins.iter_mut().find(|it| it.claim == claim) {
            Some(pin) => pin.values.push(String::new()),
            None => scope.pins.push(PinDraft { claim: claim.to_owned(), values: vec![String::new()] }),
        },
    }
}

fn remove_pin(scope: &mut ScopeDraft, claim: &str, at: usize) {
    match claim {
        "project_id" => scope.project_id = None,
        "namespace_id" => scope.namespace_id = None,
        _ => {
            if let Some(pin) = scope.pins.iter_mut().find(|it| it.claim == claim)
                && at < pin.values.len()
            {
                pin.values.remove(at);
            }
            scope.pins.retain(|it| !it.values.is_empty());
        }
    }
}

fn new_scope(draft: &Draft) -> ScopeDraft {
    let project = draft.roles.first().and_then(|it| it.scopes.first()).and_then(|it| it.project.clone());
    ScopeDraft {
        project: Some(project.unwrap_or_default()),
        ref_type: Some("branch".to_owned()),
        reference: Some("main".to_owned()),
        ..ScopeDraft::default()
    }
}

/// `base`, or `base-2`, `base-3` and so on: the first that no role has.
fn free_name(draft: &Draft, base: &str) -> String {
    let taken =
        |name: &str| draft.roles.iter().any(|it| it.name.as_deref().is_some_and(|it| it.eq_ignore_ascii_case(name)));
    if !taken(base) {
        return base.to_owned();
    }
    let base: String = base.chars().take(60).collect();
    (2..).map(|number| format!("{base}-{number}")).find(|it| !taken(it)).unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::RoleField;

    fn after(actions: impl IntoIterator<Item = Action>) -> Model {
        actions.into_iter().fold(Model::with_example(0), |model, it| update(&model, it).unwrap_or(model))
    }

    #[test]
    fn an_audience_follows_the_instance_until_it_is_another() {
        let url = |text: &str| Action::Type(Field::Url, text.to_owned());
        let model = after([url("https://git.example.com")]);
        assert_eq!(Field::Audience.text(&model.draft), "https://git.example.com");
        let own = Action::Type(Field::Audience, "sts.amazonaws.com".to_owned());
        let model = after([own, url("https://git.example.com")]);
        assert_eq!(Field::Audience.text(&model.draft), "sts.amazonaws.com");
    }

    #[test]
    fn a_region_tells_its_partition() {
        let region = |text: &str| Action::Type(Field::Region, text.to_owned());
        let permission = Action::RemovePermission(0, 0);
        let model = after([permission.clone(), region("us-gov-west-1")]);
        assert_eq!(model.setup.aws().partition, Partition::AwsUsGov);
        let model = after([permission, region("us-gov-west-1"), region("us-gov-wes"), region("eu-west-1")]);
        assert_eq!(model.draft.aws.partition, None);
    }

    #[test]
    fn a_pasted_address_fills_instance_project_and_ref() {
        let address = "https://git.example.com/acme/shop/-/tags/v2";
        let model = after([Action::PasteAddress(0, 0, address.to_owned())]);
        let text = |field: Field| field.text(&model.draft).to_owned();
        assert_eq!(text(Field::Url), "https://git.example.com");
        assert_eq!(text(Field::Scope(0, 0, ScopeField::Project)), "acme/shop");
        assert_eq!(text(Field::Scope(0, 0, ScopeField::RefType)), "tag");
        assert_eq!(text(Field::Scope(0, 0, ScopeField::Ref)), "v2");
        assert!(update(&model, Action::PasteAddress(0, 0, "acme/shop".to_owned())).is_none());
        assert_eq!(text(Field::Role(0, RoleField::Name)), "gitlab-prod-deploy");
    }
}
