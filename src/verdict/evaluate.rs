//! The trust policy against a request, as IAM evaluates it, with three truths: yes, no, and a doubt that has a name.
//!
//! Source: IAM User Guide, "Policy evaluation logic", "Conditions with multiple context keys or values", and "Condition operators".
//! Several conditions of a statement and several keys of an operator: all. Several values of a key: any, and under a negated
//! operator none. Any `Deny` that applies outweighs every `Allow`.

use std::borrow::Cow;

use super::values::{fits, suits, truth};
use super::{ConditionTrace, Context, Doubt, KeyState, PrincipalTrace, StatementTrace, why};
use crate::aws::is_of_own_account;
use crate::aws::policy::{Condition, Effect, Family, Operator, Policy, PrincipalKind, Qualifier, Statement, could_be};
use crate::pattern::{Pattern, has_wildcard};

/// The action of this call.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Evaluates every statement, with the reasons.
pub(super) fn evaluate(policy: &Policy, context: &Context<'_>) -> Vec<StatementTrace> {
    policy.statements.iter().enumerate().map(|(index, it)| statement(index, it, policy.variables, context)).collect()
}

/// Whether the policy allows the call, without the reasons: for many tokens at once.
pub(super) fn allows(policy: &Policy, context: &Context<'_>) -> Option<bool> {
    decide(policy.statements.iter().map(|it| {
        let mut matched = both(names_caller(it, context).ok(), || names_call(it).ok());
        for condition in &it.conditions {
            matched = both(matched, || satisfied(condition, policy.variables, context).ok());
        }
        (it.effect, it.is_doubled, certain(it, matched))
    }))
}

/// `a` and `b`; `b` is not asked where `a` decides.
fn both(a: Option<bool>, b: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match a {
        Some(false) => Some(false),
        Some(true) => b(),
        None => b().filter(|it| !it),
    }
}

/// A statement that IAM may not take as it is never applies for certain, and one in which an element stands twice never
/// certainly does not.
fn certain(it: &Statement, matched: Option<bool>) -> Option<bool> {
    matched.filter(|applies| !it.is_doubled && (!applies || it.unconfirmed.is_empty()))
}

/// Whether the policy allows the call: from each statement its effect, whether it may have the other one too, and whether it applies.
pub(super) fn decide(statements: impl Iterator<Item = (Effect, bool, Option<bool>)>) -> Option<bool> {
    let (mut allow, mut deny) = (Some(false), Some(false));
    for (effect, either, matched) in statements {
        for (so_far, counts) in
            [(&mut allow, either || effect == Effect::Allow), (&mut deny, either || effect == Effect::Deny)]
        {
            *so_far = match (*so_far, matched) {
                _ if !counts => *so_far,
                (Some(true), _) | (_, Some(true)) => Some(true),
                (None, _) | (_, None) => None,
                (Some(false), Some(false)) => Some(false),
            };
        }
    }
    both(allow, || deny.map(|it| !it))
}

/// Whether the statement's actions include this call's. Actions are compared without regard to case and know wildcards, but no
/// variables.
fn names_call(it: &Statement) -> Result<bool, Doubt> {
    let named = any(it.actions.iter().map(|action| {
        if !action.unknown.is_empty() {
            let mut lower = action.clone();
            lower.known.iter_mut().for_each(|it| it.make_ascii_lowercase());
            let could = could_be(&lower, true).matches(&ACTION.to_ascii_lowercase());
            return if could { Err(Doubt::Open) } else { Ok(false) };
        }
        if !has_wildcard(&action.value) {
            return Ok(action.value.eq_ignore_ascii_case(ACTION));
        }
        let pattern = Pattern::like(&action.value.to_ascii_lowercase(), false);
        Ok(pattern.is_ok_and(|it| it.matches(&ACTION.to_ascii_lowercase())))
    }));
    named.map(|named| named != it.not_action)
}

/// Whether one of the statement's principals is the caller: where the account is not known, a provider of any account.
fn names_caller(it: &Statement, context: &Context<'_>) -> Result<bool, Doubt> {
    let caller = context.provider_arn().map_or_else(|| Cow::Owned(context.anyones_provider()), Cow::Borrowed);
    any(it.principals.iter().map(|principal| match (principal.kind, principal.text.unknown.as_slice()) {
        // Recorded: an `Allow` for `{"AWS": "*"}` lets no token in. Whether a `Deny` keeps one out has not been recorded.
        (PrincipalKind::Aws, _) if it.effect == Effect::Deny => Err(Doubt::DenyOfAws),
        (PrincipalKind::Federated, _) if principal.text.value == *caller => Ok(true),
        (PrincipalKind::Federated, []) if is_known_by_name(&principal.text.value, &caller) => Err(Doubt::NamedProvider),
        (PrincipalKind::Federated, names @ [_, ..]) if could_be(&principal.text, false).matches(&caller) => {
            if names.iter().all(|it| is_of_own_account(it)) { Ok(true) } else { Err(Doubt::Open) }
        }
        _ => Ok(false),
    }))
}

