//! What STS says of the call itself: its other parameters, and what is no fault of the caller's.
//!
//! Sources: STS API reference, AssumeRoleWithWebIdentity, and AWS's page "Common Errors". Of the length of a session: github.com/apache/hadoop,
//! page "Assumed Roles", github.com/cevoaustralia/aws-google-auth, pull request 178, and `botocore/validate.py`, as `aws` 1.45 prints it. Of faults
//! and throttling: github.com/aws/aws-sdk-go-v2 issue 2544, aws/aws-sdk-java-v2 5106, jlevers/selling-partner-api 278, and `botocore/parsers.py`,
//! which makes a code of the status where the answer has none.

use super::Speaker::Sts;
use super::{Known, outside, perhaps, shown};
use crate::verdict::Stage::Token;

pub(super) static ERRORS: &[Known] = &[
    Known {
        id: "region-disabled",
        code: "RegionDisabledException",
        patterns: &["RegionDisabledException", "STS is not activated in this region"],
        speaker: Sts,
        stages: &[],
        says: "STS is not switched on in this region for the account",
        causes: &[outside(
            "the region must be enabled, or STS switched on in it, by the account's administrator",
            "use the endpoint of another region, or switch it on in IAM's account settings",
        )],
    },
    Known {
        id: "session-too-short",
        code: "ValidationError",
        patterns: &[
            "Value '{}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to {}",
            "Invalid value for parameter DurationSeconds, value: {}, valid min value: {}",
        ],
        speaker: Sts,
        stages: &[],
        says: "the job asks for a shorter session than STS gives: 900 seconds are the least",
        causes: &[
            outside(
                "`--duration-seconds`, or what the client has in its place, is less than 900",
                "ask for 900 or more, or leave it out: a session is 3,600 seconds long then",
            ),
            outside("minutes were written where seconds are meant", "write seconds: an hour is 3600"),
        ],
    },
    Known {
        id: "session-chained",
        code: "ValidationError",
        patterns: &["DurationSeconds exceeds the {} session limit for roles assumed by role chaining"],
        speaker: Sts,
        stages: &[],
        says: "a role that is assumed from another role's session lasts an hour at most, whatever its `MaxSessionDuration` is",
        causes: &[outside(
            "a profile or Terraform's `assume_role` goes on from the first role to a second one, and asks for more than 3,600 seconds",
            "ask for 3600 or less, or assume the second role with the token itself",
        )],
    },
    Known {
        id: "session-too-long",
        code: "ValidationError",
        patterns: &[
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role",
            "DurationSeconds exceeds the MaxSessionDuration",
        ],
        speaker: Sts,
        stages: &[],
        says: "the job asks for a longer session than the role allows",
        causes: &[outside(
            "`--duration-seconds` is more than the role's `MaxSessionDuration`, which is one hour unless it was raised, and twelve at most",
            "ask for less, or raise the role's `MaxSessionDuration`",
        )],
    },
    Known {
        id: "session-over-limit",
        code: "ValidationError",
        patterns: &[
            "Value '{}' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to {}",
        ],
        speaker: Sts,
        stages: &[],
        says: "the job asks for a longer session than STS gives to any role: 43,200 seconds, twelve hours, are the most",
        causes: &[outside(
            "`--duration-seconds` is more than 43200",
            "ask for less, and for no more than the role's `MaxSessionDuration`",
        )],
    },
    Known {
        id: "session-length",
        code: "ValidationError",
        patterns: &["at 'durationSeconds' failed to satisfy constraint"],
        speaker: Sts,
        stages: &[],
        says: "the job asks for a session of a length that STS does not give: it takes 900 to 43,200 seconds",
        causes: &[outside(
            "the number is less than 900 or more than 43200",
            "ask for 900 to 43200, and for no more than the role's `MaxSessionDuration`",
        )],
    },
    Known {
        id: "session-name",
        code: "ValidationError",
        patterns: &[
            "at 'roleSessionName' failed to satisfy constraint",
            "Invalid length for parameter RoleSessionName",
            "minimum field size of 2, AssumeRoleWithWebIdentityInput.RoleSessionName",
            "missing required field, AssumeRoleWithWebIdentityInput.RoleSessionName",
        ],
        speaker: Sts,
        stages: &[],
        says: "the session name has a character that AWS does not take, or is not 2 to 64 long",
        causes: &[
            outside(
                "`$CI_PROJECT_PATH` or a branch name is in it: `/` and `:` are not allowed",
                "use `$CI_PROJECT_PATH_SLUG`, `$CI_PROJECT_ID` or `$CI_JOB_ID`",
            ),
            outside(
                "a variable in it is empty, so that none or one character is left",
                "look at the variable, and put a text before it",
            ),
        ],
    },
    Known {
        id: "token-length",
        code: "ValidationError",
        patterns: &["at 'webIdentityToken' failed to satisfy constraint"],
        speaker: Sts,
        stages: &[Token],
        says: "the token is empty, or longer than 20,000 characters",
        causes: &[outside(
            "the variable is not set: the job has no `id_tokens`, or it names another variable",
            "declare the token under `id_tokens` of this very job: it is not taken from other jobs",
        )],
    },
    Known {
        id: "role-arn",
        code: "ValidationError",
        patterns: &[
            "at 'roleArn' failed to satisfy constraint",
            "is invalid (Service: Sts",
            "Request ARN is invalid",
            "argument --role-arn: expected one argument",
            "Invalid length for parameter RoleArn",
            "missing required field, AssumeRoleWithWebIdentityInput.RoleArn",
        ],
        speaker: Sts,
        stages: &[],
        says: "what was given as the role's ARN is none",
        causes: &[outside(
            "a variable in it is empty, or it is the ARN of something else",
            "it reads `arn:aws:iam::<12 digits>:role/<name>`",
        )],
    },
    Known {
        id: "packed-policy",
        code: "PackedPolicyTooLarge",
        patterns: &[
            "PackedPolicyTooLarge",
            "PackedPolicyTooLargeException",
            "Packed policy consumes {} of allotted space",
        ],
        speaker: Sts,
        stages: &[],
        says: "session policy and session tags together are too large",
        causes: &[outside("the job sends a long session policy", "send a shorter one, or attach it to the role")],
    },
    Known {
        id: "internal-failure",
        code: "InternalFailure",
        patterns: &[
            "(InternalFailure) when calling the AssumeRoleWithWebIdentity",
            "AssumeRoleWithWebIdentity{}InternalFailure",
            "WebIdentityErr: {} InternalFailure",
            "STS::Errors::InternalFailure",
            "(500) when calling the AssumeRoleWithWebIdentity",
            "STS: AssumeRoleWithWebIdentity, {}StatusCode: 500",
            "AWSSecurityTokenService; Status Code: 500",
            "Service: Sts, Status Code: 500",
        ],
        speaker: Sts,
        stages: &[Token],
        says: "STS failed; it has been seen to do so where `sub` is null",
        causes: &[
            shown(Token, "`sub` is null in the token", "look at the token's `sub`"),
            outside("a passing fault of AWS's", "try again"),
        ],
    },
    Known {
        id: "sts-unavailable",
        code: "",
        patterns: &[
            "(ServiceUnavailable) when calling the AssumeRoleWithWebIdentity",
            "(503) when calling the AssumeRoleWithWebIdentity",
            "STS: AssumeRoleWithWebIdentity, {}StatusCode: 503",
            "AWSSecurityTokenService; Status Code: 503",
            "Service: Sts, Status Code: 503",
        ],
        speaker: Sts,
        stages: &[],
        says: "STS, or a proxy on the way to it, could not answer just then: nothing is said of the token and the policy",
        causes: &[
            outside("a passing fault of AWS's", "try again with a pause that grows, or ask another region's STS"),
            perhaps("a proxy between the runner and AWS answers in its place", "look at `HTTPS_PROXY` in the job"),
        ],
    },
    Known {
        id: "sts-throttled",
        code: "Throttling",
        patterns: &[
            "(Throttling) when calling the AssumeRoleWithWebIdentity",
            "AssumeRoleWithWebIdentity{}Throttling: Rate exceeded",
            "WebIdentityErr: {} Throttling: Rate exceeded",
            "AssumeRoleWithWebIdentity{}Throttling (client): Rate exceeded",
            "Rate exceeded (Service: AWSSecurityTokenService",
            "Rate exceeded (Service: Sts",
            "STS::Errors::Throttling",
        ],
        speaker: Sts,
        stages: &[],
        says: "STS was asked too often at once and did not look at the token",
        causes: &[outside(
            "many jobs sign in at the same time, or each command of a job signs in anew",
            "try again with a pause that grows, and sign in once a job: a session serves for all its commands",
        )],
    },
];
