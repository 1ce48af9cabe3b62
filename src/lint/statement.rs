//! The statements of a sitting's trust policies as the rules look at them: whose tokens they are for, and what they ask of each claim.
//!
//! A statement is for a GitLab where one of its principals is an OIDC provider that is not known to be another's. Where a reference
//! hides the principal, the keys tell the host, if they all agree.

use std::cell::Cell;

use super::document::trust_policies;
use super::provider::{may_be_gitlab, without_scheme};
use super::{Bench, Finding, Rule, subject};
use crate::aws::keys;
use crate::aws::policy::{Condition, Effect, Family, Policy, PrincipalKind, Statement, Wanted, passes_when_absent};
use crate::document::Text;
use crate::pattern::{Element, Part, Pattern, has_wildcard, is_all_wild, parts};
use crate::source::{Found, Syntax};
use crate::text::{Span, quoted};
use crate::verdict::Circumstances;

/// A statement, and what it stands in.
pub(super) struct Seen<'b> {
    /// Its file.
    pub(super) file: usize,
    /// That file's text.
    pub(super) text: &'b str,
    /// The policy's place in the file, and what stands beside it.
    pub(super) found: &'b Found,
    /// The policy.
    pub(super) policy: &'b Policy,
    /// The statement's place in it, from 0.
    pub(super) index: usize,
    /// The statement.
    pub(super) statement: &'b Statement,
    /// The hosts, with their paths, of the GitLabs whose tokens it is for.
    pub(super) hosts: Vec<&'b str>,
    /// The hosts of the other OIDC providers among its principals.
    pub(super) others: Vec<&'b str>,
    /// What a `Deny` of the policy makes its tokens bring as well: each stands alone, and keeps out whoever does not.
    demanded: Vec<&'b Condition>,
    /// The values that it wants of `sub`.
    pub(super) subjects: Vec<subject::Value<'b>>,
    /// What is known of the account and the call.
    pub(super) circumstances: &'b Circumstances,
    /// How many jobs were tried beside those that were made up first.
    pub(super) tries: Cell<usize>,
}

/// A `sub` of a project that nobody here has heard of.
pub(super) const STRANGER: &str = "project_path:stranger/project:ref_type:branch:ref:main";
/// A `sub` of a project in a group that is meant.
pub(super) const NEIGHBOUR: &str = "project_path:mygroup/other-project:ref_type:branch:ref:some-branch";

/// What a statement asks for that says nothing in `sub`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// The project's id.
    Project,
    /// The id of its group.
    Namespace,
    /// Who runs the job.
    User,
    /// A protected ref.
    Protected,
    /// Nothing of these.
    Nothing,
}

/// The most statements and the most values of a policy that are looked at one by one. IAM takes 8,192 characters at most, so no role
/// has a policy near it; each is held against all of them by the evaluator.
const STATEMENTS_MOST: usize = 200;
const VALUES_MOST: usize = 3_000;
/// Principals and actions together: none is shorter than a dozen characters.
const NAMES_MOST: usize = 600;

/// Whether a role could have a policy of so many parts.
pub fn is_of_a_roles_size(policy: &Policy) -> bool {
    let values = |it: &Statement| it.conditions.iter().map(|it| it.values.len()).sum::<usize>();
    let names = |it: &Statement| it.principals.len() + it.actions.len();
    policy.statements.len() <= STATEMENTS_MOST
        && policy.statements.iter().map(names).sum::<usize>() <= NAMES_MOST
        && policy.statements.iter().map(values).sum::<usize>() <= VALUES_MOST
}

/// Every statement of every policy.
pub(super) fn statements<'s, 'b>(bench: &'s Bench<'b>) -> &'s [Seen<'b>] {
    bench.seen.get_or_init(|| take_apart(bench))
}

