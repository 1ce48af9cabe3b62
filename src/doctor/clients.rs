//! What stands in a job's log before STS is asked, or after it answered: the AWS command line, SDKs, tools, GitLab.
//!
//! Sources: the clients' own messages as they are found in public issues; GitLab's pages "ID token authentication" and "Configure OpenID
//! Connect in AWS"; github.com/aws/aws-cli issues 5227, 5593, 6350, 9586, and its `awscli/argparser.py`; a denied `AssumeRole`:
//! github.com/apache/hadoop, page "Assumed Roles", SWO-GS/auto-tag issue 19; session tags: aws-actions/configure-aws-credentials 54, 600, and
//! the IAM User Guide, `id_session-tags`.
//! Which policy denies: IAM User Guide, "Troubleshoot access denied error messages".
//! S3's expired token: github.com/ibi-group/datatools-ui issue 10, nathanpeck/s3-upload-stream 39, craftcms/aws-s3 182, aws-amplify/amplify-android
//! 2651, romange/helio 15; the code beside other services' words: boto/boto3 1431, aws/aws-sdk-js-v3 2275.

use super::Speaker::{Client, GitLab};
use super::{Known, outside};

pub(super) static ERRORS: &[Known] = &[
    Known {
        id: "empty-token",
        code: "",
        patterns: &[
            "Invalid length for parameter WebIdentityToken, value: 0",
            "argument --web-identity-token: expected one argument",
            "WebIdentityToken must not be empty",
            "minimum field size of 4, AssumeRoleWithWebIdentityInput.WebIdentityToken",
            "missing required field, AssumeRoleWithWebIdentityInput.WebIdentityToken",
        ],
        speaker: Client,
        stages: &[],
        says: "the job has no token to send: the variable is empty",
        causes: &[
            outside(
                "the job has no `id_tokens`, or it stands in another job: a job's own block takes the place of `default`'s",
                "declare the token under `id_tokens` of this very job",
            ),
            outside("the script uses another name than `id_tokens` gives", "use the same name in both"),
        ],
    },
    Known {
        id: "option-missing",
        code: "",
        patterns: &[
            "arguments are required: --web-identity-token",
            "arguments are required: --role-arn",
            "arguments are required: --role-session-name",
        ],
        speaker: Client,
        stages: &[],
        says: "the AWS command line was called without options that it must have; the message lists them",
        causes: &[
            outside(
                "the command goes over several lines, and one of them does not end with `\\`, or has a space behind it",
                "write the command in one line, or as a block of YAML with `>-`",
            ),
            outside("the option is not written, or its name is mistyped", "compare it with the command's `help`"),
        ],
    },
    Known {
        id: "token-file",
        code: "",
        patterns: &[
            "failed to retrieve jwt from provide source{}unable to read file at {}",
            "WebIdentityErr: unable to read file at {}",
            "could not read web identity token file",
            "web identity token file {} not found",
            "failed to read web identity token",
            "No such file or directory: '{}web_identity{}'",
            "ENOENT: no such file or directory, open '{}web_identity{}'",
        ],
        speaker: Client,
        stages: &[],
        says: "`AWS_WEB_IDENTITY_TOKEN_FILE` names a file that is not there",
        causes: &[
            outside(
                "the token is written in another job or in a later step than its first use",
                "write it in `before_script` of the same job",
            ),
            outside(
                "the path is made by a command that failed",
                "look at the line that writes the token; `set -e` stops the job there",
            ),
        ],
    },
    Known {
        id: "no-credentials",
        code: "",
        patterns: &[
            "Unable to locate credentials",
            "NoCredentialProviders",
            "no EC2 IMDS role found",
            "Could not load credentials from any providers",
            "Unable to load credentials from any of the providers in the chain",
            "Unable to load AWS credentials from any provider in the chain",
            "No valid credential sources found",
            "no valid credential sources for {} found",
            "Missing credentials in config",
            "Error retrieving credentials from the instance profile metadata",
            "Unable to get IAM security credentials from EC2 Instance Metadata Service",
            "the credential provider was not enabled",
            "no providers in chain provided credentials",
            "unable to sign request without credentials set",
            "Need to perform AWS calls for account {}, but no credentials have been configured",
            "Partial credentials found",
        ],
        speaker: Client,
        stages: &[],
        says: "the client found no credentials, and did not ask STS with the token",
        causes: &[
            outside(
                "`AWS_ROLE_ARN` or `AWS_WEB_IDENTITY_TOKEN_FILE` is not set where the client runs: exported in another shell, in another job, or not passed into a container",
                "set both in the job that uses them, and look with `env | grep ^AWS_ROLE`",
            ),
            outside(
                "an `export X=$(…)` before it failed unseen: the status of the command inside is lost, and the variable is empty",
                "assign first, export after",
            ),
        ],
    },
    Known {
        id: "no-region",
        code: "",
        patterns: &[
            "You must specify a region",
            "Could not connect to the endpoint URL: \"https://sts.{}\"",
            "could not find region configuration",
            "Invalid Configuration: Missing Region",
            "Missing region in config",
            "No RegionEndpoint or ServiceURL configured",
            "invalid AWS Region",
            "Unable to find a region via the region provider chain",
            "Error: Region is missing",
            "an AWS region is required",
        ],
        speaker: Client,
        stages: &[],
        says: "the client does not know which region's STS to ask, or that endpoint does not exist",
        causes: &[outside(
            "newer clients ask the regional endpoint and need `AWS_REGION`; a wrong name makes an address that nobody answers",
            "set `AWS_REGION` in the job, and look at its spelling",
        )],
    },
    Known {
        id: "entrypoint",
        code: "",
        patterns: &[
            "argument command: Found invalid choice 'sh'",
            "argument command: Found invalid choice 'bash'",
            "argument command: Found invalid choice '/bin/sh'",
            "argument command: Found invalid choice '/bin/bash'",
            "Executing \"step_script\" stage of the job script{}usage: aws [options]",
        ],
        speaker: Client,
        stages: &[],
        says: "the image starts `aws` in the place of the job's shell",
        causes: &[outside(
            "the entrypoint of `amazon/aws-cli` is the command itself",
            "write `image: { name: …, entrypoint: [\"\"] }`",
        )],
    },
    Known {
        id: "cli-command",
        code: "",
        patterns: &[
            "argument command: Found invalid choice '{}'",
            "argument operation: Found invalid choice '{}'",
            "argument subcommand: Found invalid choice '{}'",
            "Invalid choice: '{}', maybe you meant:",
            "argument operation: Invalid choice, valid choices are",
            "argument subcommand: Invalid choice, valid choices are",
        ],
        speaker: Client,
        stages: &[],
        says: "the AWS command line has no such service or command",
        causes: &[outside(
            "the word is mistyped, or the `aws` of the job is older than it",
            "compare it with `aws help`, and the version with `aws --version`",
        )],
    },
    Known {
        id: "cli-word",
        code: "",
        patterns: &["argument command: Invalid choice, valid choices are"],
        speaker: Client,
        stages: &[],
        says: "the AWS command line does not know the first word that it was given, and does not say which it was",
        causes: &[
            outside(
                "after a command of the job: the service is mistyped, or the `aws` of the job is older than it",
                "compare it with `aws help`, and the version with `aws --version`",
            ),
            outside(
                "before the job's first command: the word was `sh`, as the entrypoint of `amazon/aws-cli` is the command itself",
                "write `image: { name: …, entrypoint: [\"\"] }`",
            ),
        ],
    },
    Known {
        id: "jq-missing",
        code: "",
        patterns: &["jq: command not found", "jq: not found"],
        speaker: Client,
        stages: &[],
        says: "the script wants `jq`, and the image has none",
        causes: &[outside(
            "images of `amazon/aws-cli` from before July 2025 have none",
            "use the token file, which needs no `jq`, or `--query` with `--output text`",
        )],
    },
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
    Known {
        id: "issuance-disabled",
        code: "",
        patterns: &["ID token issuance is disabled"],
        speaker: GitLab,
        stages: &[],
        says: "GitLab makes no ID tokens for this project: another project had its path before",
        causes: &[outside(
            "since June 2026 gitlab.com makes none for a path that was used for tokens by another project",
            "have `sub` begin with `project_id` (`ci_id_token_sub_claim_components`) and ask for that in the trust policy, or move the project to a path that was never used",
        )],
    },
    Known {
        id: "sub-components",
        code: "",
        patterns: &["must be the first element of the sub claim", "is not an allowed sub claim component"],
        speaker: GitLab,
        stages: &[],
        says: "GitLab refuses these components for `sub`",
        causes: &[outside(
            "the instance is older than the component, or the first is not one that it takes there",
            "begin with `project_path`, or with `project_id` where the version takes it",
        )],
    },
];
