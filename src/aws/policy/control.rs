//! What IAM refuses to save today. Existing roles keep what they have, so none of this changes a verdict.
//!
//! Sources: IAM User Guide, "Identity-provider controls for shared OIDC providers", "Grammar of the IAM JSON policy language", the
//! pages of the elements, and "IAM Access Analyzer policy check reference"; IAM quotas; CreateRole in the IAM API reference; recorded
//! answers of IAM. How well each is known stands beside it.

use super::{Condition, Effect, Family, Policy, PrincipalKind, Qualifier, Statement, Text};
use crate::aws::keys::provider_of;
use crate::aws::limits::{DOCUMENT_MOST, is_policy_character, over_quota, policy_size};
use crate::aws::{AccountId, Arn, Partition};
use crate::pattern::{Part, Pattern, has_wildcard, is_all_wild, parts};
use crate::text::{Span, character, quoted};

/// Something that IAM would refuse to save, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One line; IAM's own message where it is known.
    pub message: String,
    /// The element, as `Statement[0].Condition`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// How well it is known: `confirmed` by AWS's own text or a recorded answer, `secondary`, as others quote it, or `unconfirmed`:
    /// AWS documents that it does not work, and whether IAM refuses to save it is not known.
    pub known: &'static str,
    /// The name that was meant at that place, where what stands there is near to one that IAM has.
    pub instead: Option<String>,
}

/// A document that no role can hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Malformed {
    /// What IAM would say, and where; what it would come upon next follows.
    pub refusal: Refusal,
    /// All the same of the rest of the document.
    pub others: Vec<Refusal>,
    /// The policy that was meant: with the names that IAM has in the place of those that are near to one, and without what no trust
    /// policy has. None where that cannot be told.
    pub meant: Option<Box<Policy>>,
}

impl Malformed {
    /// Everything that IAM refuses in it.
    pub fn refusals(&self) -> impl Iterator<Item = &Refusal> {
        [&self.refusal].into_iter().chain(&self.others)
    }
}

/// The shared providers for whose tokens IAM wants a condition on a claim that tells its tenants apart: host and path, and the key.
/// Source: IAM User Guide, "Identity-provider controls for shared OIDC providers", as others quote it.
pub const CONTROLS: [(&str, &str); 16] = [
    ("cognito-identity.amazonaws.com", "cognito-identity.amazonaws.com:aud"),
    ("sts.windows.net/33e01921-4d64-4f8c-a055-5bdaffd5e33d", "sts:RoleSessionName"),
    ("agent.buildkite.com", "agent.buildkite.com:sub"),
    ("oidc.codefresh.io", "oidc.codefresh.io:sub"),
    ("studio.datachain.ai/api", "studio.datachain.ai/api:sub"),
    ("token.actions.githubusercontent.com", "token.actions.githubusercontent.com:sub"),
    ("oidc-configuration.audit-log.githubusercontent.com", "oidc-configuration.audit-log.githubusercontent.com:sub"),
    ("vstoken.actions.githubusercontent.com", "vstoken.actions.githubusercontent.com:sub"),
    ("gitlab.com", "gitlab.com:sub"),
    ("api.pulumi.com/oidc", "api.pulumi.com/oidc:aud"),
    ("sandboxes.cloud", "sandboxes.cloud:aud"),
    ("scalr.io", "scalr.io:sub"),
    ("tokens.cloud.shisho.dev", "tokens.cloud.shisho.dev:sub"),
    ("app.terraform.io", "app.terraform.io:sub"),
    ("proidc.upbound.io", "proidc.upbound.io:sub"),
    ("oidc.vercel.com", "oidc.vercel.com:aud"),
];

/// The actions of the AssumeRole family, in lower case. Source: Service Authorization Reference, AWS STS.
const ASSUME_ROLE: [&str; 6] = [
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:setcontext",
    "sts:setsourceidentity",
    "sts:tagsession",
];

struct Found(Vec<Refusal>);

impl Found {
    fn add(&mut self, known: &'static str, path: &str, span: Span, message: impl Into<String>) {
        self.0.push(Refusal { message: message.into(), path: path.to_owned(), span, known, instead: None });
    }

    /// What IAM Access Analyzer has for an error. Whether IAM refuses to save it is not known.
    fn analyzer(&mut self, path: &str, span: Span, what: &str) {
        self.add("unconfirmed", path, span, format!("an error for IAM Access Analyzer: {what}"));
    }
}