/// The providers that IAM takes by their names, without one in the account. Source: IAM User Guide, "AWS JSON policy elements:
/// Principal", OIDC federated principals.
const BY_NAME: [&str; 4] =
    ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"];

fn is_known_by_name(principal: &str, caller: &str) -> bool {
    BY_NAME.contains(&principal) && caller.split_once(":oidc-provider/").is_some_and(|it| it.1 == principal)
}

/// Whether any is true; a doubt counts where none is.
fn any(all: impl Iterator<Item = Result<bool, Doubt>>) -> Result<bool, Doubt> {
    let mut answer = Ok(false);
    for it in all {
        match it {
            Ok(true) => return Ok(true),
            Ok(false) => {}
            Err(doubt) => answer = answer.and(Err(doubt)),
        }
    }
    answer
}

/// Whether the request satisfies the condition.
fn satisfied(it: &Condition, variables: bool, context: &Context<'_>) -> Result<bool, Doubt> {
    if !it.operator.is_canonical {
        return Err(Doubt::Case);
    }
    if !it.key_unknown.is_empty() {
        return Err(Doubt::Open);
    }
    match asked(it, variables, context)? {
        false if it.is_doubled => Err(Doubt::Doubled),
        answer => Ok(answer),
    }
}

fn asked(it: &Condition, variables: bool, context: &Context<'_>) -> Result<bool, Doubt> {
    let came = context.state(&it.key);
    let operator = it.operator;
    if operator.family == Family::Null {
        return null(it, &came, context);
    }
    match &*came {
        KeyState::Unknown(doubt, _) => {
            let is_sent = context.is_sent(&it.key);
            whatever_it_holds(it, is_sent).filter(|there| is_sent || absent(it) == Ok(*there)).ok_or(*doubt)
        }
        KeyState::Known(values) => present(it, values, variables, context),
        KeyState::Absent(_) => match absent(it) {
            Ok(true) if !(it.values.is_empty() && none_wanted(operator)) && context.is_null(&it.key) => {
                Err(Doubt::NullClaim)
            }
            answer => answer,
        },
    }
}

/// What the condition says of a key that is there, where it says the same of every value: an empty list in the policy, and `*` for one of
/// AWS's own keys that every request has, which hold one value each.
fn whatever_it_holds(it: &Condition, is_sent: bool) -> Option<bool> {
    let operator = it.operator;
    if it.values.is_empty() {
        return (operator.qualifier != Some(Qualifier::ForAllValues)).then(|| none_wanted(operator));
    }
    let is_any = operator.family == Family::Like
        && it.values.iter().any(|it| it.pattern.as_ref().is_some_and(Pattern::is_everything));
    (is_sent && is_any && operator.qualifier.is_none() && suits(operator.family, &it.key)).then_some(!operator.negated)
}

fn absent(it: &Condition) -> Result<bool, Doubt> {
    let operator = it.operator;
    match operator.qualifier {
        Some(Qualifier::ForAllValues) => Ok(true),
        Some(Qualifier::ForAnyValue) if operator.if_exists => Err(Doubt::AnyIfExists),
        Some(Qualifier::ForAnyValue) => Ok(false),
        None => Ok(operator.if_exists || operator.negated || it.values.is_empty()),
    }
}

/// What an empty list in the policy makes of a key that is there. Source: IAM Access Analyzer's policy checks, "Empty array condition".
fn none_wanted(operator: Operator) -> bool {
    operator.qualifier.is_none() && !operator.if_exists
}

fn present(it: &Condition, came: &[String], variables: bool, context: &Context<'_>) -> Result<bool, Doubt> {
    let operator = it.operator;
    // A key with nothing but an empty text counts as absent there. Source: IAM User Guide, set operators.
    if operator.qualifier == Some(Qualifier::ForAllValues) && came.iter().all(String::is_empty) {
        return if it.values.is_empty() { Err(Doubt::EmptyText) } else { Ok(true) };
    }
    if it.values.is_empty() {
        return Ok(none_wanted(operator));
    }
    if !suits(operator.family, &it.key) {
        return Err(Doubt::Kind);
    }
    // Source: IAM Access Analyzer's policy checks, "Invalid condition multiple Boolean".
    if operator.family == Family::Bool && it.values.len() > 1 {
        return Err(Doubt::Format);
    }
    let one = |came: &String| {
        any(it.values.iter().map(|wanted| fits(operator, wanted, came, variables, context)))
            .map(|fits| fits != operator.negated)
    };
    match (operator.qualifier, came) {
        (None, [value]) => one(value),
        (None, _) => Err(Doubt::Several),
        // "For no matching context key or a null dataset, the condition returns false."
        (Some(Qualifier::ForAnyValue), _) => match any(came.iter().map(one)) {
            Ok(true) if came.iter().all(String::is_empty) => Err(Doubt::EmptyText),
            answer => answer,
        },
        (Some(Qualifier::ForAllValues), _) => any(came.iter().map(|it| one(it).map(|it| !it))).map(|it| !it),
    }
}

