//! A second evaluator of trust policies, as plain as possible: no places, no reasons, no speed.
//!
//! Written from AWS's text: IAM User Guide, "IAM JSON policy elements: Condition operators", "Single-valued vs. multivalued context
//! keys", "Conditions with multiple context keys or values", "IAM policy elements: Variables and tags", and the checks of IAM Access
//! Analyzer. It shares no code with the engine. An answer is none where AWS's text does not say it, or a key was not given.

use super::pattern::{self, Filled};
use super::values::{address, compare_arns, compare_dates, compare_numbers, network, reads_as_bool};
use serde_json::Value;
use std::cmp::Ordering;

/// What ends a name in the tree that stands a second time in its object; it is not printed.
pub(crate) const AGAIN: char = '\u{1}';

/// The call, beside the policy.
pub(crate) struct Call {
    /// The payload of the token.
    pub(crate) token: Value,
    /// Request keys that somebody gave.
    pub(crate) given: Vec<(String, Vec<String>)>,
    /// The time.
    pub(crate) now: i64,
    /// The caller: the provider's ARN, in the role's account.
    pub(crate) caller: String,
    /// The account's number.
    pub(crate) account: String,
}

/// What a key holds.
#[derive(Debug, Clone)]
pub(crate) enum Holds {
    Values(Vec<String>),
    Nothing,
    /// A claim that is null: absent perhaps.
    Null,
    /// Not known; `sent` where the request has it in any case.
    Unknown {
        sent: bool,
    },
}

type Answer = Option<bool>;

fn not(it: Answer) -> Answer {
    it.map(|it| !it)
}

/// All of them.
fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let answers: Vec<Answer> = answers.into_iter().collect();
    if answers.contains(&Some(false)) {
        Some(false)
    } else if answers.contains(&None) {
        None
    } else {
        Some(true)
    }
}

/// One of them at least.
fn any(answers: impl IntoIterator<Item = Answer>) -> Answer {
    not(all(answers.into_iter().map(not)))
}

/// The same in both worlds, or not known.
fn both(one: Answer, other: Answer) -> Answer {
    if one == other { one } else { None }
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(it) => it.clone(),
        other => other.to_string(),
    }
}

/// Whether STS takes the token and the role's trust policy lets the caller in.
pub(crate) fn admits(policy: &Value, call: &Call) -> Answer {
    if !takes(call) {
        return Some(false);
    }
    let variables = policy["Version"] == "2012-10-17";
    let (mut allows, mut denies) = (Vec::new(), Vec::new());
    for statement in list(&policy["Statement"]) {
        let applies = applies(statement, call, variables);
        if has_again(statement) || has_again(&statement["Principal"]) {
            // Which of the two counts is not known; the statement can be anything.
            allows.push(None);
            denies.push(None);
        } else if statement["Effect"] == "Deny" {
            denies.push(applies);
        } else {
            allows.push(applies);
        }
    }
    all([any(allows), not(any(denies))])
}

/// Recorded answers of STS: five minutes for clocks that disagree; `azp` is the audience where there is one, and else a single `aud`.
fn takes(call: &Call) -> bool {
    let audience = match (&call.token["azp"], &call.token["aud"]) {
        (Value::String(azp), _) => azp,
        (_, Value::String(aud)) => aud,
        (_, Value::Array(several)) if several.len() == 1 => several[0].as_str().unwrap(),
        _ => return false,
    };
    audience == "https://gitlab.com" && call.token["exp"].as_i64().unwrap() > call.now - 300
}

fn has_again(object: &Value) -> bool {
    object.as_object().is_some_and(|it| it.keys().any(|key| key.ends_with(AGAIN)))
}

