//! The stages of a call, each judged by itself, then put in order.
//!
//! Sources for codes and messages: `aws::sts`. GitLab's tokens carry none of the claims that STS gives a meaning of its own (tags,
//! source identity, allowed roles); a token that does is not evaluated here.

use std::collections::BTreeSet;

use super::context::anyones_provider;
use super::evaluate::{allows, decide, evaluate};
use super::{Circumstances, Context, Evidence, Failure, NoVerdict, Stage, StatementTrace, Verdict};
use crate::aws::limits::{CLIENT_ID_MOST, TOKEN_CHARACTERS};
use crate::aws::policy::{Effect, Malformed, Policy, PrincipalKind, could_be, refused_by_iam};
use crate::aws::sts::{self, AGE_IN_DOUBT, CLOCK_TOLERANCE, StsError};
use crate::aws::{AccountId, Partition, is_of_own_account};
use crate::document::json::{self, Value};
use crate::gitlab::token::Token;
use crate::text::{Diagnostic, quoted};
use crate::time::{duration, utc};

/// How many accounts the message names that says that there are several.
const NAMED_ACCOUNTS: usize = 3;

/// The verdict of a document that no stored role can hold: there is nothing that STS could evaluate.
pub fn malformed(document: &Malformed) -> Verdict {
    let error = StsError { code: "MalformedPolicyDocument", message: document.refusal.message.clone() };
    let why = "IAM refuses to save this document, so no role can have it".to_owned();
    Verdict {
        allowed: Some(false),
        stage: Stage::Policy,
        failure: Some(Failure { stage: Stage::Policy, error, why }),
        also: Vec::new(),
        depends_on: Vec::new(),
        unconfirmed: Vec::new(),
        refused_by_iam: document.refusals().cloned().collect(),
        statements: Vec::new(),
    }
}

/// Judges a policy that was read; `text` is what it was read from.
///
/// # Errors
/// [`NoVerdict`]: several accounts could be meant, or the token has a claim that is not evaluated.
pub fn judge(
    text: &str,
    policy: &Policy,
    evidence: &Evidence,
    circumstances: &Circumstances,
) -> Result<Verdict, NoVerdict> {
    let (context, mut failures) = before_policy(policy, evidence, circumstances)?;
    // No policy sees a token that is too long, and what is in it may have any length.
    let is_seen = failures.first().is_none_or(|it| it.error.code != sts::token_size().code);
    let statements = if is_seen { evaluate(policy, &context) } else { Vec::new() };
    let decision = decide(statements.iter().map(|it| (it.effect, it.either_effect, it.matched)));
    let mut verdict = Verdict {
        allowed: decision,
        stage: Stage::Credentials,
        failure: None,
        also: Vec::new(),
        depends_on: Vec::new(),
        unconfirmed: Vec::new(),
        refused_by_iam: refused_by_iam(text, policy),
        statements,
    };
    if is_seen && decision == Some(false) {
        let why = trust_policy_why(&verdict);
        failures.push(Failure { stage: Stage::TrustPolicy, error: sts::access_denied(), why });
    }
    let age = doubtful_age(evidence, circumstances.now);
    if failures.is_empty() {
        if let Some(age) = age.filter(|_| decision == Some(true)) {
            verdict.allowed = None;
            verdict.stage = Stage::Time;
            let age = duration(age);
            verdict.unconfirmed = vec![format!("from which age a token is too old for STS; this one is {age} old")];
        } else if decision.is_none() {
            verdict.stage = Stage::TrustPolicy;
            (verdict.depends_on, verdict.unconfirmed) = undecided_by(&verdict.statements);
        }
    } else {
        let first = failures.remove(0);
        verdict.allowed = Some(false);
        verdict.stage = first.stage;
        verdict.failure = Some(first);
        verdict.also = failures;
    }
    Ok(verdict)
}

/// Whether a call is allowed, as [`judge`] has it, without the reasons.
///
/// # Errors
/// As [`judge`].
pub fn is_allowed(
    policy: &Policy,
    evidence: &Evidence,
    circumstances: &Circumstances,
) -> Result<Option<bool>, NoVerdict> {
    let (context, failures) = before_policy(policy, evidence, circumstances)?;
    let is_young = || doubtful_age(evidence, circumstances.now).is_none();
    Ok(if failures.is_empty() { allows(policy, &context).filter(|it| !it || is_young()) } else { Some(false) })
}

/// The token's age, where STS may find it too old.
fn doubtful_age(evidence: &Evidence, now: i64) -> Option<i64> {
    let Evidence::Token(token) = evidence else { return None };
    Some(now.saturating_sub(token.seconds("iat")?)).filter(|it| *it > AGE_IN_DOUBT)
}

