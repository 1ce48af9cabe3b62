//! An ARN, taken apart at its colons. What is right in each part is for those to say who look at it.
//!
//! Source: AWS General Reference, "Amazon Resource Names (ARNs)".

/// The parts of `arn:partition:service:region:account:resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'t> {
    /// As `aws`.
    pub partition: &'t str,
    /// As `iam`.
    pub service: &'t str,
    /// None for what is global, as IAM's.
    pub region: &'t str,
    /// Twelve digits, or empty where AWS owns it.
    pub account: &'t str,
    /// All that follows, colons too; empty where the text ends before it.
    pub resource: &'t str,
}

impl<'t> Arn<'t> {
    /// The parts of a text that has an ARN's colons.
    pub fn parse(text: &'t str) -> Option<Self> {
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        Some(Self {
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next().unwrap_or(""),
        })
    }

    /// The path, with its slashes, and the name of what stands behind `kind/`: of `role/ci/deploy` it is `/ci/` and `deploy`.
    pub fn named(self, kind: &str) -> Option<(&'t str, &'t str)> {
        let whole = self.resource.strip_prefix(kind).filter(|it| it.starts_with('/'))?;
        whole.rfind('/').and_then(|at| whole.split_at_checked(at + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_is_taken_apart() {
        let arn = Arn::parse("arn:aws-cn:iam::123456789012:role/ci/deploy").unwrap();
        assert_eq!((arn.partition, arn.service, arn.region, arn.account), ("aws-cn", "iam", "", "123456789012"));
        assert_eq!(arn.named("role"), Some(("/ci/", "deploy")));
        assert_eq!(arn.named("rol"), None);
        assert_eq!(Arn::parse("arn:aws:iam::1:role/x").unwrap().named("role"), Some(("/", "x")));
        let host = "oidc-provider/gitlab.example.com:8443/x";
        assert_eq!(Arn::parse(&format!("arn:aws:iam::1:{host}")).unwrap().resource, host);
        assert_eq!(Arn::parse("arn:aws:iam::1").unwrap().resource, "");
        for no in ["", "arn:", "arn:aws:iam:", "gitlab.com", "urn:aws:iam::1:x"] {
            assert_eq!(Arn::parse(no), None, "{no}");
        }
    }
}
