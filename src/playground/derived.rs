//! Everything that is derived from a sitting and shown, each part remembered until something changes that it depends on.
//!
//! `follow` and then `finish` after any action give what `new` would: the remembering is invisible but for its speed. While somebody
//! types in a policy of their own, the verdict follows at once; what takes longer is found when they pause.

use std::rc::Rc;

use super::{
    AsOf, Chosen, Compiled, Look, Mark, Model, Own, Reading, Remedy, Seen, Table, Target, look, marks, moved, remedies,
    review,
};
use crate::aws::limits::policy_size;
use crate::generate::{File, GENERATORS, Generator, Kind, render, trust_policy_file};
use crate::lint;
use crate::mend::{Case, Mending, mend};
use crate::print::json::compact;
use crate::setup::{Finding, Setup, findings};
use crate::source;
use crate::text::Diagnostic;

/// What is shown of a sitting.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// The setup with its trust policies.
    pub compiled: Rc<Compiled>,
    /// What is unwise in the setup.
    pub findings: Rc<Vec<Finding>>,
    /// What tokens are judged against: the chosen role's policy, or the person's own.
    pub target: Rc<Target>,
    /// The setup that would compose the person's own policy, or what stands in the way; none where there is no such policy.
    pub setup_of_own: Option<Rc<Result<Setup, Vec<Diagnostic>>>>,
    /// The samples of the chosen role against every role, or against the person's own policy.
    pub table: Rc<Table>,
    /// The token that is looked at.
    pub look: Rc<Look>,
    /// The same, and what it was judged against, as each statement of it is shown: while answers are due, as it was before.
    pub traced: (Rc<Look>, Rc<Target>),
    /// What would let it in, where it is denied and the setup is the draft's own.
    pub remedies: Rc<Vec<Remedy>>,
    /// What would let it in, where the person's own policy denies it; while it is due, as it was before.
    pub mending: Rc<Mending>,
    /// The file that is shown.
    pub file: Rc<File>,
    /// Its kind: the chosen one, or the first where the role has no such file.
    pub kind: Kind,
    /// The size of the policy that is judged, as IAM counts it.
    pub size: usize,
    /// Known mistakes in the person's own policy, and between it and what is looked at beside it.
    pub review: Rc<Vec<lint::Finding>>,
    /// The places in the trust policy that a message speaks of.
    pub marks: Rc<Vec<Mark>>,
    due: Due,
    of: Of,
}

/// What is still to be found, as nobody who types waits for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Due {
    #[default]
    Nothing,
    /// The edits that let the token in.
    Mending,
    /// These, the table, the known mistakes, each statement and whether the policy can be composed: as they were before the last keys.
    Answers,
}

/// What all of it is derived from.
#[derive(Debug, Clone, PartialEq)]
struct Of {
    setup: Rc<Setup>,
    role: usize,
    own: Option<Rc<Own>>,
    beside: Rc<Vec<Rc<lint::File>>>,
    context: Rc<Vec<(String, String)>>,
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
            own: model.editor.own().cloned(),
            beside: Rc::clone(&model.beside),
            context: Rc::clone(&model.context),
            tab: model.tab,
            token: model.token.clone(),
            as_of: model.as_of,
            now: model.now,
            is_stale: model.is_stale(),
        }
    }

    /// The person's own text before and after, where nothing but that is another, and both can be read.
    fn typed<'o>(&'o self, new: &'o Self) -> Option<(&'o str, &'o str)> {
        let (before, after) = self.own.as_ref().zip(new.own.as_ref())?;
        let is_alone = Rc::ptr_eq(&self.setup, &new.setup)
            && self.role == new.role
            && Rc::ptr_eq(&self.beside, &new.beside)
            && Rc::ptr_eq(&self.context, &new.context)
            && (self.tab, self.as_of, self.now, self.is_stale) == (new.tab, new.as_of, new.now, new.is_stale)
            && self.token == new.token;
        let is_read = !before.is_stale() && !after.is_stale();
        let is_choice = before.choice == after.choice && Rc::ptr_eq(&before.variables, &after.variables);
        (is_alone && is_read && is_choice && before.text != after.text).then_some((&before.text, &after.text))
    }

    /// The person's own policy as it could last be read.
    fn reading(&self) -> Option<&Rc<Reading>> {
        self.own.as_ref()?.good.as_ref()
    }

    fn target(&self, compiled: &Compiled) -> Rc<Target> {
        match self.reading() {
            Some(it) => Rc::new(Target::own(it, &self.beside, &self.setup)),
            None => compiled.target(self.role),
        }
    }

    fn setup_of_own(&self) -> Option<Rc<Result<Setup, Vec<Diagnostic>>>> {
        self.reading().map(|it| Rc::new(it.setup(&self.setup)))
    }

    /// A person's own policy is asked about the jobs of the setup, so that a token stays while the policy is typed; one for another
    /// provider, about the jobs that it speaks of itself.
    fn table(&self, compiled: &Compiled, target: &Target, own: Option<&Result<Setup, Vec<Diagnostic>>>) -> Rc<Table> {
        Rc::new(match own {
            Some(Ok(setup)) if setup.provider_arn() != self.setup.provider_arn() => {
                Table::of_own(setup, 0, target, self.now, &self.context)
            }
            Some(_) => Table::of_own(&self.setup, self.role, target, self.now, &self.context),
            None => Table::of(compiled, self.role, self.now),
        })
    }
}

