//! The edits that could let a token in, as far as its `sub` and the pins are concerned: made here, tried elsewhere.

use super::came::{Came, FORMAT, Misfit, ONLY_KIND, PROJECT, REF, is_slip, matches, nearest};
use super::words::{self, say};
use crate::setup::{Draft, PinDraft, Scope, ScopeDraft, Setup};

/// An edit, not yet tried.
pub(super) struct Candidate {
    pub(super) draft: Draft,
    /// Its title, and on a second line what is said first of it.
    pub(super) words: String,
    /// The scope that the edit is about, an index into the edited role's.
    pub(super) scope: Option<usize>,
    /// How far it reaches: of two edits that nothing else tells apart, the lower one lets in less.
    pub(super) rank: u8,
}

/// It corrects scopes, which may stop letting in what they did.
pub(super) const CORRECTED: u8 = 0;
/// It adds a scope for one ref.
const EXACT: u8 = 1;
/// It adds a value to a pin.
pub(super) const ONE_MORE: u8 = 2;
/// It lets in refs that begin alike.
const ALIKE: u8 = 3;
/// It corrects scopes of many refs and takes nothing away.
pub(super) const KEPT: u8 = 4;
/// It lets in any ref, or what a pin kept out.
pub(super) const WIDE: u8 = 5;

/// Makes the candidates of one case.
struct Maker<'c> {
    setup: &'c Setup,
    role: usize,
    came: &'c Came<'c>,
    misfit: Misfit<'c>,
    found: Vec<Candidate>,
}

/// Every edit that is worth trying, or the narrowest alone.
pub(super) fn candidates(setup: &Setup, role: usize, came: &Came<'_>, narrowest: bool) -> Vec<Candidate> {
    let Some(misfit) = setup.roles().get(role).and_then(|it| nearest(it, came)) else { return Vec::new() };
    let mut maker = Maker { setup, role, came, misfit, found: Vec::new() };
    maker.exact(narrowest);
    if !narrowest {
        maker.wider();
        maker.pins();
        maker.corrections();
    }
    maker.found
}

/// Puts a value into a scope's field, or takes it away.
pub(super) fn put(scope: &mut ScopeDraft, name: &str, value: Option<&str>) {
    let text = value.map(str::to_owned);
    let field = match name {
        "project" => &mut scope.project,
        "ref_type" => &mut scope.ref_type,
        "ref" => &mut scope.reference,
        "project_id" => &mut scope.project_id,
        "namespace_id" => &mut scope.namespace_id,
        "deployment_tier" => &mut scope.deployment_tier,
        "ref_protected" => return scope.ref_protected = value.map(|it| it == "true"),
        "environment_protected" => return scope.environment_protected = value.map(|it| it == "true"),
        claim => {
            scope.pins.retain(|it| it.claim != claim);
            return scope.pins.extend(text.map(|it| PinDraft { claim: claim.to_owned(), values: vec![it] }));
        }
    };
    *field = text;
}

type Change<'c> = &'c dyn Fn(&mut ScopeDraft);