/// What IAM would refuse if `policy`, which stands in `text`, were saved today.
pub fn refused_by_iam(text: &str, policy: &Policy) -> Vec<Refusal> {
    let mut found = Found(Vec::new());
    document(text, policy, &mut found);
    for it in &policy.duplicates {
        let message = format!("{} stands twice here; IAM's grammar allows a key once in an object", quoted(&it.key));
        found.add("unconfirmed", &it.path, it.span, message);
    }
    let mut sids: Vec<&Text> = Vec::new();
    for (at, it) in policy.statements.iter().enumerate() {
        let path = format!("Statement[{at}]");
        // One that is empty stands for none: Terraform writes it in every statement.
        if let Some(sid) = it.sid.as_ref().filter(|it| !it.value.is_empty()) {
            if sid.unknown.is_empty() && sids.iter().any(|it| it.value == sid.value) {
                let message = "Statement IDs (SID) in a single policy must be unique.";
                found.add("confirmed", &format!("{path}.Sid"), sid.span, message);
            }
            if !sid.value.bytes().all(|it| it.is_ascii_alphanumeric()) && sid.unknown.is_empty() {
                let message = format!("a `Sid` has letters and digits alone, not {}", quoted(&sid.value));
                found.add("confirmed", &format!("{path}.Sid"), sid.span, message);
            }
            sids.push(sid);
        }
        statement(it, &path, policy.variables, &mut found);
    }
    found.0
}

/// Whether the policy stands there as the text that IAM gets: not as Terraform, YAML or in one encoded string, whose characters
/// are not those that IAM counts.
fn is_json(text: &str) -> bool {
    let key = text.strip_prefix('{').and_then(|it| it.trim_start().strip_prefix('"'));
    key.and_then(|it| it.split_once('"')).is_some_and(|it| it.1.trim_start().starts_with(':'))
}

fn document(text: &str, policy: &Policy, found: &mut Found) {
    let whole = policy.span;
    let text = whole.of(text);
    if !is_json(text) {
        return;
    }
    if let Some((at, c)) = text.char_indices().find(|(_, c)| !is_policy_character(*c)) {
        let span = Span::new(whole.start + at, whole.start + at + c.len_utf8());
        found.add("confirmed", "", span, format!("IAM takes no {} in a policy: Latin-1 only", character(c)));
    }
    let length = text.chars().count();
    if length > DOCUMENT_MOST {
        let message =
            format!("this document has {length} characters, white space included; IAM takes at most {DOCUMENT_MOST}");
        found.add("confirmed", "", whole, message);
    }
    if let Some(message) = over_quota(policy_size(text)) {
        found.add("secondary", "", whole, message);
    }
}

fn statement(it: &Statement, path: &str, variables: bool, found: &mut Found) {
    for what in &it.unconfirmed {
        found.add("unconfirmed", path, it.span, format!("whether IAM takes {what} is not confirmed"));
    }
    // Source: IAM Access Analyzer's policy checks, which suggest something there: "does not affect the policy".
    for (is_empty, name, span) in
        [(it.principals.is_empty(), "Principal", it.principal_span), (it.actions.is_empty(), "Action", it.action_span)]
    {
        if is_empty {
            let message = format!("whether IAM takes an empty `{name}` is not confirmed");
            found.add("unconfirmed", &format!("{path}.{name}"), span, message);
        }
    }
    let texts =
        it.principals.iter().map(|it| ("Principal", &it.text)).chain(it.actions.iter().map(|it| ("Action", it)));
    for (name, text) in texts.filter(|it| variables && it.1.unknown.is_empty() && it.1.value.contains("${")) {
        let message = format!("a `{name}` has no policy variables, as in {}", quoted(&text.value));
        found.analyzer(&format!("{path}.{name}"), text.span, &message);
    }
    for principal in &it.principals {
        principal_refusal(principal.kind, &principal.text, &format!("{path}.Principal"), found);
    }
    for action in &it.actions {
        let name = action.value.to_ascii_lowercase();
        let is_known = ASSUME_ROLE.contains(&name.as_str()) || has_wildcard(&name) || !action.unknown.is_empty();
        if !is_known || !(name.starts_with("sts:") || name == "*" || !action.unknown.is_empty()) {
            let message = "AssumeRole policy may only specify STS AssumeRole actions.";
            found.add("confirmed", &format!("{path}.Action"), action.span, message);
        } else if action.unknown.is_empty() && has_wildcard(&name) {
            let pattern = Pattern::like(&name, false);
            let is_any = |it: &Pattern| name != "*" && ASSUME_ROLE.iter().any(|action| it.matches(action));
            if !pattern.is_ok_and(|it| is_any(&it)) {
                let message = format!(
                    "whether IAM takes the action {} in a trust policy is not confirmed",
                    quoted(&action.value)
                );
                found.add("unconfirmed", &format!("{path}.Action"), action.span, message);
            }
        }
    }
    for condition in &it.conditions {
        self::condition(condition, &format!("{path}.Condition"), variables, found);
    }
    control(it, path, found);
}

