//! A trust policy taken back: the setup that composes the same one, where there is such a setup.
//!
//! The scopes are read off the statements, composed again, and laid beside the policy: only a setup whose policy says the same comes
//! back. `Sid`s and the order of statements say nothing, and one that lists several subjects says what several statements would.
//! What stands in the way is said, with its place.

use super::{AwsDraft, Draft, GitLabDraft, PinDraft, RoleDraft, ScopeDraft, Setup, TEXT_PINS, check, trust_policy};
use crate::aws::Partition;
use crate::aws::policy::{Condition, Effect, Policy, PrincipalKind, Statement, Text, Wanted, read};
use crate::gitlab::{Component, segments};
use crate::pattern::{has_wildcard, unescape_variables};
use crate::text::{Diagnostic, Span, quoted};

/// The action of every composed statement.
const ACTION: &str = "sts:AssumeRoleWithWebIdentity";

/// What a text says of the role beside its policy.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The role's name.
    pub name: Option<String>,
    /// `MaxSessionDuration`, in seconds.
    pub max_session_seconds: Option<String>,
    /// ARNs of its managed policies.
    pub permissions: Vec<String>,
}

/// The setup of one role that composes `policy`; what the policy does not tell is `base`'s.
///
/// # Errors
/// Everything in the policy that no setup says, with its place.
pub fn from_policy(policy: &Policy, beside: &Beside, base: &Setup) -> Result<Setup, Vec<Diagnostic>> {
    let mut reader =
        Reader { wrong: Vec::new(), provider: None, audience: None, has_variables: policy.variables, base };
    let scopes: Vec<ScopeDraft> = policy.statements.iter().flat_map(|it| reader.statement(it)).collect();
    for it in &policy.duplicates {
        reader.refuse(it.span, format!("{} stands here twice", quoted(&it.key)));
    }
    let (Some(provider), Some(audience)) = (reader.provider.clone(), reader.audience.clone()) else {
        if reader.wrong.is_empty() {
            reader.refuse(policy.span, "it names no provider and audience");
        }
        return Err(reader.wrong);
    };
    if !reader.wrong.is_empty() {
        return Err(reader.wrong);
    }
    let draft = draft(&provider, audience, scopes, beside, base);
    let setup = check(&draft).map_err(|wrong| {
        let at = |it: Diagnostic| Diagnostic { span: Some(policy.span), ..it };
        wrong.into_iter().map(at).collect::<Vec<_>>()
    })?;
    let composed = setup.roles().first().and_then(|it| read(&trust_policy(&setup, it)).ok());
    if composed.is_some_and(|it| says(&it) == says(policy)) {
        return Ok(setup);
    }
    Err(vec![Diagnostic::new("the scopes that it seems to have would let in others").at(policy.span)])
}

/// One way in: the principals, the subject, and what else is asked for: each key with its values.
type Way = (Vec<String>, String, Vec<(String, Vec<String>)>);

/// What a policy of `StringEquals` and `StringLike` lets in, without places, in a form that two of them are compared by.
fn says(policy: &Policy) -> Vec<Way> {
    let sorted = |values: &mut dyn Iterator<Item = &Text>| {
        let mut all: Vec<String> = values.map(|it| unescape_variables(&it.value)).collect();
        all.sort();
        all
    };
    let mut ways = Vec::new();
    for it in &policy.statements {
        let is_subject = |it: &&Condition| it.key.to_ascii_lowercase().ends_with(":sub");
        let others = it.conditions.iter().filter(|it| !is_subject(it));
        let mut asked: Vec<_> =
            others.map(|it| (it.key.to_ascii_lowercase(), sorted(&mut it.values.iter().map(|it| &it.text)))).collect();
        asked.sort();
        asked.dedup();
        let principals = sorted(&mut it.principals.iter().map(|it| &it.text));
        for subject in it.conditions.iter().filter(is_subject).flat_map(|it| &it.values) {
            ways.push((principals.clone(), unescape_variables(&subject.text.value), asked.clone()));
        }
    }
    ways.sort();
    ways.dedup();
    ways
}

