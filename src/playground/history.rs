//! Undo and redo of the setup: one step for each finished edit.
//!
//! Keys that are typed into one field in a row are one step, until the field is left or something else happens. A step keeps what
//! stood before it, whole: the parts are shared, so going back checks nothing anew. What is looked at (the file, the token, the
//! clock) is no part of it. Inside a text field, Ctrl+Z stays the browser's.

use std::rc::Rc;

use super::{Action, Editor, Field, Model};
use crate::setup::{Draft, Setup};
use crate::text::Diagnostic;

/// How many steps are kept; the oldest go first.
const MOST_STEPS: usize = 100;

/// What a step did, to be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by what the person did")]
pub enum Change {
    /// Something was typed or chosen in a field.
    Typed(Field),
    Added,
    Duplicated,
    Removed,
    Moved,
    Switched,
    Pasted,
    Opened,
    StartedOver,
    /// The setup was replaced by another that was offered.
    Replaced,
    /// Something was typed into the trust policy.
    TypedPolicy,
    /// The setup was composed from the person's own policy.
    Composed,
    /// Another policy is judged, the composed one or the person's own.
    ShownPolicy,
}

impl Change {
    /// What an action does to the setup; none where it leaves the setup alone.
    pub(super) fn of(action: &Action) -> Option<Self> {
        Some(match action {
            Action::Type(field, _) => Self::Typed(*field),
            Action::PasteAddress(..) => Self::Pasted,
            Action::Protected(..) | Action::Subject(..) => Self::Switched,
            Action::MoveScope(..) | Action::MoveRole(..) => Self::Moved,
            Action::AddRole | Action::AddPermission(..) | Action::AddScope(_) | Action::AddPin(..) => Self::Added,
            Action::DuplicateRole(_) | Action::DuplicateScope(..) => Self::Duplicated,
            Action::RemoveRole(_) | Action::RemovePermission(..) | Action::RemoveScope(..) | Action::RemovePin(..) => {
                Self::Removed
            }
            Action::Open(_) => Self::Opened,
            Action::StartOver => Self::StartedOver,
            Action::Replace(_) => Self::Replaced,
            Action::TypePolicy(_) => Self::TypedPolicy,
            Action::Compose => Self::Composed,
            Action::ShowOwn(_) | Action::ChoosePolicy(_) | Action::SetVariable(..) => Self::ShownPolicy,
            Action::ChooseRole(_)
            | Action::SetKey(..)
            | Action::ShowFile(_)
            | Action::ChooseSample(_)
            | Action::Paste(_)
            | Action::Forget(_)
            | Action::ForgetLog
            | Action::Judge(_)
            | Action::Tick(_)
            | Action::Keep(_)
            | Action::Leave
            | Action::Undo
            | Action::Redo => return None,
        })
    }
}

/// The setup at one moment, with what a person typed and which role was chosen.
#[derive(Debug, Clone)]
struct Moment {
    draft: Rc<Draft>,
    setup: Rc<Setup>,
    wrong: Rc<Vec<Diagnostic>>,
    is_example: bool,
    editor: Editor,
    role: usize,
}

impl Moment {
    fn of(model: &Model) -> Self {
        Self {
            draft: Rc::clone(&model.draft),
            setup: Rc::clone(&model.setup),
            wrong: Rc::clone(&model.wrong),
            is_example: model.is_example,
            editor: model.editor.clone(),
            role: model.role,
        }
    }

    fn restore(self, model: &mut Model) {
        let Self { draft, setup, wrong, is_example, editor, role } = self;
        (model.draft, model.setup, model.wrong) = (draft, setup, wrong);
        (model.is_example, model.editor, model.role) = (is_example, editor, role);
    }
}

/// What was done, and what stood before it (in the past) or after it (in the future).
#[derive(Debug, Clone)]
struct Step {
    change: Change,
    moment: Moment,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        let (one, other_one) = (&self.moment, &other.moment);
        self.change == other.change
            && Rc::ptr_eq(&one.draft, &other_one.draft)
            && match (one.editor.own(), other_one.editor.own()) {
                (Some(one), Some(other)) => Rc::ptr_eq(one, other),
                (one, other) => one.is_none() && other.is_none(),
            }
    }
}

