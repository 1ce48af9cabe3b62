//! From a tree to a policy.

use super::{
    Condition, Duplicate, Effect, Family, Operator, Policy, Principal, PrincipalKind, Refusal, Statement, Text, Wanted,
};
use crate::document::json::{Member, Node, Value};
use crate::pattern::Pattern;
use crate::text::{Span, nearest, quoted};

const TOP: [&str; 3] = ["Version", "Id", "Statement"];
const IN_STATEMENT: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// What IAM says of elements that no trust policy has. Source: recorded answers of IAM, and the policy checks of IAM Access Analyzer.
const PROHIBITED: [(&str, &str); 3] = [
    ("NotPrincipal", "AssumeRole policy must not contain NotPrincipal field."),
    ("Resource", "Has prohibited field Resource"),
    ("NotResource", "Has prohibited field NotResource"),
];

/// Reads a trust policy from its tree.
///
/// # Errors
/// A document that no role can hold: the first place, and IAM's own message where it is known.
pub fn read(root: &Node) -> Result<Policy, Refusal> {
    let mut reader = Reader { duplicates: Vec::new() };
    let top = reader.elements(root, "", "a policy", &TOP)?;
    let version = match top.get("Version") {
        None => None,
        Some(node) => match node.as_str() {
            Some("2012-10-17" | "2008-10-17") => Text::of(node),
            _ => return Err(malformed("Version", node.span, "The policy must contain a valid version string")),
        },
    };
    let variables = version.as_ref().is_some_and(|it| it.value == "2012-10-17");
    let nodes: Vec<&Node> = match top.get("Statement") {
        Some(Node { value: Value::Array(items), .. }) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    if nodes.is_empty() {
        return Err(malformed("Statement", root.span, "a policy has at least one statement"));
    }
    let mut statements = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.into_iter().enumerate() {
        let mut statement = reader.statement(node, &format!("Statement[{at}]"), variables)?;
        statement.is_doubled |= top.is_doubled;
        statement.unconfirmed.extend(top.unconfirmed.iter().cloned());
        statements.push(statement);
    }
    Ok(Policy { span: root.span, version, variables, statements, duplicates: reader.duplicates })
}

fn malformed(path: &str, span: Span, message: &str) -> Refusal {
    Refusal { message: message.to_owned(), path: path.to_owned(), span, known: "confirmed" }
}

fn object<'n>(node: &'n Node, path: &str, what: &str) -> Result<&'n [Member], Refusal> {
    node.as_object().ok_or_else(|| malformed(path, node.span, &format!("{what} is a JSON object, not {}", node.kind())))
}

/// The elements of an object, by IAM's own names; of one that stands twice, the last.
struct Elements<'n> {
    found: Vec<(&'static str, &'n Member)>,
    unconfirmed: Vec<String>,
    is_doubled: bool,
}

impl<'n> Elements<'n> {
    fn member(&self, name: &str) -> Option<&'n Member> {
        self.found.iter().rev().find(|it| it.0 == name).map(|it| it.1)
    }

    fn get(&self, name: &str) -> Option<&'n Node> {
        self.member(name).map(|it| &it.value)
    }
}

struct Reader {
    duplicates: Vec<Duplicate>,
}

