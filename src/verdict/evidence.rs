//! What a person brings: a token, or the CloudTrail record of a call.
//!
//! Of the token a record tells `sub` and `aud` alone, and that every stage before the trust policy was passed, as CloudTrail logs no other
//! calls. Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail", and recorded events.

use core::net::IpAddr;

use super::Verdict;
use crate::aws::limits::TOKEN_CHARACTERS;
use crate::aws::{AccountId, Arn};
use crate::document::json::{self, Node, Value};
use crate::gitlab::token::{self, Token};
use crate::text::{Diagnostic, quoted};
use crate::time;

/// The call whose records tell of a token.
const CALL: &str = "AssumeRoleWithWebIdentity";

/// What a record shows of claims to which STS gives a meaning of its own.
const SPECIAL: [(&str, &str, &str); 4] = [
    ("requestParameters", "sourceIdentity", "https://aws.amazon.com/source_identity"),
    ("requestParameters", "principalTags", "https://aws.amazon.com/tags"),
    ("requestParameters", "transitiveTagKeys", "https://aws.amazon.com/tags"),
    ("additionalEventData", "RoleAuthorizedByIdp", "https://aws.amazon.com/roles"),
];

/// Request keys whose values a record has: each in lower case, and the record's field. For the global endpoint CloudTrail has us-east-1,
/// as the key does.
const REQUEST: [(&str, &str); 3] =
    [("aws:requestedregion", "awsRegion"), ("aws:sourceip", "sourceIPAddress"), ("aws:useragent", "userAgent")];

/// A token or a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence {
    /// A token.
    Token(Token),
    /// The record of a call.
    Record(Record),
}

/// What a CloudTrail record tells of `AssumeRoleWithWebIdentity`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The issuer: the provider's ARN tells it.
    pub issuer: String,
    /// The token's `sub`.
    pub subject: String,
    /// The token's `aud`; none where `principalId` does not show it.
    pub audience: Option<String>,
    /// The role's account, where the record has it.
    pub account: Option<AccountId>,
    /// The role's ARN, as the caller gave it.
    pub role: Option<String>,
    /// The provider, by its ARN.
    pub provider: String,
    /// The session's name, which the caller chose.
    pub session_name: Option<String>,
    /// Request keys, in lower case, with their values.
    pub request: Vec<(&'static str, String)>,
    /// A claim to which STS gives a meaning of its own, where the record shows that the token had one.
    pub special: Option<&'static str>,
    /// Whether the call succeeded.
    pub allowed: bool,
    /// When the call was made, in seconds since 1970.
    pub time: Option<i64>,
    /// How many calls stand in the text that it was read from; this is the first of them, or one by itself.
    pub of: usize,
}

impl Evidence {
    /// The issuer, if it is told.
    pub fn issuer(&self) -> Option<&str> {
        match self {
            Self::Token(it) => it.text("iss"),
            Self::Record(it) => Some(&it.issuer),
        }
    }

    /// The role's account, where it is told.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Token(_) => None,
            Self::Record(it) => it.account.as_ref(),
        }
    }
}

impl Record {
    /// The keys that the policy asks for and that this record tells, as the policy writes them.
    pub fn tells<'v>(&self, verdict: &'v Verdict) -> Vec<&'v str> {
        let mut keys: Vec<&str> =
            verdict.statements.iter().flat_map(|it| &it.conditions).map(|it| it.key.as_str()).collect();
        keys.retain(|key| self.request.iter().any(|it| it.0.eq_ignore_ascii_case(key)));
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// What this record says against a verdict on it; `name` and `account` are those of the role that has the policy, where they are known.
    pub fn against(&self, verdict: &Verdict, name: Option<&str>, account: Option<&AccountId>) -> Option<String> {
        let role = self.role.as_deref().and_then(Arn::parse).and_then(|it| it.named("role")).map(|it| it.1);
        if let (Some(role), Some(name)) = (role, name)
            && !role.eq_ignore_ascii_case(name)
        {
            let (role, name) = (quoted(role), quoted(name));
            return Some(format!("the record is of another role, {role}: the policy is that of {name}"));
        }
        if let (Some(own), Some(account)) = (&self.account, account)
            && own != account
        {
            return Some(format!("the record is of another account, {own}: the role of the policy is in {account}"));
        }
        verdict.allowed.filter(|it| *it != self.allowed)?;
        Some(match self.allowed {
            true => "the record says otherwise: the policy has changed since".to_owned(),
            false => "the record says otherwise: the policy has changed since, the role or the policy was saved only seconds before the call (IAM takes about ten to tell all of AWS), or a policy of the organization denied it".to_owned(),
        })
    }
}