impl Derived {
    /// Derives everything.
    pub fn new(model: &Model) -> Self {
        let of = Of::new(model);
        let compiled = Rc::new(Compiled::new(Rc::clone(&of.setup)));
        let target = of.target(&compiled);
        let setup_of_own = of.setup_of_own();
        let table = of.table(&compiled, &target, setup_of_own.as_deref());
        let (kind, file) = shown(&of, &compiled);
        let look = look(&target, model, &table);
        let review = reviewed(&of, &target, &look);
        let look = Rc::new(look);
        Self {
            findings: Rc::new(findings(&of.setup)),
            traced: (Rc::clone(&look), Rc::clone(&target)),
            remedies: Rc::new(mended(&of, &compiled, &table, &look)),
            mending: Rc::new(mending(&of, &target, &look)),
            due: Due::Nothing,
            marks: Rc::new(marks(of.own.as_deref(), &look, &review)),
            review: Rc::new(review),
            look,
            size: size(&of, &target),
            target,
            setup_of_own,
            table,
            file,
            kind,
            compiled,
            of,
        }
    }

    /// Derives again what changed, and leaves the rest where it is; something may be due then.
    pub fn follow(&mut self, model: &Model) {
        let of = Of::new(model);
        if let Some(review) = self.of.typed(&of).and_then(|(before, after)| moved(&self.review, before, after)) {
            return self.follow_typing(of, model, review);
        }
        let is_behind = self.due == Due::Answers;
        let is_old_setup = Rc::ptr_eq(&of.setup, &self.of.setup);
        if !is_old_setup {
            self.compiled = Rc::new(Compiled::new(Rc::clone(&of.setup)));
            self.findings = Rc::new(findings(&of.setup));
        }
        let is_old_role = is_old_setup && of.role == self.of.role;
        let is_old_own = is_same(of.own.as_ref(), self.of.own.as_ref());
        if !(is_old_role && is_old_own && of.tab == self.of.tab) {
            (self.kind, self.file) = shown(&of, &self.compiled);
        }
        let is_old_target = is_old_role && is_same(of.reading(), self.of.reading()) && of.beside == self.of.beside;
        if !is_old_target {
            self.target = of.target(&self.compiled);
            self.size = size(&of, &self.target);
        }
        if !is_old_target || is_behind {
            self.setup_of_own = of.setup_of_own();
        }
        let is_old_context = Rc::ptr_eq(&of.context, &self.of.context);
        let is_old_table = is_old_target && !is_behind && is_old_context && of.now == self.of.now;
        if !is_old_table {
            self.table = of.table(&self.compiled, &self.target, self.setup_of_own.as_deref());
        }
        let is_old_look = is_old_table && of.as_of == self.of.as_of && of.token == self.of.token;
        if !is_old_look {
            self.look = Rc::new(look(&self.target, model, &self.table));
        }
        if !(is_old_look && is_old_own && of.is_stale == self.of.is_stale) {
            self.remedies = Rc::new(mended(&of, &self.compiled, &self.table, &self.look));
            self.due = if mends(&of, &self.look) { Due::Mending } else { Due::Nothing };
            if !self.is_due() {
                self.mending = Rc::default();
            }
        }
        let is_old_review = is_old_look && Rc::ptr_eq(&of.beside, &self.of.beside);
        if !is_old_review {
            self.review = Rc::new(reviewed(&of, &self.target, &self.look));
        }
        if !(is_old_review && is_old_own) {
            self.marks = Rc::new(marks(of.own.as_deref(), &self.look, &self.review));
        }
        self.traced = (Rc::clone(&self.look), Rc::clone(&self.target));
        self.of = of;
    }

