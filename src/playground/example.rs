//! The setup that a new page opens with.

use crate::setup::{AwsDraft, Draft, GitLabDraft, RoleDraft, ScopeDraft, Setup, check};

/// One production role for the `main` branch of one project.
#[expect(clippy::expect_used, reason = "a constant draft; a test holds that it is right")]
pub fn example() -> Setup {
    let draft = Draft {
        gitlab: GitLabDraft {
            url: Some("https://gitlab.com".to_owned()),
            audience: Some("https://gitlab.com".to_owned()),
            ..GitLabDraft::default()
        },
        aws: AwsDraft {
            account_id: Some("123456789012".to_owned()),
            region: Some("eu-west-1".to_owned()),
            ..AwsDraft::default()
        },
        roles: vec![RoleDraft {
            name: Some("gitlab-prod-deploy".to_owned()),
            environment: Some("production".to_owned()),
            permissions: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()],
            scopes: vec![ScopeDraft {
                project: Some("mygroup/myrepo".to_owned()),
                ref_type: Some("branch".to_owned()),
                reference: Some("main".to_owned()),
                ..ScopeDraft::default()
            }],
            ..RoleDraft::default()
        }],
        ..Draft::default()
    };
    check(&draft).expect("the example is right")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_is_right_and_wise() {
        assert_eq!(crate::setup::findings(&super::example()), []);
    }
}