/// The context of the call, and what fails before the trust policy is asked.
fn before_policy<'r>(
    policy: &Policy,
    evidence: &'r Evidence,
    circumstances: &'r Circumstances,
) -> Result<(Context<'r>, Vec<Failure>), NoVerdict> {
    let provider_arn = provider_arn(policy, evidence, circumstances)?;
    let mut failures = Vec::new();
    not_evaluated(evidence).map_or(Ok(()), |it| Err(NoVerdict::Claim(it)))?;
    if let Evidence::Token(token) = evidence {
        failures.extend(token_stage(token));
        failures.extend(provider_stage(token, circumstances));
        failures.extend(time_stage(token, circumstances.now));
        failures.extend(audience_stage(token, circumstances));
    }
    Ok((Context::new(evidence, circumstances, provider_arn), failures))
}

/// The caller's ARN: the provider that the record names, or that of the token's issuer, in the role's account.
fn provider_arn(
    policy: &Policy,
    evidence: &Evidence,
    circumstances: &Circumstances,
) -> Result<Option<String>, NoVerdict> {
    if let Evidence::Record(record) = evidence
        && record.provider.contains(":oidc-provider/")
        && circumstances.account.as_ref().is_none_or(|it| record.provider.contains(&format!(":{it}:")))
    {
        return Ok(Some(record.provider.clone()));
    }
    let issuer = evidence.issuer().unwrap_or("");
    let host = issuer.strip_prefix("https://").unwrap_or(issuer);
    let federated = || {
        policy
            .statements
            .iter()
            .flat_map(|it| &it.principals)
            .filter(|it| it.kind == PrincipalKind::Federated)
            .filter_map(|it| {
                // Not by `Arn`, which parts at every colon: `${AWS::AccountId}` holds two of its own.
                let (owner, provider) = it.text.value.split_once(":oidc-provider/")?;
                let (partition, account) = owner.strip_prefix("arn:")?.split_once(":iam::")?;
                // No wildcard and no placeholder is anybody's account.
                let is_real = || AccountId::parse(account).is_ok() && Partition::parse(partition).is_ok();
                let is_open = || !it.text.unknown.is_empty() && ![partition, account].iter().any(|it| it.contains(':'));
                (provider == host && (is_open() || is_real())).then_some((partition, account))
            })
    };
    let account = match &circumstances.account {
        Some(it) => Some(it.to_string()),
        None => {
            let mut accounts: Vec<&str> = Vec::new();
            for (_, account) in federated() {
                if accounts.len() < NAMED_ACCOUNTS && !accounts.contains(&account) {
                    accounts.push(account);
                }
            }
            if accounts.len() > 1 {
                let message = format!(
                    "the policy names providers of several accounts, {}: which one is the role's?",
                    accounts.join(" and ")
                );
                return Err(NoVerdict::Account(Diagnostic::new(message).help("say it with `--account`")));
            }
            accounts.pop().map(str::to_owned)
        }
    };
    let partition = circumstances
        .partition
        .map(|it| it.as_str().to_owned())
        .or_else(|| federated().find(|it| Some(it.1) == account.as_deref()).map(|it| it.0.to_owned()))
        .unwrap_or_else(|| "aws".to_owned());
    let Some(account) = account else { return Ok(own_provider(policy, host)) };
    Ok(Some(format!("arn:{partition}:iam::{account}:oidc-provider/{host}")))
}

/// The principal of a template that names the account that it is deployed to, and this host: the caller, whatever the account is.
fn own_provider(policy: &Policy, host: &str) -> Option<String> {
    let any_account = anyones_provider(host);
    let principals = policy.statements.iter().flat_map(|it| &it.principals);
    principals
        .filter(|it| it.kind == PrincipalKind::Federated && !it.text.unknown.is_empty())
        .find(|it| {
            it.text.unknown.iter().all(|it| is_of_own_account(it)) && could_be(&it.text, false).matches(&any_account)
        })
        .map(|it| it.text.value.clone())
}

/// Claims of which it is not evaluated here what STS makes.
fn not_evaluated(evidence: &Evidence) -> Option<String> {
    let token = match evidence {
        Evidence::Token(it) => it,
        Evidence::Record(it) => return it.special.map(str::to_owned),
    };
    let members = token.claims.as_object()?;
    let special =
        members.iter().find(|it| it.key.starts_with("https://aws.amazon.com/") && it.value.value != Value::Null);
    // What STS makes of these two, where they are of another kind than a token's, has not been recorded.
    let odd = |claim: &str, is_odd: fn(&Value) -> bool| {
        members.iter().rfind(|it| it.key == claim).filter(|it| is_odd(&it.value.value))
    };
    let null = odd("nbf", |it| *it == Value::Null);
    let party = odd("azp", |it| !matches!(it, Value::String(_)));
    special.or(null).or(party).map(|it| it.key.clone())
}