fn draft(provider: &Provider, audience: String, scopes: Vec<ScopeDraft>, beside: &Beside, base: &Setup) -> Draft {
    let url = format!("https://{}", provider.host);
    // What another instance or account brought with it does not belong to this one.
    let is_same_instance = base.gitlab().issuer.as_str() == url;
    let gitlab = if is_same_instance && base.gitlab().audience.as_str() == audience {
        base.draft().gitlab.clone()
    } else {
        GitLabDraft { url: Some(url), audience: Some(audience), ..GitLabDraft::default() }
    };
    let is_same_account =
        base.aws().account_id.as_str() == provider.account && base.aws().partition.as_str() == provider.partition;
    let aws = if is_same_account {
        base.draft().aws.clone()
    } else {
        let partition = (provider.partition != Partition::default().as_str()).then(|| provider.partition.clone());
        AwsDraft { account_id: Some(provider.account.clone()), partition, ..AwsDraft::default() }
    };
    let name = beside.name.clone().or_else(|| base.draft().roles.first().and_then(|it| it.name.clone()));
    let role = RoleDraft {
        name,
        max_session_seconds: beside.max_session_seconds.clone(),
        permissions: beside.permissions.clone(),
        scopes,
        ..RoleDraft::default()
    };
    Draft { gitlab, aws, roles: vec![role], ci: base.draft().ci.clone() }
}

/// The provider that a policy names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Provider {
    partition: String,
    account: String,
    host: String,
}

impl Provider {
    fn parse(arn: &str) -> Option<Self> {
        let (owner, host) = arn.split_once(":oidc-provider/")?;
        match owner.split(':').collect::<Vec<_>>().as_slice() {
            ["arn", partition, "iam", "", account] => {
                Some(Self { partition: (*partition).into(), account: (*account).into(), host: host.into() })
            }
            _ => None,
        }
    }
}

struct Reader<'r> {
    wrong: Vec<Diagnostic>,
    provider: Option<Provider>,
    audience: Option<String>,
    /// Whether the policy's `Version` has policy variables.
    has_variables: bool,
    base: &'r Setup,
}

