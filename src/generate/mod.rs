//! Files from a setup. Each is a function of the setup alone: same setup, same bytes.
//!
//! A generator is one file here, one line in [`GENERATORS`], and goldens. It is text of our own with
//! places for values, and trees where the shape is the setup's; whatever has to be quoted for a format is quoted in `print`.

/// Which version made a file, as a literal.
macro_rules! made_by {
    () => {
        concat!("Made by Claimcheck ", env!("CARGO_PKG_VERSION"), ".")
    };
}

mod archive;
mod audit;
mod aws_cli;
mod cloudformation;
mod gitlab_ci;
mod permissions;
mod provider;
mod readme;
mod rules;
#[cfg(not(target_arch = "wasm32"))]
mod several;
mod terraform;
mod trust_policy;

pub use archive::{Archive, archive};
#[cfg(not(target_arch = "wasm32"))]
pub use several::{Conflict, ci_of_several, files_of_several};
pub use trust_policy::{trust_policy, trust_policy_file};

use provider::{add_audience, existing_provider, thumbprint};

use crate::setup::{Role, Setup};

/// A kind of file that is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A role's trust policy, JSON.
    TrustPolicy,
    /// A role's inline permission policy, JSON.
    Permissions,
    /// Terraform for everything in AWS.
    Terraform,
    /// The CI jobs.
    GitlabCi,
    /// A CloudFormation template for everything in AWS.
    CloudFormation,
    /// A script for everything in AWS.
    AwsCli,
    /// Who has assumed the roles, and who tried.
    Audit,
    /// What to do with the other files.
    Readme,
}

impl Kind {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TrustPolicy => "trust-policy",
            Self::Permissions => "permissions",
            Self::Terraform => "terraform",
            Self::GitlabCi => "gitlab-ci",
            Self::CloudFormation => "cloudformation",
            Self::AwsCli => "aws-cli",
            Self::Audit => "audit",
            Self::Readme => "readme",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        GENERATORS.iter().map(|it| it.kind).find(|it| it.as_str() == name)
    }

    /// Its generator.
    pub fn generator(self) -> Option<&'static Generator> {
        GENERATORS.iter().copied().find(|it| it.kind == self)
    }
}

/// What a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the formats' own")]
pub enum Language {
    Json,
    Hcl,
    Yaml,
    Shell,
    Markdown,
}

/// Makes the files of one kind.
#[derive(Debug)]
pub struct Generator {
    /// The kind.
    pub kind: Kind,
    /// Its title for people.
    pub title: &'static str,
    /// What its files are written in.
    pub language: Language,
    /// Whether each role has a file of its own.
    pub per_role: bool,
    files: fn(&Setup) -> Vec<File>,
}

/// Every generator, in the order in which their files are shown.
pub static GENERATORS: &[&Generator] = &[
    &trust_policy::GENERATOR,
    &permissions::GENERATOR,
    &terraform::GENERATOR,
    &gitlab_ci::GENERATOR,
    &cloudformation::GENERATOR,
    &aws_cli::GENERATOR,
    &audit::GENERATOR,
    &readme::GENERATOR,
];

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// Its kind; none for the setup file itself.
    pub kind: Option<Kind>,
    /// The name of the role that it is of, where its kind has a file for each.
    pub role: Option<String>,
    /// What is in it.
    pub text: String,
}

/// The name of the CI file.
const CI_FILE: &str = ".gitlab-ci.yml";

impl File {
    fn of_setup(name: &str, kind: Kind, text: String) -> Self {
        Self { name: name.to_owned(), kind: Some(kind), role: None, text }
    }

    fn of_role(prefix: &str, role: &Role, kind: Kind, text: String) -> Self {
        let role = role.name.to_string();
        Self { name: format!("{prefix}-{role}.json"), kind: Some(kind), role: Some(role), text }
    }
}

/// Every file of a setup, the setup file first.
pub fn files(setup: &Setup) -> Vec<File> {
    let text = crate::setup::file::write(setup);
    let mut files = vec![File { name: "claimcheck.json".to_owned(), kind: None, role: None, text }];
    files.extend(GENERATORS.iter().flat_map(|it| (it.files)(setup)));
    files
}

/// One file: that of `role` where each role has one. None where the role has no such file, where the setup has not that role, and
/// where a role has to be named and is not; with one role it need not be.
pub fn render(setup: &Setup, kind: Kind, role: Option<&str>) -> Option<File> {
    let generator = kind.generator()?;
    let role = match (generator.per_role, role, setup.roles()) {
        (false, _, _) => None,
        (true, Some(name), _) => Some(name),
        (true, None, [one]) => Some(one.name.as_str()),
        (true, None, _) => return None,
    };
    (generator.files)(setup).into_iter().find(|it| it.role.as_deref() == role)
}

/// The first line of every file that can hold a comment.
const MADE_BY: &str = made_by!();

/// The setup's region, else the one of its partition's global services.
fn region(setup: &Setup) -> &str {
    setup.aws().region.as_ref().map_or(setup.aws().partition.default_region(), |it| it.as_str())
}

/// What the ARN of a role's every session begins with. The role's path is no part of it.
fn session_prefix(setup: &Setup, role: &Role) -> String {
    format!("arn:{}:sts::{}:assumed-role/{}/", setup.aws().partition.as_str(), setup.aws().account_id, role.name)
}