fn failure(stage: Stage, error: StsError, why: impl Into<String>) -> Option<Failure> {
    Some(Failure { stage, error, why: why.into() })
}

/// The token's length in characters; of a payload alone the least that a token with its texts could have, in base64.
fn length_of(token: &Token) -> usize {
    let texts = || token.claims.as_object().into_iter().flatten();
    let least = || texts().map(|it| it.key.len() + it.value.as_str().map_or(0, str::len)).sum::<usize>() / 3 * 4;
    token.length.unwrap_or_else(|| least().max(*TOKEN_CHARACTERS.start()))
}

fn token_stage(token: &Token) -> Option<Failure> {
    let stage = Stage::Token;
    if !TOKEN_CHARACTERS.contains(&length_of(token)) {
        let range = format!("{} to {}", TOKEN_CHARACTERS.start(), TOKEN_CHARACTERS.end());
        let least = if token.length.is_none() { "at least " } else { "" };
        let why = format!("STS takes tokens of {range} characters; this has {least}{}", length_of(token));
        return failure(stage, sts::token_size(), why);
    }
    if let Some(header) = &token.header {
        if header.member("crit").is_some() {
            return failure(stage, sts::not_a_jwt(), "STS refuses a token whose header has `crit`");
        }
        let algorithm = header.member("alg").and_then(json::Node::as_str).unwrap_or("");
        if !sts::ALGORITHMS.contains(&algorithm) {
            let why = format!(
                "STS takes tokens signed with {}; this one says {}",
                sts::ALGORITHMS.join(", "),
                quoted(algorithm)
            );
            return failure(stage, sts::refused_without_words(), why);
        }
    }
    for claim in sts::REQUIRED_CLAIMS {
        let Some(node) = token.claim(claim) else {
            return failure(
                stage,
                sts::missing_claim(claim),
                format!("the token has no `{claim}`, which STS requires"),
            );
        };
        let odd = match (claim, &node.value) {
            ("sub", Value::Null) => {
                let error = StsError { code: "InternalFailure", message: String::new() };
                return failure(stage, error, "`sub` is null: STS has been seen to fail on that");
            }
            ("aud", Value::Array(items)) if items.is_empty() => {
                return failure(stage, sts::empty_claim(claim), "`aud` is an empty list");
            }
            ("aud", Value::Array(items)) => items.iter().any(|it| it.as_str().is_none()),
            ("iss" | "aud", value) => !matches!(value, Value::String(_)),
            ("sub", value) => !matches!(value, Value::String(_) | Value::Number(_)),
            _ => false,
        };
        if odd {
            let what = if node.as_array().is_some() { "a list of other things than texts" } else { node.kind() };
            let why = format!("`{claim}` is {what}, which no token of GitLab's has");
            return failure(stage, sts::refused_without_words(), why);
        }
    }
    None
}

fn provider_stage(token: &Token, circumstances: &Circumstances) -> Option<Failure> {
    let issuer = token.text("iss")?;
    if !issuer.starts_with("https://") {
        let why = format!("a provider's URL begins with `https://`, and the token is from {}", quoted(issuer));
        let error = if issuer.contains("://") { sts::no_provider(issuer) } else { sts::issuer_is_no_url() };
        return failure(Stage::Provider, error, why);
    }
    let host = issuer.trim_start_matches("https://").split('/').next().unwrap_or("");
    if host.contains(':') || issuer.contains(['?', '#']) {
        let why = format!("a provider's URL should have no port, `?` or `#`, and the token is from {}", quoted(issuer));
        return failure(Stage::Provider, sts::no_provider(issuer), why);
    }
    let providers = circumstances.providers.as_ref()?;
    if providers.iter().any(|it| it == issuer) {
        return None;
    }
    let why = format!("the account has a provider for {}, and the token is from `{issuer}`", said(providers));
    failure(Stage::Provider, sts::no_provider(issuer), why)
}

fn time_stage(token: &Token, now: i64) -> Option<Failure> {
    let stage = Stage::Time;
    for claim in ["exp", "iat", "nbf"] {
        if let Some(node) = token.claim(claim).filter(|_| token.seconds(claim).is_none()) {
            let is_recorded = matches!(node.value, Value::Number(_) | Value::String(_));
            let error = if is_recorded { sts::invalid_timestamp() } else { sts::refused_without_words() };
            return failure(stage, error, format!("`{claim}` is no whole number of seconds"));
        }
    }
    if let Some(exp) = token.seconds("exp")
        && now.saturating_sub(CLOCK_TOLERANCE) >= exp
    {
        let late = duration(now.saturating_sub(exp));
        let tolerated = duration(CLOCK_TOLERANCE);
        let why = format!("the token expired at {}, {late} before; STS tolerates {tolerated}", utc(exp));
        return failure(stage, sts::expired(now, exp), why);
    }
    if let Some(iat) = token.seconds("iat")
        && iat > now.saturating_add(CLOCK_TOLERANCE)
    {
        return failure(stage, sts::issued_in_future(iat), "`iat` lies ahead: the clocks of GitLab and AWS disagree");
    }
    if let Some(nbf) = token.seconds("nbf")
        && nbf > now.saturating_add(CLOCK_TOLERANCE)
    {
        return failure(stage, sts::not_yet_valid(now, nbf), "`nbf` lies ahead: the clocks of GitLab and AWS disagree");
    }
    None
}