impl Reader {
    fn elements<'n>(
        &mut self,
        node: &'n Node,
        path: &str,
        what: &str,
        known: &[&'static str],
    ) -> Result<Elements<'n>, Refusal> {
        let members = object(node, path, what)?;
        let is_doubled = self.doubles(members, path).contains(&true);
        let (mut found, mut unconfirmed) = (Vec::with_capacity(members.len()), Vec::new());
        for member in members {
            let Some(name) = known.iter().find(|it| it.eq_ignore_ascii_case(&member.key)) else {
                let near = nearest(&member.key, known.iter().copied())
                    .map(|it| format!("; did you mean `{it}`?"))
                    .unwrap_or_default();
                let message = format!("IAM knows no element {} here{near}", quoted(&member.key));
                return Err(malformed(path, member.key_span, &message));
            };
            if member.key != *name {
                unconfirmed.push(format!("the element `{name}` written {}", quoted(&member.key)));
            }
            found.push((*name, member));
        }
        Ok(Elements { found, unconfirmed, is_doubled })
    }

    /// For each member whether its key stands there twice; what IAM makes of that is not confirmed, so both are marked.
    fn doubles(&mut self, members: &[Member], path: &str) -> Vec<bool> {
        let mut order: Vec<(String, usize)> =
            members.iter().enumerate().map(|(at, it)| (it.key.to_ascii_lowercase(), at)).collect();
        order.sort_unstable();
        let mut doubled = vec![false; members.len()];
        for pair in order.windows(2) {
            let [(a, first), (b, second)] = pair else { continue };
            if a != b {
                continue;
            }
            for at in [first, second] {
                if let Some(it) = doubled.get_mut(*at) {
                    *it = true;
                }
            }
            if let (Some(first), Some(second)) = (members.get(*first), members.get(*second)) {
                self.duplicates.push(Duplicate {
                    key: second.key.clone(),
                    span: second.key_span,
                    first: first.key_span,
                    path: path.to_owned(),
                });
            }
        }
        doubled
    }

    fn statement(&mut self, node: &Node, path: &str, variables: bool) -> Result<Statement, Refusal> {
        let elements = self.elements(node, path, "a statement", &IN_STATEMENT)?;
        for (name, message) in PROHIBITED {
            if let Some(member) = elements.member(name) {
                return Err(malformed(&format!("{path}.{name}"), member.key_span, message));
            }
        }
        let required = |name: &str| {
            elements.get(name).ok_or_else(|| malformed(path, node.span, &format!("Missing required field {name}")))
        };
        let effect = required("Effect")?;
        let effect_span = effect.span;
        let effect = match effect.as_str() {
            Some("Allow") => Effect::Allow,
            Some("Deny") => Effect::Deny,
            _ => return Err(malformed(&format!("{path}.Effect"), effect.span, "`Effect` is `Allow` or `Deny`")),
        };
        let sid = match elements.get("Sid") {
            None => None,
            Some(it) if it.as_str().is_some() => Text::of(it),
            Some(it) => return Err(malformed(&format!("{path}.Sid"), it.span, "`Sid` is a string")),
        };
        let principal = required("Principal")?;
        let mut unconfirmed = elements.unconfirmed.clone();
        let (principals, doubled_principal) =
            self.principals(principal, &format!("{path}.Principal"), &mut unconfirmed)?;
        let not_action = elements.get("Action").is_none() && elements.get("NotAction").is_some();
        let name = if not_action { "NotAction" } else { "Action" };
        let action = required(name)?;
        if elements.get("NotAction").is_some() {
            if !not_action {
                return Err(malformed(path, node.span, "a statement has `Action` or `NotAction`, not both"));
            }
            unconfirmed.push("`NotAction` in a trust policy".to_owned());
        }
        let actions = texts(action, &format!("{path}.{name}"))?;
        let condition = elements.get("Condition");
        let conditions = match condition {
            Some(node) => self.conditions(node, &format!("{path}.Condition"), variables)?,
            None => Vec::new(),
        };
        Ok(Statement {
            span: node.span,
            sid,
            effect,
            effect_span,
            principals,
            principal_span: principal.span,
            actions,
            not_action,
            action_span: action.span,
            conditions,
            condition_span: condition.map(|it| it.span),
            unconfirmed,
            is_doubled: elements.is_doubled || doubled_principal,
        })
    }

    fn principals(
        &mut self,
        node: &Node,
        path: &str,
        unconfirmed: &mut Vec<String>,
    ) -> Result<(Vec<Principal>, bool), Refusal> {
        if let Some(text) = node.as_str() {
            // Surprise: IAM calls the `*` by the name of its own that stands in this message.
            let message = match text {
                "*" => "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".".to_owned(),
                other => format!("`Principal` is an object such as {{\"Federated\": …}}, not {}", quoted(other)),
            };
            return Err(malformed(path, node.span, &message));
        }
        let elements = self.elements(node, path, "`Principal`", &["Federated", "AWS", "Service", "CanonicalUser"])?;
        unconfirmed.extend(elements.unconfirmed.iter().cloned());
        let mut found = Vec::new();
        for (name, member) in &elements.found {
            let kind = match *name {
                "Federated" => PrincipalKind::Federated,
                "AWS" => PrincipalKind::Aws,
                "Service" => PrincipalKind::Service,
                _ => PrincipalKind::CanonicalUser,
            };
            found.extend(texts(&member.value, path)?.into_iter().map(|text| Principal { kind, text }));
        }
        Ok((found, elements.is_doubled))
    }

    fn conditions(&mut self, node: &Node, path: &str, variables: bool) -> Result<Vec<Condition>, Refusal> {
        let mut found = Vec::new();
        let operators = object(node, path, "`Condition`")?;
        let doubled_operators = self.doubles(operators, path);
        for (block, is_doubled) in operators.iter().zip(doubled_operators) {
            let operator = Operator::read(&block.key).map_err(|near| {
                let near = near.map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
                let message = format!("IAM knows no condition operator {}{near}", quoted(&block.key));
                malformed(path, block.key_span, &message)
            })?;
            let path = format!("{path}.{}", block.key);
            let keys = object(&block.value, &path, "a condition operator's value")?;
            let doubled_keys = self.doubles(keys, &path);
            for (member, is_doubled_key) in keys.iter().zip(doubled_keys) {
                let values = texts(&member.value, &path)?;
                found.push(Condition {
                    operator,
                    operator_text: block.key.clone(),
                    operator_span: block.key_span,
                    key: member.key.clone(),
                    key_span: member.key_span,
                    key_unknown: member.unknown.clone(),
                    values: values.into_iter().map(|it| wanted(it, operator, variables)).collect(),
                    is_doubled: is_doubled || is_doubled_key,
                });
            }
        }
        Ok(found)
    }
}

/// One value, or a list of them.
fn texts(node: &Node, path: &str) -> Result<Vec<Text>, Refusal> {
    let text = |node: &Node| {
        Text::of(node)
            .ok_or_else(|| malformed(path, node.span, &format!("expected a string here, not {}", node.kind())))
    };
    match &node.value {
        Value::Array(items) => items.iter().map(text).collect(),
        _ => Ok(vec![text(node)?]),
    }
}

/// A value of a condition, read as its operator and the policy's version have it.
fn wanted(text: Text, operator: Operator, variables: bool) -> Wanted {
    let pattern = match operator.family {
        _ if !text.unknown.is_empty() || !operator.compares_text() => None,
        _ if operator.reads_wildcards() => Pattern::like(&text.value, variables).ok(),
        Family::EqualsIgnoreCase => Pattern::exact(&text.value.to_lowercase(), variables).ok(),
        _ => Pattern::exact(&text.value, variables).ok(),
    };
    Wanted { text, pattern }
}
