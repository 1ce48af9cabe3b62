//! Rules on a token beside the provider that it is for.

pub(super) mod token_audience_not_registered;
pub(super) mod token_without_provider;
