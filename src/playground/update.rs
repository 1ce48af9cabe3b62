//! What may happen in a sitting, and what it changes. Pure: the clock and what was pasted come as arguments.

use std::rc::Rc;

use super::edit::change;
use super::history::{self, Change};
use super::{AsOf, Chosen, Editor, Field, Model, Own, Pasted, Sample, SampleKind};
use crate::doctor;
use crate::generate::{Kind, trust_policy};
use crate::gitlab::Component;
use crate::lint::File;
use crate::setup::{Draft, Setup};
use crate::source;
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
    /// The custom `sub` of a scope was changed: role, scope.
    Subject(usize, usize, SubjectEdit),
    /// A scope changed places with a neighbour: role, scope, and whether it goes up.
    MoveScope(usize, usize, bool),
    /// A role changed places with a neighbour: role, and whether it goes to the left.
    MoveRole(usize, bool),
    /// Something was typed or pasted into the trust policy: its whole text then.
    TypePolicy(String),
    /// Another of the policies in the person's text is judged, from 0.
    ChoosePolicy(usize),
    /// A reference in the person's text that has no value there was given one; an empty one takes it back.
    SetVariable(String, String),
    /// The person's own policy is judged, or, `false`, the composed one.
    ShowOwn(bool),
    /// The setup is replaced by the one that composes the person's own policy.
    Compose,
    /// A request key that no token tells was given a value; an empty one takes it back.
    SetKey(String, String),
    /// A file was chosen.
    ShowFile(Kind),
    /// A sample token was chosen.
    ChooseSample(SampleKind),
    /// A sample stays as it is, whatever becomes of the setup.
    Keep(Rc<Sample>),
    /// Something was pasted to be checked: its text, as it came.
    Paste(String),
    /// What a log told is forgotten.
    ForgetLog,
    /// A file that is looked at beside the policy is looked at no longer: its index.
    Forget(usize),
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
    /// A field was left: what is typed next is a step of its own.
    Leave,
    /// The last step is undone.
    Undo,
    /// The step that was undone last is done again.
    Redo,
}

/// A change of a scope's custom `sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectEdit {
    /// The project has one, or has none.
    Has(bool),
    /// This is the first component.
    First(Component),
    /// This comes after the others.
    Add(Component),
    /// The component of that index goes.
    Remove(usize),
    /// The component of that index changes places with the one before it.
    Up(usize),
}

/// The model after `action`; none where nothing changed.
pub fn update(model: &Model, action: Action) -> Option<Model> {
    let mut next = model.clone();
    let step = Change::of(&action);
    if step.is_none() && !matches!(action, Action::Tick(_)) {
        history::close(&mut next);
    }
    match action {
        Action::ChooseRole(role) => next.role = role.min(model.draft.roles.len().saturating_sub(1)),
        Action::TypePolicy(text) => next.editor = typed(model, &text),
        Action::ChoosePolicy(at) => {
            if let Editor::Own(own) = &model.editor {
                next.editor = Editor::Own(Rc::new(own.choose(at)));
            }
        }
        Action::SetVariable(name, value) => {
            if let Editor::Own(own) = &model.editor {
                next.editor = Editor::Own(Rc::new(own.set(&name, &value)));
            }
        }
        Action::ShowOwn(is_own) => {
            next.editor = match (model.editor.clone(), is_own) {
                (Editor::Composed(Some(own)), true) => Editor::Own(own),
                (Editor::Own(own), false) => Editor::Composed(Some(own)),
                (same, _) => same,
            }
        }
        Action::Compose => {
            let reading = model.editor.own().filter(|it| !it.is_stale())?.good.as_ref()?;
            next = model.with_draft(reading.setup(&model.setup).ok()?.draft().clone());
            next.role = 0;
            next.editor = put_away(model);
            forget_sample(&mut next);
        }
        Action::SetKey(key, value) => {
            let context = Rc::make_mut(&mut next.context);
            context.retain(|it| !it.0.eq_ignore_ascii_case(&key));
            if !value.is_empty() {
                context.push((key, value));
            }
        }
        Action::ShowFile(kind) => next.tab = kind,
        Action::ChooseSample(kind) => next.token = Chosen::Sample(kind),
        Action::Keep(sample) => next.token = Chosen::Kept(sample),
        Action::Paste(text) => pasted(&mut next, &text),
        Action::Forget(at) => {
            if at < model.beside.len() {
                Rc::make_mut(&mut next.beside).remove(at);
            }
        }
        Action::ForgetLog => next.complaints = Rc::default(),
        Action::Judge(as_of) => next.as_of = as_of,
        Action::Tick(now) => next.now = now,
        Action::Open(setup) => {
            next = Model {
                token: model.token.clone(),
                tab: model.tab,
                as_of: model.as_of,
                editor: put_away(model),
                ..Model::new(*setup, model.now)
            };
            forget_sample(&mut next);
        }
        Action::StartOver => next = Model { editor: put_away(model), ..Model::with_example(model.now) },
        Action::Leave => {}
        Action::Undo => history::go(&mut next, true),
        Action::Redo => history::go(&mut next, false),
        edit => next = edited(model, edit)?,
    }
    next.history = Rc::clone(if step.is_some() { &model.history } else { &next.history });
    if let Some(step) = step
        && (next.draft != model.draft || next.is_example != model.is_example || next.editor != model.editor)
    {
        history::record(model, &mut next, step);
    }
    (next != *model).then_some(next)
}

/// What was pasted is put where it belongs: a policy into the editor, a CI file or a provider beside it; a log with a known error is
/// read for that; anything else is taken for a token.
fn pasted(model: &mut Model, text: &str) {
    // The signature never gets any further than this line.
    let kept = crate::gitlab::token::without_signature(text);
    let source = source::read(&kept, &[]);
    if !source.policies.is_empty() || !source.unread.is_empty() {
        model.editor = typed(model, text);
        model.tab = Kind::TrustPolicy;
        return;
    }
    if source.ci.is_some() || !source.providers.is_empty() {
        let name = if source.ci.is_some() { ".gitlab-ci.yml" } else { "provider.json" };
        let file = File { name: name.to_owned(), text: text.to_owned(), source };
        let beside = Rc::make_mut(&mut model.beside);
        beside.retain(|it| it.name != file.name);
        beside.push(Rc::new(file));
        return;
    }
    let complaints = if source.evidence.is_empty() { doctor::read(text) } else { Vec::new() };
    if !complaints.is_empty() {
        model.complaints = Rc::new(complaints);
        return;
    }
    let pasted = match source.evidence.into_iter().next().map_or_else(|| read_evidence(&kept), Ok) {
        Ok(it) => Pasted::Read(it),
        Err(it) => Pasted::Unreadable(it),
    };
    model.token = Chosen::Pasted(Rc::new(pasted));
    model.as_of = AsOf::Issued;
}

/// The policy that was typed. Where it is the composed one again, it is nobody's own.
fn typed(model: &Model, text: &str) -> Editor {
    let role = model.setup.roles().get(model.role_in_setup());
    if role.is_some_and(|it| trust_policy(&model.setup, it) == text) {
        return Editor::default();
    }
    Editor::Own(Rc::new(Own::typed(text, model.editor.own().map(Rc::as_ref))))
}

/// Another setup is shown with its own policy; the person's waits.
fn put_away(model: &Model) -> Editor {
    Editor::Composed(model.editor.own().or(model.editor.waiting()).cloned())
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
