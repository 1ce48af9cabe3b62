//! The actions that change the draft: what each writes into it. A draft may be wrong; `update` has it checked.

use super::{Action, Field, Place, ScopeField, SubjectEdit};
use crate::aws::{Partition, Region};
use crate::gitlab::{Component, IssuerUrl};
use crate::setup::{Draft, PinDraft, RoleDraft, ScopeDraft};

/// Writes `action` into `draft`; `chosen` is the role that is looked at then, where it changes.
pub(super) fn change(draft: &mut Draft, action: Action, chosen: &mut Option<usize>) {
    match action {
        Action::Type(field, text) => typed(draft, field, text),
        Action::Replace(other) => *draft = *other,
        Action::PasteAddress(role, scope, address) => {
            let project = Field::Scope(role, scope, ScopeField::Project);
            let Some(place) = Place::parse(&address, Field::Url.text(draft)) else {
                // It is of something else; the field's own message says what is wanted.
                return typed(draft, project, address);
            };
            if place.instance != Field::Url.text(draft) {
                // These two were the other instance's.
                (draft.gitlab.issuer, draft.gitlab.version) = (None, None);
                typed(draft, Field::Url, place.instance);
            }
            project.set(draft, place.project);
            if let Some((kind, name)) = place.reference {
                Field::Scope(role, scope, ScopeField::RefType).set(draft, kind.as_str().to_owned());
                Field::Scope(role, scope, ScopeField::Ref).set(draft, name);
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
        Action::MoveRole(at, is_left) => *chosen = swap(&mut draft.roles, at, is_left),
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
            typed(draft, Field::Partition, Partition::of_region(&text).as_str().to_owned())
        }
        Field::Partition => {
            // AWS's own managed policies are there in every partition, under its name.
            let (old, new) = (Field::Partition.text(draft).to_owned(), &text);
            for arn in draft.roles.iter_mut().flat_map(|it| &mut it.permissions) {
                if let Some(rest) = arn.strip_prefix(&format!("arn:{old}:iam::aws:")) {
                    *arn = format!("arn:{new}:iam::aws:{rest}");
                }
            }
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
        Action::Subject(role, scope, edit) => {
            let has_keys = has_gitlab_keys(draft);
            with_scope(draft, role, scope, |it| edit_subject(it, edit, has_keys));
        }
        Action::MoveScope(role, at, is_up) => {
            if let Some(it) = draft.roles.get_mut(role) {
                swap(&mut it.scopes, at, is_up);
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

/// Whether AWS has keys beside `aud` and `sub` for the instance of a draft.
pub fn has_gitlab_keys(draft: &Draft) -> bool {
    let issuer = draft.gitlab.issuer.as_deref().unwrap_or(Field::Url.text(draft));
    IssuerUrl::parse(issuer).is_ok_and(|it| it.is_gitlab_com())
}

/// Changes the places of a thing and its neighbour; where the thing stands then.
fn swap<T>(all: &mut [T], at: usize, is_back: bool) -> Option<usize> {
    let other = if is_back { at.checked_sub(1)? } else { at + 1 };
    (at.max(other) < all.len()).then(|| all.swap(at, other))?;
    Some(other)
}

/// What a scope says stays true to its components: what AWS no longer sees is asked for no longer, and a new component begins with
/// the value that lets in the least.
fn edit_subject(scope: &mut ScopeDraft, edit: SubjectEdit, has_keys: bool) {
    let components = |scope: &ScopeDraft| -> Vec<Component> {
        scope.components().into_iter().filter_map(|it| Component::parse(it).ok()).collect()
    };
    let before = components(scope);
    let mut after = before.clone();
    match edit {
        SubjectEdit::Has(true) => {}
        SubjectEdit::Has(false) => after = components(&ScopeDraft::default()),
        SubjectEdit::First(it) => {
            after.retain(|other| *other != it && Some(other) != before.first());
            after.insert(0, it);
        }
        SubjectEdit::Add(it) => {
            if !after.contains(&it) {
                after.push(it);
            }
        }
        SubjectEdit::Remove(at) => {
            if at > 0 && at < after.len() {
                after.remove(at);
            }
        }
        // The first is chosen by itself: GitLab takes two there.
        SubjectEdit::Up(at) => {
            if at > 1 {
                swap(&mut after, at, true);
            }
        }
    }
    for it in Component::all() {
        let (was, is) = (before.contains(&it), after.contains(&it));
        if was == is {
            continue;
        }
        match it {
            Component::ProjectPath => {}
            Component::Ref if was => scope.reference = Some("*".to_owned()),
            Component::RefType if was => scope.ref_type = Some("any".to_owned()),
            Component::Ref | Component::RefType => {}
            Component::EnvironmentProtected => scope.environment_protected = is.then_some(true),
            Component::DeploymentTier => scope.deployment_tier = is.then(|| "production".to_owned()),
            // On gitlab.com these two stay, as pins.
            Component::ProjectId if is || has_keys => {
                scope.project_id = Some(scope.project_id.take().unwrap_or_default());
            }
            Component::RefProtected if is || has_keys => {
                scope.ref_protected = Some(scope.ref_protected.unwrap_or(true));
            }
            Component::ProjectId => scope.project_id = None,
            Component::RefProtected => scope.ref_protected = None,
        }
    }
    let names = || after.iter().map(|it| it.as_str().to_owned()).collect();
    scope.sub_claim_components = (edit != SubjectEdit::Has(false)).then(names);
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
    use crate::playground::{Model, RoleField, update};

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
        let policy = |model: &Model| model.draft.roles[0].permissions[0].clone();
        let model = after([region("us-gov-west-1")]);
        assert_eq!(model.setup.aws().partition, Partition::AwsUsGov);
        assert_eq!(policy(&model), "arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess");
        let model = after([region("us-gov-west-1"), region("us-gov-wes"), region("eu-west-1")]);
        assert_eq!(model.draft.aws.partition, None);
        assert_eq!(policy(&model), "arn:aws:iam::aws:policy/ReadOnlyAccess");
        let own = "arn:aws:iam::123456789012:policy/mine";
        let model = after([
            Action::Type(Field::Role(0, RoleField::Permission(0)), own.to_owned()),
            Action::Type(Field::Partition, "aws-cn".to_owned()),
        ]);
        assert_eq!((policy(&model).as_str(), model.wrong_at("aws.region").is_some()), (own, true));
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
        let group = "https://gitlab.com/acme";
        let other = update(&model, Action::PasteAddress(0, 0, group.to_owned())).unwrap();
        assert_eq!(Field::Scope(0, 0, ScopeField::Project).text(&other.draft), group);
        assert!(other.is_stale());
        assert_eq!(text(Field::Role(0, RoleField::Name)), "gitlab-prod-deploy");
    }

    #[test]
    fn a_custom_subject_is_composed_step_by_step_and_stays_right() {
        use Component::{DeploymentTier, EnvironmentProtected, ProjectId, ProjectPath, RefProtected};
        let subject = |edit| Action::Subject(0, 0, edit);
        let own = Action::Type(Field::Url, "https://git.example.com".to_owned());
        let id = Action::Type(Field::Scope(0, 0, ScopeField::ProjectId), "20".to_owned());
        let mut model = after([own]);
        for (action, expected) in [
            (subject(SubjectEdit::Has(true)), "project_path:mygroup/myrepo:ref_type:branch:ref:main"),
            (
                subject(SubjectEdit::Add(RefProtected)),
                "project_path:mygroup/myrepo:ref_type:branch:ref:main:ref_protected:true",
            ),
            (subject(SubjectEdit::Up(3)), "project_path:mygroup/myrepo:ref_type:branch:ref_protected:true:ref:main"),
            (subject(SubjectEdit::Remove(1)), "project_path:mygroup/myrepo:ref_protected:true:ref:main"),
            (subject(SubjectEdit::Remove(2)), "project_path:mygroup/myrepo:ref_protected:true"),
            (subject(SubjectEdit::First(ProjectId)), "project_id:…:ref_protected:true"),
            (id, "project_id:20:ref_protected:true"),
            (subject(SubjectEdit::Add(ProjectPath)), "project_id:20:ref_protected:true:project_path:mygroup/myrepo"),
            (subject(SubjectEdit::First(ProjectPath)), "project_path:mygroup/myrepo:ref_protected:true"),
            (
                subject(SubjectEdit::Add(EnvironmentProtected)),
                "project_path:mygroup/myrepo:ref_protected:true:environment_protected:true",
            ),
            (
                subject(SubjectEdit::Add(DeploymentTier)),
                "project_path:mygroup/myrepo:ref_protected:true:environment_protected:true:deployment_tier:production",
            ),
        ] {
            let words = format!("{action:?}");
            model = update(&model, action).unwrap_or_else(|| panic!("{words} does something"));
            assert_eq!(model.draft.roles[0].scopes[0].subjects(), [expected], "{words}");
            assert_eq!(model.is_stale(), expected.contains('…'), "{words}: {:?}", model.wrong);
        }
        for nothing in [SubjectEdit::Up(1), SubjectEdit::Up(0), SubjectEdit::Remove(0), SubjectEdit::Remove(9)] {
            assert_eq!(update(&model, subject(nothing)), None, "{nothing:?}");
        }
        let model = update(&model, subject(SubjectEdit::Has(false))).unwrap();
        let scope = &model.draft.roles[0].scopes[0];
        assert_eq!((&scope.sub_claim_components, &scope.deployment_tier, scope.ref_protected), (&None, &None, None));
        assert!(!model.is_stale(), "{:?}", model.wrong);
        // What AWS did not see any more is still not asked for: nothing narrows or widens unseen.
        assert_eq!((scope.ref_type.as_deref(), scope.reference.as_deref()), (Some("any"), Some("*")));
    }

    #[test]
    fn on_gitlab_com_what_leaves_the_subject_stays_a_pin() {
        let subject = |edit| Action::Subject(0, 0, edit);
        let model = after([
            subject(SubjectEdit::Has(true)),
            subject(SubjectEdit::Add(Component::RefProtected)),
            subject(SubjectEdit::Has(false)),
        ]);
        assert_eq!(model.draft.roles[0].scopes[0].ref_protected, Some(true));
        assert!(!model.is_stale());
    }

    #[test]
    fn scopes_and_roles_change_places_and_the_choice_follows() {
        let reference = |at, text: &str| Action::Type(Field::Scope(0, at, ScopeField::Ref), text.to_owned());
        let model = after([Action::AddScope(0), reference(1, "next"), Action::AddRole]);
        let refs = |model: &Model| {
            model.draft.roles[0].scopes.iter().map(|it| it.reference.clone().unwrap()).collect::<Vec<_>>()
        };
        let moved = update(&model, Action::MoveScope(0, 1, true)).unwrap();
        assert_eq!(refs(&moved), ["next", "main"]);
        assert_eq!(refs(&update(&moved, Action::MoveScope(0, 0, false)).unwrap()), ["main", "next"]);
        let moved = update(&model, Action::MoveRole(1, true)).unwrap();
        assert_eq!((moved.role, moved.draft.roles[1].name.as_deref()), (0, Some("gitlab-prod-deploy")));
        for nothing in [
            Action::MoveScope(0, 0, true),
            Action::MoveScope(0, 1, false),
            Action::MoveScope(7, 0, true),
            Action::MoveRole(0, true),
            Action::MoveRole(1, false),
            Action::MoveRole(9, false),
        ] {
            assert_eq!(update(&model, nothing.clone()), None, "{nothing:?}");
        }
    }
}