fn take_apart<'b>(bench: &Bench<'b>) -> Vec<Seen<'b>> {
    let mut all = Vec::new();
    for (file, it) in bench.files.iter().enumerate() {
        for found in trust_policies(it) {
            let Some(policy) = found.meant().filter(|it| is_of_a_roles_size(it)) else { continue };
            let denials: Vec<&Statement> = policy.statements.iter().filter(|it| it.effect == Effect::Deny).collect();
            all.extend(policy.statements.iter().enumerate().map(|(index, statement)| {
                let hosts = hosts(statement);
                let mut seen = Seen {
                    file,
                    text: &it.text,
                    found,
                    policy,
                    index,
                    statement,
                    demanded: demanded(statement, &denials, &hosts),
                    hosts,
                    others: others(statement),
                    subjects: Vec::new(),
                    circumstances: bench.circumstances,
                    tries: Cell::new(0),
                };
                seen.subjects = subject::values(&seen);
                seen
            }));
        }
    }
    all
}

/// The statements that let a GitLab's tokens in.
pub(super) fn allowing<'s, 'b>(bench: &'s Bench<'b>) -> impl Iterator<Item = &'s Seen<'b>> {
    statements(bench).iter().filter(|it| it.statement.effect == Effect::Allow && !it.hosts.is_empty())
}

/// What a key says: the host before its last colon, and the claim behind it.
pub(super) fn key_parts(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once(':')
}

/// The GitLabs whose tokens a statement is for: its principals' hosts, or what its keys tell where references hide these.
pub(super) fn hosts(statement: &Statement) -> Vec<&str> {
    let mut hosts: Vec<&str> = Vec::new();
    let mut hidden = false;
    for it in statement.principals.iter().filter(|it| it.kind == PrincipalKind::Federated) {
        let value = it.text.value.as_str();
        match value.split_once(":oidc-provider/") {
            Some((_, host)) if !host.contains("${") => {
                let host = without_scheme(host).trim_end_matches('/');
                if may_be_gitlab(host) && !hosts.contains(&host) {
                    hosts.push(host);
                }
            }
            None if it.text.unknown.is_empty() => {}
            _ => hidden = true,
        }
    }
    if hosts.is_empty() && hidden {
        let keys = statement.conditions.iter().filter(|it| it.key_unknown.is_empty());
        for (host, claim) in keys.filter_map(|it| key_parts(&it.key)) {
            let of_token = claim.eq_ignore_ascii_case("sub") || claim.eq_ignore_ascii_case("aud");
            if of_token && host.contains('.') && may_be_gitlab(host) && !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        hosts.truncate(if hosts.len() == 1 { 1 } else { 0 });
    }
    if hosts.is_empty() && hidden {
        // Where references hide the keys' host too, the grammar of GitLab's `sub` tells whose they are.
        let is_gitlabs = |it: &Text| ["project_path:", "project_id:"].iter().any(|name| it.value.starts_with(name));
        let mut keys = statement.conditions.iter().filter(|it| it.values.iter().any(|it| is_gitlabs(&it.text)));
        hosts.extend(keys.find_map(|it| key_parts(&it.key)).filter(|it| it.1 == "sub").map(|it| it.0));
    }
    hosts
}

/// The conditions of denials that a token of these hosts must not meet, each the only one of its statement.
fn demanded<'b>(statement: &Statement, denials: &[&'b Statement], own: &[&str]) -> Vec<&'b Condition> {
    let is_presence =
        |it: &&Condition| it.operator.family == Family::Null && it.values.iter().all(|it| it.text.value == "false");
    let alone = |it: &&'b Statement| {
        let mut all = it.conditions.iter().filter(|it| !is_presence(it));
        all.next().filter(|it| it.operator.qualifier.is_none() && all.next().is_none())
    };
    let denials = denials.iter().filter(|_| statement.effect == Effect::Allow);
    let meant = denials.filter(|it| hosts(it).iter().any(|it| own.contains(it)));
    meant.filter(|it| covers(it, "sts:AssumeRoleWithWebIdentity")).filter_map(alone).collect()
}