fn audience_stage(token: &Token, circumstances: &Circumstances) -> Option<Failure> {
    let audiences = token.audiences();
    let registered = match token.text("azp") {
        Some(azp) => azp,
        None => match audiences.as_slice() {
            [] => return None,
            [one] => one,
            several => {
                let why = format!(
                    "the token has {} audiences; STS takes one, so `aud` in `.gitlab-ci.yml` must be a single text",
                    several.len()
                );
                return failure(Stage::Audience, sts::several_audiences(), why);
            }
        },
    };
    let length = registered.chars().count();
    if !(1..=CLIENT_ID_MOST).contains(&length) {
        let why = format!("a client ID has 1 to {CLIENT_ID_MOST} characters, and the token's audience has {length}");
        let error = if length == 0 { sts::refused_without_words() } else { sts::audience_not_registered() };
        return failure(Stage::Audience, error, why);
    }
    let of_provider = || circumstances.client_ids.iter().find(|it| Some(it.0.as_str()) == token.text("iss"));
    let client_ids = circumstances.audiences.as_ref().or_else(|| of_provider().map(|it| &it.1))?;
    if client_ids.iter().any(|it| it == registered) {
        return None;
    }
    let why = format!(
        "the provider's client IDs are {}, and the token is for `{registered}`; older answers of STS say `Incorrect token audience`",
        said(client_ids)
    );
    failure(Stage::Audience, sts::audience_not_registered(), why)
}

fn said(values: &[String]) -> String {
    values.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

fn trust_policy_why(verdict: &Verdict) -> String {
    let Some((statement, condition)) = verdict.stopper() else {
        return "the policy has no statement that allows anybody".to_owned();
    };
    let number = statement.index + 1;
    match condition {
        _ if statement.effect == Effect::Deny => format!("statement {number} denies it"),
        _ if statement.principal.matched != Some(true) => match &statement.principal.actual {
            Some(actual) => format!("statement {number} is for another principal than `{actual}`"),
            None => format!("statement {number} names no provider for the token's issuer"),
        },
        _ if statement.action_matched != Some(true) => {
            format!("statement {number} does not allow `sts:AssumeRoleWithWebIdentity`")
        }
        Some(it) => format!("statement {number}, `{}`: {}", it.key, it.why),
        None => format!("statement {number} does not apply"),
    }
}

/// What the outcome hangs on: what somebody can give, and what AWS has not confirmed. Where an `Allow` applies, the undecided ones
/// beside it do not matter.
fn undecided_by(statements: &[StatementTrace]) -> (Vec<String>, Vec<String>) {
    let is_allowed = statements.iter().any(|it| it.effect == Effect::Allow && it.matched == Some(true));
    let (mut given, mut confirmed, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut add = |list: &mut Vec<String>, it: String| {
        if seen.insert(it.to_ascii_lowercase()) {
            list.push(it);
        }
    };
    let undecided =
        |it: &&StatementTrace| it.matched.is_none() && !(is_allowed && it.effect == Effect::Allow && !it.either_effect);
    for it in statements.iter().filter(undecided) {
        let number = it.index + 1;
        it.unconfirmed.iter().for_each(|what| add(&mut confirmed, format!("statement {number}: {what}")));
        match it.principal.doubt {
            Some(doubt) if doubt.is_unconfirmed() => {
                add(&mut confirmed, format!("statement {number}: {}", doubt.words()));
            }
            Some(_) => it.principal.open.iter().for_each(|it| add(&mut given, it.clone())),
            None => {}
        }
        if it.action_matched.is_none() {
            it.open_actions.iter().for_each(|it| add(&mut given, it.clone()));
        }
        for condition in &it.conditions {
            if let Some(doubt) = condition.doubt.filter(|it| it.is_unconfirmed()) {
                add(&mut confirmed, format!("`{}` on `{}`: {}", condition.operator, condition.key, doubt.words()));
            }
            condition.waits_for.iter().for_each(|it| add(&mut given, it.clone()));
        }
    }
    (given, confirmed)
}
