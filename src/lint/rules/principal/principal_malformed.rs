//! `principal-malformed`: a federated principal that is no ARN of an OIDC provider for GitLab, or one of another kind in its place.

use crate::aws::policy::{Effect, Principal, PrincipalKind};
use crate::aws::{AccountId, Arn, Partition};
use crate::lint::provider::{without_port, without_scheme};
use crate::lint::statement::{covers, statements};
use crate::lint::{Bench, Confidence, Finding, Rule, RuleId, Severity};
use crate::text::quoted;

pub(in crate::lint::rules) static RULE: Rule = Rule {
    id: RuleId::new("principal-malformed"),
    severity: Severity::Medium,
    confidence: Confidence::High,
    summary: "the provider's ARN is not one",
    explanation: explanation!("principal_malformed.md"),
    check,
};

/// Source: CreateOpenIDConnectProvider in the IAM API reference: "The URL should not contain a port number".
const HAS_PORT: &str = "by AWS's documentation a provider's URL should have no port";

fn check(bench: &Bench<'_>, findings: &mut Vec<Finding>) {
    for seen in statements(bench) {
        let it = seen.statement;
        // Tokens come to this action alone, and with a provider alone.
        let is_for_tokens = it.effect == Effect::Allow
            && covers(it, "sts:AssumeRoleWithWebIdentity")
            && !covers(it, "sts:AssumeRole")
            && it.principals.iter().all(|it| it.kind != PrincipalKind::Federated);
        if let Some(first) = it.principals.first().filter(|_| is_for_tokens) {
            let message = format!(
                "{} does not stand under `Federated`, so this statement lets no token in",
                quoted(&first.text.value)
            );
            let finding = seen.of(&RULE, ".Principal", first.text.span, message);
            findings
                .push(finding.help("a provider is `{\"Federated\": \"arn:aws:iam::<account>:oidc-provider/<host>\"}`"));
        }
        let federated = |it: &&Principal| it.kind == PrincipalKind::Federated && it.text.unknown.is_empty();
        for it in seen.statement.principals.iter().filter(|_| seen.statement.effect == Effect::Allow).filter(federated)
        {
            let value = it.text.value.as_str();
            let Some(wrong) = wrong(value) else { continue };
            let finding = seen.of(&RULE, ".Principal", it.text.span, format!("{wrong}: {}", quoted(value)));
            let finding = finding.help(if wrong == HAS_PORT {
                "give the instance an issuer without a port, `ci_id_tokens_issuer_url`, from GitLab 18.1 on"
            } else {
                "it is `arn:aws:iam::<account>:oidc-provider/<host>`"
            });
            let (owner, host) = value.split_once(":oidc-provider/").unwrap_or((value, ""));
            let mended = without_scheme(host).trim_end_matches('/');
            let mended = match without_port(mended) {
                (bare, Some("443")) => bare,
                _ => mended.to_owned(),
            };
            let mended = format!("{owner}:oidc-provider/{mended}");
            let is_mended = mended != value && self::wrong(&mended).is_none();
            findings.push(if is_mended {
                seen.respelling(finding, "write the ARN as AWS has it", it.text.span, &mended)
            } else {
                finding
            });
        }
    }
}

/// Whether this rule has something to say about a principal.
pub(in crate::lint::rules) fn is_malformed(it: &Principal) -> bool {
    it.kind == PrincipalKind::Federated && wrong(&it.text.value).is_some()
}

fn wrong(value: &str) -> Option<&'static str> {
    if !value.contains(":oidc-provider/") {
        return (value == "gitlab.com" || value.starts_with("https://gitlab")).then_some("this is no ARN");
    }
    let arn = Arn::parse(value).filter(|it| it.service == "iam" && it.region.is_empty());
    let parts = arn.and_then(|it| Some((it.partition, it.account, it.resource.strip_prefix("oidc-provider/")?)));
    let Some((partition, account, host)) = parts else { return Some("this is no ARN of a provider") };
    if Partition::parse(partition).is_err() {
        return Some("AWS has no such partition");
    }
    if AccountId::parse(account).is_err() {
        return Some("an account has 12 digits");
    }
    if host.starts_with("http://") || host.starts_with("https://") {
        return Some("a provider's ARN has no scheme");
    }
    if host.ends_with('/') {
        return Some("a provider for GitLab has no slash at its end");
    }
    match without_port(host).1 {
        Some("443") => return Some("a provider's ARN has no port, not even this one"),
        Some(_) => return Some(HAS_PORT),
        None => {}
    }
    host.contains(['*', '?']).then_some("a principal has no wildcards")
}