/// Reads a JWT, a payload, or CloudTrail records; of several, the first call with a token.
///
/// # Errors
/// A text that is none of them.
pub fn read_evidence(text: &str) -> Result<Evidence, Diagnostic> {
    if text.trim_start().starts_with('[') {
        return first(all_evidence_of(&json::parse(text)?)?);
    }
    let token = token::read(text)?;
    if token.header.is_none() { first(all_evidence_of(&token.claims)?) } else { Ok(Evidence::Token(token)) }
}

fn first(all: Vec<Evidence>) -> Result<Evidence, Diagnostic> {
    all.into_iter().next().ok_or_else(|| Diagnostic::new("no token here: expected a JWT or its payload as JSON"))
}

/// Everything that an object or a list tells: a payload, or records, alone, in `Records` as CloudTrail delivers them, or as
/// `aws cloudtrail lookup-events` prints them, with `--query` or without, or as EventBridge hands one on. Records of other calls are
/// passed over.
///
/// # Errors
/// No call with a token among the records, or one that lacks what it must have.
pub fn all_evidence_of(root: &Node) -> Result<Vec<Evidence>, Diagnostic> {
    let list =
        [root.member("Records"), root.member("Events"), Some(root)].into_iter().flatten().find_map(Node::as_array);
    let Some(items) = list else { return evidence_of(handed_on(root)).map(|it| vec![it]) };
    let (mut found, mut ended_before) = (Vec::new(), Vec::new());
    for item in items {
        let item = unpacked(item)?;
        if item.member("eventName").and_then(Node::as_str) == Some(CALL) {
            match other_error(&item) {
                Some(_) => ended_before.push(item),
                None => found.push(evidence_of(&item)?),
            }
        }
    }
    if let Some(item) = ended_before.first().filter(|_| found.is_empty()) {
        return evidence_of(item).map(|it| vec![it]);
    }
    if found.is_empty() {
        return Err(Diagnostic::new(format!("there is no record of `{CALL}` in this")).at(root.span));
    }
    let all = found.len();
    for it in &mut found {
        if let Evidence::Record(it) = it {
            it.of = all;
        }
    }
    Ok(found)
}

/// The record of an event of EventBridge, which is its `detail`; anything else as it is.
fn handed_on(root: &Node) -> &Node {
    root.member("detail").filter(|it| root.member("detail-type").is_some() && it.as_object().is_some()).unwrap_or(root)
}

/// A record out of the string that holds it.
fn unpacked(item: &Node) -> Result<Node, Diagnostic> {
    let packed = item.member("CloudTrailEvent").unwrap_or(item);
    let Some(text) = packed.as_str() else { return Ok(packed.clone()) };
    let wrong = |it: Diagnostic| Diagnostic::new(format!("this string is no record: {}", it.message)).at(packed.span);
    let mut record = json::parse(text).map_err(wrong)?;
    record.put_at(packed.span);
    Ok(record)
}

/// Takes a JSON object for a payload or a CloudTrail record.
///
/// # Errors
/// A record of another call, or one that lacks what it must have.
pub fn evidence_of(object: &Node) -> Result<Evidence, Diagnostic> {
    if object.member("eventName").is_some() {
        return record(object).map(Evidence::Record);
    }
    Ok(Evidence::Token(Token { header: None, claims: object.clone(), length: None }))
}

/// The error of a call that did not come as far as the trust policy. CloudTrail is not known to log such calls.
fn other_error(record: &Node) -> Option<&str> {
    record.member("errorCode").and_then(Node::as_str).filter(|it| !it.starts_with("AccessDenied"))
}

