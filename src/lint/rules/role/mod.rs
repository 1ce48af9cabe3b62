//! Rules on the role around a trust policy: its account, how long, and what for.

pub(super) mod role_administrator;
pub(super) mod role_other_account;
pub(super) mod role_session_long;
