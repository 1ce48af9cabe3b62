//! The rules, one a file, and the table of them.

mod provider_without_audience;
mod role_other_account;
mod token_audience_not_registered;
mod token_without_provider;

use super::Rule;

/// Every rule, by name.
pub static RULES: [&Rule; 4] = [
    &provider_without_audience::RULE,
    &role_other_account::RULE,
    &token_audience_not_registered::RULE,
    &token_without_provider::RULE,
];