fn others(statement: &Statement) -> Vec<&str> {
    let federated = statement.principals.iter().filter(|it| it.kind == PrincipalKind::Federated);
    let hosts = federated.filter_map(|it| it.text.value.split_once(":oidc-provider/")).map(|it| it.1);
    hosts.filter(|it| !may_be_gitlab(it)).collect()
}

impl<'b> Seen<'b> {
    /// The hosts that it is for; of a `Deny`, those that the policy lets in.
    pub(super) fn policy_hosts(&self) -> Vec<&'b str> {
        if self.statement.effect == Effect::Allow {
            return self.hosts.clone();
        }
        let mut all: Vec<&'b str> = self.policy.statements.iter().flat_map(hosts).collect();
        all.dedup();
        all
    }

    /// Whether the one GitLab that it is for is GitLab.com.
    pub(super) fn is_gitlab_com(&self) -> bool {
        self.hosts == ["gitlab.com"]
    }

    /// The claim that a key stands for, in lower case, where the key is of one of its hosts, or of one that is not known.
    pub(super) fn claim(&self, it: &Condition) -> Option<String> {
        let (host, claim) = key_parts(&it.key)?;
        let is_own = self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host)) || !it.key_unknown.is_empty();
        (is_own && !claim.contains('}')).then(|| claim.to_ascii_lowercase())
    }

    /// The claim of a condition that tokens of its hosts bring as a key.
    pub(super) fn sent_claim(&self, it: &Condition) -> Option<String> {
        let claim = self.claim(it)?;
        let is_sent = |host: &&str| keys::claims_of(&format!("https://{host}")).any(|it| it == claim);
        self.hosts.iter().any(is_sent).then_some(claim)
    }

    /// Whether two statements have the same effect, principals, actions and conditions, in the same order.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let (a, b) = (self.statement, other.statement);
        let is_same = |a: &Text, b: &Text| a.value == b.value;
        a.effect == b.effect
            && a.not_action == b.not_action
            && is_each(&a.conditions, &b.conditions, |a, b| {
                let is_value = |a: &Wanted, b: &Wanted| is_same(&a.text, &b.text);
                a.operator_text == b.operator_text && a.key == b.key && is_each(&a.values, &b.values, is_value)
            })
            && is_each(&a.actions, &b.actions, is_same)
            && is_each(&a.principals, &b.principals, |a, b| a.kind == b.kind && is_same(&a.text, &b.text))
    }

    /// Whether a condition stands in an object of Terraform's under a key that stands there again below: of two alike the last is kept.
    fn is_dropped(&self, it: &Condition) -> bool {
        let is_after = |a: Span, b: Span| a.start > b.start;
        let drops = |other: &Condition| {
            other.operator_text == it.operator_text
                && (is_after(other.operator_span, it.operator_span)
                    || (is_one_block(other, it) && other.key == it.key && is_after(other.key_span, it.key_span)))
        };
        it.is_doubled && self.keeps_last() && self.statement.conditions.iter().any(drops)
    }

    /// Whether of two keys alike the last is known to be kept: in an object of Terraform's.
    fn keeps_last(&self) -> bool {
        self.found.syntax == Syntax::Hcl && !self.found.is_embedded
    }

    /// The conditions on a claim.
    pub(super) fn on(&self, claim: &str) -> Vec<&'b Condition> {
        let is_own = |it: &&Condition| self.claim(it).as_deref() == Some(claim) && !self.is_dropped(it);
        self.statement.conditions.iter().filter(is_own).collect()
    }

    /// The conditions on a claim of which a `Deny` keeps out whoever has none of the values.
    pub(super) fn demanded(&self, claim: &str) -> impl Iterator<Item = &'b Condition> {
        let is_own = |it: &&Condition| self.claim(it).as_deref() == Some(claim);
        let all = self.demanded.iter().copied().filter(move |it| it.operator.negated && it.operator.compares_text());
        all.filter(is_own)
    }

    /// The conditions on a claim that list the values which pass, whatever they make of an absent key.
    pub(super) fn lists(&self, claim: &str) -> Vec<&'b Condition> {
        let mut all = self.on(claim);
        all.retain(|it| it.operator.compares_text() && !it.operator.negated);
        all.extend(self.demanded(claim));
        all
    }

    /// The conditions on a claim that only one of their values passes.
    pub(super) fn gates(&self, claim: &str) -> Vec<&'b Condition> {
        let mut all = self.on(claim);
        all.retain(|it| lets_values_pass(it) && (!it.is_doubled || self.keeps_last()));
        all.extend(self.demanded(claim));
        all
    }

    /// Whether it asks for a claim's value, and for certain ones. The beginning of an id is that of other people's ids too.
    pub(super) fn pins(&self, claim: &str) -> bool {
        let says = |condition: &&Condition| {
            let is_certain = |value: &str| {
                let is_open = condition.operator.reads_wildcards() && has_wildcard(value);
                // Who has an address of that domain is known, though not by name.
                let names_domain =
                    || claim == "user_email" && value.rsplit_once('@').is_some_and(|it| !has_wildcard(it.1));
                !is_all_wild(value) && (!is_open || names_domain())
            };
            condition.values.iter().all(|it| is_certain(&it.text.value))
        };
        self.gates(claim).iter().any(says)
    }

    /// The claim by which it asks for certain persons.
    pub(super) fn pinned_person(&self) -> Option<&'static str> {
        keys::PERSON.into_iter().find(|it| self.pins(it))
    }

    /// Whether only jobs on protected refs pass, or may, where a reference hides what is asked.
    pub(super) fn pins_protected(&self) -> bool {
        const CLAIM: &str = "ref_protected";
        let is_true =
            |it: &&Condition| it.values.iter().all(|it| it.text.value == "true" || !it.text.unknown.is_empty());
        let refuses = |it: &&Condition| !it.values.is_empty() && !lets_pass(it, "false");
        // Every token of GitLab.com brings the key, so that a list of who stays out is one of who comes in.
        let mut others = self.on(CLAIM).into_iter().filter(|it| it.operator.negated && self.is_gitlab_com());
        let denies_false = |it: &&Condition| {
            let is_list = it.operator.compares_text() && !it.operator.negated && !it.values.is_empty();
            is_list && self.claim(it).as_deref() == Some(CLAIM) && lets_pass(it, "false")
        };
        self.gates(CLAIM).iter().any(|it| is_true(it) || refuses(it))
            || others.any(|it| refuses(&it))
            || self.demanded.iter().any(denies_false)
    }

    /// Whether a condition is on that claim. One of another host, which a token of its hosts passes without it, asks for nothing.
    pub(super) fn asks(&self, claim: &str) -> bool {
        let is_own = |it: &Condition| !it.key_unknown.is_empty() || self.claim(it).is_some_and(|own| own == claim);
        let is_idle =
            |it: &Condition| it.values.is_empty() && it.operator.qualifier.is_none() && !it.operator.if_exists;
        let asks = |it: &&Condition| {
            may_ask(it, claim) && it.operator.family != Family::Null && !is_idle(it) && !self.is_dropped(it)
        };
        self.demanded(claim).next().is_some()
            || self.statement.conditions.iter().filter(asks).any(|it| !passes_when_absent(it) || is_own(it))
    }

    /// What it asks for instead, where no key of it is a `sub`; none where that is as good.
    pub(super) fn lacks_subject(&self) -> Option<Gate> {
        if self.asks("sub") {
            return None;
        }
        Some(match self.pins_protected() {
            protected if self.pins("project_id") => return (!protected).then_some(Gate::Project),
            _ if self.pins("namespace_id") => Gate::Namespace,
            _ if self.pinned_person().is_some() => Gate::User,
            true => Gate::Protected,
            false => Gate::Nothing,
        })
    }

    /// The values of a claim that it asks for, for people.
    pub(super) fn shown(&self, claim: &str) -> String {
        let gates = self.gates(claim).into_iter();
        gates.flat_map(|it| &it.values).map(|it| quoted(&it.text.value)).collect::<Vec<_>>().join(", ")
    }

    /// The path of an element inside the statement: `.Condition`.
    pub(super) fn path(&self, inside: &str) -> String {
        format!("Statement[{}]{inside}", self.index)
    }

    /// A finding about a condition.
    pub(super) fn of_condition(
        &self,
        rule: &'static Rule,
        it: &Condition,
        span: Span,
        message: impl Into<String>,
    ) -> Finding {
        let has_it = |of: &Statement| of.conditions.iter().any(|other| std::ptr::eq(other, it));
        let index = self.policy.statements.iter().position(has_it).unwrap_or(self.index);
        let path = format!("Statement[{index}].Condition.{}.{}", it.operator_text, it.key);
        rule.finding(self.file, span, message).at(path)
    }

    /// A finding about another element of the statement.
    pub(super) fn of(&self, rule: &'static Rule, inside: &str, span: Span, message: impl Into<String>) -> Finding {
        rule.finding(self.file, span, message).at(self.path(inside))
    }

    /// Where a part of a value stands: exactly, where the text holds the value as it is, else the whole value.
    pub(super) fn inside(&self, it: &Text, start: usize, length: usize) -> Span {
        let raw = it.span.of(self.text);
        let Some(at) = raw.find(&it.value).filter(|_| !self.found.is_embedded && raw.len() <= it.value.len() + 2)
        else {
            return it.span;
        };
        let start = it.span.start + at + start;
        Span::new(start, start + length)
    }

    /// What stands at a string's place once it says something else, quoted as it is now; none where no edit is exact.
    pub(super) fn respelled(&self, span: Span, new: &str) -> Option<String> {
        let raw = span.of(self.text);
        // Where a reference stands, its value is written elsewhere, and for others too.
        let refers = |it: &str| it.contains("${") || it.contains("%{");
        if self.found.is_embedded || new.contains(['"', '\'', '\\', '\n']) || refers(new) || refers(raw) {
            return None;
        }
        match raw.chars().next()? {
            quote @ ('"' | '\'') => Some(format!("{quote}{new}{quote}")),
            '{' | '[' | '*' | '!' => None,
            _ if raw.contains(char::is_whitespace) || matches!(self.found.syntax, Syntax::Hcl | Syntax::Blocks) => None,
            _ => Some(new.to_owned()),
        }
    }

    /// What goes with one of a list when it is removed: what parts it from its neighbour, where that is nothing but a comma.
    pub(super) fn removal(&self, list: &[Span], at: usize) -> Option<Span> {
        let (own, next) = (*list.get(at)?, list.get(at + 1));
        let previous = at.checked_sub(1).and_then(|at| list.get(at));
        let (gap, whole) = match (next, previous) {
            (Some(next), _) => (Span::new(own.end, next.start), Span::new(own.start, next.start)),
            (None, Some(previous)) => (Span::new(previous.end, own.start), Span::new(previous.end, own.end)),
            (None, None) => return None,
        };
        let parts = |c: char| c.is_whitespace() || matches!(c, ',' | '-');
        let is_gap = gap.start < gap.end && gap.of(self.text).chars().all(parts);
        (is_gap && !self.found.is_embedded).then_some(whole)
    }

    /// The finding, with a fix that writes a string anew.
    pub(super) fn respelling(&self, finding: Finding, title: impl Into<String>, span: Span, new: &str) -> Finding {
        match self.respelled(span, new) {
            Some(text) => finding.fix(title, span, text),
            None => finding,
        }
    }

    /// The finding, with a fix that gives a condition's operator another name, where nothing else of its block stands in the way.
    pub(super) fn renaming(&self, finding: Finding, it: &Condition, new: &str) -> Finding {
        let conditions = || self.statement.conditions.iter();
        if it.is_doubled || conditions().any(|other| other.operator_text == new) {
            return finding;
        }
        self.respelling(finding, format!("write `{new}`"), it.operator_span, new)
    }

    /// Whether each condition under the same operator is on a claim that every token of whichever of its providers brings. A person may
    /// have no access level or name.
    pub(super) fn is_of_every_token(&self, it: &Condition) -> bool {
        let is_sent = |it: &Condition| self.sent_claim(it).is_some_and(|claim| !claim.starts_with("user_"));
        self.hosts.len() + self.others.len() == 1 && self.block(it).into_iter().all(is_sent)
    }

    /// The other conditions under the same operator.
    pub(super) fn block(&self, it: &Condition) -> Vec<&'b Condition> {
        self.statement.conditions.iter().filter(|other| is_one_block(it, other)).collect()
    }
}

