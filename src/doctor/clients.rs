//! What stands in a job's log before STS is asked: the AWS command line, SDKs, tools, GitLab.
//!
//! Sources: the clients' own messages as they are found in public issues; GitLab's pages "ID token authentication" and "Configure OpenID
//! Connect in AWS"; github.com/aws/aws-cli issues 5227, 5593, 6350, 9586, and its `awscli/argparser.py`; aws/aws-sdk-java-v2 5719;
//! aws/aws-cdk 3482, 21328; hashicorp/terraform-provider-aws 28889, 30959; `botocore/credentials.py`; aws/aws-sdk-js-v3, `fromTokenFile.ts`;
//! gitlabhq/gitlabhq, `lib/gitlab/ci/config/entry/id_token.rb` and its spec.

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
            "Unable to resolve AWS account to use",
            "Web identity configuration not specified",
            "configured to assume role with web identity but has no role ARN configured",
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
            "Unable to load region from any of the providers in the chain",
            "dial tcp: lookup sts.{}: no such host",
            "Error: Region is missing",
            "an AWS region is required",
        ],
        speaker: Client,
        stages: &[],
        says: "the client does not know which region's STS to ask, or does not reach it",
        causes: &[
            outside(
                "newer clients ask the regional endpoint and need `AWS_REGION`; a wrong name makes an address that nobody answers",
                "set `AWS_REGION` in the job, and look at its spelling",
            ),
            outside(
                "the region is right, and the job's machine cannot look up the address: it has no network, or its DNS does not answer",
                "look up the address that the message names in the job; ask who runs the runner",
            ),
        ],
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
        id: "token-without-audience",
        code: "",
        patterns: &["config missing required keys: aud"],
        speaker: GitLab,
        stages: &[],
        says: "GitLab makes no pipeline: a token under `id_tokens` has no `aud`",
        causes: &[outside(
            "`aud` is not written under the token's name, or is not indented below it",
            "write it there: one text, a client ID of the provider",
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
