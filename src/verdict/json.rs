//! The verdict as JSON, in the contract's words and order. All fields are always there.

use super::{ConditionTrace, Failure, KeyState, StatementTrace, Verdict};
use crate::document::json::{Node, Value};
use crate::text::position;

/// The verdict of the policy `text`, under `id`, and what is wrong with the policy, whoever asks; none in a stream, where there is no
/// room for it.
pub fn to_json(id: Node, verdict: &Verdict, text: &str, findings: Option<Vec<Node>>) -> Node {
    let refused = verdict.refused_by_iam.iter().map(|it| {
        let at = position(text, it.span.start);
        Node::object(vec![
            ("message", Node::text(&it.message)),
            ("path", Node::text(&it.path)),
            ("line", Node::number(at.line)),
            ("column", Node::number(at.column)),
            ("known", Node::text(it.known)),
        ])
    });
    let also = verdict
        .also
        .iter()
        .map(|it| Node::object(vec![("stage", Node::text(it.stage.as_str())), ("error", error(it))]));
    let mut members = vec![
        ("id", id),
        ("allowed", truth(verdict.allowed)),
        ("stage", Node::text(verdict.stage.as_str())),
        ("error", verdict.failure.as_ref().map_or_else(null, error)),
        ("also", Node::array(also.collect())),
        ("depends_on", texts(verdict.depends_on.iter())),
        ("unconfirmed", texts(verdict.unconfirmed.iter())),
        ("refused_by_iam", Node::array(refused.collect())),
        ("statements", Node::array(verdict.statements.iter().map(statement).collect())),
    ];
    members.extend(findings.map(|it| ("findings", Node::array(it))));
    Node::object(members)
}

fn null() -> Node {
    Node::new(Value::Null)
}

/// Yes, no, or null where undecided.
fn truth(it: Option<bool>) -> Node {
    it.map_or_else(null, |it| Node::new(Value::Bool(it)))
}

fn texts<'t>(values: impl Iterator<Item = &'t String>) -> Node {
    Node::array(values.map(Node::text).collect())
}

fn error(failure: &Failure) -> Node {
    // Where AWS's wording is not known, there is none to show.
    let message = if failure.error.message.is_empty() { null() } else { Node::text(&failure.error.message) };
    Node::object(vec![("code", Node::text(failure.error.code)), ("message", message)])
}

fn statement(it: &StatementTrace) -> Node {
    let text_or_null = |it: &Option<String>| it.as_ref().map_or_else(null, Node::text);
    Node::object(vec![
        ("index", Node::number(it.index)),
        ("sid", text_or_null(&it.sid)),
        ("effect", Node::text(it.effect.as_str())),
        ("matched", truth(it.matched)),
        (
            "principal",
            Node::object(vec![
                ("matched", truth(it.principal.matched)),
                ("wanted", texts(it.principal.wanted.iter())),
                ("actual", text_or_null(&it.principal.actual)),
            ]),
        ),
        ("action", Node::object(vec![("matched", truth(it.action_matched))])),
        ("conditions", Node::array(it.conditions.iter().map(condition).collect())),
    ])
}

fn condition(it: &ConditionTrace) -> Node {
    let actual = match &it.actual {
        KeyState::Known(values) => texts(values.iter()),
        KeyState::Absent(_) => null(),
        KeyState::Unknown(..) => Node::text("unknown"),
    };
    Node::object(vec![
        ("operator", Node::text(&it.operator)),
        ("key", Node::text(&it.key)),
        ("wanted", texts(it.wanted.iter().map(|it| &it.0))),
        ("actual", actual),
        ("matched", truth(it.matched)),
        ("why", Node::text(&it.why)),
    ])
}
