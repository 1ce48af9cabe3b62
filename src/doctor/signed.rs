//! What AWS answers to a request that is signed with keys: those of the role, once STS gave them, or others that a job has.
//!
//! Sources: a denied `AssumeRole`: github.com/apache/hadoop, page "Assumed Roles", SWO-GS/auto-tag issue 19; session tags:
//! aws-actions/configure-aws-credentials 54, 600, and the IAM User Guide, `id_session-tags`; which policy denies: IAM User Guide, "Troubleshoot
//! access denied error messages"; S3's expired token: github.com/ibi-group/datatools-ui issue 10, nathanpeck/s3-upload-stream 39,
//! craftcms/aws-s3 182, aws-amplify/amplify-android 2651, romange/helio 15; the code beside other services' words: boto/boto3 1431,
//! aws/aws-sdk-js-v3 2275; S3's unknown key: awsdocs/aws-doc-sdk-examples 334, aws/aws-sdk-java-v2 1477, prolane/samltoawsstskeys 40, whose
//! session token was missing.

use super::Speaker::Client;
use super::{Known, outside};

pub(super) static ERRORS: &[Known] = &[
    Known {
        id: "session-expired",
        code: "ExpiredToken",
        patterns: &[
            "The security token included in the request is expired",
            "(ExpiredToken) when calling the {}: The provided token has expired",
            "ExpiredToken: The provided token has expired",
            "ExpiredToken (client): The provided token has expired",
            "The provided token has expired. (Service: {}, Status Code: 400",
            "The provided token has expired. (Service: {}; Status Code: 400; Error Code: ExpiredToken",
            "S3Exception: The provided token has expired",
            "Aws::S3::Errors::ExpiredToken",
            "<Code>ExpiredToken</Code>",
            "(ExpiredToken) when calling the",
            "(ExpiredTokenException) when calling the",
        ],
        speaker: Client,
        stages: &[],
        says: "the session that the role gave is over: signing in had worked",
        causes: &[
            outside(
                "the job runs longer than the session, one hour unless more was asked for",
                "ask for a longer session, as far as the role's `MaxSessionDuration` allows, or use the token file",
            ),
            outside(
                "`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` of an old session are variables of the project or the group, or come from another job: they go before the token file",
                "remove them, or `unset` them at the start of the job, and sign in in this one",
            ),
        ],
    },
    Known {
        id: "clock",
        code: "",
        patterns: &[
            "(SignatureDoesNotMatch) when calling the {} operation: Signature expired",
            "(SignatureDoesNotMatch) when calling the {} operation: Signature not yet current",
            "Signature expired: {} is now earlier than {}",
            "Signature not yet current: {} is still later than {}",
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large",
        ],
        speaker: Client,
        stages: &[],
        says: "the clock of the job's machine and that of AWS are too far apart: a signed request counts for some minutes alone",
        causes: &[outside(
            "the clock of the runner, or of the machine under its containers, is wrong, often after it was asleep",
            "have it set by a time server, and compare `date -u` in the job with the time in the message",
        )],
    },
    Known {
        id: "old-keys",
        code: "InvalidClientTokenId",
        patterns: &[
            "The security token included in the request is invalid",
            "InvalidClientTokenId",
            "(SignatureDoesNotMatch) when calling the",
            "The request signature we calculated does not match the signature you provided",
        ],
        speaker: Client,
        stages: &[],
        says: "the client used keys that AWS does not know, and not the token",
        causes: &[outside(
            "`AWS_ACCESS_KEY_ID` and its fellows are still variables of the project or the group: they come before the token",
            "remove them, or `unset` them at the start of the job",
        )],
    },
    Known {
        id: "unknown-key",
        code: "InvalidAccessKeyId",
        patterns: &["The AWS Access Key Id you provided does not exist in our records"],
        speaker: Client,
        stages: &[],
        says: "S3 does not know the key that signed the request",
        causes: &[
            outside(
                "`AWS_ACCESS_KEY_ID` and its fellows are still variables of the project or the group: they come before the token",
                "remove them, or `unset` them at the start of the job",
            ),
            outside(
                "the keys are those of a session, and `AWS_SESSION_TOKEN` is not set beside them",
                "export all three of what STS answered, or use the token file",
            ),
        ],
    },
    Known {
        id: "assume-role-instead",
        code: "AccessDenied",
        patterns: &[
            "is not authorized to perform: sts:AssumeRole",
            "(AccessDenied) when calling the AssumeRole operation",
            "Not authorized to perform sts:AssumeRole",
        ],
        speaker: Client,
        stages: &[],
        says: "somebody who is signed in already asked for the role, without the token: `sts:AssumeRole` is another call",
        causes: &[
            outside(
                "old keys are still set in the job, or the runner's own role was used",
                "unset them, and sign in with `assume-role-with-web-identity`",
            ),
            outside(
                "a profile or Terraform's `assume_role` goes on from the first role to a second one",
                "let the second role trust the first one's ARN; that is a trust policy of another kind",
            ),
        ],
    },
    Known {
        id: "tag-session",
        code: "AccessDenied",
        patterns: &["is not authorized to perform: sts:TagSession"],
        speaker: Client,
        stages: &[],
        says: "somebody who is signed in already asked for a role with session tags: `sts:AssumeRole` is another call than the token's",
        causes: &[
            outside(
                "the trust policy of the role that is asked for allows `sts:AssumeRole` alone, or the caller may not tag",
                "allow `sts:TagSession` beside it, in the trust policy and to the caller, or send no tags",
            ),
            outside(
                "the token was not sent: old keys are still set in the job, or the runner's own role was used",
                "unset them, and sign in with `assume-role-with-web-identity`; GitLab's tokens have no tags",
            ),
        ],
    },
    Known {
        id: "organization-denies",
        code: "AccessDenied",
        patterns: &[
            "assumed-role/{} is not authorized to perform: {} explicit deny in a service control policy",
            "assumed-role/{} is not authorized to perform: {} explicit deny in a resource control policy",
            "assumed-role/{} is not authorized to perform: {} because no service control policy allows",
            "assumed-role/{} is not authorized to perform: {} because no resource control policy allows",
        ],
        speaker: Client,
        stages: &[],
        says: "a role was signed in, and a policy of the organization does not let it do this: no permission of the role's own helps",
        causes: &[outside(
            "a service control policy or a resource control policy stands above the account",
            "ask who keeps the organization's policies, or use what they let through: another region, another service",
        )],
    },
    Known {
        id: "boundary",
        code: "AccessDenied",
        patterns: &[
            "assumed-role/{} is not authorized to perform: {} because no permissions boundary allows",
            "assumed-role/{} is not authorized to perform: {} because no session policy allows",
            "assumed-role/{} is not authorized to perform: {} explicit deny in a permissions boundary",
            "assumed-role/{} is not authorized to perform: {} explicit deny in a session policy",
        ],
        speaker: Client,
        stages: &[],
        says: "a role was signed in, and its permissions boundary or the policy of its session does not let it do this: a permission of the role's own is not enough",
        causes: &[
            outside(
                "the role has a permissions boundary, and the action is not in it",
                "have the boundary's owner add the action; `aws iam get-role` names the boundary",
            ),
            outside(
                "the job signs in with a session policy, `--policy` or `--policy-arns`, that is narrower than the role",
                "add the action to it, or leave it out",
            ),
        ],
    },
    Known {
        id: "explicit-deny",
        code: "AccessDenied",
        patterns: &["assumed-role/{} is not authorized to perform: {} with an explicit deny in {} policy"],
        speaker: Client,
        stages: &[],
        says: "a role was signed in, and a policy denies it this expressly: no permission that is added helps",
        causes: &[outside(
            "the message names the kind of the policy: the role's own, that of the resource, or that of a VPC endpoint",
            "mend the statement with `Deny` in that policy",
        )],
    },
    Known {
        id: "permission-missing",
        code: "AccessDenied",
        patterns: &["assumed-role/{} is not authorized to perform: {}"],
        speaker: Client,
        stages: &[],
        says: "a role is signed in, the one behind `assumed-role/` in the message, and lacks a permission",
        causes: &[
            outside(
                "it is the role that the token is for: signing in worked, and none of its permission policies allows this action on this resource",
                "add it to the role's permissions, not to its trust policy",
            ),
            outside(
                "it is another role: the runner's own, with a session that is called like a machine, `i-0…`, or that of old keys; the token was not used",
                "set `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` where the client runs, and look with `aws sts get-caller-identity`",
            ),
        ],
    },
];