impl Eq for Step {}

/// The steps of a sitting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    past: Vec<Step>,
    future: Vec<Step>,
    /// The change of which the next key is a part.
    open: Option<Change>,
}

impl History {
    /// What would be undone.
    pub fn undo(&self) -> Option<Change> {
        self.past.last().map(|it| it.change)
    }

    /// What would be done again.
    pub fn redo(&self) -> Option<Change> {
        self.future.last().map(|it| it.change)
    }
}

/// Writes down that `change` made `next` of `model`.
pub(super) fn record(model: &Model, next: &mut Model, change: Change) {
    let mut history = (*model.history).clone();
    history.future.clear();
    match change {
        change if history.open == Some(change) => {
            // Typed back to where it began, by hand or with the browser's own Ctrl+Z: there is no step.
            let is_back = |it: &Step| it.moment.draft == next.draft && it.moment.editor == next.editor;
            if history.past.last().is_some_and(is_back)
                && let Some(step) = history.past.pop()
            {
                // The setup is not taken back with it: where the draft was wrong, the last one that was right stays.
                next.is_example = step.moment.is_example;
                history.open = None;
            }
        }
        _ => {
            if history.past.len() >= MOST_STEPS {
                history.past.remove(0);
            }
            history.past.push(Step { change, moment: Moment::of(model) });
            history.open = matches!(change, Change::Typed(_) | Change::TypedPolicy).then_some(change);
        }
    }
    next.history = Rc::new(history);
}

/// Ends the step that is being typed.
pub(super) fn close(model: &mut Model) {
    if model.history.open.is_some() {
        Rc::make_mut(&mut model.history).open = None;
    }
}

