//! The command line, as the README documents it.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::generate::{GENERATORS, Kind};
use crate::lint::Severity;

/// Which GitLab CI jobs may assume which AWS role: compose, generate, check.
#[derive(Debug, Parser)]
#[command(
    version,
    about,
    after_help = "Exit status: 0 yes, 1 no, 2 bad usage or unreadable input, 3 it depends on something not given."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the files of a setup
    Generate(Generate),
    /// Say what AWS STS would answer to a token, and why
    Check(Check),
    /// Say what the error in a job's log means, and what to do
    Doctor(Doctor),
    /// Look for known mistakes in policies, providers, CI files, setups and tokens that belong together
    Lint(Lint),
    /// Explain a rule, a stage or an error; without a name, list them
    Explain(Explain),
    /// Print the link of a setup
    Share(Share),
    /// Print the setup of a link
    Open(Open),
    /// List the permissions of common deployments, or print a setup with one of them
    Presets(Presets),
}

#[derive(Debug, Args)]
pub(super) struct Generate {
    /// The setup file; `-` for standard input. Several give one CI file for all, and a folder each for the rest
    #[arg(value_name = "SETUP", required = true)]
    pub(super) setups: Vec<String>,
    /// Write every file into this folder; a name that ends in `.zip` is the archive of them
    #[arg(long, value_name = "DIR", required_unless_present = "only", conflicts_with = "only")]
    pub(super) out: Option<String>,
    /// Overwrite files that differ
    #[arg(long, requires = "out")]
    pub(super) force: bool,
    /// Print one file
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub(super) only: Option<Kind>,
    /// The role of a file that is made for each role
    #[arg(long, value_name = "NAME", requires = "only")]
    pub(super) role: Option<String>,
}

/// The kind of that name, for `--only`.
fn kind(name: &str) -> Result<Kind, String> {
    Kind::parse(name).ok_or_else(|| {
        let names: Vec<&str> = GENERATORS.iter().map(|it| it.kind.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The role's trust policy: JSON, `aws iam get-role` output, Terraform, CloudFormation; `-` for standard input
    #[arg(long, value_name = "FILE", required_unless_present_any = ["cases", "setup"], conflicts_with = "cases")]
    pub(super) policy: Option<String>,
    /// A setup instead of a policy: the role's own policy, account, provider and audience; what is denied gets its remedies
    #[arg(
        long,
        value_name = "SETUP",
        conflicts_with_all = ["policy", "cases", "audience", "provider", "account"]
    )]
    pub(super) setup: Option<String>,
    /// The role, where the setup or the file of the policy has several
    #[arg(long, value_name = "NAME", conflicts_with = "cases")]
    pub(super) role: Option<String>,
    /// The value of a reference that has none in the file of the policy, such as `account_id` of Terraform
    #[arg(long, value_name = "NAME=VALUE", conflicts_with_all = ["setup", "cases"])]
    pub(super) var: Vec<String>,
    /// A token: a JWT, its JSON payload, or CloudTrail records as any tool prints them
    #[arg(long, value_name = "FILE", required_unless_present_any = ["tokens", "cases"], conflicts_with_all = ["tokens", "cases"])]
    pub(super) token: Option<String>,
    /// The job's log: which of the causes of its error it is, by the policy and the token
    #[arg(long, value_name = "LOG", requires = "token")]
    pub(super) log: Option<String>,
    /// Many tokens, one a line; one verdict a line, in order
    #[arg(long, value_name = "FILE.jsonl", conflicts_with = "cases")]
    pub(super) tokens: Option<String>,
    /// Many cases, one a line, each with its own policy and token; one verdict a line, in order
    #[arg(
        long,
        value_name = "FILE.jsonl",
        conflicts_with_all = ["audience", "provider", "account", "now", "context"]
    )]
    pub(super) cases: Option<String>,
    /// A client ID of the provider; without any, the token's own audience counts as one
    #[arg(long, value_name = "AUD")]
    pub(super) audience: Vec<String>,
    /// The URL of one of the account's providers; without any, the token's issuer counts as one
    #[arg(long, value_name = "URL")]
    pub(super) provider: Vec<String>,
    /// The role's account; without it, that of the federated principal for the token's issuer
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<String>,
    /// When: seconds since 1970, or `issued` for one minute after the token's `iat`; without it the clock, and with --log the time that the log tells, or else `issued`
    #[arg(long, value_name = "EPOCH|issued")]
    pub(super) now: Option<String>,
    /// A request key that is not in the token; twice makes a list
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) context: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Trust policies, `aws iam get-role` output, Terraform, CloudFormation, `.gitlab-ci.yml`, setups, tokens, told apart by their
    /// content and looked at together; `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub(super) files: Vec<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t = LintFormat::Text)]
    pub(super) format: LintFormat,
    /// Write the report into this file, and text for people to standard output
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<String>,
    /// End with status 1 from findings of this severity on
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "low")]
    pub(super) fail_on: Severity,
    /// Make the edits of findings that have one, in the files
    #[arg(long)]
    pub(super) fix: bool,
    /// The role's account
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<String>,
    /// A request key that is not in the token; twice makes a list
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) context: Vec<String>,
    /// The value of a variable of Terraform or a parameter of CloudFormation that has none in the file
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) var: Vec<String>,
}

/// The severity of that name, for `--fail-on`.
fn severity(name: &str) -> Result<Severity, String> {
    Severity::ALL.into_iter().find(|it| it.as_str() == name).ok_or_else(|| {
        let names = Severity::ALL.map(Severity::as_str);
        format!("one of {}", names.join(", "))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LintFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// GitLab Code Quality, for merge requests
    Gitlab,
    /// SARIF 2.1.0, for code scanners
    Sarif,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The name of a rule, a stage or an error; without it, all are listed
    #[arg(value_name = "ID")]
    pub(super) id: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The job's log, or the message alone; `-` for standard input
    #[arg(value_name = "LOG")]
    pub(super) log: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(super) format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Share {
    /// The setup file; `-` for standard input
    #[arg(value_name = "SETUP")]
    pub(super) setup: String,
    /// The page's address, to print a whole link
    #[arg(long, value_name = "URL")]
    pub(super) base: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Open {
    /// The link, or its part after `#`
    #[arg(value_name = "LINK")]
    pub(super) link: String,
}

#[derive(Debug, Args)]
pub(super) struct Presets {
    /// The preset; without it, all are listed
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The setup file that it is written into; `-` for standard input
    #[arg(value_name = "SETUP", requires = "name")]
    pub(super) setup: Option<String>,
    /// A field of the preset
    #[arg(long, value_name = "FIELD=VALUE", requires = "setup")]
    pub(super) set: Vec<String>,
    /// The role that gets the permissions, where the setup has several
    #[arg(long, value_name = "NAME", requires = "setup")]
    pub(super) role: Option<String>,
}
