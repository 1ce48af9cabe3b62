//! Rules on principals and actions.

pub(super) mod action_inverted;
pub(super) mod action_needless;
pub(super) mod action_not_web_identity;
pub(super) mod action_wildcard;
pub(super) mod principal_aws_everyone;
pub(super) mod principal_malformed;
pub(super) mod principal_mixed;
pub(super) mod principal_several_providers;
