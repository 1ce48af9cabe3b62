//! A statement more, for one token alone: with what the statement that fails asks for beside, where the token has it.

use super::candidates::{ACTION, Candidate, EXACT, Maker, WIDE, make, untried};
use super::neighbours::{claim_of, is_positive};
use crate::aws::keys::{GITLAB_COM_ISSUER, provider_of};
use crate::aws::policy::Condition;
use crate::document::json::{Member, Node, Value};
use crate::pattern::escape_variables;
use crate::text::quoted;
use crate::verdict::{Evidence, StatementTrace};

impl Maker<'_> {
    pub(super) fn one_more(&self, trace: &StatementTrace) -> Option<Candidate> {
        let evidence = self.case.evidence;
        let (subject, audience, id) = match evidence {
            Evidence::Token(it) => {
                let id = it.text("project_id").filter(|_| evidence.issuer() == Some(GITLAB_COM_ISSUER));
                (it.text("sub")?, it.text("azp").or_else(|| it.audiences().first().copied())?, id)
            }
            Evidence::Record(it) => (it.subject.as_str(), it.audience.as_deref()?, None),
        };
        let host = evidence.issuer()?.strip_prefix("https://")?;
        let literal = |it: &str| Node::text(if self.policy.variables { escape_variables(it) } else { it.to_owned() });
        let key = |claim: &str, value: &str| Member::new(format!("{host}:{claim}"), literal(value));
        let mut exact = vec![key("aud", audience), key("sub", subject)];
        exact.extend(id.map(|it| key("project_id", it)));
        let mut asked = vec![("StringEquals", exact)];
        let mut bypassed: Vec<&Condition> = Vec::new();
        for (it, trace) in self.statement.conditions.iter().zip(&trace.conditions) {
            let claim = if provider_of(&it.key).is_some() { claim_of(it) } else { String::new() };
            let is_exact = match claim.as_str() {
                "aud" | "sub" => true,
                "project_id" => id.is_some(),
                _ => false,
            };
            if trace.matched != Some(true) {
                let is_group = claim == "namespace_id" && id.is_some();
                if !is_positive(it) || !(is_exact || is_group) {
                    bypassed.push(it);
                }
            } else if !is_exact {
                match values(it) {
                    Some(values) => keep(&mut asked, &it.operator_text, Member::new(&it.key, values)),
                    None => bypassed.push(it),
                }
            }
        }
        let condition = asked.into_iter().map(|it| (it.0, Node::new(Value::Object(it.1)))).collect();
        let statement = Node::object(vec![
            ("Effect", Node::text("Allow")),
            ("Principal", Node::object(vec![("Federated", Node::text(&self.caller))])),
            ("Action", Node::text(ACTION)),
            ("Condition", Node::object(condition)),
        ]);
        let last = self.policy.statements.last()?;
        let mut notes = Vec::new();
        if !bypassed.is_empty() {
            let names = bypassed.iter().map(|it| format!("`{}` on {}", it.operator_text, quoted(&it.key)));
            let names = names.collect::<Vec<_>>().join(", ");
            notes.push(format!("It does not ask for what statement {} does: {names}.", trace.index + 1));
        }
        if id.is_none() && subject.contains("project_path:") && !subject.contains("project_id:") {
            notes.push("No project id is asked for, so whoever owns the path later gets in too.".to_owned());
        }
        let title = format!("Add a statement for {}", quoted(subject));
        let rank = if bypassed.is_empty() { EXACT } else { WIDE };
        let made = make(title, &notes.join(" "), self.writer.add_statement(last.span, &statement), rank)?;
        Some(Candidate { untried: bypassed.into_iter().flat_map(untried).collect(), ..made })
    }
}

/// The values of a condition, where all of it is known.
fn values(it: &Condition) -> Option<Node> {
    let is_known = it.key_unknown.is_empty() && it.values.iter().all(|it| it.text.unknown.is_empty());
    let values = || it.values.iter().map(|it| Node::text(&it.text.value));
    is_known.then(|| match it.values.as_slice() {
        [one] => Node::text(&one.text.value),
        _ => Node::array(values().collect()),
    })
}

/// Asks for a key more, under its operator.
fn keep<'p>(asked: &mut Vec<(&'p str, Vec<Member>)>, operator: &'p str, key: Member) {
    match asked.iter_mut().find(|it| it.0.eq_ignore_ascii_case(operator)) {
        Some(it) => it.1.push(key),
        None => asked.push((operator, vec![key])),
    }
}
