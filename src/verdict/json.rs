//! The verdict as JSON, in the contract's words and order. All fields are always there.

use serde_json::{Value, json};

use super::{ConditionTrace, Failure, KeyState, StatementTrace, Verdict};
use crate::text::position;

/// The verdict of the policy `text`, under `id`.
pub fn to_json(id: &Value, verdict: &Verdict, text: &str) -> Value {
    let refused: Vec<Value> = verdict
        .refused_by_iam
        .iter()
        .map(|it| {
            let at = position(text, it.span.start);
            json!({ "message": it.message, "path": it.path, "line": at.line, "column": at.column, "known": it.known })
        })
        .collect();
    json!({
        "id": id,
        "allowed": verdict.allowed,
        "stage": verdict.stage.as_str(),
        "error": verdict.failure.as_ref().map(error),
        "also": verdict.also.iter().map(|it| json!({ "stage": it.stage.as_str(), "error": error(it) })).collect::<Vec<_>>(),
        "depends_on": verdict.depends_on,
        "refused_by_iam": refused,
        "statements": verdict.statements.iter().map(statement).collect::<Vec<_>>(),
    })
}

fn error(failure: &Failure) -> Value {
    // Where AWS's wording is not known, there is none to show.
    let message = (!failure.error.message.is_empty()).then_some(&failure.error.message);
    json!({ "code": failure.error.code, "message": message })
}

fn statement(it: &StatementTrace) -> Value {
    json!({
        "index": it.index,
        "sid": it.sid,
        "effect": it.effect.as_str(),
        "matched": it.matched,
        "principal": { "matched": it.principal.matched, "wanted": it.principal.wanted, "actual": it.principal.actual },
        "action": { "matched": it.action_matched },
        "conditions": it.conditions.iter().map(condition).collect::<Vec<_>>(),
    })
}

fn condition(it: &ConditionTrace) -> Value {
    let actual = match &it.actual {
        KeyState::Known(values) => json!(values),
        KeyState::Absent(_) => Value::Null,
        KeyState::Unknown(_) => json!("unknown"),
    };
    json!({
        "operator": it.operator,
        "key": it.key,
        "wanted": it.wanted.iter().map(|it| &it.0).collect::<Vec<_>>(),
        "actual": actual,
        "matched": it.matched,
        "why": it.why,
    })
}
