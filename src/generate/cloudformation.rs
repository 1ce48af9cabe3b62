//! `cloudformation.yaml`: the provider, the roles, their trust policies and permissions, as one stack.
//!
//! Functions are written out (`Ref:`), not as tags, so that every YAML reader sees the same tree. The issuer is no parameter: it
//! begins the condition keys, and CloudFormation has functions in values only. Policies stand as they are: `${` means something
//! to CloudFormation inside of `Fn::Sub` alone, and there is none.

use crate::document::json::{Node, Value};
use crate::print::shell::word;
use crate::print::yaml::{Map, Yaml};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, lines, region};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::CloudFormation,
    title: "CloudFormation",
    language: Language::Yaml,
    per_role: false,
    files: |setup| vec![File::of_setup("cloudformation.yaml", Kind::CloudFormation, print(setup))],
};

/// The stack's name in commands.
pub(super) const STACK: &str = "gitlab-oidc";
const PROVIDER: &str = "GitLabProvider";
const AUDIENCE: &str = "Audience";

fn print(setup: &Setup) -> String {
    let ids = logical_ids(setup.roles());
    let mut resources = Map::default();
    if setup.aws().provider == Provider::Create {
        resources = resources.commented(&about_provider(setup), PROVIDER, Yaml::Map(provider(setup)));
    }
    let mut outputs = Map::default();
    for (role, id) in setup.roles().iter().zip(&ids) {
        resources = resources.entry(id, Yaml::Map(resource("AWS::IAM::Role", self::role(setup, role)))).spaced();
        let output = Map::default()
            .entry("Description", Yaml::text(&format!("ARN of the role {}", role.name)))
            .entry("Value", Yaml::Map(Map::default().entry("Fn::GetAtt", row(&[id, "Arn"]))));
        outputs = outputs.entry(&format!("{id}Arn"), Yaml::Map(output));
    }
    Map::default()
        .entry("AWSTemplateFormatVersion", Yaml::text("2010-09-09"))
        .spaced()
        .entry("Description", Yaml::text("Lets the CI jobs of GitLab projects assume IAM roles, without stored keys."))
        .entry("Parameters", Yaml::Map(Map::default().entry(AUDIENCE, Yaml::Map(audience(setup)))))
        .spaced()
        .entry("Rules", Yaml::Map(Map::default().entry("TheAccount", Yaml::Map(the_account(setup)))))
        .spaced()
        .entry("Resources", Yaml::Map(resources))
        .spaced()
        .entry("Outputs", Yaml::Map(outputs))
        .spaced()
        .print(&header(setup))
}

fn row(items: &[&str]) -> Yaml {
    Yaml::Row(items.iter().map(|it| (*it).to_owned()).collect())
}

fn reference(name: &str) -> Yaml {
    Yaml::Map(Map::default().entry("Ref", Yaml::text(name)))
}

/// The command that makes the stack, line by line.
pub(super) fn deploy(setup: &Setup) -> Vec<String> {
    vec![
        "aws cloudformation deploy \\".to_owned(),
        format!("  --region {} --stack-name {STACK} \\", word(region(setup))),
        "  --template-file cloudformation.yaml --capabilities CAPABILITY_NAMED_IAM".to_owned(),
    ]
}

fn header(setup: &Setup) -> Vec<String> {
    let mut header = vec![MADE_BY.to_owned()];
    header.extend(lines(["", "IAM is global: the region only says where the stack is kept."]));
    header.extend(deploy(setup).iter().map(|it| format!("  {it}")));
    header.extend(lines([
        "CAPABILITY_NAMED_IAM lets the stack make roles that have names, which the CI job needs.",
        "",
        "The issuer is no parameter: it begins the condition keys, and CloudFormation has no functions in keys.",
    ]));
    if setup.aws().provider == Provider::Existing {
        header.push(String::new());
        header.extend(super::existing_provider(setup));
    }
    header
}

fn audience(setup: &Setup) -> Map {
    Map::default()
        .entry("Description", Yaml::text("The aud of the ID tokens, as the CI job asks for it"))
        .entry("Type", Yaml::text("String"))
        .entry("Default", Yaml::text(setup.gitlab().audience.as_str()))
}

/// A stack in another account would make roles that nobody can assume.
fn the_account(setup: &Setup) -> Map {
    let account = setup.aws().account_id.as_str();
    let equals = Yaml::list([reference("AWS::AccountId"), Yaml::text(account)].into_iter());
    let assertion = Map::default()
        .entry("Assert", Yaml::Map(Map::default().entry("Fn::Equals", equals)))
        .entry("AssertDescription", Yaml::text(&format!("This template is for the account {account}")));
    Map::default().entry("Assertions", Yaml::list(std::iter::once(Yaml::Map(assertion))))
}

fn resource(kind: &str, properties: Map) -> Map {
    Map::default().entry("Type", Yaml::text(kind)).entry("Properties", Yaml::Map(properties))
}

fn about_provider(setup: &Setup) -> Vec<String> {
    let mut about = lines([
        "An account has one provider for each URL. If AWS answers that it exists already, choose the existing",
        "provider in Claimcheck. Deleting the stack deletes it, for whoever else uses it too.",
    ]);
    about.extend(super::thumbprint(setup, "ThumbprintList"));
    about
}

fn provider(setup: &Setup) -> Map {
    let properties = Map::default()
        .entry("Url", Yaml::text(setup.gitlab().issuer.as_str()))
        .entry("ClientIdList", Yaml::list(std::iter::once(reference(AUDIENCE))));
    resource("AWS::IAM::OIDCProvider", properties)
}

fn role(setup: &Setup, role: &Role) -> Map {
    let mut properties = Map::default().entry("RoleName", Yaml::text(role.name.as_str()));
    if role.path.as_str() != "/" {
        properties = properties.entry("Path", Yaml::text(role.path.as_str()));
    }
    properties = properties
        .entry("MaxSessionDuration", Yaml::number(role.max_session_seconds))
        .entry("AssumeRolePolicyDocument", trust("", &trust_policy(setup, role), setup));
    if !role.permissions.is_empty() {
        let policies = role.permissions.iter().map(|it| Yaml::text(it.as_str()));
        properties = properties.entry("ManagedPolicyArns", Yaml::list(policies));
    }
    if let Some(document) = &role.permissions_document {
        let policy = Map::default()
            .entry("PolicyName", Yaml::text(role.name.as_str()))
            .entry("PolicyDocument", Yaml::json(document));
        properties = properties.entry("Policies", Yaml::list(std::iter::once(Yaml::Map(policy))));
    }
    properties
}

/// The trust policy, with the provider and the audience by reference: so the stack makes the provider first.
fn trust(key: &str, node: &Node, setup: &Setup) -> Yaml {
    let prefix = setup.gitlab().issuer.key_prefix();
    match &node.value {
        _ if key == "Federated" && setup.aws().provider == Provider::Create => reference(PROVIDER),
        _ if key.strip_prefix(prefix) == Some(":aud") => reference(AUDIENCE),
        Value::Object(members) => Yaml::Map(
            members.iter().fold(Map::default(), |map, it| map.entry(&it.key, trust(&it.key, &it.value, setup))),
        ),
        Value::Array(items) => Yaml::list(items.iter().map(|it| trust("", it, setup))),
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