/// Goes one step back, or forward again.
pub(super) fn go(model: &mut Model, back: bool) {
    let now = Moment::of(model);
    let history = Rc::make_mut(&mut model.history);
    history.open = None;
    let (from, to) =
        if back { (&mut history.past, &mut history.future) } else { (&mut history.future, &mut history.past) };
    if let Some(step) = from.pop() {
        to.push(Step { change: step.change, moment: now });
        step.moment.restore(model);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::{RoleField, ScopeField, update};

    const ACCOUNT: Field = Field::Account;

    fn typed(field: Field, text: &str) -> Action {
        Action::Type(field, text.to_owned())
    }

    fn after(model: &Model, actions: impl IntoIterator<Item = Action>) -> Model {
        actions.into_iter().fold(model.clone(), |model, it| update(&model, it).unwrap_or(model))
    }

    /// What a person sees of the setup.
    fn seen(model: &Model) -> (&Draft, &Setup, &[Diagnostic], bool, usize) {
        (&model.draft, &model.setup, &model.wrong, model.is_example, model.role)
    }

    #[test]
    fn keys_in_one_field_are_one_step_until_it_is_left() {
        let start = Model::with_example(0);
        assert_eq!((start.history.undo(), start.history.redo()), (None, None));
        let first = after(&start, [typed(ACCOUNT, "1"), typed(ACCOUNT, "12"), typed(ACCOUNT, "000000000012")]);
        let second = after(&first, [Action::Leave, typed(ACCOUNT, "000000000013")]);
        assert_eq!(second.history.undo(), Some(Change::Typed(ACCOUNT)));
        let back = after(&second, [Action::Undo]);
        assert_eq!(seen(&back), seen(&first));
        let back = after(&back, [Action::Undo]);
        assert_eq!(seen(&back), seen(&start));
        assert_eq!(update(&back, Action::Undo), None);
        let forth = after(&back, [Action::Redo, Action::Redo]);
        assert_eq!(seen(&forth), seen(&second));
        assert_eq!(update(&forth, Action::Redo), None);
    }

    #[test]
    fn another_field_and_another_action_begin_a_step_and_the_clock_does_not() {
        let start = Model::with_example(0);
        let region = Field::Region;
        for (between, steps) in [
            (typed(region, "eu-central-1"), 3),
            (Action::AddScope(0), 3),
            (Action::ShowFile(crate::generate::Kind::Terraform), 2),
            (Action::Leave, 2),
            (Action::Tick(7), 1),
        ] {
            let words = format!("{between:?}");
            let mut model = after(&start, [typed(ACCOUNT, "1"), between, typed(ACCOUNT, "12")]);
            for _ in 0..steps {
                assert!(model.history.undo().is_some(), "{words}");
                model = after(&model, [Action::Undo]);
            }
            assert_eq!(model.history.undo(), None, "{words}");
            assert_eq!(seen(&model), seen(&start), "{words}");
        }
    }

    #[test]
    fn what_was_typed_and_taken_back_by_hand_is_no_step() {
        let start = Model::with_example(0);
        let model = after(&start, [typed(ACCOUNT, "1"), typed(ACCOUNT, "123456789012")]);
        assert_eq!(seen(&model), seen(&start));
        assert_eq!(model.history.undo(), None);
        let login = Field::Scope(0, 0, ScopeField::Pin("user_login", 0));
        let model = after(&start, [Action::AddPin(0, 0, "user_login"), typed(login, "j"), typed(login, "")]);
        assert_eq!(model.history.undo(), Some(Change::Added));
        assert!(model.is_stale() && model.setup.roles()[0].scopes[0].pin("user_login").is_some());
    }

    #[test]
    fn every_structural_action_is_undone_whole() {
        let next = typed(Field::Scope(0, 1, ScopeField::Ref), "next");
        let start = after(&Model::with_example(0), [Action::AddScope(0), next, Action::AddRole, Action::ChooseRole(0)]);
        let mut other = (*start.draft).clone();
        other.aws.account_id = Some("000000000001".to_owned());
        let login = Field::Scope(0, 0, ScopeField::Pin("user_login", 0));
        let actions = [
            Action::RemoveScope(0, 0),
            Action::DuplicateScope(0, 1),
            Action::AddScope(1),
            Action::RemoveRole(1),
            Action::DuplicateRole(0),
            Action::AddRole,
            Action::Protected(0, 0, true),
            Action::MoveScope(0, 1, true),
            Action::MoveRole(0, false),
            Action::Subject(0, 0, crate::playground::SubjectEdit::Has(true)),
            Action::AddPin(0, 0, "user_login"),
            Action::AddPermission(0, "arn:aws:iam::aws:policy/PowerUserAccess".to_owned()),
            Action::RemovePermission(0, 0),
            Action::PasteAddress(0, 0, "https://git.example.com/a/b/-/tags/v1".to_owned()),
            Action::Replace(Box::new(other)),
            Action::StartOver,
            Action::Open(Box::new(crate::playground::example())),
            typed(Field::Role(0, RoleField::Name), "another"),
        ];
        for action in actions {
            let words = format!("{action:?}");
            let done = update(&start, action.clone()).unwrap_or_else(|| panic!("{words} does something"));
            assert_eq!(done.history.undo(), Change::of(&action), "{words}");
            let back = after(&done, [Action::Undo]);
            assert_eq!(seen(&back), seen(&start), "{words}");
            assert_eq!(seen(&after(&back, [Action::Redo])), seen(&done), "{words}");
        }
        // A wrong field comes back wrong, with the setup that was right before it.
        let wrong = after(&start, [Action::AddPin(0, 0, "user_login")]);
        let mended = after(&wrong, [typed(login, "j"), Action::Undo]);
        assert!(mended.is_stale() && seen(&mended) == seen(&wrong));
    }

    #[test]
    fn a_new_edit_forgets_what_was_undone_and_old_steps_go() {
        let start = Model::with_example(0);
        let model = after(&start, [Action::AddScope(0), Action::Undo, typed(ACCOUNT, "1")]);
        assert_eq!(model.history.redo(), None);
        let mut many = start;
        for _ in 0..MOST_STEPS + 20 {
            many = after(&many, [Action::AddScope(0)]);
        }
        assert_eq!(many.history.past.len(), MOST_STEPS);
        for _ in 0..MOST_STEPS {
            many = after(&many, [Action::Undo]);
        }
        assert_eq!(many.draft.roles[0].scopes.len(), 21);
    }
}