fn is_each<T>(a: &[T], b: &[T], is_same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|it| is_same(it.0, it.1))
}

/// Whether a condition is on that claim, of whichever host; of a key whose end is a reference without a value it is not known.
pub(super) fn may_ask(it: &Condition, claim: &str) -> bool {
    let end = it.key.rsplit(':').next().unwrap_or("");
    end.eq_ignore_ascii_case(claim) || (!it.key_unknown.is_empty() && end.ends_with('}'))
}

/// Whether two conditions stand under the same operator. In a document that came encoded all places are one.
pub(super) fn is_one_block(a: &Condition, b: &Condition) -> bool {
    a.operator_span == b.operator_span && a.operator_text == b.operator_text
}

/// Whether a statement's actions include this one for sure.
pub(super) fn covers(it: &Statement, action: &str) -> bool {
    let matches = |it: &Text| {
        let named = Pattern::like(&it.value.to_ascii_lowercase(), false);
        it.unknown.is_empty() && named.is_ok_and(|it| it.matches(&action.to_ascii_lowercase()))
    };
    it.actions.iter().any(matches) != it.not_action
}

/// Whether a condition is passed by one of its values alone.
pub(super) fn is_gate(it: &Condition) -> bool {
    lets_values_pass(it) && !it.is_doubled
}

