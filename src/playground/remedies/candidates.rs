//! The edits that could let a token in, as far as its `sub` and the pins are concerned: made here, verified elsewhere.

use super::came::{Came, Fit, is_slip, matches, nearest};
use super::words::{self, Wording};
use crate::gitlab::Component;
use crate::setup::{Draft, PinDraft, Scope, ScopeDraft, Setup};

/// An edit, not yet verified.
pub(super) struct Candidate {
    pub(super) draft: Draft,
    pub(super) wording: Wording,
    /// The scope that the edit is about, an index into the edited role's.
    pub(super) scope: Option<usize>,
    /// The scopes that may stop letting in what they did: those that the edit corrects rather than widens.
    pub(super) moved: Vec<usize>,
    /// Whether it is to be done with care, whatever else it lets in.
    pub(super) is_caution: bool,
    /// Of two edits that let in the same, the one of lower rank is offered.
    pub(super) rank: u8,
}

/// The setup, the role in it, and what came.
pub(super) struct Case<'c> {
    pub(super) setup: &'c Setup,
    pub(super) role: usize,
    pub(super) came: &'c Came<'c>,
}

/// Every edit that is worth trying.
pub(super) fn candidates(case: &Case<'_>) -> Vec<Candidate> {
    let Some(fit) = case.setup.roles().get(case.role).and_then(|it| nearest(it, case.came)) else { return Vec::new() };
    let Some(scope) = case.setup.roles().get(case.role).and_then(|it| it.scopes.get(fit.at)) else { return Vec::new() };
    let mut found = vec![case.exact(scope, &fit)];
    found.extend(case.pattern(scope, &fit));
    found.extend(case.wider(scope, &fit));
    found.extend(case.pins(scope, &fit));
    found.extend(case.slip(scope, &fit));
    found.extend(case.renamed());
    found.extend(case.format(scope, &fit));
    found
}

/// The narrowest of them alone.
pub(super) fn narrowest(case: &Case<'_>) -> Option<Candidate> {
    let role = case.setup.roles().get(case.role)?;
    let fit = nearest(role, case.came)?;
    Some(case.exact(role.scopes.get(fit.at)?, &fit))
}

