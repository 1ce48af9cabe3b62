//! The instance's address, its issuer, and its version.
//!
//! Sources: GitLab, "OpenID Connect (OIDC) authentication using ID tokens", <https://docs.gitlab.com/ci/secrets/id_token_authentication/>;
//! IAM API reference, CreateOpenIDConnectProvider (no port, no query, at most 255 characters).

use crate::aws::limits::PROVIDER_URL_MOST;
use crate::text::{Diagnostic, checked_text, quoted};

checked_text! {
    /// Where people open GitLab: https, a host, perhaps a port and a path, no slash at the end.
    InstanceUrl
}

checked_text! {
    /// A token's `iss` and the provider's URL: as an instance's address, but without a port.
    IssuerUrl
}

/// A URL that was taken apart: the rest after the scheme, and whether it has a port.
fn read_url(text: &str) -> Result<bool, Diagnostic> {
    const EXAMPLE: &str = "for example `https://gitlab.com` or `https://example.com/gitlab`";
    let wrong = |message: String| Err(Diagnostic::new(message).help(EXAMPLE));
    if text.is_empty() {
        return wrong("the address of GitLab is missing".to_owned());
    }
    let Some(rest) = text.strip_prefix("https://") else {
        return wrong(format!("AWS takes https addresses only; {} does not begin with `https://`", quoted(text)));
    };
    if text.len() > PROVIDER_URL_MOST {
        return wrong(format!(
            "AWS takes addresses of at most {PROVIDER_URL_MOST} characters; this has {}",
            text.len()
        ));
    }
    if text.ends_with('/') {
        return wrong(
            "GitLab writes its address without a slash at the end, and AWS compares character by character".to_owned(),
        );
    }
    if rest.contains(['?', '#']) {
        return wrong("AWS takes no `?` or `#` in a provider's URL".to_owned());
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let host_is_right = !host.is_empty()
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    if !host_is_right {
        return wrong(format!("{} is no host name", quoted(host)));
    }
    if let Some(port) = port
        && (port.parse::<u16>().is_err() || !port.bytes().all(|b| b.is_ascii_digit()))
    {
        return wrong(format!("{} is no port", quoted(port)));
    }
    let path_is_right = path.is_empty()
        || path.split('/').all(|it| {
            !it.is_empty()
                && it != "."
                && it != ".."
                && it.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c))
        });
    if !path_is_right {
        return wrong(format!("{} is no path that GitLab can be installed under", quoted(path)));
    }
    Ok(port.is_some())
}

impl InstanceUrl {
    /// Reads the address of an instance.
    ///
    /// # Errors
    /// What is wrong with it, who minds, and an example.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        read_url(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl IssuerUrl {
    /// Reads an issuer.
    ///
    /// # Errors
    /// What is wrong with it, who minds, and an example.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        if read_url(text)? {
            return Err(Diagnostic::new(format!(
                "AWS takes no port in a provider's URL, and {} has one",
                quoted(text)
            ))
            .help("give the instance an issuer without a port: `ci_id_tokens_issuer_url`, GitLab 18.1 and later"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The issuer without its scheme: the prefix of the condition keys and the end of the provider's ARN.
    pub fn key_prefix(&self) -> &str {
        self.as_str().strip_prefix("https://").unwrap_or(self.as_str())
    }

    /// Whether this is GitLab.com's issuer, the one with keys of its own.
    pub fn is_gitlab_com(&self) -> bool {
        self.as_str() == crate::aws::keys::GITLAB_COM_ISSUER
    }
}

/// A version of GitLab, `18.2` or `18.2.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Major, minor, patch; a patch that was not written counts as 0.
    parts: (u16, u16, Option<u16>),
}

impl Version {
    /// A version by its numbers.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { parts: (major, minor, None) }
    }

    /// Reads a version.
    ///
    /// # Errors
    /// A text that GitLab would not call a version of its own.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong = || Diagnostic::new(format!("GitLab has no version {}", quoted(text))).help("for example `18.2`");
        let number = |it: &str| -> Option<u16> {
            (!it.is_empty() && it.len() <= 3 && it.bytes().all(|b| b.is_ascii_digit()))
                .then(|| it.parse().ok())
                .flatten()
        };
        let numbers: Vec<Option<u16>> = text.split('.').map(number).collect();
        let parts = match numbers.as_slice() {
            [Some(major), Some(minor)] => (*major, *minor, None),
            [Some(major), Some(minor), Some(patch)] => (*major, *minor, Some(*patch)),
            _ => return Err(wrong()),
        };
        Ok(Self { parts })
    }

    /// Whether this version is at least `major.minor.patch`; a version without a patch counts as its newest one.
    pub fn at_least(self, major: u16, minor: u16, patch: u16) -> bool {
        (self.parts.0, self.parts.1, self.parts.2.unwrap_or(u16::MAX)) >= (major, minor, patch)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (major, minor, patch) = self.parts;
        write!(f, "{major}.{minor}")?;
        patch.map_or(Ok(()), |patch| write!(f, ".{patch}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_issuers() {
        for right in [
            "https://gitlab.com",
            "https://gitlab.example.com/gitlab",
            "https://10.0.0.1",
            "https://GitLab.Example.com/a/b-c_d",
        ] {
            assert!(IssuerUrl::parse(right).is_ok(), "{right}");
        }
        for (wrong, words) in [
            ("", "missing"),
            ("gitlab.com", "https"),
            ("http://gitlab.com", "https"),
            ("https://gitlab.com/", "slash"),
            ("https://gitlab.com:8443", "port"),
            ("https://gitlab.com?x", "`?`"),
            ("https://", "slash"),
            ("https://git lab.com", "host"),
            ("https://user@gitlab.com", "host"),
            ("https://gitlab.com/a b", "path"),
            ("https://gitlab.com/../x", "path"),
            ("https://gitlab.com\n", "host"),
        ] {
            let error = IssuerUrl::parse(wrong).unwrap_err();
            assert!(error.message.contains(words), "{wrong}: {}", error.message);
        }
        assert!(InstanceUrl::parse("https://gitlab.corp:8443/x").is_ok());
        assert!(InstanceUrl::parse("https://gitlab.corp:84x3").is_err());
        assert_eq!(IssuerUrl::parse("https://example.com/gitlab").unwrap().key_prefix(), "example.com/gitlab");
    }

    #[test]
    fn versions_compare_by_number() {
        assert!(Version::parse("18.10").unwrap().at_least(18, 7, 0));
        assert!(!Version::parse("18.2.1").unwrap().at_least(18, 2, 2));
        assert!(Version::parse("18.2").unwrap().at_least(18, 2, 2));
        for wrong in ["", "18", "18.x", "v18.2", "18.2.3.4", "18.2-ee"] {
            assert!(Version::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(Version::parse("18.2.1").unwrap().to_string(), "18.2.1");
    }
}