/// The same of one that may stand there twice.
fn lets_values_pass(it: &Condition) -> bool {
    it.operator.compares_text() && !it.operator.negated && !passes_when_absent(it) && !it.values.is_empty()
}

/// Whether one of a condition's values takes that text; none where the value is not wholly known.
pub(super) fn takes(it: &Condition, wanted: &Wanted, text: &str) -> Option<bool> {
    let pattern = wanted.pattern.as_ref().filter(|_| wanted.text.unknown.is_empty())?;
    let ignores_case = it.operator.family == Family::EqualsIgnoreCase;
    Some(if ignores_case { pattern.matches(&text.to_lowercase()) } else { pattern.matches(text) })
}

/// Whether a condition on texts lets that one pass, or may; others let everything pass.
pub(super) fn lets_pass(it: &Condition, text: &str) -> bool {
    let all: Option<Vec<bool>> = it.values.iter().map(|wanted| takes(it, wanted, text)).collect();
    !it.operator.compares_text() || all.is_none_or(|it_takes| it_takes.contains(&true) != it.operator.negated)
}

/// A text that a pattern matches: each `*` is `run`, each `?` an `x`; none where it has a policy variable.
pub(super) fn instance(value: &str, variables: bool, run: &str) -> Option<String> {
    filled(value, variables, run, 'x')
}

/// A text that a pattern matches: each `*` is `run`, each `?` is `one`; none where it has a policy variable.
pub(super) fn filled(value: &str, variables: bool, run: &str, one: char) -> Option<String> {
    let mut out = String::new();
    for part in parts(value, variables, true) {
        match part {
            Part::Step(Element::Char(c)) => out.push(c),
            Part::Step(Element::One) => out.push(one),
            Part::Step(Element::Run) => out.push_str(run),
            Part::Variable(_) => return None,
        }
    }
    Some(out)
}
