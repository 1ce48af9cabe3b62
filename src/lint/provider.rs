//! The OIDC providers of a sitting, and the policies that trust one: what they have to agree on is the host behind `https://`.

use super::Bench;
use super::document::trust_policies;
use super::statement::{hosts, is_of_a_roles_size};
use crate::aws::policy::{CONTROLS, Effect, PrincipalKind, Statement};
use crate::aws::{AccountId, Arn};
use crate::document::Text;
use crate::source::{Found, FoundProvider};

/// Issuers that are no GitLab, by the beginning of their host, beside those that IAM has controls for. What is only ever beside a
/// GitLab says nothing about it.
const OTHERS: [&str; 8] = [
    "token.actions.",
    "oidc.eks.",
    "oidc.circleci.com",
    "accounts.google.com",
    "sts.windows.net",
    "login.microsoftonline.com",
    "cognito-idp.",
    "api.bitbucket.org",
];

/// A provider of one of the files.
pub(super) struct Provider<'b> {
    /// Its file.
    pub(super) file: usize,
    /// The provider.
    pub(super) found: &'b FoundProvider,
    /// Its URL, which is known.
    pub(super) url: &'b Text,
}

impl Provider<'_> {
    /// What ends its ARN and begins its condition keys.
    pub(super) fn host(&self) -> &str {
        without_scheme(&self.url.value)
    }

    /// Whether it is the provider of that `iss`.
    pub(super) fn is_of(&self, issuer: &str) -> bool {
        issuer.strip_prefix("https://") == Some(self.host())
    }

    /// Its client IDs, if all of them are known.
    pub(super) fn client_ids(&self) -> Option<Vec<&str>> {
        let ids = &self.found.client_ids;
        let all_known = self.found.client_ids_span.is_some() && ids.iter().all(|it| it.unknown.is_empty());
        all_known.then(|| ids.iter().map(|it| it.value.as_str()).collect())
    }
}

/// Every provider whose URL is known and may be a GitLab's.
pub(super) fn providers<'b>(bench: &Bench<'b>) -> Vec<Provider<'b>> {
    let mut found = Vec::new();
    for (at, file) in bench.files.iter().enumerate() {
        for it in &file.source.providers {
            let Some(url) = it.url.as_ref().filter(|it| it.unknown.is_empty()) else { continue };
            let provider = Provider { file: at, found: it, url };
            if may_be_gitlab(provider.host()) {
                found.push(provider);
            }
        }
    }
    found
}

/// A statement that lets tokens of a provider in.
pub(super) struct Trust<'b> {
    /// Its file.
    pub(super) file: usize,
    /// The policy, and what stands beside it.
    pub(super) found: &'b Found,
    /// The statement.
    pub(super) statement: &'b Statement,
    /// The provider, as the statement names it.
    pub(super) principal: &'b Text,
}

impl Trust<'_> {
    /// The host, where the ARN says it.
    pub(super) fn host(&self) -> Option<&str> {
        self.principal.value.split_once(":oidc-provider/").map(|it| it.1).filter(|it| !it.contains("${"))
    }

    /// The account, where the ARN says it.
    pub(super) fn account(&self) -> Option<&str> {
        account_of(&self.principal.value)
    }
}

/// Every statement that allows, once for each provider that it names and that may be a GitLab's.
pub(super) fn trusts<'b>(bench: &Bench<'b>) -> Vec<Trust<'b>> {
    let mut trusts = Vec::new();
    for (file, it) in bench.files.iter().enumerate() {
        for found in trust_policies(it) {
            let policy = found.meant().into_iter().filter(|it| is_of_a_roles_size(it));
            let statements = policy.flat_map(|it| &it.statements);
            for statement in statements.filter(|it| it.effect == Effect::Allow) {
                let principals = statement.principals.iter().filter(|it| it.kind == PrincipalKind::Federated);
                for principal in principals.map(|it| &it.text) {
                    let trust = Trust { file, found, statement, principal };
                    // Where a reference is all that names it, the keys or GitLab's grammar in `sub` tell.
                    let names_provider = principal.value.contains("oidc-provider")
                        || principal.value.contains("openid_connect")
                        || (!principal.unknown.is_empty() && !hosts(statement).is_empty());
                    if names_provider && trust.host().is_none_or(may_be_gitlab) {
                        trusts.push(trust);
                    }
                }
            }
        }
    }
    trusts
}

/// An address without `https://`, or whatever scheme stands there.
pub(super) fn without_scheme(url: &str) -> &str {
    url.split_once("://").map_or(url, |it| it.1)
}

/// A host with its path, without a port, and the port. AWS documents that a provider's URL should not have one; of `:443` IAM itself
/// makes nothing, when the provider is made.
pub(super) fn without_port(host: &str) -> (String, Option<&str>) {
    let (authority, path) = host.find('/').and_then(|at| host.split_at_checked(at)).unwrap_or((host, ""));
    match authority.split_once(':') {
        Some((name, port)) => (format!("{name}{path}"), Some(port)),
        None => (host.to_owned(), None),
    }
}

/// The account in an ARN, where it is one.
pub(super) fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|it| it.account).filter(|it| AccountId::parse(it).is_ok())
}

/// Whether a host, with its path, is not known to be another platform's.
pub(super) fn may_be_gitlab(host: &str) -> bool {
    let shared = CONTROLS.iter().map(|it| it.0).filter(|it| *it != "gitlab.com");
    // Keycloak's issuers are its realms.
    !OTHERS.into_iter().chain(shared).any(|it| host.starts_with(it)) && !host.contains("/realms/")
}

#[cfg(test)]
mod tests {
    use super::may_be_gitlab;

    #[test]
    fn other_platforms_are_no_gitlab() {
        for (host, is_gitlab) in [
            ("gitlab.com", true),
            ("git.example.com", true),
            ("example.com/gitlab", true),
            ("token.actions.githubusercontent.com", false),
            ("token.actions.acme.ghe.com", false),
            ("oidc.eks.eu-west-1.amazonaws.com/id/A8", false),
            ("scalr.io", false),
            ("api.pulumi.com/oidc", false),
            ("oidc.vercel.com/team", false),
            ("login.example.com/realms/ci", false),
        ] {
            assert_eq!(may_be_gitlab(host), is_gitlab, "{host}");
        }
    }
}