fn applies(statement: &Value, call: &Call, variables: bool) -> Answer {
    let denies = statement["Effect"] == "Deny";
    let principal = statement["Principal"].as_object().into_iter().flatten().flat_map(|(kind, values)| {
        list(values).into_iter().map(move |it| match kind.as_str() {
            "Federated" => Some(text(it) == call.caller),
            "AWS" if denies => None,
            _ => Some(false),
        })
    });
    let names = |value: &Value| {
        list(value).into_iter().any(|it| {
            let wildcard = pattern::simple(&text(it).to_ascii_lowercase());
            pattern::matches(&wildcard, "sts:assumerolewithwebidentity")
        })
    };
    let action = match statement.get("NotAction") {
        Some(it) if names(it) => Some(false),
        Some(_) => None,
        None => Some(names(&statement["Action"])),
    };
    let mut conditions = Vec::new();
    let blocks: Vec<_> = statement["Condition"].as_object().into_iter().flatten().collect();
    for (operator, keys) in &blocks {
        let plain = operator.trim_end_matches(AGAIN);
        let operator_doubled =
            blocks.iter().filter(|it| it.0.trim_end_matches(AGAIN).eq_ignore_ascii_case(plain)).count() > 1;
        let keys: Vec<_> = keys.as_object().into_iter().flatten().collect();
        for (key, wanted) in &keys {
            let name = key.trim_end_matches(AGAIN);
            let doubled = operator_doubled
                || keys.iter().filter(|it| it.0.trim_end_matches(AGAIN).eq_ignore_ascii_case(name)).count() > 1;
            let wanted: Vec<String> = list(wanted).into_iter().map(text).collect();
            let answer = condition(plain, name, &wanted, call, variables);
            // One that may not count can only be held for satisfied.
            conditions.push(if doubled && answer != Some(true) { None } else { answer });
        }
    }
    all([any(principal), action, all(conditions)])
}

/// What the request has under a key.
pub(crate) fn holds(key: &str, call: &Call) -> Holds {
    let key = key.to_ascii_lowercase();
    if let Some((_, values)) = call.given.iter().find(|it| it.0.to_ascii_lowercase() == key) {
        return if values.is_empty() { Holds::Nothing } else { Holds::Values(values.clone()) };
    }
    let one = |it: &str| Holds::Values(vec![it.to_owned()]);
    if let Some(claim) = key.strip_prefix("gitlab.com:") {
        let value = match claim {
            "aud" => call.token.get("azp").or(call.token.get("aud")),
            "sub" | "namespace_id" | "pipeline_source" | "project_id" | "ref_protected" | "runner_environment"
            | "user_access_level" | "user_email" | "user_id" | "user_login" => call.token.get(claim),
            "oaud" => return Holds::Unknown { sent: false },
            "amr" | "email" if call.token.get(claim).is_some() => return Holds::Unknown { sent: false },
            _ => None,
        };
        return match value {
            None => Holds::Nothing,
            Some(Value::Null) => Holds::Null,
            Some(Value::String(it)) => one(it),
            Some(Value::Array(it)) if claim == "aud" => Holds::Values(it.iter().map(text).collect()),
            Some(Value::Number(it)) if claim == "sub" => one(&it.to_string()),
            Some(_) => Holds::Unknown { sent: false },
        };
    }
    match key.as_str() {
        "aws:currenttime" => one(&super::values::iso(call.now)),
        "aws:epochtime" => one(&call.now.to_string()),
        "aws:securetransport" => one("true"),
        "aws:principalaccount" => one(&call.account),
        "aws:principaltype" => one("User"),
        "aws:userid" => one(&call.caller),
        "sts:roleauthorizedbyidp" => one("false"),
        "aws:useragent" | "sts:rolesessionname" => Holds::Unknown { sent: true },
        "aws:principalarn"
        | "aws:principalorgid"
        | "aws:username"
        | "sts:durationseconds"
        | "sts:externalid"
        | "sts:sourceidentity"
        | "sts:transitivetagkeys"
        | "aws:tagkeys" => Holds::Nothing,
        _ if key.starts_with("aws:principaltag/") || key.starts_with("aws:requesttag/") => Holds::Nothing,
        // Another provider's.
        _ if key.split_once(':').is_some_and(|it| it.0.contains(['.', '/']) || it.1.starts_with('/')) => Holds::Nothing,
        _ if !key.contains(':') && !key.contains("${") => Holds::Nothing,
        _ => Holds::Unknown { sent: false },
    }
}

/// Whether operators of the family are made for what the key holds.
fn fits(family: &str, key: &str) -> bool {
    match key.to_ascii_lowercase().as_str() {
        "aws:currenttime" => family == "Date",
        "aws:epochtime" => family == "Date" || family == "Numeric",
        "aws:securetransport" | "aws:multifactorauthpresent" | "sts:roleauthorizedbyidp" => family == "Bool",
        "aws:sourceip" | "aws:vpcsourceip" => family == "Ip",
        "aws:principalarn" | "aws:federatedprovider" => family == "Arn" || family == "String",
        _ => family == "String",
    }
}

