//! What IAM says where a role, its policy or a provider is saved: `aws iam`, Terraform, CloudFormation.
//!
//! Sources: IAM API reference; IAM User Guide, policy grammar and "Identity-provider controls for shared OIDC providers"; GitLab's page
//! "Configure OpenID Connect in AWS", troubleshooting; messages as recorded in public issues.

use super::Speaker::Iam;
use super::{Known, outside, perhaps};

pub(super) static ERRORS: &[Known] = &[
    Known {
        id: "one-colon",
        code: "MalformedPolicyDocument",
        patterns: &["Condition can contain only one colon"],
        speaker: Iam,
        stages: &[],
        says: "a condition key has a second colon",
        causes: &[outside(
            "the key has the issuer's scheme or a port in it, as `https://gitlab.com:sub`",
            "write the host and path alone: `gitlab.com:sub`",
        )],
    },
    Known {
        id: "prohibited-field",
        code: "MalformedPolicyDocument",
        patterns: &["Has prohibited field {}", "AssumeRole policy must not contain NotPrincipal field"],
        speaker: Iam,
        stages: &[],
        says: "a trust policy has an element that it cannot have",
        causes: &[outside(
            "`Resource` belongs into permission policies: in a trust policy the role itself is the resource",
            "remove the element",
        )],
    },
    Known {
        id: "invalid-principal",
        code: "MalformedPolicyDocument",
        patterns: &["Invalid principal in policy: {}", "contained an invalid principal: {}"],
        speaker: Iam,
        stages: &[],
        says: "a principal is not written as IAM takes it, or names somebody who does not exist",
        causes: &[outside(
            "the ARN is incomplete, the account is a placeholder, or the principal is `*`",
            "write `{\"Federated\": \"arn:aws:iam::<account>:oidc-provider/<host>\"}`",
        )],
    },
    Known {
        id: "federated-principal",
        code: "MalformedPolicyDocument",
        patterns: &["Federated principals must be valid domain names or SAML metadata ARNs"],
        speaker: Iam,
        stages: &[],
        says: "the federated principal is neither a provider's ARN nor a domain",
        causes: &[outside(
            "it is the issuer's URL, or an empty variable",
            "write the provider's ARN: `arn:aws:iam::<account>:oidc-provider/<host>`",
        )],
    },
    Known {
        id: "assume-role-actions",
        code: "MalformedPolicyDocument",
        patterns: &["AssumeRole policy may only specify STS AssumeRole actions"],
        speaker: Iam,
        stages: &[],
        says: "the trust policy has an action that is no way of assuming a role",
        causes: &[outside(
            "permissions stand in the trust policy",
            "put them into a permission policy; here only `sts:AssumeRoleWithWebIdentity`",
        )],
    },
    Known {
        id: "control-missing",
        code: "MalformedPolicyDocument",
        patterns: &["A condition block must be present for the {}"],
        speaker: Iam,
        stages: &[],
        says: "for a provider that many tenants share IAM wants a condition that tells them apart",
        causes: &[outside(
            "the policy asks for no `gitlab.com:sub`, or for a wildcard alone",
            "add a condition on `gitlab.com:sub` that names the project",
        )],
    },
    Known {
        id: "invalid-json",
        code: "MalformedPolicyDocument",
        patterns: &["This policy contains invalid Json", "Syntax errors in policy", "Syntax error(s) in policy"],
        speaker: Iam,
        stages: &[],
        says: "the document is no policy that IAM can read",
        causes: &[outside(
            "a comment, a comma too many, an element that IAM does not know, or a variable that was not replaced",
            "paste it here: the place is named",
        )],
    },
    Known {
        id: "missing-field",
        code: "MalformedPolicyDocument",
        patterns: &["MalformedPolicyDocument{}Missing required field {}", "Missing required field Principal"],
        speaker: Iam,
        stages: &[],
        says: "a statement lacks an element that it must have",
        causes: &[outside("`Effect`, `Principal` or `Action` is missing", "add it")],
    },
    Known {
        id: "malformed-policy",
        code: "MalformedPolicyDocument",
        patterns: &["MalformedPolicyDocument", "MalformedPolicyDocumentException"],
        speaker: Iam,
        stages: &[],
        says: "IAM refuses to save this policy; the message that says why is not in this text",
        causes: &[
            outside(
                "an element, operator or principal is not one of IAM's",
                "paste the policy here: the place is named",
            ),
            perhaps(
                "the policy trusts gitlab.com and asks for no `gitlab.com:sub`; the words of that refusal are not recorded",
                "add a condition on `gitlab.com:sub` that names the project",
            ),
        ],
    },
    Known {
        id: "policy-too-long",
        code: "LimitExceeded",
        patterns: &["Cannot exceed quota for ACLSizePerRole: {}"],
        speaker: Iam,
        stages: &[],
        says: "the trust policy is longer than the account's quota",
        causes: &[outside(
            "it has more than 2,048 characters without white space",
            "ask for more of quota L-C07B4B0D (8,192 at most), or split it over a second role",
        )],
    },
    Known {
        id: "provider-exists",
        code: "EntityAlreadyExists",
        patterns: &["Provider with url {} already exists"],
        speaker: Iam,
        stages: &[],
        says: "the account has a provider with this URL already; there can be one",
        causes: &[outside(
            "somebody made it before, perhaps in another Terraform state",
            "use the one that is there, and add your audience to its client IDs",
        )],
    },
    Known {
        id: "thumbprint-required",
        code: "InvalidInput",
        patterns: &["Thumbprint list must contain at least one entry", "are required: --thumbprint-list"],
        speaker: Iam,
        stages: &[],
        says: "an old client demands a thumbprint, which AWS itself no longer does",
        causes: &[outside(
            "Terraform's AWS provider or the AWS command line is older than the optional thumbprint",
            "use a newer one; nothing is gained by a thumbprint for gitlab.com",
        )],
    },
    Known {
        id: "openid-configuration",
        code: "",
        patterns: &[
            "Could not connect to openid configuration of provider",
            "OpenIdIdpCommunicationError",
            "OpenIdIdpCommunicationErrorException",
        ],
        speaker: Iam,
        stages: &[],
        says: "where a provider is made IAM asks the instance for its `/.well-known/openid-configuration`, and could not read it",
        causes: &[
            outside(
                "the certificate chain is incomplete or in the wrong order, or has a certificate too many",
                "serve the whole chain, the server's own certificate first",
            ),
            outside(
                "the instance cannot be reached from the internet, or its certificate is from a private authority",
                "let AWS reach it, or give the thumbprint of the authority; or publish copies elsewhere",
            ),
        ],
    },
    Known {
        id: "no-such-role",
        code: "NoSuchEntity",
        patterns: &["The role with name {} cannot be found", "NoSuchEntity"],
        speaker: Iam,
        stages: &[],
        says: "the account that was asked has no such role, policy or provider",
        causes: &[outside("another account or another name is meant", "look at `aws sts get-caller-identity`")],
    },
];
