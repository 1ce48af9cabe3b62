//! Rules on the document as a whole, and on statements beside each other.

pub(super) mod deny_everybody;
pub(super) mod deny_without_effect;
pub(super) mod policy_character;
pub(super) mod policy_duplicate_key;
pub(super) mod policy_of_other_kind;
pub(super) mod policy_refused;
pub(super) mod policy_too_long;
pub(super) mod policy_variables_off;
pub(super) mod policy_version_missing;
pub(super) mod statement_repeated;