const OPERATORS: [(&str, &str, &str); 27] = [
    ("StringEquals", "String", "="),
    ("StringNotEquals", "String", "!="),
    ("StringEqualsIgnoreCase", "String", "i="),
    ("StringNotEqualsIgnoreCase", "String", "!i="),
    ("StringLike", "String", "~"),
    ("StringNotLike", "String", "!~"),
    ("NumericEquals", "Numeric", "="),
    ("NumericNotEquals", "Numeric", "!="),
    ("NumericLessThan", "Numeric", "<"),
    ("NumericLessThanEquals", "Numeric", "<="),
    ("NumericGreaterThan", "Numeric", ">"),
    ("NumericGreaterThanEquals", "Numeric", ">="),
    ("DateEquals", "Date", "="),
    ("DateNotEquals", "Date", "!="),
    ("DateLessThan", "Date", "<"),
    ("DateLessThanEquals", "Date", "<="),
    ("DateGreaterThan", "Date", ">"),
    ("DateGreaterThanEquals", "Date", ">="),
    ("Bool", "Bool", "="),
    ("BinaryEquals", "Binary", "="),
    ("IpAddress", "Ip", "="),
    ("NotIpAddress", "Ip", "!="),
    ("ArnEquals", "Arn", "~"),
    ("ArnNotEquals", "Arn", "!~"),
    ("ArnLike", "Arn", "~"),
    ("ArnNotLike", "Arn", "!~"),
    ("Null", "Null", "="),
];

#[derive(Clone, Copy, PartialEq)]
enum Set {
    None,
    All,
    Any,
}

/// Whether one key under one operator is satisfied.
pub(crate) fn condition(operator: &str, key: &str, wanted: &[String], call: &Call, variables: bool) -> Answer {
    let lower = operator.to_ascii_lowercase();
    let (set, rest) = match lower.split_once(':') {
        Some(("forallvalues", it)) => (Set::All, it),
        Some((_, it)) => (Set::Any, it),
        None => (Set::None, lower.as_str()),
    };
    let (name, if_exists) = match rest.strip_suffix("ifexists") {
        Some(it) => (it, true),
        None => (rest, false),
    };
    let (name, family, sign) = *OPERATORS.iter().find(|it| it.0.eq_ignore_ascii_case(name)).unwrap();
    let prefix = ["", "ForAllValues:", "ForAnyValue:"][set as usize];
    let canonical = format!("{prefix}{name}{}", if if_exists { "IfExists" } else { "" });
    let sign = Sign { family, sign, variables };
    let answer = match holds(key, call) {
        Holds::Values(values) => present(set, if_exists, sign, key, Some(&values), wanted, call),
        Holds::Nothing => absent(set, if_exists, sign, wanted),
        Holds::Null if sign.family == "Null" => {
            both(null(set, if_exists, wanted, true), null(set, if_exists, wanted, false))
        }
        // What is never satisfied by an absent key is not held for satisfied by a null either.
        Holds::Null => {
            let says_nothing = wanted.is_empty() && set == Set::None && !if_exists;
            absent(set, if_exists, sign, wanted).filter(|it| !it || says_nothing)
        }
        // "`*` matches zero or more characters", and a key that every request has holds one value.
        Holds::Unknown { sent: true }
            if sign.family == "String"
                && sign.sign.ends_with('~')
                && set == Set::None
                && fits("String", key)
                && wanted.iter().any(|it| !it.is_empty() && it.trim_matches('*').is_empty()) =>
        {
            Some(!sign.negated())
        }
        Holds::Unknown { sent: true } => present(set, if_exists, sign, key, None, wanted, call),
        Holds::Unknown { sent: false } => {
            both(present(set, if_exists, sign, key, None, wanted, call), absent(set, if_exists, sign, wanted))
        }
    };
    // Whether IAM takes another spelling is not confirmed.
    if canonical == operator { answer } else { None }
}

#[derive(Clone, Copy)]
struct Sign {
    family: &'static str,
    sign: &'static str,
    variables: bool,
}

impl Sign {
    fn negated(self) -> bool {
        self.sign.starts_with('!')
    }
}