impl Case<'_> {
    fn edited(&self, change: impl FnOnce(&mut Vec<ScopeDraft>)) -> Draft {
        let mut draft = self.setup.draft().clone();
        if let Some(role) = draft.roles.get_mut(self.role) {
            change(&mut role.scopes);
        }
        draft
    }

    /// An edit of the scope of that index, its sentence written out.
    fn changed(&self, at: usize, scope: &Scope, change: impl FnOnce(&mut ScopeDraft)) -> Draft {
        self.edited(|scopes| {
            if let Some(it) = scopes.get_mut(at) {
                it.ref_type = Some(scope.ref_types.as_str().to_owned());
                it.reference = Some(scope.reference.to_string());
                change(it);
            }
        })
    }

    fn candidate(&self, draft: Draft, title: String, scope: usize, rank: u8) -> Candidate {
        let wording = Wording { title, lead: String::new() };
        Candidate { draft, wording, scope: Some(scope), moved: Vec::new(), is_caution: false, rank }
    }

    /// A scope for exactly this project and ref, with those pins of the nearest scope that the token satisfies; of the others,
    /// an id or a text becomes the token's own, and what is left is not asked for.
    fn exact_scope(&self, like: &ScopeDraft) -> ScopeDraft {
        let came = self.came;
        let has = |component: Component| came.format.has(component);
        let has_pins = self.setup.gitlab().issuer.is_gitlab_com();
        let in_subject = |component: Component| came.value(component).filter(|_| has(component)).map(str::to_owned);
        let pinned = |there: &Option<String>, claim: &str| {
            there.as_ref().filter(|_| has_pins).and(came.claim(claim)).map(str::to_owned)
        };
        let yes_no = |text: String| text == "true";
        ScopeDraft {
            project: came.project().map(str::to_owned).or_else(|| like.project.clone()),
            ref_type: Some(in_subject(Component::RefType).unwrap_or_else(|| "any".to_owned())),
            reference: Some(in_subject(Component::Ref).unwrap_or_else(|| "*".to_owned())),
            ref_protected: in_subject(Component::RefProtected).map(yes_no).or_else(|| {
                like.ref_protected.filter(|it| has_pins && came.claim("ref_protected") == Some(words::yes_no(*it)))
            }),
            project_id: in_subject(Component::ProjectId).or_else(|| pinned(&like.project_id, "project_id")),
            namespace_id: pinned(&like.namespace_id, "namespace_id"),
            pins: like
                .pins
                .iter()
                .filter(|_| has_pins)
                .filter_map(|pin| {
                    let value = came.claim(&pin.claim)?;
                    let fits = pin.values.iter().any(|it| it == value);
                    let values = if fits { pin.values.clone() } else { vec![value.to_owned()] };
                    Some(PinDraft { claim: pin.claim.clone(), values })
                })
                .collect(),
            sub_claim_components: (!came.format.is_default())
                .then(|| came.format.components().iter().map(|it| it.as_str().to_owned()).collect()),
            environment_protected: in_subject(Component::EnvironmentProtected).map(yes_no),
            deployment_tier: in_subject(Component::DeploymentTier),
        }
    }

    /// One more scope; answers the draft, the scope's index, and what differs of the pins.
    fn added(&self, like: usize, change: impl FnOnce(&mut ScopeDraft)) -> (Draft, usize) {
        let mut at = 0;
        let draft = self.edited(|scopes| {
            at = scopes.len();
            if let Some(like) = scopes.get(like) {
                let mut scope = self.exact_scope(like);
                change(&mut scope);
                scopes.push(scope);
            }
        });
        (draft, at)
    }

    fn exact(&self, scope: &Scope, fit: &Fit) -> Candidate {
        let (draft, at) = self.added(fit.at, |_| {});
        let added = draft.roles.get(self.role).and_then(|it| it.scopes.get(at));
        let pins = added.map(|it| words::pins_of(it, &fit.wrong_pins)).unwrap_or_default();
        let (title, lead) = words::exact(self.came, scope, fit, &pins);
        let mut it = self.candidate(draft, title, at, if fit.subject() { 5 } else { 0 });
        it.wording.lead = lead;
        it
    }

    /// The refs that begin alike: `feature/*` for `feature/login`, `v*` for a tag `v1.2`.
    fn pattern(&self, scope: &Scope, fit: &Fit) -> Option<Candidate> {
        let reference =
            self.came.reference().filter(|_| fit.format && fit.project && self.came.format.has(Component::Ref))?;
        let begins = match reference.rfind('/') {
            Some(at) => reference.get(..=at)?,
            None if self.came.is_tag() => reference.split(|c: char| c.is_ascii_digit()).next()?,
            None => return None,
        };
        let pattern = format!("{begins}*");
        if begins.is_empty() || begins.len() == reference.len() {
            return None;
        }
        let is_alike =
            fit.ref_type && fit.values && fit.wrong_pins.is_empty() && matches(&pattern, scope.reference.as_str());
        let (draft, at) = if is_alike {
            (self.changed(fit.at, scope, |it| it.reference = Some(pattern.clone())), fit.at)
        } else {
            self.added(fit.at, |it| it.reference = Some(pattern.clone()))
        };
        Some(self.candidate(draft, words::pattern(self.came, &pattern), at, 2))
    }

    /// Every ref of that kind, or both kinds of that ref.
    fn wider(&self, scope: &Scope, fit: &Fit) -> Option<Candidate> {
        if !(fit.format && fit.project) {
            return None;
        }
        if !(fit.values && fit.wrong_pins.is_empty()) {
            let has_ref = self.came.format.has(Component::Ref) && !fit.reference;
            let (draft, at) = self.added(fit.at, |it| it.reference = Some("*".to_owned()));
            return has_ref.then(|| self.candidate(draft, words::any_added(self.came), at, 4));
        }
        match (fit.ref_type, fit.reference) {
            (true, false) => {
                let draft = self.changed(fit.at, scope, |it| it.reference = Some("*".to_owned()));
                Some(self.candidate(draft, words::any_ref(scope), fit.at, 4))
            }
            (false, true) => {
                let draft = self.changed(fit.at, scope, |it| it.ref_type = Some("any".to_owned()));
                Some(self.candidate(draft, words::any_kind(self.came, scope), fit.at, 3))
            }
            _ => None,
        }
    }

    /// Where one pin alone is in the way: what came as one more value of it, or the pin without it.
    fn pins(&self, scope: &Scope, fit: &Fit) -> Vec<Candidate> {
        let ([claim], true) = (fit.wrong_pins.as_slice(), fit.subject()) else { return Vec::new() };
        let wanted = scope.pin(claim).map(|it| it.values.concat()).unwrap_or_default();
        let mut found = Vec::new();
        let value = self.came.claim(claim);
        match (*claim, value) {
            ("ref_protected", _) => {}
            ("project_id" | "namespace_id", Some(value)) => {
                let draft = self.changed(fit.at, scope, |it| {
                    let field = if *claim == "project_id" { &mut it.project_id } else { &mut it.namespace_id };
                    *field = Some(value.to_owned());
                });
                let mut it = self.candidate(draft, words::change(claim, &wanted, value), fit.at, 1);
                it.moved = vec![fit.at];
                found.push(it);
            }
            (_, Some(value)) => {
                let draft = self.changed(fit.at, scope, |it| {
                    if let Some(pin) = it.pins.iter_mut().find(|it| it.claim == *claim) {
                        pin.values.push(value.to_owned());
                    }
                });
                found.push(self.candidate(draft, words::one_more(claim, value), fit.at, 1));
            }
            _ => {}
        }
        let draft = self.changed(fit.at, scope, |it| match *claim {
            "ref_protected" => it.ref_protected = None,
            "project_id" => it.project_id = None,
            "namespace_id" => it.namespace_id = None,
            _ => it.pins.retain(|it| it.claim != *claim),
        });
        let mut it = self.candidate(draft, words::without(claim), fit.at, 3);
        it.is_caution = true;
        it.wording.lead = words::not_asked(claim);
        found.push(it);
        found
    }

    /// A ref or a path that is written a little otherwise.
    fn slip(&self, scope: &Scope, fit: &Fit) -> Option<Candidate> {
        if let Some(came) = self.came.reference().filter(|_| fit.project && scope.reference.is_exact())
            && is_slip(scope.reference.as_str(), came)
        {
            let draft = self.changed(fit.at, scope, |it| it.reference = Some(came.to_owned()));
            let mut it = self.candidate(draft, words::change("ref", scope.reference.as_str(), came), fit.at, 1);
            it.moved = vec![fit.at];
            return Some(it);
        }
        let came = self.came.project()?;
        let written = self.setup.roles().get(self.role)?.scopes.iter().map(|it| it.project.as_str());
        let written = written.into_iter().find(|it| *it != came && it.eq_ignore_ascii_case(came))?;
        Some(self.moved_to(written, came))
    }

    /// The path of a project in every scope that names it.
    fn moved_to(&self, from: &str, to: &str) -> Candidate {
        let mut draft = self.setup.draft().clone();
        for scope in draft.roles.iter_mut().flat_map(|it| &mut it.scopes) {
            if scope.project.as_deref() == Some(from) {
                scope.project = Some(to.to_owned());
            }
        }
        let moved = self.scopes_of(from);
        let mut it = self.candidate(draft, words::change("path", from, to), moved.first().copied().unwrap_or(0), 1);
        it.moved = moved;
        it
    }

    fn scopes_of(&self, project: &str) -> Vec<usize> {
        let scopes = self.setup.roles().get(self.role).map(|it| it.scopes.as_slice()).unwrap_or_default();
        scopes.iter().enumerate().filter(|it| it.1.project.as_str() == project).map(|it| it.0).collect()
    }

    /// The project of a pinned id has another path.
    fn renamed(&self) -> Option<Candidate> {
        let (path, id) = (self.came.project()?, self.came.value(Component::ProjectId)?);
        let scope = self.setup.roles().get(self.role)?.scopes.iter().find(|it| {
            let is_same = it.pin("project_id").is_some_and(|pin| pin.values.iter().any(|it| it == id));
            is_same && it.project.is_exact() && !it.project.as_str().eq_ignore_ascii_case(path)
        })?;
        let mut it = self.moved_to(scope.project.as_str(), path);
        it.wording.lead = words::renamed(id);
        Some(it)
    }

    /// The form of `sub` that the project has, in every scope of that project.
    fn format(&self, scope: &Scope, fit: &Fit) -> Option<Candidate> {
        if fit.format || !(fit.project || self.came.project().is_some_and(|it| matches(scope.project.as_str(), it))) {
            return None;
        }
        let project = scope.project.as_str();
        let has_pins = self.setup.gitlab().issuer.is_gitlab_com();
        let mut draft = self.setup.draft().clone();
        let checked = self.setup.roles().iter().flat_map(|it| &it.scopes);
        for (scope, checked) in draft.roles.iter_mut().flat_map(|it| &mut it.scopes).zip(checked) {
            if scope.project.as_deref() == Some(project) {
                // A default of one kind of ref is none of another.
                scope.reference = Some(checked.reference.to_string());
                let own = self.exact_scope(scope);
                let has = |component: Component| self.came.format.has(component);
                scope.sub_claim_components = own.sub_claim_components;
                if !has(Component::RefType) {
                    scope.ref_type = Some("any".to_owned());
                }
                if !has(Component::Ref) {
                    scope.reference = Some("*".to_owned());
                }
                let keeps = |component: Component| has(component) || has_pins;
                scope.project_id = scope.project_id.take().filter(|_| keeps(Component::ProjectId)).or(own.project_id);
                scope.ref_protected =
                    scope.ref_protected.filter(|_| keeps(Component::RefProtected)).or(own.ref_protected);
                scope.environment_protected = scope
                    .environment_protected
                    .filter(|_| has(Component::EnvironmentProtected))
                    .or(own.environment_protected);
                scope.deployment_tier =
                    scope.deployment_tier.take().filter(|_| has(Component::DeploymentTier)).or(own.deployment_tier);
            }
        }
        let mut it = self.candidate(draft, words::format(self.came, project), fit.at, 1);
        it.moved = self.scopes_of(project);
        it.wording.lead = words::ONE_FORM.to_owned();
        Some(it)
    }
}
