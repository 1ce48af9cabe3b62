//! Everything that is derived from a sitting and shown, each part remembered until something changes that it depends on.
//!
//! `follow` after any action gives what `new` would: the remembering is invisible but for its speed.

use std::rc::Rc;

use super::{AsOf, Chosen, Compiled, Look, Model, Remedy, Seen, Table, look, remedies};
use crate::generate::{File, GENERATORS, Generator, Kind, render, trust_policy_file};
use crate::setup::{Finding, Setup, findings};

/// What is shown of a sitting.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The setup with its trust policies.
    pub compiled: Rc<Compiled>,
    /// What is unwise in the setup.
    pub findings: Rc<Vec<Finding>>,
    /// The samples of the chosen role against every role.
    pub table: Rc<Table>,
    /// The token that is looked at.
    pub look: Rc<Look>,
    /// What would let it in, where it is denied and the setup is the draft's own.
    pub remedies: Rc<Vec<Remedy>>,
    /// The file that is shown.
    pub file: Rc<File>,
    /// Its kind: the chosen one, or the first where the role has no such file.
    pub kind: Kind,
    of: Of,
}

/// What all of it is derived from.
#[derive(Debug, Clone, PartialEq)]
struct Of {
    setup: Rc<Setup>,
    role: usize,
    tab: Kind,
    token: Chosen,
    as_of: AsOf,
    now: i64,
    is_stale: bool,
}

impl Of {
    fn new(model: &Model) -> Self {
        Self {
            setup: Rc::clone(&model.setup),
            role: model.role_in_setup(),
            tab: model.tab,
            token: model.token.clone(),
            as_of: model.as_of,
            now: model.now,
            is_stale: model.is_stale(),
        }
    }
}

impl Derived {
    /// Derives everything.
    pub fn new(model: &Model) -> Self {
        let of = Of::new(model);
        let compiled = Rc::new(Compiled::new(Rc::clone(&of.setup)));
        let table = Table::of(&compiled, of.role, of.now);
        let (kind, file) = shown(&of, &compiled);
        let look = look(&compiled, model, &table);
        Self {
            findings: Rc::new(findings(&of.setup)),
            remedies: Rc::new(mended(&of, &compiled, &table, &look)),
            look: Rc::new(look),
            table: Rc::new(table),
            file,
            kind,
            compiled,
            of,
        }
    }

    /// Derives again what changed, and leaves the rest where it is.
    pub fn follow(&mut self, model: &Model) {
        let of = Of::new(model);
        let is_old_setup = Rc::ptr_eq(&of.setup, &self.of.setup);
        if !is_old_setup {
            self.compiled = Rc::new(Compiled::new(Rc::clone(&of.setup)));
            self.findings = Rc::new(findings(&of.setup));
        }
        let is_old_role = is_old_setup && of.role == self.of.role;
        if !(is_old_role && of.tab == self.of.tab) {
            (self.kind, self.file) = shown(&of, &self.compiled);
        }
        if !(is_old_role && of.now == self.of.now) {
            self.table = Rc::new(Table::of(&self.compiled, of.role, of.now));
        }
        let is_old_look =
            is_old_role && of.now == self.of.now && of.as_of == self.of.as_of && of.token == self.of.token;
        if !is_old_look {
            self.look = Rc::new(look(&self.compiled, model, &self.table));
        }
        if !(is_old_look && of.is_stale == self.of.is_stale) {
            self.remedies = Rc::new(mended(&of, &self.compiled, &self.table, &self.look));
        }
        self.of = of;
    }

    /// The generators that have a file here: a role without inline permissions has none of that kind.
    pub fn generators(&self) -> impl Iterator<Item = &'static Generator> {
        generators(&self.of)
    }
}

fn generators(of: &Of) -> impl Iterator<Item = &'static Generator> + use<> {
    let has_document = of.setup.roles().get(of.role).is_some_and(|it| it.permissions_document.is_some());
    GENERATORS.iter().copied().filter(move |it| it.kind != Kind::Permissions || has_document)
}

/// An edit starts from the last setup that was right, so it would undo what is being typed wrong.
fn mended(of: &Of, compiled: &Compiled, table: &Table, look: &Look) -> Vec<Remedy> {
    match &look.seen {
        Seen::Verdict { evidence, at, verdict, .. } if !of.is_stale => {
            remedies(compiled, of.role, table, evidence, *at, verdict)
        }
        _ => Vec::new(),
    }
}