impl Maker<'_> {
    /// Whether AWS sees more of the tokens than `aud` and `sub`.
    fn has_pins(&self) -> bool {
        self.setup.gitlab().issuer.is_gitlab_com()
    }

    /// One scope more, for exactly what came and then changed; or, unless `adds`, the nearest scope changed, its sentence written
    /// out.
    fn offer(&mut self, adds: bool, rank: u8, words: String, change: Change<'_>) {
        let mut draft = self.setup.draft().clone();
        let mut at = self.misfit.at;
        if let Some(scopes) = draft.roles.get_mut(self.role).map(|it| &mut it.scopes) {
            if adds && let Some(mut scope) = scopes.get(at).cloned() {
                self.fit(&mut scope);
                at = scopes.len();
                scopes.push(scope);
            }
            if let Some(it) = scopes.get_mut(at) {
                if !adds {
                    put(it, "ref_type", Some(self.misfit.scope.ref_types.as_str()));
                    put(it, "ref", Some(self.misfit.scope.reference.as_str()));
                }
                change(it);
            }
        }
        self.found.push(Candidate { draft, words, scope: Some(at), rank });
    }

    /// Every scope of a project, in all roles, changed.
    fn corrected(&mut self, words: String, project: &str, change: Change<'_>) {
        let mut draft = self.setup.draft().clone();
        let checked = self.setup.roles().iter().flat_map(|it| &it.scopes);
        for (scope, checked) in draft.roles.iter_mut().flat_map(|it| &mut it.scopes).zip(checked) {
            if checked.project.as_str() == project {
                put(scope, "ref", Some(checked.reference.as_str()));
                change(scope);
            }
        }
        self.found.push(Candidate { draft, words, scope: None, rank: CORRECTED });
    }

    /// Makes a scope one for exactly this project and ref. Pins that came as they are asked for stay; of the others, an id or a
    /// text becomes what came, and what is left is not asked for.
    fn fit(&self, scope: &mut ScopeDraft) {
        let (came, like) = (self.came, self.misfit.scope);
        put(scope, "project", came.value("project_path").or(Some(like.project.as_str())));
        put(scope, "ref_type", came.part("ref_type").or(Some("any")));
        put(scope, "ref", came.part("ref").or(Some("*")));
        for pin in like.pins.iter().filter(|it| !came.fits(it)) {
            put(scope, pin.claim, words::asked_instead(came, pin.claim));
        }
        for (component, _) in &like.subject_values {
            put(scope, component.as_str(), came.value(component.as_str()));
        }
        reform(scope, came, self.has_pins(), false);
    }

    fn exact(&mut self, alone: bool) {
        // The scope itself, with another pin, is the same and plainer.
        let is_plainer = |it: &str| is_one(self.misfit.scope) && !matches!(it, "project_id" | "namespace_id");
        if alone || !self.misfit.one_pin().is_some_and(|it| is_plainer(it.claim)) {
            let words = words::exact(self.came, &self.misfit);
            self.offer(true, EXACT, words, &|_| {});
        }
    }

    /// More refs of the project, or more kinds of them.
    fn wider(&mut self) {
        let (came, scope) = (self.came, self.misfit.scope);
        let Some(reference) = came.part("ref").filter(|_| !self.misfit.has(PROJECT | FORMAT)) else { return };
        let is_tag = came.is_tag();
        // `feature/*` for `feature/login`, `v*` for a tag `v1.2`.
        let begins = match reference.rfind('/') {
            Some(at) => reference.get(..=at),
            None => reference.find(|c: char| c.is_ascii_digit()).filter(|_| is_tag).and_then(|at| reference.get(..at)),
        };
        let only_ref = self.misfit.is_only(REF);
        if let Some(begins) = begins.filter(|it| !it.is_empty() && self.misfit.has(REF)) {
            let pattern = [begins, "*"].concat();
            let words = say(if is_tag { "Let tags {} in" } else { "Let branches {} in" }, &[&pattern]);
            let adds = !(only_ref && matches(&pattern, scope.reference.as_str()));
            self.offer(adds, ALIKE, words, &|it| put(it, "ref", Some(&pattern)));
        }
        if self.misfit.has(REF) {
            let words = match (only_ref, is_tag) {
                (true, _) => words::any_ref(scope),
                (_, true) => "Add a scope for any tag".to_owned(),
                _ => "Add a scope for any branch".to_owned(),
            };
            self.offer(!only_ref, WIDE, words, &|it| put(it, "ref", Some("*")));
        } else if self.misfit.is_only(ONLY_KIND) && !is_one(scope) {
            let template = if is_tag { "Let tags {} in too" } else { "Let branches {} in too" };
            let words = say(template, &[scope.reference.as_str()]);
            self.offer(false, WIDE, words, &|it| put(it, "ref_type", Some("any")));
        }
    }

    /// Where one pin alone is in the way: what came as one more value of it or in its place, or the scope without it.
    fn pins(&mut self) {
        let Some(pin) = self.misfit.one_pin() else { return };
        let claim = pin.claim;
        match self.came.claim(claim) {
            Some(value) if matches!(claim, "project_id" | "namespace_id") => {
                let words = say("Change the {} {} to {}", &[claim, &pin.values.concat(), value]);
                self.offer(false, CORRECTED, words, &|it| put(it, claim, Some(value)));
            }
            Some(value) if claim != "ref_protected" => {
                self.offer(false, ONE_MORE, say("Let {} be {} too", &[claim, value]), &|it| {
                    if let Some(pin) = it.pins.iter_mut().find(|it| it.claim == claim) {
                        pin.values.push(value.to_owned());
                    }
                });
            }
            _ => {}
        }
        let words = say("Do not ask for {}\nIt then lets in jobs whatever their {} is.", &[claim, claim]);
        self.offer(false, WIDE, words, &|it| put(it, claim, None));
    }

    /// What was written a little otherwise, what has another name now, and another form of `sub`.
    fn corrections(&mut self) {
        let (came, scope) = (self.came, self.misfit.scope);
        let (written, project) = (scope.reference.as_str(), scope.project.as_str());
        if let Some(reference) = came.value("ref").filter(|_| !self.misfit.has(PROJECT))
            && is_slip(written, reference)
        {
            let words = say("Change the ref {} to {}", &[written, reference]);
            self.offer(false, CORRECTED, words, &|it| put(it, "ref", Some(reference)));
        }
        let Some(path) = came.value("project_path") else { return };
        let id = came.value("project_id");
        for it in self.setup.roles().get(self.role).iter().flat_map(|it| &it.scopes) {
            let is_same = it.pin("project_id").is_some_and(|pin| pin.values.first().map(String::as_str) == id);
            let old = it.project.as_str();
            if it.project.is_exact() && old != path && (is_same || is_slip(old, path)) {
                let words = say("Change the path {} to {}\nEvery scope of that project follows.", &[old, path]);
                self.corrected(words, old, &|it| put(it, "project", Some(path)));
                break;
            }
        }
        if self.misfit.has(FORMAT) && matches(project, path) {
            let names: Vec<&str> = came.parts.iter().map(|it| it.component.as_str()).collect();
            let template = "Take the `sub` of {} as {}\nA project has one form of `sub`, and the token shows it.";
            let words = say(template, &[project, &names.join(", ")]);
            let has_pins = self.has_pins();
            self.corrected(words, project, &|it| {
                for (name, any) in [("ref_type", "any"), ("ref", "*")] {
                    if came.part(name).is_none() {
                        put(it, name, Some(any));
                    }
                }
                reform(it, came, has_pins, true);
            });
        }
    }
}

/// Whether it speaks of one ref of one project.
pub(super) fn is_one(scope: &Scope) -> bool {
    scope.project.is_exact() && scope.reference.is_exact()
}

/// Gives a scope the form of `sub` that came, with the values that came; where `keeps`, its own ones go before them.
fn reform(scope: &mut ScopeDraft, came: &Came<'_>, has_pins: bool, keeps: bool) {
    let names: Vec<String> = came.parts.iter().map(|it| it.component.as_str().to_owned()).collect();
    scope.sub_claim_components = (names != ["project_path", "ref_type", "ref"]).then_some(names);
    for (name, is_pin, is_there) in [
        ("project_id", has_pins, scope.project_id.is_some()),
        ("ref_protected", has_pins, scope.ref_protected.is_some()),
        ("environment_protected", false, scope.environment_protected.is_some()),
        ("deployment_tier", false, scope.deployment_tier.is_some()),
    ] {
        let value = came.part(name);
        let stays = if value.is_some() { keeps && is_there } else { is_pin };
        if !stays {
            put(scope, name, value);
        }
    }
}
