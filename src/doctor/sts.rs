//! What STS says to `AssumeRoleWithWebIdentity` of the token, its provider and the trust policy.
//!
//! Sources: STS API reference, AssumeRoleWithWebIdentity; re:Post "iam-sts-invalididentitytoken"; GitLab's pages "Configure OpenID Connect in
//! AWS" and its issues 342243, 374001; messages as recorded in github.com/aws-actions/configure-aws-credentials and other public issues. Of an
//! issuer that is no URL: github.com/SumoLogic-Labs/service-account-token-refresher.

use super::Speaker::Sts;
use super::{Known, in_token, outside, perhaps, said, shown};
use crate::verdict::Stage::{Audience, Provider, Time, Token, TrustPolicy};

pub(super) static ERRORS: &[Known] = &[
    Known {
        id: "control-policy",
        code: "AccessDenied",
        patterns: &[
            "is not authorized to perform: sts:AssumeRoleWithWebIdentity {} with an explicit deny in a resource control policy",
            "is not authorized to perform: sts:AssumeRoleWithWebIdentity {} with an explicit deny in a service control policy",
        ],
        speaker: Sts,
        stages: &[TrustPolicy],
        says: "a policy of the organization denies the call, whatever the role's trust policy says",
        causes: &[said(
            "the message says so itself: an explicit deny in a control policy",
            "ask who keeps the organization's policies; no edit of the trust policy helps",
        )],
    },
    Known {
        id: "not-authorized",
        code: "AccessDenied",
        patterns: &[
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "(AccessDenied) when calling the AssumeRoleWithWebIdentity",
            "AssumeRoleWithWebIdentity, https response error StatusCode: 403, RequestID: {}, api error AccessDenied",
            "is not authorized to perform: sts:AssumeRoleWithWebIdentity",
        ],
        speaker: Sts,
        stages: &[TrustPolicy],
        says: "the token passed every check of its own, and the role's trust policy, or a policy above it, did not let it in",
        causes: &[
            shown(
                TrustPolicy,
                "the trust policy has no statement that this token satisfies: `sub` or `aud` differ, a key is never sent, or the principal is another provider",
                "mend the condition that failed: beside the role's trust policy and the job's token the check names it",
            ),
            perhaps(
                "the role does not exist, or its ARN or account is another than you think",
                "compare `role-arn` in the job with `aws iam get-role`; AWS has not said that it answers like this then",
            ),
            outside(
                "the role or its policy was saved less than about ten seconds ago: IAM takes that long to tell all of AWS",
                "run the job again; in Terraform wait between the role and its first use",
            ),
            outside(
                "the call names a provider that STS does not know, with `--provider-id` or `ProviderId`: this answer has been recorded for it",
                "leave it out: the token's issuer tells the provider",
            ),
            outside(
                "a resource control policy of the organization denies it; CloudTrail shows the same message for both",
                "ask who keeps the organization's policies; the trust policy cannot tell",
            ),
        ],
    },
    Known {
        id: "no-provider",
        code: "InvalidIdentityToken",
        patterns: &["No OpenIDConnect provider found in your account for {}"],
        speaker: Sts,
        stages: &[Provider],
        says: "the role's account has no OIDC provider whose URL is the token's issuer, to the letter",
        causes: &[
            shown(
                Provider,
                "the provider's URL differs from `iss`: another host, a path, upper case, or a slash at its end",
                "make a provider with exactly this URL; with and without a slash at the end they are two",
            ),
            outside("the provider is in another account than the role", "make it in the role's own account"),
            outside(
                "the role's ARN in the job names another account than you think",
                "compare the account in `role-arn` with that of the provider",
            ),
        ],
    },
    Known {
        id: "verification-key",
        code: "InvalidIdentityToken",
        patterns: &[
            "Couldn't retrieve verification key from your identity provider",
            "retrieve verification key from your identity provider",
        ],
        speaker: Sts,
        stages: &[Provider],
        says: "AWS could not fetch the keys that the token's signature is checked with",
        causes: &[
            outside(
                "the GitLab instance cannot be reached from the internet: a firewall, an allowlist, or a private network",
                "let AWS reach `/.well-known/openid-configuration` and `/oauth/discovery/keys`, or publish copies of both and set `ci_id_tokens_issuer_url` (GitLab 18.1)",
            ),
            outside(
                "the instance answers too slowly (more than 5 seconds) or turns requests away, often with many jobs at once",
                "try again with a pause; have the keys cached: GitLab does it since 16.x",
            ),
            outside(
                "its certificate chain is incomplete or in the wrong order",
                "serve the whole chain, the server's own certificate first",
            ),
            outside(
                "the token was signed with a key that is not published: the key was changed, or the published copy is old",
                "copy the keys anew, then start the job again so that it gets a new token",
            ),
            shown(
                Provider,
                "the issuer is another one than the provider that you made",
                "compare `iss` with the provider's URL",
            ),
        ],
    },
    Known {
        id: "thumbprint",
        code: "InvalidIdentityToken",
        patterns: &["HTTPS certificate doesn't match configured thumbprint"],
        speaker: Sts,
        stages: &[Provider],
        says: "AWS checks this provider's certificate by the thumbprints that it was made with, and none fits",
        causes: &[
            outside(
                "the certificate was renewed under another authority than the thumbprint's",
                "update the provider's thumbprint to that of the top intermediate authority of the host that serves the keys",
            ),
            outside(
                "the thumbprint was copied from a tutorial and belongs to another provider",
                "for gitlab.com give none: AWS checks public certificates by its own list",
            ),
        ],
    },
    Known {
        id: "audience-not-registered",
        code: "InvalidIdentityToken",
        patterns: &["Incorrect token audience", "The web identity token provided could not be validated"],
        speaker: Sts,
        stages: &[Audience],
        says: "the token's `aud` is none of the provider's client IDs",
        causes: &[
            shown(
                Audience,
                "`aud` in `id_tokens` and the provider's client ID differ: another text, `https://` or a slash at the end",
                "add the audience to the provider (`aws iam add-client-id-to-open-id-connect-provider`), or change `aud` in `.gitlab-ci.yml`",
            ),
            outside("the provider was made without client IDs", "add the audience to it"),
        ],
    },
    Known {
        id: "issuer-url",
        code: "InvalidIdentityToken",
        patterns: &[
            "(InvalidIdentityToken) when calling the AssumeRoleWithWebIdentity operation: Issuer must be a valid URL",
            "InvalidIdentityToken: Issuer must be a valid URL",
        ],
        speaker: Sts,
        stages: &[Provider],
        says: "the token's `iss` is no URL",
        causes: &[
            outside(
                "the job sends `CI_JOB_JWT` of an old GitLab or another token, whose `iss` has no `https://`",
                "declare a token under `id_tokens` with an `aud`, and send that variable",
            ),
            in_token(Provider, "the issuer does not begin with `https://`", "look at the token's `iss`"),
        ],
    },
    Known {
        id: "several-audiences",
        code: "InvalidIdentityToken",
        patterns: &["Token audience contains more than one audience while authorized party is not present"],
        speaker: Sts,
        stages: &[Audience],
        says: "the token has several audiences, and AWS takes one",
        causes: &[in_token(
            Audience,
            "`aud` in `id_tokens` is a list of several",
            "give one audience; for another service ask for a second token under another name",
        )],
    },
    Known {
        id: "missing-claim",
        code: "InvalidIdentityToken",
        patterns: &["Missing a required claim: {}"],
        speaker: Sts,
        stages: &[Token],
        says: "the token lacks a claim that STS requires: `iss`, `sub`, `aud`, `iat`, `exp`",
        causes: &[
            outside(
                "the job sends `CI_JOB_JWT` or another token of old, which has no `aud`",
                "declare a token under `id_tokens` with an `aud`, and send that variable",
            ),
            shown(Token, "what was sent is no ID token of GitLab's", "send the variable that `id_tokens` names"),
        ],
    },
    Known {
        id: "empty-claim",
        code: "InvalidIdentityToken",
        patterns: &["Claim is not allowed to be empty: {}"],
        speaker: Sts,
        stages: &[Token],
        says: "a claim that STS requires is empty",
        causes: &[shown(Token, "`aud` in `id_tokens` is an empty list", "give it one audience")],
    },
    Known {
        id: "not-a-jwt",
        code: "InvalidIdentityToken",
        patterns: &["The ID Token provided is not a valid JWT"],
        speaker: Sts,
        stages: &[Token],
        says: "what was sent cannot be read as a token",
        causes: &[
            outside(
                "the variable is another one: `CI_JOB_TOKEN` is no ID token",
                "send the variable that `id_tokens` names",
            ),
            outside(
                "the text was cut, quoted or changed on its way, by the shell or by a masked variable",
                "write it with `printf '%s' \"$TOKEN\"`, with quotes round the variable",
            ),
            shown(Token, "the token cannot be read here either", "compare it with the job's `id_tokens`"),
        ],
    },
    Known {
        id: "token-too-old",
        code: "ExpiredTokenException",
        patterns: &["Token too old: {}"],
        speaker: Sts,
        stages: &[Time],
        says: "the token was issued too long ago; which age is too old AWS has not said",
        causes: &[perhaps(
            "the token was kept and sent again, a day later perhaps; this answer was seen once",
            "ask with a token of the job that runs",
        )],
    },
    Known {
        id: "token-expired",
        code: "ExpiredTokenException",
        patterns: &[
            "Token expired: current date/time {} must be before the expiration date/time {}",
            "Token expired: current date/time",
            "(ExpiredTokenException) when calling the AssumeRoleWithWebIdentity",
            "AssumeRoleWithWebIdentity{}ExpiredTokenException",
            "WebIdentityErr: {} ExpiredTokenException",
        ],
        speaker: Sts,
        stages: &[Time],
        says: "the token's `exp` passed more than five minutes before the call",
        causes: &[
            shown(
                Time,
                "the job asked later than the token lives: the token is made when the job starts, and lives as long as the job's timeout, at most",
                "sign in at the start of the job; for a longer session ask for more seconds, not for a later call",
            ),
            outside(
                "the SDK renews its session with the same token file, long after the job began",
                "keep the job shorter than the token, or ask once for a session as long as the job",
            ),
        ],
    },
    Known {
        id: "issued-in-future",
        code: "InvalidIdentityToken",
        patterns: &["Token issued in the future: {}"],
        speaker: Sts,
        stages: &[Time],
        says: "the token's `iat` lies more than five minutes ahead of AWS's clock",
        causes: &[shown(Time, "the clock of the GitLab instance is ahead", "have its clock set by a time server")],
    },
    Known {
        id: "not-yet-valid",
        code: "InvalidIdentityToken",
        patterns: &[
            "Token not yet valid: current date/time {} must be after or equal to the not-before date/time {}",
            "Token not yet valid: current date/time",
        ],
        speaker: Sts,
        stages: &[Time],
        says: "the token's `nbf` lies more than five minutes ahead of AWS's clock",
        causes: &[shown(Time, "the clock of the GitLab instance is ahead", "have its clock set by a time server")],
    },
    Known {
        id: "invalid-timestamp",
        code: "InvalidIdentityToken",
        patterns: &["Invalid timestamp in token claims"],
        speaker: Sts,
        stages: &[Time],
        says: "a time in the token is no whole number of seconds",
        causes: &[in_token(
            Time,
            "the token is not one of GitLab's, or was changed",
            "send the token as GitLab made it",
        )],
    },
    Known {
        id: "roles-claim",
        code: "InvalidIdentityToken",
        patterns: &[
            "The target role ARN is not present in the roles claim of the identity token",
            "The roles claim contains no valid role ARNs",
            "roles claim {} not in a supported format",
        ],
        speaker: Sts,
        stages: &[Token],
        says: "the token names the roles that it is for, and this role is none of them",
        causes: &[outside(
            "the token has the claim `https://aws.amazon.com/roles`; GitLab's own have none, so it is another issuer's",
            "add the role's ARN to that claim, or remove the claim",
        )],
    },
    Known {
        id: "tags-claim",
        code: "InvalidIdentityToken",
        patterns: &["principal_tags passed in claim is not in correct format"],
        speaker: Sts,
        stages: &[Token],
        says: "the token's session tags are not written as STS wants them",
        causes: &[outside(
            "each value of `principal_tags` must be a list of one text; GitLab's own tokens have no tags",
            "change the claim where the token is made",
        )],
    },
    Known {
        id: "another-provider-id",
        code: "InvalidIdentityToken",
        patterns: &["Provided Token is not a Login With Amazon token"],
        speaker: Sts,
        stages: &[Provider],
        says: "the call has a `ProviderId`, which is for OAuth 2.0 access tokens of Amazon and Facebook alone",
        causes: &[outside("`--provider-id` is set in the job", "leave it out for an ID token")],
    },
    Known {
        id: "idp-communication",
        code: "IDPCommunicationError",
        patterns: &[
            "IDPCommunicationError",
            "IDPCommunicationErrorException",
            "could not be fulfilled because the identity provider",
        ],
        speaker: Sts,
        stages: &[Provider],
        says: "AWS could not reach the identity provider just then",
        causes: &[outside("a passing fault on the way, or the instance is down", "try again with a pause that grows")],
    },
    Known {
        id: "idp-rejected",
        code: "IDPRejectedClaim",
        patterns: &[
            "IDPRejectedClaim",
            "IDPRejectedClaimException",
            "identity provider (IdP) reported that authentication failed",
        ],
        speaker: Sts,
        stages: &[Token],
        says: "the identity provider reported that authentication failed",
        causes: &[outside("the token was revoked or has expired", "ask with a token of the job that runs")],
    },
    Known {
        id: "invalid-identity-token",
        code: "InvalidIdentityToken",
        patterns: &["InvalidIdentityToken", "InvalidIdentityTokenException"],
        speaker: Sts,
        stages: &[Token, Provider, Time, Audience],
        says: "STS refused the token before it asked the trust policy; the message that says why is not in this text",
        causes: &[
            shown(Provider, "the account has no provider for the token's issuer", "compare `iss` with the providers"),
            shown(Audience, "the audience is none of the provider's client IDs", "compare `aud` with them"),
            shown(Time, "the token is too old or too new", "look at the token's times"),
            shown(Token, "the token lacks a claim or cannot be read", "look at the token"),
        ],
    },
];
