//! Role names, paths and the managed policies on them. Source: IAM API reference, CreateRole and AttachRolePolicy.

use super::limits::{ROLE_NAME_MOST, ROLE_PATH_MOST};
use crate::text::{Diagnostic, character, checked_text, quoted};

checked_text! {
    /// A role's name: 1 to 64 of `A-Z a-z 0-9 _ + = , . @ -`.
    RoleName
}

impl RoleName {
    /// Reads a role's name.
    ///
    /// # Errors
    /// What IAM refuses.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        const EXAMPLE: &str = "for example `gitlab-prod-deploy`";
        if text.is_empty() {
            return Err(Diagnostic::new("IAM needs a role name").help(EXAMPLE));
        }
        if let Some(c) = text.chars().find(|c| !is_name_character(*c)) {
            let message = format!("IAM takes no {} in a role name", character(c));
            return Err(Diagnostic::new(message).help("letters, digits and `_+=,.@-`"));
        }
        if text.len() > ROLE_NAME_MOST {
            let message =
                format!("IAM takes role names of at most {ROLE_NAME_MOST} characters; this has {}", text.len());
            return Err(Diagnostic::new(message).help(EXAMPLE));
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

checked_text! {
    /// A role's path: `/`, or a text that begins and ends with one.
    RolePath
}

impl RolePath {
    /// Reads a role's path.
    ///
    /// # Errors
    /// What IAM refuses.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let printable = text.chars().all(|c| ('!'..='~').contains(&c));
        if text == "/"
            || (text.len() > 2
                && text.starts_with('/')
                && text.ends_with('/')
                && printable
                && text.len() <= ROLE_PATH_MOST)
        {
            return Ok(Self(text.to_owned()));
        }
        Err(Diagnostic::new(format!("IAM takes no role path {}", quoted(text)))
            .help("`/`, or printable ASCII between two slashes, for example `/ci/`"))
    }
}

impl Default for RolePath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

checked_text! {
    /// The ARN of a managed policy, AWS's own or the account's.
    ManagedPolicyArn
}

impl ManagedPolicyArn {
    /// Reads the ARN of a managed policy.
    ///
    /// # Errors
    /// A text that is no such ARN.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        const EXAMPLE: &str = "for example `arn:aws:iam::aws:policy/ReadOnlyAccess`";
        let wrong =
            || Diagnostic::new(format!("IAM attaches managed policies by ARN; this is {}", quoted(text))).help(EXAMPLE);
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", owner, resource] = parts.as_slice() else { return Err(wrong()) };
        let name = resource.strip_prefix("policy/").ok_or_else(wrong)?;
        let owner_is_right = *owner == "aws" || (owner.len() == 12 && owner.bytes().all(|b| b.is_ascii_digit()));
        let name_is_right =
            !name.is_empty() && !name.ends_with('/') && name.chars().all(|c| is_name_character(c) || c == '/');
        if !owner_is_right || !name_is_right || text.len() > 2_048 {
            return Err(wrong());
        }
        super::Partition::parse(partition)?;
        Ok(Self(text.to_owned()))
    }

    /// The partition's name in the ARN.
    pub fn partition(&self) -> &str {
        self.0.split(':').nth(1).unwrap_or("")
    }

    /// The owner in the ARN: `aws` or an account id.
    pub fn owner(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or("")
    }

    /// The policy's name without its path.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_paths_and_arns_are_iams() {
        for right in ["a", "gitlab-prod-deploy", "A+b=c,d.e@f-g_h"] {
            assert!(RoleName::parse(right).is_ok(), "{right}");
        }
        for wrong in ["", "a b", "a/b", "é", "a\n", &"x".repeat(65)] {
            assert!(RoleName::parse(wrong).is_err(), "{wrong}");
        }
        for right in ["/", "/ci/", "/a/b/"] {
            assert!(RolePath::parse(right).is_ok(), "{right}");
        }
        for wrong in ["", "ci", "/ci", "ci/", "/a b/", "//é/"] {
            assert!(RolePath::parse(wrong).is_err(), "{wrong}");
        }
        for right in ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws-cn:iam::123456789012:policy/ci/deploy"] {
            assert!(ManagedPolicyArn::parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "ReadOnlyAccess",
            "arn:aws:iam::aws:role/x",
            "arn:aws:iam::12:policy/x",
            "arn:mars:iam::aws:policy/x",
            "arn:aws:iam::aws:policy/",
        ] {
            assert!(ManagedPolicyArn::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ManagedPolicyArn::parse("arn:aws:iam::aws:policy/job-function/Billing").unwrap().name(), "Billing");
    }
}