fn shown(of: &Of, compiled: &Compiled) -> (Kind, Rc<File>) {
    let kind = if generators(of).any(|it| it.kind == of.tab) { of.tab } else { Kind::TrustPolicy };
    let role = of.setup.roles().get(of.role);
    let none = || File { name: String::new(), kind: None, role: None, text: String::new() };
    let file = match (kind, role, compiled.policy(of.role)) {
        // It is printed already.
        (Kind::TrustPolicy, Some(role), Some((text, _))) => trust_policy_file(role, text.to_owned()),
        _ => render(&of.setup, kind, role.map(|it| it.name.as_str())).unwrap_or_else(none),
    };
    (kind, Rc::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::{Action, Field, RoleField, SampleKind, ScopeField, update};

    #[test]
    fn following_gives_what_deriving_anew_would() {
        let mut model = Model::with_example(1_800_000_000);
        let mut derived = Derived::new(&model);
        let project = Field::Scope(0, 0, ScopeField::Project);
        let steps = [
            Action::Type(project, "acme/shop".to_owned()),
            Action::Type(project, "acme/".to_owned()),
            Action::AddRole,
            Action::ShowFile(Kind::Terraform),
            Action::Type(project, "acme/web".to_owned()),
            Action::ChooseSample(SampleKind::Expired),
            Action::ChooseRole(0),
            Action::Tick(1_800_009_999),
            Action::Paste(r#"{"iss": "https://gitlab.com", "iat": 1800000000}"#.to_owned()),
            Action::Judge(AsOf::Now),
            Action::Type(Field::Role(0, RoleField::Name), "other".to_owned()),
            Action::ShowFile(Kind::Permissions),
            Action::Paste(
                r#"{"iss": "https://gitlab.com", "aud": "x", "sub": "x", "iat": 1800000000, "exp": 1800003600}"#
                    .to_owned(),
            ),
            Action::ChooseSample(SampleKind::OtherBranch),
            Action::Type(project, "acme/".to_owned()),
            Action::RemoveRole(1),
            Action::StartOver,
        ];
        for step in steps {
            let words = format!("{step:?}");
            if let Some(next) = update(&model, step) {
                model = next;
            }
            derived.follow(&model);
            assert_eq!(derived, Derived::new(&model), "{words}");
        }
    }

    #[test]
    fn a_sample_that_the_setup_is_mended_for_stays_and_gets_in() {
        let mut model = Model::with_example(1_800_000_000);
        model = update(&model, Action::ChooseSample(SampleKind::OtherBranch)).unwrap();
        let denied = Derived::new(&model);
        let sample = denied.table.rows.iter().find(|it| it.0.kind == SampleKind::OtherBranch).unwrap().0.clone();
        let edit = denied.remedies[0].edit.as_ref().unwrap();
        let kept = update(&model, Action::Keep(Rc::new(sample))).unwrap();
        let mended = update(&kept, Action::Replace(Box::new((**edit).clone()))).unwrap();
        let allowed = |model: &Model| match Derived::new(model).look.seen.clone() {
            Seen::Verdict { verdict, .. } => verdict.allowed,
            _ => None,
        };
        assert_eq!((allowed(&kept), allowed(&mended)), (Some(false), Some(true)));
        assert_eq!(Derived::new(&mended).remedies.len(), 0);
        let back = update(&mended, Action::Replace(Box::new((*model.draft).clone()))).unwrap();
        assert_eq!((allowed(&back), &back.draft), (Some(false), &model.draft));
        let other = update(&back, Action::Open(Box::new(crate::playground::example()))).unwrap();
        assert_eq!(other.token, Chosen::Sample(SampleKind::Meant(0)));
    }

    #[test]
    fn what_did_not_change_stays_where_it_is() {
        let mut model = Model::with_example(0);
        let mut derived = Derived::new(&model);
        let before = derived.clone();
        model = update(&model, Action::ShowFile(Kind::GitlabCi)).unwrap();
        derived.follow(&model);
        assert!(Rc::ptr_eq(&before.table, &derived.table) && Rc::ptr_eq(&before.look, &derived.look));
        assert!(derived.file.name == ".gitlab-ci.yml" && derived.generators().count() == 7);
    }
}