fn record(node: &Node) -> Result<Record, Diagnostic> {
    let at = |path: &[&str]| path.iter().try_fold(node, |node, key| node.member(key)).and_then(json::Node::as_str);
    if at(&["eventName"]) != Some(CALL) {
        return Err(
            Diagnostic::new("this is the record of another call, not of `AssumeRoleWithWebIdentity`").at(node.span)
        );
    }
    if let Some(code) = other_error(node) {
        let message = format!("this call ended with {}, before the trust policy was asked", quoted(code));
        let help = "the error's own message tells more: paste the job's log";
        return Err(Diagnostic::new(message).help(help).at(node.span));
    }
    let missing = |name: &str| Diagnostic::new(format!("this record has no `{name}`")).at(node.span);
    let provider = at(&["userIdentity", "identityProvider"]).ok_or_else(|| missing("userIdentity.identityProvider"))?;
    let subject = at(&["userIdentity", "userName"]).ok_or_else(|| missing("userIdentity.userName"))?;
    if subject.len() > *TOKEN_CHARACTERS.end() {
        return Err(Diagnostic::new(format!("no token has a `sub` of {} bytes", subject.len())).at(node.span));
    }
    let host = provider.split_once(":oidc-provider/").map_or(provider, |it| it.1);
    let audience = at(&["userIdentity", "principalId"])
        .and_then(|it| it.strip_prefix(provider))
        .and_then(|it| it.strip_prefix(':'))
        .and_then(|it| it.strip_suffix(subject))
        .and_then(|it| it.strip_suffix(':'));
    let role = at(&["requestParameters", "roleArn"]);
    let of = |arn| Some(Arn::parse(arn)?.account);
    // AWS's own services call by a name, and whoever comes through a VPC endpoint has no `aws:SourceIp`.
    let is_direct = node.member("vpcEndpointId").is_none();
    let is_of_call = |it: &(&str, String)| it.0 != "aws:sourceip" || (is_direct && it.1.parse::<IpAddr>().is_ok());
    let shows = |part: &str, name: &str| {
        let value = node.member(part).and_then(|it| it.member(name));
        value.is_some_and(|it| !matches!(it.value, Value::Null | Value::Bool(false)))
    };
    Ok(Record {
        issuer: format!("https://{host}"),
        subject: subject.to_owned(),
        audience: audience.map(str::to_owned),
        account: [at(&["recipientAccountId"]), role.and_then(of), of(provider)]
            .into_iter()
            .flatten()
            .find_map(|it| AccountId::parse(it).ok()),
        role: role.map(str::to_owned),
        provider: provider.to_owned(),
        session_name: at(&["requestParameters", "roleSessionName"]).map(str::to_owned),
        request: REQUEST
            .into_iter()
            .filter_map(|it| Some((it.0, at(&[it.1])?.to_owned())))
            .filter(is_of_call)
            .collect(),
        special: SPECIAL.iter().find(|it| shows(it.0, it.1)).map(|it| it.2),
        allowed: at(&["errorCode"]).is_none(),
        time: at(&["eventTime"]).and_then(time::moment).map(|it| it.0),
        of: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_tells_subject_audience_and_account() {
        let text = r#"{"eventName": "AssumeRoleWithWebIdentity", "errorCode": "AccessDenied", "recipientAccountId": "123456789012",
            "userIdentity": {"type": "WebIdentityUser",
              "principalId": "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:project_path:a/b:ref_type:branch:ref:main",
              "userName": "project_path:a/b:ref_type:branch:ref:main",
              "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}"#;
        let Ok(Evidence::Record(record)) = read_evidence(text) else { panic!("a record") };
        assert_eq!(record.issuer, "https://gitlab.com");
        assert_eq!(record.audience.as_deref(), Some("https://gitlab.com"));
        assert!(!record.allowed);
        assert_eq!(record.time, None);
        assert!(read_evidence(r#"{"eventName": "AssumeRole"}"#).is_err());
        let before = text.replace("\"AccessDenied\"", "\"ExpiredTokenException\"");
        let problem = read_evidence(&before).unwrap_err();
        assert!(problem.message.contains("`ExpiredTokenException`, before the trust policy"), "{}", problem.message);
        let Ok(Evidence::Record(one)) = read_evidence(&format!("[{before}, {text}]")) else { panic!("the other one") };
        assert!(!one.allowed && read_evidence(&format!("[{before}]")).is_err());
        assert!(read_evidence(r#"{"eventName": "AssumeRoleWithWebIdentity"}"#).is_err());
    }

    #[test]
    fn records_come_alone_in_a_list_or_in_strings() {
        let record = r#"{"eventVersion": "1.08", "eventTime": "2026-11-20T10:00:00Z", "eventName": "AssumeRoleWithWebIdentity",
            "userIdentity": {"userName": "a", "identityProvider": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}"#;
        let other = r#"{"eventName": "AssumeRole"}"#;
        let string = |it: &str| crate::print::json::compact(&Node::text(it));
        let event =
            |it: &str| format!("{{\"EventId\": \"1\", \"EventName\": \"x\", \"CloudTrailEvent\": {}}}", string(it));
        for text in [
            record.to_owned(),
            format!("{{\"Records\": [{other}, {record}, {other}]}}"),
            format!("{{\"Events\": [{}, {}]}}", event(other), event(record)),
            format!("[{}, {}]", string(other), string(record)),
            format!("\n[{record}]"),
            format!("{{\"version\": \"0\", \"detail-type\": \"AWS API Call via CloudTrail\", \"detail\": {record}}}"),
        ] {
            let Ok(Evidence::Record(it)) = read_evidence(&text) else { panic!("{text}") };
            assert_eq!((it.subject.as_str(), it.time), ("a", Some(1_795_168_800)), "{text}");
        }
        let two = json::parse(&format!("[{record}, {record}]")).unwrap();
        assert_eq!(all_evidence_of(&two).unwrap().len(), 2);
        for text in ["[]", "{\"Records\": []}", "[1, \"{\"]", &format!("{{\"Records\": [{other}]}}")] {
            let root = json::parse(text).unwrap();
            assert!(all_evidence_of(&root).is_err(), "{text}");
        }
    }
}