    /// A few letters were typed into the person's own policy: the verdict and the places follow.
    fn follow_typing(&mut self, of: Of, model: &Model, review: Vec<lint::Finding>) {
        (self.kind, self.file) = shown(&of, &self.compiled);
        self.target = of.target(&self.compiled);
        self.size = size(&of, &self.target);
        self.look = Rc::new(look(&self.target, model, &self.table));
        if !mends(&of, &self.look) {
            self.mending = Rc::default();
        }
        self.marks = Rc::new(marks(of.own.as_deref(), &self.look, &review));
        self.review = Rc::new(review);
        self.due = Due::Answers;
        self.of = of;
    }

    /// Whether something is still to be found.
    pub fn is_due(&self) -> bool {
        self.due != Due::Nothing
    }

    /// Finds what is due; `model` is the one that was followed last.
    pub fn finish(&mut self, model: &Model) {
        let due = std::mem::take(&mut self.due);
        let of = &self.of;
        if due == Due::Answers {
            self.setup_of_own = of.setup_of_own();
            let table = of.table(&self.compiled, &self.target, self.setup_of_own.as_deref());
            if table != self.table {
                // The samples are others where the policy is for another provider by now.
                self.look = Rc::new(look(&self.target, model, &table));
                self.table = table;
            }
            self.review = Rc::new(reviewed(of, &self.target, &self.look));
            self.marks = Rc::new(marks(of.own.as_deref(), &self.look, &self.review));
            self.traced = (Rc::clone(&self.look), Rc::clone(&self.target));
        }
        if due != Due::Nothing {
            self.mending = Rc::new(mending(of, &self.target, &self.look));
        }
    }

    /// The generators that have a file here: a role without inline permissions has none of that kind.
    pub fn generators(&self) -> impl Iterator<Item = &'static Generator> {
        generators(&self.of)
    }
}

fn reviewed(of: &Of, target: &Target, look: &Look) -> Vec<lint::Finding> {
    of.own.as_ref().map(|it| review(it, &of.beside, target, &look.seen, of.now)).unwrap_or_default()
}

fn is_same<T>(one: Option<&Rc<T>>, other: Option<&Rc<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}

fn generators(of: &Of) -> impl Iterator<Item = &'static Generator> + use<> {
    let has_document = of.setup.roles().get(of.role).is_some_and(|it| it.permissions_document.is_some());
    GENERATORS.iter().copied().filter(move |it| it.kind != Kind::Permissions || has_document)
}

/// An edit starts from the last setup that was right, so it would undo what is being typed wrong; it mends no other policy.
fn mended(of: &Of, compiled: &Compiled, table: &Table, look: &Look) -> Vec<Remedy> {
    match &look.seen {
        Seen::Verdict { evidence, at, verdict, .. } if !of.is_stale && of.own.is_none() => {
            remedies(compiled, of.role, table, evidence, *at, verdict)
        }
        _ => Vec::new(),
    }
}

/// Whether there is something to mend in the person's own policy: not where the text is another by now.
fn mends(of: &Of, look: &Look) -> bool {
    let is_denied = matches!(&look.seen, Seen::Verdict { verdict, .. } if verdict.allowed == Some(false));
    is_denied && of.own.as_ref().is_some_and(|it| !it.is_stale())
}