/// `Null`: `true` asks that the key is absent, `false` that it is there.
fn null(it: &Condition, came: &KeyState, context: &Context<'_>) -> Result<bool, Doubt> {
    // Source: IAM Access Analyzer's policy checks, "Null with if exists" and "Null with qualifier".
    match it.operator.qualifier {
        _ if it.operator.if_exists => return Err(Doubt::NullIfExists),
        Some(Qualifier::ForAllValues) => return Ok(true),
        Some(Qualifier::ForAnyValue) => return Ok(false),
        None if it.values.is_empty() => return Ok(true),
        None => {}
    }
    let answer = |is_absent: bool| {
        any(it.values.iter().map(|wanted| match truth(&wanted.text.value) {
            _ if !wanted.text.unknown.is_empty() => Err(Doubt::Open),
            Some(wants_absent) => Ok(wants_absent == is_absent),
            None => Err(Doubt::Format),
        }))
    };
    let doubt = match came {
        KeyState::Known(values) if values.iter().all(String::is_empty) => Doubt::EmptyText,
        KeyState::Known(_) => return answer(false),
        KeyState::Absent(_) if context.is_null(&it.key) => Doubt::NullClaim,
        KeyState::Absent(_) => return answer(true),
        KeyState::Unknown(..) if context.is_sent(&it.key) => return answer(false),
        KeyState::Unknown(doubt, _) => *doubt,
    };
    if answer(true) == answer(false) { answer(true) } else { Err(doubt) }
}

fn statement(index: usize, it: &Statement, variables: bool, context: &Context<'_>) -> StatementTrace {
    let principal = principal(it, context);
    let action = names_call(it);
    let conditions: Vec<_> = it.conditions.iter().map(|it| condition(it, variables, context)).collect();
    let mut matched = both(principal.matched, || action.ok());
    for condition in &conditions {
        matched = both(matched, || condition.matched);
    }
    let mut unconfirmed = it.unconfirmed.clone();
    if it.is_doubled {
        unconfirmed.push("an element that stands twice in one object".to_owned());
    }
    StatementTrace {
        index,
        span: it.span,
        sid: it.sid.as_ref().map(|it| it.value.clone()),
        effect: it.effect,
        either_effect: it.is_doubled,
        matched: certain(it, matched),
        principal,
        action_matched: action.ok(),
        open_actions: it.actions.iter().flat_map(|it| it.unknown.clone()).collect(),
        conditions,
        unconfirmed,
    }
}

fn principal(it: &Statement, context: &Context<'_>) -> PrincipalTrace {
    let matched = names_caller(it, context);
    PrincipalTrace {
        matched: matched.ok(),
        doubt: matched.err(),
        wanted: it.principals.iter().map(|it| it.text.value.clone()).collect(),
        actual: context.provider_arn().map(str::to_owned),
        open: it.principals.iter().flat_map(|it| it.text.unknown.clone()).collect(),
        span: it.principals.first().map(|it| it.text.span),
    }
}

fn condition(it: &Condition, variables: bool, context: &Context<'_>) -> ConditionTrace {
    let answer = satisfied(it, variables, context);
    let mut trace = ConditionTrace {
        operator: it.operator_text.clone(),
        asks: it.operator,
        key: it.key.clone(),
        key_span: it.key_span,
        wanted: it.values.iter().map(|it| (it.text.value.clone(), it.text.span)).collect(),
        actual: KeyState::clone(&context.state(&it.key)),
        matched: answer.ok(),
        doubt: answer.err(),
        waits_for: match answer {
            Err(Doubt::NotGiven) => vec![it.key.clone()],
            Err(Doubt::Variable) => context.unknown_variables(it),
            Err(Doubt::Open) => {
                let of_values = it.values.iter().flat_map(|it| &it.text.unknown);
                it.key_unknown.iter().chain(of_values).cloned().collect()
            }
            _ => Vec::new(),
        },
        why: String::new(),
    };
    trace.why = why::of_condition(&trace, it);
    trace
}
