//! `cloudformation.yaml`: the provider, the roles, their trust policies and permissions, as one stack.
//!
//! Functions are written out (`Ref:`), not as tags, so that every YAML reader sees the same tree. The issuer is no parameter: it
//! begins the condition keys, and CloudFormation has functions in values only. Policies stand as they are: `${` means something
//! to CloudFormation inside of `Fn::Sub` alone, and there is none.

use crate::document::json::{Node, Value};
use crate::print::shell;
use crate::print::yaml::{Yaml, comment, lines};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, region};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::CloudFormation,
    title: "CloudFormation",
    language: Language::Yaml,
    per_role: false,
    files: |setup| vec![File::of_setup("cloudformation.yaml", Kind::CloudFormation, print(setup))],
};

const PROVIDER: &str = "GitLabProvider";
const AUDIENCE: &str = "Audience";

/// The command that makes the stack.
pub(super) fn deploy(setup: &Setup) -> String {
    let command = "aws cloudformation deploy \\
  --region {} --stack-name gitlab-oidc \\
  --template-file cloudformation.yaml --capabilities CAPABILITY_NAMED_IAM
";
    shell::code(command, &[region(setup)])
}

/// The command that deletes it.
pub(super) fn delete(setup: &Setup) -> String {
    shell::code("aws cloudformation delete-stack --region {} --stack-name gitlab-oidc\n", &[region(setup)])
}

/// A stack in another account would make roles that nobody can assume: `Rules` stop it.
const HEAD: &str = "
AWSTemplateFormatVersion: \"2010-09-09\"
Description: Lets the CI jobs of GitLab projects assume IAM roles, without stored keys.

Parameters:
  Audience:
    Description: The aud of the ID tokens, as the CI job asks for it
    Type: String
    Default: {}

Rules:
  TheAccount:
    Assertions:
      - Assert:
          Fn::Equals:
            - Ref: AWS::AccountId
            - {}
        AssertDescription: {}

Resources:
";

fn print(setup: &Setup) -> String {
    let mut out = String::new();
    let account = setup.aws().account_id.as_str();
    comment(&header(setup), 0, &mut out);
    let about = format!("This template is for the account {account}");
    out.push_str(&lines(HEAD, &[setup.gitlab().audience.as_str(), account, &about]));
    let is_made = setup.aws().provider == Provider::Create;
    if is_made {
        provider(setup, &mut out);
    }
    let ids = logical_ids(setup.roles());
    let mut outputs = String::new();
    for (at, (role, id)) in setup.roles().iter().zip(&ids).enumerate() {
        if at > 0 || is_made {
            out.push('\n');
        }
        self::role(setup, role, id, &mut out);
        let about = format!("ARN of the role {}", role.name);
        outputs.push_str(&lines(
            "  {}:\n    Description: {}\n    Value:\n      Fn::GetAtt:\n        - {}\n        - Arn\n",
            &[&format!("{id}Arn"), &about, id],
        ));
    }
    out.push_str("\nOutputs:\n");
    out.push_str(&outputs);
    out
}

fn header(setup: &Setup) -> String {
    let mut header = format!("{MADE_BY}\n\nIAM is global: the region only says where the stack is kept.");
    for line in deploy(setup).lines() {
        header.push_str("\n  ");
        header.push_str(line);
    }
    header.push_str(
        "\nCAPABILITY_NAMED_IAM lets the stack make roles that have names, which the CI job needs.

The issuer is no parameter: it begins the condition keys, and CloudFormation has no functions in keys.",
    );
    if setup.aws().provider == Provider::Existing {
        header.push_str("\n\n");
        header.push_str(&super::existing_provider(setup));
    }
    header
}

fn provider(setup: &Setup, out: &mut String) {
    comment(
        "An account has one provider for each URL. If AWS answers that it exists already, choose the existing
provider in Claimcheck. Deleting the stack deletes it, for whoever else uses it too.",
        1,
        out,
    );
    comment(&super::thumbprint(setup, "ThumbprintList"), 1, out);
    out.push_str(&lines(
        "  GitLabProvider:
    Type: AWS::IAM::OIDCProvider
    Properties:
      Url: {}
      ClientIdList:
        - Ref: Audience
",
        &[setup.gitlab().issuer.as_str()],
    ));
}

fn role(setup: &Setup, role: &Role, id: &str, out: &mut String) {
    let name = role.name.as_str();
    out.push_str(&lines("  {}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: {}\n", &[id, name]));
    if role.path.as_str() != "/" {
        out.push_str(&lines("      Path: {}\n", &[role.path.as_str()]));
    }
    out.push_str("      MaxSessionDuration:");
    Yaml::Scalar(role.max_session_seconds.to_string()).write(3, out);
    out.push_str("      AssumeRolePolicyDocument:");
    trust("", &trust_policy(setup, role), setup).write(3, out);
    if !role.permissions.is_empty() {
        out.push_str("      ManagedPolicyArns:");
        Yaml::List(role.permissions.iter().map(|it| Yaml::text(it.as_str())).collect()).write(3, out);
    }
    if let Some(document) = &role.permissions_document {
        out.push_str(&lines("      Policies:\n        - PolicyName: {}\n          PolicyDocument:", &[name]));
        Yaml::json(document).write(5, out);
    }
}

fn reference(name: &str) -> Yaml {
    Yaml::Map(vec![("Ref".to_owned(), Yaml::text(name))])
}

/// The trust policy, with the provider and the audience by reference: so the stack makes the provider first.
fn trust(key: &str, node: &Node, setup: &Setup) -> Yaml {
    let prefix = setup.gitlab().issuer.key_prefix();
    match &node.value {
        _ if key == "Federated" && setup.aws().provider == Provider::Create => reference(PROVIDER),
        _ if key.strip_prefix(prefix) == Some(":aud") => reference(AUDIENCE),
        Value::Object(members) => {
            Yaml::Map(members.iter().map(|it| (it.key.clone(), trust(&it.key, &it.value, setup))).collect())
        }
        Value::Array(items) => Yaml::List(items.iter().map(|it| trust("", it, setup)).collect()),
        _ => Yaml::json(node),
    }
}

/// A name for each role inside of the template, where only letters and digits are allowed.
fn logical_ids(roles: &[Role]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for role in roles {
        let words = role.name.as_str().split(|c: char| !c.is_ascii_alphanumeric());
        let base: String = std::iter::once("Role".to_owned())
            .chain(words.map(|word| {
                let mut characters = word.chars();
                characters.next().map(|it| it.to_ascii_uppercase()).into_iter().chain(characters).collect()
            }))
            .collect();
        let mut id = base.clone();
        let mut number = 2;
        // `RoleA` and its output `RoleAArn` are in different namespaces; two roles are not.
        while ids.contains(&id) {
            id = format!("{base}x{number}");
            number += 1;
        }
        ids.push(id);
    }
    ids
}