fn principal_refusal(kind: PrincipalKind, text: &Text, path: &str, found: &mut Found) {
    let value = text.value.as_str();
    if !text.unknown.is_empty() || (kind == PrincipalKind::Aws && value == "*") {
        return;
    }
    if has_wildcard(value) {
        let message = format!("a wildcard cannot match part of a principal's name or ARN, as in {}", quoted(value));
        found.add("confirmed", path, text.span, message);
        return;
    }
    // Unique ids such as `AROA…` are taken too.
    let is_of_aws = value.starts_with("arn:")
        || value.len() >= 12 && value.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit());
    if kind == PrincipalKind::Aws && !is_of_aws {
        found.add("confirmed", path, text.span, format!("Invalid principal in policy: \"AWS\":{}", quoted(value)));
    }
    let is_domain = value.contains('.') && value.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c));
    let is_arn = value.starts_with("arn:") && (value.contains(":oidc-provider/") || value.contains(":saml-provider/"));
    if kind == PrincipalKind::Federated && !is_domain && !is_arn {
        let message = "Federated principals must be valid domain names or SAML metadata ARNs";
        found.add("confirmed", path, text.span, message);
    }
    if let Some(Arn { partition, account, .. }) = Arn::parse(value).filter(|it| it.service == "iam") {
        if AccountId::parse(account).is_err() && !account.contains("${") {
            found.analyzer(path, text.span, &format!("an account has 12 digits, not {}", quoted(account)));
        } else if Partition::parse(partition).is_err() {
            found.analyzer(path, text.span, &format!("AWS has no partition {}", quoted(partition)));
        }
    }
}

fn condition(it: &Condition, path: &str, variables: bool, found: &mut Found) {
    let path = format!("{path}.{}", it.operator_text);
    if !it.operator.is_canonical {
        let message =
            format!("whether IAM takes the operator {} in this case is not confirmed", quoted(&it.operator_text));
        found.add("unconfirmed", &path, it.operator_span, message);
    }
    if it.operator.family == Family::Null && it.operator.if_exists {
        found.analyzer(&path, it.operator_span, "`Null` cannot have the suffix `IfExists`");
    }
    if it.operator.family == Family::Bool && it.values.len() > 1 {
        found.analyzer(&path, it.key_span, "a key under `Bool` takes one value");
    }
    // Of a key that is not known whole nothing is told.
    let is_known = it.key_unknown.is_empty();
    let is_key = it.key.split_once(':').is_some_and(|(prefix, name)| !prefix.is_empty() && !name.is_empty());
    if is_known && !is_key {
        let message = format!("{} is no condition key: one has a prefix, as `aws:SourceIp`", quoted(&it.key));
        found.add("confirmed", &path, it.key_span, message);
    }
    if is_known && provider_of(&it.key).is_some_and(|it| it.contains(':')) {
        found.add("confirmed", &path, it.key_span, "Condition can contain only one colon.");
    }
    if !variables {
        return;
    }
    for wanted in it.values.iter().filter(|it| it.text.unknown.is_empty()) {
        for part in parts(&wanted.text.value, true, false) {
            let Part::Variable(inner) = part else { continue };
            let name = inner.split_once(',').map_or(inner.as_str(), |it| it.0);
            let end = if wanted.text.value.ends_with(&format!("${{{inner}")) { "" } else { "}" };
            let complaint = if end.is_empty() {
                "is never closed"
            } else if name.is_empty() {
                "has no name"
            } else if name.contains(' ') {
                "has a space in its name"
            } else if !it.operator.reads_variables() && it.operator.family != Family::Bool {
                "stands under an operator that reads no policy variables"
            } else {
                continue;
            };
            let message = format!("the policy variable {} {complaint}", quoted(&format!("${{{inner}{end}")));
            found.analyzer(&path, wanted.text.span, &message);
        }
    }
}

/// IAM's controls for providers that many tenants share: an `Allow` for one asks for its own key, and not by a wildcard alone.
fn control(it: &Statement, path: &str, found: &mut Found) {
    if it.effect != Effect::Allow {
        return;
    }
    let federated = it.principals.iter().filter(|it| it.kind == PrincipalKind::Federated);
    for principal in federated {
        let value = principal.text.value.as_str();
        let host = value.split_once(":oidc-provider/").map_or(value, |it| it.1);
        let Some((host, key)) = CONTROLS.iter().find(|it| it.0 == host) else { continue };
        let tests = |it: &&Condition| it.key.eq_ignore_ascii_case(key) && it.operator.family != Family::Null;
        let says_something = |it: &Condition| it.values.iter().any(|it| !is_all_wild(&it.text.value));
        let mut conditions = it.conditions.iter().filter(tests).peekable();
        let span = conditions.peek().map(|it| it.key_span).or(it.condition_span).unwrap_or(it.span);
        // A key with a reference in it may be the one.
        let may_test = |it: &Condition| {
            let start = it.key.split_once("${").map_or(it.key.as_str(), |it| it.0);
            !it.key_unknown.is_empty() && key.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))
        };
        if !conditions.any(says_something) && !it.conditions.iter().any(may_test) {
            let message = format!("for {host} IAM wants a condition on `{key}` whose value is not a wildcard alone");
            found.add("secondary", &format!("{path}.Condition"), span, message);
        }
    }
}

/// Whether the operator's set prefix makes an absent key pass; for those who warn of it.
pub fn passes_when_absent(it: &Condition) -> bool {
    let operator = it.operator;
    match operator.qualifier {
        Some(Qualifier::ForAllValues) => true,
        Some(Qualifier::ForAnyValue) => false,
        None => (operator.if_exists || operator.negated) && operator.family != Family::Null,
    }
}