/// Edits of the person's own policy.
fn mending(of: &Of, target: &Target, look: &Look) -> Mending {
    let (true, Some(own), Some(reading), Seen::Verdict { evidence, at, verdict, .. }) =
        (mends(of, look), &of.own, of.reading(), &look.seen)
    else {
        return Mending::default();
    };
    mend(&Case {
        text: &reading.text,
        source: reading.source(),
        at: own.choice,
        variables: &own.variables,
        evidence,
        circumstances: &target.circumstances_with(evidence, *at, &of.context),
        verdict,
    })
}

/// What stands in another language counts as the JSON that comes of it.
fn size(of: &Of, target: &Target) -> usize {
    match of.reading().and_then(|it| it.found().filter(|_| it.source().kind != source::Kind::Policy)) {
        Some(found) => policy_size(&compact(&found.document)),
        None => policy_size(&target.text),
    }
}

fn shown(of: &Of, compiled: &Compiled) -> (Kind, Rc<File>) {
    let kind = if generators(of).any(|it| it.kind == of.tab) { of.tab } else { Kind::TrustPolicy };
    let role = of.setup.roles().get(of.role);
    let none = || File { name: String::new(), kind: None, role: None, text: String::new() };
    let file = match (kind, role, &of.own) {
        (Kind::TrustPolicy, _, Some(own)) => own.file(),
        // It is printed already.
        (Kind::TrustPolicy, Some(role), None) => trust_policy_file(role, compiled.target(of.role).text.to_string()),
        _ => render(&of.setup, kind, role.map(|it| it.name.as_str())).unwrap_or_else(none),
    };
    (kind, Rc::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::{Action, Field, RoleField, SampleKind, ScopeField, update};
    use crate::text::Span;
    use crate::verdict::Evidence;

    #[test]
    fn following_gives_what_deriving_anew_would() {
        let mut model = Model::with_example(1_800_000_000);
        let mut derived = Derived::new(&model);
        let project = Field::Scope(0, 0, ScopeField::Project);
        let own = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*",
            "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}}"#
            .to_owned();
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
            Action::TypePolicy("{".to_owned()),
            Action::TypePolicy(r#"{"Version": "2012-10-17", "Statement": []}"#.to_owned()),
            Action::TypePolicy(own.clone()),
            Action::SetKey("aws:SourceIp".to_owned(), "10.0.0.1".to_owned()),
            Action::TypePolicy(own.replace("10.0.0.0/8", "10.0.0.0/9")),
            Action::TypePolicy(own.replace("10.0.0.0/8", "11.0.0.0/8")),
            Action::TypePolicy(own.replace("10.0.0.0/8", "11.0.0.0/")),
            Action::TypePolicy(own.clone()),
            Action::TypePolicy(format!("{own} x")),
            Action::ShowFile(Kind::TrustPolicy),
            Action::ShowOwn(false),
            Action::ShowOwn(true),
            Action::Undo,
            Action::StartOver,
        ];
        for step in steps {
            let words = format!("{step:?}");
            if let Some(next) = update(&model, step) {
                model = next;
            }
            derived.follow(&model);
            derived.finish(&model);
            assert_eq!(derived, Derived::new(&model), "{words}");
        }
    }

    #[test]
    fn an_edit_of_the_persons_own_policy_lets_the_token_in() {
        let mut model = Model::with_example(1_800_000_000);
        let text = Derived::new(&model).target.text.replace("ref:main", "ref:refs/heads/main");
        let allowed = |model: &Model| match &Derived::new(model).look.seen {
            Seen::Verdict { verdict, .. } => verdict.allowed,
            _ => None,
        };
        let (Seen::Verdict { evidence, .. }, true) = (&Derived::new(&model).look.seen, allowed(&model) == Some(true))
        else {
            panic!("the example is allowed")
        };
        let Evidence::Token(token) = &**evidence else { panic!("a token") };
        model = update(&model, Action::Paste(compact(&token.claims))).unwrap();
        assert_eq!(Derived::new(&model).mending.edits.len(), 0);
        model = update(&model, Action::TypePolicy(text)).unwrap();
        assert_eq!(allowed(&model), Some(false));
        let first = Derived::new(&model).mending.edits[0].edited.clone();
        model = update(&model, Action::TypePolicy(first)).unwrap();
        assert_eq!(allowed(&model), Some(true));
    }

    #[test]
    fn what_is_typed_is_judged_at_once_and_its_mistakes_move_with_it() {
        let mut model = Model::with_example(1_800_000_000);
        let composed = Derived::new(&model).target.text.to_string();
        let own = composed.replacen("ref:main", "ref:refs/heads/main", 1) + " ";
        model = update(&model, Action::TypePolicy(own.clone())).unwrap();
        let mut derived = Derived::new(&model);
        let allowed = |derived: &Derived| match &derived.look.seen {
            Seen::Verdict { verdict, .. } => verdict.allowed,
            _ => None,
        };
        let wrong = |derived: &Derived| {
            let of_ref = |it: &&lint::Finding| it.rule.id.as_str() == "subject-full-ref";
            derived.review.iter().find(of_ref).map(|it| (it.span, it.fix.clone()))
        };
        let (span, fix) = wrong(&derived).unwrap();
        assert!(fix.as_ref().is_some_and(|it| !it.edits.is_empty()));
        let steps = [
            // Above it: the place moves, and so does the fix.
            (own.replacen('{', "{ ", 1), Some(false), Some((Span::new(span.start + 1, span.end + 1), true))),
            (own.clone(), Some(false), Some((span, true))),
            // In it: the fix waits.
            (own.replacen("heads", "head", 1), Some(false), Some((Span::new(span.start, span.end - 1), false))),
            (own.replacen("refs/heads/", "", 1), Some(true), None),
        ];
        for (text, verdict, expected) in steps {
            model = update(&model, Action::TypePolicy(text.clone())).unwrap();
            derived.follow(&model);
            assert!(derived.is_due(), "{text}");
            assert_eq!(allowed(&derived), verdict, "{text}");
            let found = wrong(&derived).map(|(at, fix)| (at, fix.is_some_and(|it| !it.edits.is_empty())));
            if let Some(expected) = expected {
                assert_eq!(found, Some(expected), "{text}");
                let mark = derived.marks.iter().any(|it| it.span == expected.0);
                assert!(mark, "{text}");
            }
        }
        derived.finish(&model);
        assert_eq!((derived.is_due(), wrong(&derived)), (false, None));
        assert_eq!(derived, Derived::new(&model));
    }

    #[test]
    fn a_mending_is_due_until_it_is_found_and_goes_with_the_denial() {
        let mut model = Model::with_example(1_800_000_000);
        let mut derived = Derived::new(&model);
        let right = derived.target.text.to_string();
        let mut seen = Vec::new();
        for text in [right.replace("ref:main", "ref:refs/heads/main"), right] {
            model = update(&model, Action::TypePolicy(text)).unwrap();
            derived.follow(&model);
            // Something else is drawn meanwhile.
            derived.follow(&model);
            seen.push((derived.is_due(), derived.mending.edits.is_empty()));
            derived.finish(&model);
            seen.push((derived.is_due(), derived.mending.edits.is_empty()));
        }
        assert_eq!(seen, [(true, true), (false, false), (false, true), (false, true)]);
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

    #[test]
    fn what_is_pasted_is_put_where_it_belongs() {
        let model = Model::with_example(1_800_000_000);
        let paste = |text: &str| update(&model, Action::Paste(text.to_owned())).unwrap();
        let terraform = "resource \"aws_iam_role\" \"r\" {\n  name = \"ci.x.y\"\n  assume_role_policy = jsonencode({ Version = \"2012-10-17\", Statement = [] })\n}\n";
        assert_eq!(&*paste(terraform).editor.own().unwrap().text, terraform);
        let log = "v1.2.3: Not authorized to perform sts:AssumeRoleWithWebIdentity";
        let told = paste(log);
        assert_eq!(told.complaints.first().unwrap().known.id, "not-authorized");
        assert_eq!(told.token, model.token);
        assert!(update(&told, Action::ForgetLog).unwrap().complaints.is_empty());
        assert_eq!(paste("deploy:\n  script: [a.b.c.d]\n  id_tokens: {T: {aud: x}}\n").beside.len(), 1);
    }
}
