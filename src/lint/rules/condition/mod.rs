//! Rules on operators, keys and the values of other claims.

pub(super) mod audience_any;
pub(super) mod audience_missing;
pub(super) mod audience_space;
pub(super) mod audience_swapped;
pub(super) mod claim_unprotected;
pub(super) mod claim_user_changeable;
pub(super) mod claim_value_unknown;
pub(super) mod condition_always_met;
pub(super) mod condition_both_required;
pub(super) mod condition_empty;
pub(super) mod condition_never_met;
pub(super) mod condition_roles_claim;
pub(super) mod key_gitlab_com_only;
pub(super) mod key_malformed;
pub(super) mod key_not_sent;
pub(super) mod key_of_other_call;
pub(super) mod key_other_host;
pub(super) mod key_unknown;
pub(super) mod operator_for_all_values;
pub(super) mod operator_for_any_value;
pub(super) mod operator_if_exists;
pub(super) mod operator_ignores_case;
pub(super) mod operator_like_without_wildcard;
pub(super) mod operator_wildcard_literal;
pub(super) mod operator_wrong_type;
pub(super) mod value_covered;