impl Reader<'_> {
    fn refuse(&mut self, span: Span, message: impl Into<String>) {
        self.wrong.push(Diagnostic::new(message).at(span));
    }

    /// The scopes of a statement: one for each of its subjects.
    fn statement(&mut self, it: &Statement) -> Vec<ScopeDraft> {
        if it.effect == Effect::Deny {
            self.refuse(it.effect_span, "a composed policy denies nothing by itself");
        }
        if let Some(doubt) = it.unconfirmed.first() {
            self.refuse(it.span, doubt.clone());
        }
        match it.actions.as_slice() {
            [one] if !it.not_action && one.value.eq_ignore_ascii_case(ACTION) => {}
            _ => {
                self.refuse(it.action_span, "the one action of a composed statement is `sts:AssumeRoleWithWebIdentity`")
            }
        }
        match it.principals.as_slice() {
            [one] if one.kind == PrincipalKind::Federated => match Provider::parse(&one.text.value) {
                Some(found) if self.provider.as_ref().is_none_or(|it| *it == found) => self.provider = Some(found),
                Some(_) => self.refuse(one.text.span, "a setup has one provider, and another statement names another"),
                None => self.refuse(one.text.span, "a setup lets in by an OIDC provider, written as its ARN"),
            },
            _ => self.refuse(it.principal_span, "a composed statement names one `Federated` principal"),
        }
        let mut scope = ScopeDraft::default();
        let mut subjects: Vec<(String, Span)> = Vec::new();
        for condition in &it.conditions {
            self.condition(condition, &mut scope, &mut subjects);
        }
        if subjects.is_empty() {
            self.refuse(
                it.condition_span.unwrap_or(it.span),
                "a scope names a project, and here is no condition on `sub`",
            );
        }
        subjects.into_iter().filter_map(|(sub, span)| self.scope(&scope, &sub, span)).collect()
    }

    fn condition(&mut self, it: &Condition, scope: &mut ScopeDraft, subjects: &mut Vec<(String, Span)>) {
        let host = self.provider.as_ref().map(|it| it.host.clone()).unwrap_or_default();
        let claim = it.key.rsplit_once(':').filter(|key| key.0.eq_ignore_ascii_case(&host)).map(|it| it.1);
        let Some(claim) = claim.map(str::to_ascii_lowercase) else {
            return self.refuse(it.key_span, format!("no scope asks for {}", quoted(&it.key)));
        };
        if !matches!(it.operator_text.as_str(), "StringEquals" | "StringLike") {
            return self.refuse(it.operator_span, format!("no scope compares with {}", quoted(&it.operator_text)));
        }
        let is_like = it.operator_text == "StringLike";
        if let Some(open) = it.values.iter().find(|it| !it.text.unknown.is_empty()) {
            return self.refuse(open.text.span, "a part of this value is not known: give the reference a value");
        }
        let values: Vec<String> = it.values.iter().map(|it| unescape_variables(&it.text.value)).collect();
        let variable = |it: &&Wanted| it.text.value.replace("${$}{", "").contains("${");
        // Without variables the escape would be text.
        if let Some(it) =
            it.values.iter().find(|it| variable(it) || !self.has_variables && it.text.value.contains("${"))
        {
            return self.refuse(it.text.span, "no scope holds a policy variable");
        }
        let is_pattern = is_like && values.iter().any(|it| has_wildcard(it));
        match (claim.as_str(), values.as_slice()) {
            ("sub", _) if !subjects.is_empty() => self.refuse(it.key_span, "a scope has one condition on `sub`"),
            ("sub", all) => {
                for (value, wanted) in all.iter().zip(&it.values) {
                    if has_wildcard(value) && !is_like {
                        self.refuse(
                            wanted.text.span,
                            "`*` and `?` are text under `StringEquals`; in a scope they are patterns",
                        );
                    }
                    subjects.push((value.clone(), wanted.text.span));
                }
            }
            _ if is_pattern => self.refuse(it.operator_span, "a scope has patterns in `sub` alone"),
            ("aud", [one]) => match &self.audience {
                Some(other) if other != one => {
                    self.refuse(it.key_span, "a setup has one audience, and another statement names another");
                }
                _ => self.audience = Some(one.clone()),
            },
            ("aud", _) => self.refuse(it.key_span, "a setup has one audience"),
            ("ref_protected", [one]) if one == "true" || one == "false" => scope.ref_protected = Some(one == "true"),
            ("project_id", [one]) => scope.project_id = Some(one.clone()),
            ("namespace_id", [one]) => scope.namespace_id = Some(one.clone()),
            (name, all) if TEXT_PINS.contains(&name) => {
                scope.pins.push(PinDraft { claim: name.to_owned(), values: all.to_vec() });
            }
            _ => self.refuse(it.key_span, format!("no scope asks for {} like this", quoted(&it.key))),
        }
    }

    /// The scope of one subject.
    fn scope(&mut self, common: &ScopeDraft, sub: &str, span: Span) -> Option<ScopeDraft> {
        let Some(parts) = segments(sub) else {
            self.refuse(span, format!("{} names no project, kind of ref and ref in GitLab's form", quoted(sub)));
            return None;
        };
        let mut scope = common.clone();
        let names: Vec<&str> = parts.iter().map(|it| it.component.as_str()).collect();
        for part in &parts {
            let value = part.value.to_owned();
            match part.component {
                Component::ProjectPath => scope.project = Some(value),
                Component::ProjectId => scope.project_id = Some(value),
                Component::RefType => scope.ref_type = Some(value),
                Component::Ref => scope.reference = Some(value),
                Component::RefProtected => scope.ref_protected = Some(value == "true"),
                Component::EnvironmentProtected => scope.environment_protected = Some(value == "true"),
                Component::DeploymentTier => scope.deployment_tier = Some(value),
            }
        }
        if scope.project.is_none() {
            let scopes = || self.base.draft().roles.iter().flat_map(|it| &it.scopes);
            match scopes().find(|it| it.project_id == scope.project_id).and_then(|it| it.project.clone()) {
                Some(project) => scope.project = Some(project),
                None => self.refuse(span, "it names the project by its id alone, and a scope says its path too"),
            }
        }
        if names != ["project_path", "ref_type", "ref"] {
            scope.sub_claim_components = Some(names.into_iter().map(str::to_owned).collect());
            // What the subject does not tell apart is any.
            if scope.ref_type.is_none() {
                scope.ref_type = Some("any".to_owned());
            }
            if scope.reference.is_none() {
                scope.reference = Some("*".to_owned());
            }
        }
        Some(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::json;
    use crate::setup::file;

    const ONE: &str = include_str!("../../tests/setups/one-scope.json");

    fn policy(text: &str) -> Policy {
        read(&json::parse(text).unwrap()).unwrap()
    }

    fn written(condition: &str, more: &str) -> String {
        format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Sid": "A", "Effect": "Allow", "Action": ["sts:assumeRoleWithWebIdentity"],
            "Principal": {{"Federated": "arn:aws-us-gov:iam::210987654321:oidc-provider/git.example.com"}}, "Condition": {condition}}}{more}]}}"#
        )
    }

    #[test]
    fn a_policy_by_hand_is_taken_back() {
        let base = file::read(ONE).unwrap();
        let condition = r#"{"StringLike": {"git.example.com:AUD": "sts", "git.example.com:sub":
            ["project_path:a/b:ref_type:branch:ref:main", "project_path:a/*:ref_type:tag:ref:v${$}{x"]}}"#;
        let beside = Beside { name: Some("mine".to_owned()), ..Beside::default() };
        let setup = from_policy(&policy(&written(condition, "")), &beside, &base).unwrap();
        let role = &setup.roles()[0];
        assert_eq!((role.name.as_str(), setup.aws().account_id.as_str()), ("mine", "210987654321"));
        assert_eq!((setup.gitlab().url.as_str(), setup.gitlab().audience.as_str()), ("https://git.example.com", "sts"));
        assert_eq!(role.scopes.iter().map(|it| it.reference.as_str()).collect::<Vec<_>>(), ["main", "v${x"]);
    }

    #[test]
    fn what_no_setup_says_is_said_with_its_place() {
        let base = file::read(ONE).unwrap();
        let aud = r#""git.example.com:aud": "sts""#;
        let sub = r#""git.example.com:sub": "project_path:a/b:ref_type:branch:ref:main""#;
        let plain = format!(r#"{{"StringEquals": {{{aud}, {sub}}}}}"#);
        let deny = r#", {"Effect": "Deny", "Principal": {"Federated": "arn:aws-us-gov:iam::210987654321:oidc-provider/git.example.com"}, "Action": "sts:*"}"#;
        for (condition, more, place) in [
            (plain.clone(), deny, r#""Deny""#),
            (format!(r#"{{"StringEquals": {{{aud}}}}}"#), "", r#"{"StringEquals": {"git"#),
            (format!(r#"{{"StringEquals": {{{sub}}}}}"#), "", "{"),
            (
                format!(r#"{{"StringEquals": {{{aud}, "git.example.com:sub": "project_path:a/*"}}}}"#),
                "",
                r#""project_path:a/*""#,
            ),
            (format!(r#"{{"StringEqualsIfExists": {{{aud}, {sub}}}}}"#), "", r#""StringEqualsIfExists""#),
            (format!(r#"{{"StringEquals": {{{aud}, {sub}, "aws:SourceIp": "10.0.0.1"}}}}"#), "", r#""aws:SourceIp""#),
            (format!(r#"{{"StringLike": {{"git.example.com:aud": "*", {sub}}}}}"#), "", r#""StringLike""#),
            (
                format!(r#"{{"StringEquals": {{{aud}, {sub}}}, "StringLike": {{{sub}}}}}"#),
                "",
                r#""git.example.com:sub""#,
            ),
            (format!(r#"{{"StringEquals": {{{aud}, "git.example.com:sub": "x"}}}}"#), "", r#""x""#),
            (
                format!(r#"{{"StringEquals": {{{aud}, "git.example.com:sub": "project_path:${{aws:x}}"}}}}"#),
                "",
                r#""project_path:${"#,
            ),
        ] {
            let text = written(&condition, more);
            let wrong = from_policy(&policy(&text), &Beside::default(), &base).unwrap_err();
            let span = wrong[0].span.unwrap();
            assert!(span.of(&text).starts_with(place), "{condition}: {wrong:?}, at {}", span.of(&text));
        }
    }
}
