//! From a tree to a policy.

use super::{
    Condition, Duplicate, Effect, Family, Malformed, Operator, Policy, Principal, PrincipalKind, Refusal, Statement,
    Text, Wanted,
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
/// A document that no role can hold: each place, with IAM's own message where it is known.
pub fn read(root: &Node) -> Result<Policy, Box<Malformed>> {
    let mut reader = Reader::default();
    let policy = reader.policy(root);
    let mut refusals = reader.refusals.into_iter();
    match (refusals.next(), policy) {
        (None, Some(policy)) => Ok(policy),
        (refusal, meant) => {
            // What cannot be read was refused.
            let refusal = refusal.unwrap_or_else(|| malformed("", root.span, "this is no policy"));
            Err(Box::new(Malformed { refusal, others: refusals.collect(), meant: meant.map(Box::new) }))
        }
    }
}

fn malformed(path: &str, span: Span, message: &str) -> Refusal {
    Refusal { message: message.to_owned(), path: path.to_owned(), span, known: "confirmed", instead: None }
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

/// What was met so far. Each method answers what was meant, and nothing where that cannot be told; it has refused something then.
#[derive(Default)]
struct Reader {
    duplicates: Vec<Duplicate>,
    refusals: Vec<Refusal>,
}

impl Reader {
    fn refuse(&mut self, path: &str, span: Span, message: &str) {
        self.refusals.push(malformed(path, span, message));
    }

    /// A name that IAM does not have, and the nearest that it has.
    fn unknown(&mut self, path: &str, member: &Member, what: &str, near: Option<String>) {
        let asked = near.as_ref().map(|it| format!("; did you mean `{it}`?")).unwrap_or_default();
        let message = format!("IAM knows no {what} {}", quoted(&member.key))
            + if what == "element" { " here" } else { "" }
            + &asked;
        self.refusals.push(Refusal { instead: near, ..malformed(path, member.key_span, &message) });
    }

    fn object<'n>(&mut self, node: &'n Node, path: &str, what: &str) -> Option<&'n [Member]> {
        let members = node.as_object();
        if members.is_none() {
            self.refuse(path, node.span, &format!("{what} is a JSON object, not {}", node.kind()));
        }
        members
    }

    fn policy(&mut self, root: &Node) -> Option<Policy> {
        let top = self.elements(root, "", "a policy", &TOP)?;
        let version = top.get("Version").and_then(Text::of);
        if let Some(node) = top.get("Version")
            && !matches!(node.as_str(), Some("2012-10-17" | "2008-10-17"))
        {
            let refusal = malformed("Version", node.span, "The policy must contain a valid version string");
            self.refusals.push(Refusal { instead: Some("2012-10-17".to_owned()), ..refusal });
        }
        let variables = version.as_ref().is_some_and(|it| it.value != "2008-10-17");
        let nodes: Vec<&Node> = match top.get("Statement") {
            Some(Node { value: Value::Array(items), .. }) => items.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if nodes.is_empty() {
            self.refuse("Statement", root.span, "a policy has at least one statement");
            return None;
        }
        let statements: Vec<Option<Statement>> = nodes
            .into_iter()
            .enumerate()
            .map(|(at, node)| {
                let mut statement = self.statement(node, &format!("Statement[{at}]"), variables)?;
                statement.is_doubled |= top.is_doubled;
                statement.unconfirmed.extend(top.unconfirmed.iter().cloned());
                Some(statement)
            })
            .collect();
        let statements = statements.into_iter().collect::<Option<Vec<_>>>()?;
        let duplicates = std::mem::take(&mut self.duplicates);
        Some(Policy { span: root.span, version, variables, statements, duplicates })
    }

    fn elements<'n>(&mut self, node: &'n Node, path: &str, what: &str, known: &[&'static str]) -> Option<Elements<'n>> {
        let members = self.object(node, path, what)?;
        let is_doubled = self.doubles(members, path).contains(&true);
        let (mut found, mut unconfirmed) = (Vec::with_capacity(members.len()), Vec::new());
        let mut is_clear = true;
        for member in members {
            let Some(name) = known.iter().find(|it| it.eq_ignore_ascii_case(&member.key)) else {
                let near = nearest(&member.key, known.iter().copied());
                self.unknown(path, member, "element", near.map(str::to_owned));
                match known.iter().find(|it| Some(**it) == near) {
                    Some(near) if members.iter().all(|it| !it.key.eq_ignore_ascii_case(near)) => {
                        found.push((*near, member))
                    }
                    _ => is_clear = false,
                }
                continue;
            };
            if member.key != *name {
                unconfirmed.push(format!("the element `{name}` written {}", quoted(&member.key)));
            }
            found.push((*name, member));
        }
        is_clear.then_some(Elements { found, unconfirmed, is_doubled })
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

    fn statement(&mut self, node: &Node, path: &str, variables: bool) -> Option<Statement> {
        let elements = self.elements(node, path, "a statement", &IN_STATEMENT)?;
        for (name, message) in PROHIBITED {
            if let Some(member) = elements.member(name) {
                self.refuse(&format!("{path}.{name}"), member.key_span, message);
            }
        }
        let effect = self.required(&elements, node, path, "Effect");
        let effect_is = effect.and_then(|it| {
            let known = [Effect::Allow, Effect::Deny];
            let near = it.as_str().and_then(|it| nearest(it, known.map(Effect::as_str)));
            if it.as_str() != near || near.is_none() {
                let refusal = malformed(&format!("{path}.Effect"), it.span, "`Effect` is `Allow` or `Deny`");
                self.refusals.push(Refusal { instead: near.map(str::to_owned), ..refusal });
            }
            known.into_iter().find(|it| Some(it.as_str()) == near)
        });
        let sid = elements.get("Sid").and_then(|it| {
            // One that holds a reference without a value is taken too: it decides nothing.
            let is_text = matches!(it.value, Value::String(_) | Value::Template(_));
            if !is_text {
                self.refuse(&format!("{path}.Sid"), it.span, "`Sid` is a string");
            }
            Text::of(it).filter(|_| is_text)
        });
        let mut unconfirmed = elements.unconfirmed.clone();
        let principal = self.required(&elements, node, path, "Principal");
        let principals = principal.and_then(|it| self.principals(it, &format!("{path}.Principal"), &mut unconfirmed));
        let not_action = elements.get("Action").is_none() && elements.get("NotAction").is_some();
        let name = if not_action { "NotAction" } else { "Action" };
        let action = self.required(&elements, node, path, name);
        let has_both = !not_action && elements.get("NotAction").is_some();
        if has_both {
            self.refuse(path, node.span, "a statement has `Action` or `NotAction`, not both");
        } else if not_action {
            unconfirmed.push("`NotAction` in a trust policy".to_owned());
        }
        let actions = action.and_then(|it| self.texts(it, &format!("{path}.{name}")));
        let condition = elements.get("Condition");
        let conditions = match condition {
            Some(it) => self.conditions(it, &format!("{path}.Condition"), variables),
            None => Some(Vec::new()),
        };
        // Whom it leaves out, and which actions it means, is not told by the rest.
        if has_both || elements.get("NotPrincipal").is_some() {
            return None;
        }
        let (principals, doubled_principal) = principals?;
        Some(Statement {
            span: node.span,
            sid,
            effect: effect_is?,
            effect_span: effect?.span,
            principals,
            principal_span: principal?.span,
            actions: actions?,
            not_action,
            action_span: action?.span,
            conditions: conditions?,
            condition_span: condition.map(|it| it.span),
            unconfirmed,
            is_doubled: elements.is_doubled || doubled_principal,
        })
    }

    fn required<'n>(&mut self, elements: &Elements<'n>, node: &Node, path: &str, name: &str) -> Option<&'n Node> {
        let found = elements.get(name);
        if found.is_none() {
            self.refuse(path, node.span, &format!("Missing required field {name}"));
        }
        found
    }

    fn principals(&mut self, node: &Node, path: &str, unconfirmed: &mut Vec<String>) -> Option<(Vec<Principal>, bool)> {
        if let Some(text) = node.as_str() {
            if text == "*" {
                // Surprise: IAM calls the `*` by the name of its own that stands in this message.
                self.refuse(path, node.span, "AssumeRolepolicy contained an invalid principal: \"STAR\":\"*\".");
                return Some((vec![Principal { kind: PrincipalKind::Aws, text: Text::of(node)? }], false));
            }
            let message = format!("`Principal` is an object such as {{\"Federated\": …}}, not {}", quoted(text));
            self.refuse(path, node.span, &message);
            return None;
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
            found.extend(self.texts(&member.value, path)?.into_iter().map(|text| Principal { kind, text }));
        }
        Some((found, elements.is_doubled))
    }

    fn conditions(&mut self, node: &Node, path: &str, variables: bool) -> Option<Vec<Condition>> {
        let mut found = Vec::new();
        let mut is_clear = true;
        let operators = self.object(node, path, "`Condition`")?;
        let doubled_operators = self.doubles(operators, path);
        for (block, is_doubled) in operators.iter().zip(doubled_operators) {
            let operator = Operator::read(&block.key).or_else(|near| {
                let meant = near.as_ref().and_then(|it| Operator::read(it).ok());
                self.unknown(path, block, "condition operator", near);
                meant.ok_or(())
            });
            let path = format!("{path}.{}", block.key);
            let keys = self.object(&block.value, &path, "a condition operator's value");
            let (Ok(operator), Some(keys)) = (operator, keys) else {
                is_clear = false;
                continue;
            };
            let doubled_keys = self.doubles(keys, &path);
            for (member, is_doubled_key) in keys.iter().zip(doubled_keys) {
                let Some(values) = self.texts(&member.value, &path) else {
                    is_clear = false;
                    continue;
                };
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
        is_clear.then_some(found)
    }

    /// One value, or a list of them.
    fn texts(&mut self, node: &Node, path: &str) -> Option<Vec<Text>> {
        let items = match &node.value {
            Value::Array(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        let texts = items.iter().map(|it| {
            let text = Text::of(it);
            if text.is_none() {
                self.refuse(path, it.span, &format!("expected a string here, not {}", it.kind()));
            }
            text
        });
        // Each is looked at, after the first that is none too.
        texts.collect::<Vec<_>>().into_iter().collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json;

    /// The element, what stands at the place, and what was meant there.
    type Told = (String, String, Option<String>);

    fn refused(text: &str) -> (Vec<Told>, Option<Policy>) {
        let Err(document) = read(&json::parse(text).unwrap()) else { panic!("taken: {text}") };
        let told = |it: &Refusal| (it.path.clone(), it.span.of(text).to_owned(), it.instead.clone());
        (document.refusals().map(told).collect(), document.meant.map(|it| *it))
    }

    #[test]
    fn each_place_is_refused_and_what_was_meant_is_kept() {
        let (told, meant) = refused(
            r#"{"Version": "2026-11-26", "Statment": {"Effect": "allow", "Principal": "*", "Resource": "*", "Sid": 1,
            "Action": "sts:AssumeRoleWithWebIdentity", "Conditions": {"StringEqual": {"gitlab.com:sub": "${x}"}}}}"#,
        );
        let place = |path: &str, text: &str, instead: Option<&str>| {
            (path.to_owned(), text.to_owned(), instead.map(str::to_owned))
        };
        let wanted = [
            place("", r#""Statment""#, Some("Statement")),
            place("Version", r#""2026-11-26""#, Some("2012-10-17")),
            place("Statement[0]", r#""Conditions""#, Some("Condition")),
            place("Statement[0].Resource", r#""Resource""#, None),
            place("Statement[0].Effect", r#""allow""#, Some("Allow")),
            place("Statement[0].Sid", "1", None),
            place("Statement[0].Principal", r#""*""#, None),
            place("Statement[0].Condition", r#""StringEqual""#, Some("StringEquals")),
        ];
        assert_eq!(told, wanted);
        let statement = meant.unwrap().statements.remove(0);
        assert_eq!(statement.effect, Effect::Allow);
        assert_eq!(statement.principals[0].kind, PrincipalKind::Aws);
        let condition = &statement.conditions[0];
        assert_eq!(
            (condition.operator, condition.operator_text.as_str()),
            (Operator::read("StringEquals").unwrap(), "StringEqual")
        );
        // Under the version that was meant it is a variable.
        assert_eq!(condition.values[0].pattern, None);
    }

    #[test]
    fn what_was_meant_is_not_guessed_where_it_could_be_anything() {
        const HEAD: &str = r#""Effect": "Allow", "Principal": {"Federated": "x"}, "Action": "y""#;
        for (rest, places) in [
            (r#""Wenn": {}"#, 1),
            (r#""Condition": {"Matches": {"a": "b"}, "StringLik": {"a": "b"}}"#, 2),
            (r#""Condition": {"StringLike": {"a": [1, null, "b"], "c": {}}}"#, 2),
            (r#""Condition": "x", "NotAction": "z""#, 2),
            (r#""NotPrincipal": {"AWS": "*"}"#, 1),
            // Both spellings stand there, so which one was meant is not known.
            (r#""Condition": {}, "Conditions": {}"#, 1),
        ] {
            let (told, meant) = refused(&format!(r#"{{"Statement": [{{{HEAD}, {rest}}}]}}"#));
            assert_eq!((told.len(), meant), (places, None), "{rest}");
        }
        for text in ["[]", "{}", r#"{"Statement": []}"#, r#"{"Statement": [{}, 1]}"#] {
            assert_eq!(refused(text).1, None, "{text}");
        }
    }
}