/// What `Null` answers of a key; `"true"` wants it absent.
fn null(set: Set, if_exists: bool, wanted: &[String], is_present: bool) -> Answer {
    if if_exists {
        return None;
    }
    match set {
        Set::All => Some(true),
        Set::Any => Some(false),
        Set::None if wanted.is_empty() => Some(true),
        Set::None => any(wanted.iter().map(|it| match it.as_str() {
            "true" => Some(!is_present),
            "false" => Some(is_present),
            _ => None,
        })),
    }
}

fn absent(set: Set, if_exists: bool, sign: Sign, wanted: &[String]) -> Answer {
    if sign.family == "Null" {
        return null(set, if_exists, wanted, false);
    }
    match set {
        Set::All => Some(true),
        Set::Any if if_exists => None,
        Set::Any => Some(false),
        Set::None if if_exists || wanted.is_empty() => Some(true),
        Set::None => Some(sign.negated()),
    }
}

/// The key is there; its values are none where they are not known.
fn present(
    set: Set,
    if_exists: bool,
    sign: Sign,
    key: &str,
    values: Option<&[String]>,
    wanted: &[String],
    call: &Call,
) -> Answer {
    let is_empty_text = values.is_some_and(|it| it == [String::new()]);
    if sign.family == "Null" {
        let there = null(set, if_exists, wanted, true);
        // Whether an empty text counts as absent is not confirmed.
        return if is_empty_text { both(there, null(set, if_exists, wanted, false)) } else { there };
    }
    match set {
        // "A null data set, such as an empty string" satisfies it, and a list without values is satisfied by an absent key alone:
        // together they say nothing.
        Set::All if wanted.is_empty() && (is_empty_text || values.is_none()) => return None,
        Set::All if is_empty_text => return Some(true),
        Set::None if wanted.is_empty() && !if_exists => return Some(true),
        _ if wanted.is_empty() => return Some(false),
        _ => {}
    }
    if !fits(sign.family, key) {
        return None;
    }
    match (set, values) {
        (_, None) => None,
        (Set::None, Some([it])) => one(sign, it, wanted, call),
        (Set::None, Some(_)) => None,
        (Set::All, Some(several)) => all(several.iter().map(|it| one(sign, it, wanted, call))),
        (Set::Any, Some(several)) => {
            let one_fits = any(several.iter().map(|it| one(sign, it, wanted, call)));
            // "A null dataset" does not satisfy it; whether an empty text is one is said of the other prefix alone.
            if is_empty_text { both(one_fits, Some(false)) } else { one_fits }
        }
    }
}

/// One value of the request under the operator.
fn one(sign: Sign, came: &str, wanted: &[String], call: &Call) -> Answer {
    if sign.family == "Bool" && wanted.len() > 1 {
        return None;
    }
    let hit = any(wanted.iter().map(|it| matches(sign, came, it, call)));
    if sign.negated() { not(hit) } else { hit }
}

/// One value of the request and one of the policy, under the operator without its `Not`.
fn matches(sign: Sign, came: &str, wanted: &str, call: &Call) -> Answer {
    let op = sign.sign.trim_start_matches('!');
    // How IAM folds the case of other letters, and what one `?` is of them, is nobody's word.
    if op == "~" && wanted.contains('?') && came.chars().any(|it| u32::from(it) > 0xFFFF) {
        return None;
    }
    let is_other_letter = |it: char| !it.is_ascii() && (it.is_lowercase() || it.is_uppercase());
    let ordered = |order: Option<Ordering>| {
        let order = order?;
        Some(match op {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            _ => order.is_eq(),
        })
    };
    match sign.family {
        "String" | "Arn" => {
            let filled = pattern::fill(wanted, sign.variables, op == "~", &|name| holds(name, call));
            match filled {
                Filled::Never => Some(false),
                Filled::Unclear => None,
                Filled::Known(elements) => match (sign.family, op) {
                    ("Arn", _) => compare_arns(&elements, came),
                    (_, "i=") => {
                        let hit = pattern::matches(&pattern::lower(&elements), &came.to_lowercase());
                        if hit && wanted != came && came.chars().any(is_other_letter) { None } else { Some(hit) }
                    }
                    _ => Some(pattern::matches(&elements, came)),
                },
            }
        }
        "Numeric" => ordered(compare_numbers(came, wanted)),
        "Date" => ordered(compare_dates(came, wanted)),
        "Bool" => Some(reads_as_bool(came)? == reads_as_bool(wanted)?),
        "Ip" => network(wanted)?.holds(address(came)?),
        _ => None,
    }
}
