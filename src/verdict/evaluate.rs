//! The trust policy against a request, as IAM evaluates it, with three truths: yes, no, and hangs on something unknown.
//!
//! Source: IAM User Guide, "Policy evaluation logic", "Conditions with multiple context keys or values", and "Condition
//! operators". Several conditions of a statement and several keys of an operator: all. Several values of a key: any. An absent
//! key: no, or with `IfExists` yes. Any `Deny` that applies outweighs every `Allow`.

use super::why;
use super::{ConditionTrace, Context, KeyState, PrincipalTrace, StatementTrace};
use crate::aws::policy::{Comparison, Condition, Effect, NotEvaluated, Policy, PrincipalKind, Statement};
use crate::pattern::Pattern;

/// The action of this call.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// Evaluates every statement.
///
/// # Errors
/// A policy variable, which this version does not evaluate.
pub(super) fn evaluate(policy: &Policy, context: &Context<'_>) -> Result<Vec<StatementTrace>, NotEvaluated> {
    policy.statements.iter().enumerate().map(|(index, it)| statement(index, it, policy.variables, context)).collect()
}

/// Whether the policy allows the call.
pub(super) fn decide(statements: &[StatementTrace]) -> Option<bool> {
    let any = |effect: Effect| {
        let of = || statements.iter().filter(move |it| it.effect == effect).map(|it| it.matched);
        if of().any(|it| it == Some(true)) {
            Some(true)
        } else if of().any(|it| it.is_none()) {
            None
        } else {
            Some(false)
        }
    };
    match (any(Effect::Allow), any(Effect::Deny)) {
        (Some(false), _) | (_, Some(true)) => Some(false),
        (Some(true), Some(false)) => Some(true),
        _ => None,
    }
}

fn statement(
    index: usize,
    it: &Statement,
    variables: bool,
    context: &Context<'_>,
) -> Result<StatementTrace, NotEvaluated> {
    let principal = principal(it, context);
    let action_matched = it.actions.iter().any(|action| {
        // Actions are compared without regard to case and know wildcards, but no variables.
        Pattern::like(&action.value.to_ascii_lowercase(), false)
            .is_ok_and(|it| it.matches(&ACTION.to_ascii_lowercase()))
    });
    let conditions: Result<Vec<_>, _> = it.conditions.iter().map(|it| condition(it, variables, context)).collect();
    let conditions = conditions?;
    let all = if !principal.matched || !action_matched || conditions.iter().any(|it| it.matched == Some(false)) {
        Some(false)
    } else if conditions.iter().any(|it| it.matched.is_none()) {
        None
    } else {
        Some(true)
    };
    Ok(StatementTrace {
        index,
        span: it.span,
        sid: it.sid.clone(),
        effect: it.effect,
        matched: all,
        principal,
        action_matched,
        conditions,
    })
}

fn principal(it: &Statement, context: &Context<'_>) -> PrincipalTrace {
    let actual = context.provider_arn();
    PrincipalTrace {
        matched: it
            .principals
            .iter()
            .any(|it| it.kind == PrincipalKind::Federated && Some(it.text.value.as_str()) == actual),
        wanted: it.principals.iter().map(|it| it.text.value.clone()).collect(),
        actual: actual.map(str::to_owned),
        span: it.principals.first().map(|it| it.text.span),
    }
}

fn condition(it: &Condition, variables: bool, context: &Context<'_>) -> Result<ConditionTrace, NotEvaluated> {
    let like = it.operator.comparison == Comparison::Like;
    let mut patterns = Vec::with_capacity(it.values.len());
    for value in &it.values {
        let read = if like { Pattern::like(&value.value, variables) } else { Pattern::exact(&value.value, variables) };
        patterns.push(read.map_err(|variable| NotEvaluated::new(variable.text, value.span))?);
    }
    let actual = context.state(&it.key);
    let matched = match &actual {
        KeyState::Known(came) => match came.as_slice() {
            [one] => Some(patterns.iter().any(|it| it.matches(one))),
            // What an operator without `ForAnyValue` or `ForAllValues` makes of several values is not confirmed.
            _ => None,
        },
        KeyState::Absent(_) => Some(it.operator.if_exists),
        KeyState::Unknown(_) => None,
    };
    let mut trace = ConditionTrace {
        operator: it.operator_text.clone(),
        like,
        key: it.key.clone(),
        key_span: it.key_span,
        wanted: it.values.iter().map(|it| (it.value.clone(), it.span)).collect(),
        actual,
        matched,
        why: String::new(),
    };
    trace.why = why::of_condition(&trace, &patterns);
    Ok(trace)
}
