//! Everything that is derived from a sitting and shown, each part remembered until something changes that it depends on.
//!
//! `follow` after any action gives what `new` would: the remembering is invisible but for its speed.

use std::rc::Rc;

use super::{AsOf, Chosen, Compiled, Look, Model, Table, look};
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
        Self {
            findings: Rc::new(findings(&of.setup)),
            look: Rc::new(look(&compiled, model, &table)),
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
        if !(is_old_role && of.now == self.of.now && of.as_of == self.of.as_of && of.token == self.of.token) {
            self.look = Rc::new(look(&self.compiled, model, &self.table));
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
