//! The trust policy against a request, as IAM evaluates it, with three truths: yes, no, and hangs on something unknown.
//!
//! Source: IAM User Guide, "Policy evaluation logic", "Conditions with multiple context keys or values", and "Condition
//! operators". Several conditions of a statement and several keys of an operator: all. Several values of a key: any. An absent
//! key: no, or with `IfExists` yes. Any `Deny` that applies outweighs every `Allow`.

use super::why;
use super::{ConditionTrace, Context, KeyState, PrincipalTrace, StatementTrace};
use crate::aws::policy::{Comparison, Condition, Effect, Policy, PrincipalKind, Statement};
use crate::pattern::Pattern;

/// The action of this call.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Evaluates every statement, with the reasons.
pub(super) fn evaluate(policy: &Policy, context: &Context<'_>) -> Vec<StatementTrace> {
    policy.statements.iter().enumerate().map(|(index, it)| statement(index, it, context)).collect()
}

/// Whether the policy allows the call, without the reasons: for many tokens at once.
pub(super) fn allows(policy: &Policy, context: &Context<'_>) -> Option<bool> {
    decide(policy.statements.iter().map(|it| {
        let mut matched = Some(names_caller(it, context) && names_call(it));
        for condition in &it.conditions {
            matched = both(matched, || satisfied(condition, &context.state(&condition.key)));
        }
        (it.effect, matched)
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

/// Whether the policy allows the call, from each statement's effect and whether it applies.
pub(super) fn decide(statements: impl Iterator<Item = (Effect, Option<bool>)>) -> Option<bool> {
    let (mut allow, mut deny) = (Some(false), Some(false));
    for (effect, matched) in statements {
        let so_far = if effect == Effect::Allow { &mut allow } else { &mut deny };
        *so_far = match (*so_far, matched) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, _) | (_, None) => None,
            (Some(false), Some(false)) => Some(false),
        };
    }
    both(allow, || deny.map(|it| !it))
}

/// Whether the statement's actions include this call's. Actions are compared without regard to case and know wildcards, but no
/// variables.
fn names_call(it: &Statement) -> bool {
    it.actions.iter().any(|action| {
        action.value.eq_ignore_ascii_case(ACTION)
            || Pattern::like(&action.value.to_ascii_lowercase(), false)
                .is_ok_and(|it| it.matches(&ACTION.to_ascii_lowercase()))
    })
}

/// Whether one of the statement's principals is the caller.
fn names_caller(it: &Statement, context: &Context<'_>) -> bool {
    let caller = context.provider_arn();
    it.principals.iter().any(|it| it.kind == PrincipalKind::Federated && Some(it.text.value.as_str()) == caller)
}

/// Whether what came satisfies the condition.
fn satisfied(it: &Condition, came: &KeyState) -> Option<bool> {
    match came {
        KeyState::Known(values) => match values.as_slice() {
            [one] => Some(it.values.iter().any(|it| it.pattern.matches(one))),
            // What an operator without `ForAnyValue` or `ForAllValues` makes of several values is not confirmed.
            _ => None,
        },
        KeyState::Absent(_) => Some(it.operator.if_exists),
        KeyState::Unknown(_) => None,
    }
}

fn statement(index: usize, it: &Statement, context: &Context<'_>) -> StatementTrace {
    let principal = principal(it, context);
    let action_matched = names_call(it);
    let conditions: Vec<_> = it.conditions.iter().map(|it| condition(it, context)).collect();
    let mut matched = Some(principal.matched && action_matched);
    for condition in &conditions {
        matched = both(matched, || condition.matched);
    }
    StatementTrace {
        index,
        span: it.span,
        sid: it.sid.clone(),
        effect: it.effect,
        matched,
        principal,
        action_matched,
        conditions,
    }
}

fn principal(it: &Statement, context: &Context<'_>) -> PrincipalTrace {
    PrincipalTrace {
        matched: names_caller(it, context),
        wanted: it.principals.iter().map(|it| it.text.value.clone()).collect(),
        actual: context.provider_arn().map(str::to_owned),
        span: it.principals.first().map(|it| it.text.span),
    }
}

fn condition(it: &Condition, context: &Context<'_>) -> ConditionTrace {
    let actual = context.state(&it.key);
    let mut trace = ConditionTrace {
        operator: it.operator_text.clone(),
        like: it.operator.comparison == Comparison::Like,
        key: it.key.clone(),
        key_span: it.key_span,
        wanted: it.values.iter().map(|it| (it.text.value.clone(), it.text.span)).collect(),
        matched: satisfied(it, &actual),
        actual,
        why: String::new(),
    };
    trace.why = why::of_condition(&trace, &it.values);
    trace
}
