//! Rules on the OIDC provider in IAM: its URL, its client IDs, its thumbprints.

pub(super) mod provider_other_issuer;
pub(super) mod provider_thumbprint;
pub(super) mod provider_url_port;
pub(super) mod provider_url_scheme;
pub(super) mod provider_url_slash;
pub(super) mod provider_without_audience;
pub(super) mod provider_without_client_ids;
