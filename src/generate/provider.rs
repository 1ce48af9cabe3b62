//! What every file says of the OIDC provider: its certificate, and the audience that has to be one of its client IDs.

use crate::document::json::Node;
use crate::print::json::compact;
use crate::print::shell::code;
use crate::setup::Setup;

/// Why no thumbprint is given, in a format that calls it `property`.
pub(super) fn thumbprint(setup: &Setup, property: &str) -> String {
    if setup.gitlab().issuer.is_gitlab_com() {
        return format!("No {property}: AWS checks gitlab.com's certificate by its own list of authorities.");
    }
    format!(
        "No {property}: AWS checks the certificate by its own list of authorities. Where yours comes from a private\n\
         authority, add {property} with the SHA-1 of the topmost certificate of the chain that the host serves."
    )
}

/// How to see that the provider that is there knows the audience, and how to add it.
pub(super) fn existing_provider(setup: &Setup) -> String {
    format!(
        "The provider exists and is not managed here. The audience has to be one of its client IDs, which this shows:\n  \
         {}\nWhere it is not, this adds it:\n  {}",
        show_provider(setup),
        add_audience_command(setup)
    )
}

/// The command that shows the provider.
pub(super) fn show_provider(setup: &Setup) -> String {
    code("aws iam get-open-id-connect-provider --open-id-connect-provider-arn {}", &[&setup.provider_arn()])
}

/// The command that makes the audience a client ID of the provider. As JSON: version 1 of the AWS CLI takes an `https://` value of
/// `--client-id` for a file to fetch.
pub(super) fn add_audience_command(setup: &Setup) -> String {
    code("aws iam add-client-id-to-open-id-connect-provider --cli-input-json {}", &[&add_audience(setup)])
}

/// That command's input.
pub(super) fn add_audience(setup: &Setup) -> String {
    let audience = setup.gitlab().audience.as_str();
    compact(&Node::object(vec![
        ("OpenIDConnectProviderArn", Node::text(setup.provider_arn())),
        ("ClientID", Node::text(audience)),
    ]))
}
