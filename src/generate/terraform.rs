//! `main.tf`: the provider, the roles, their trust policies and permissions; it applies as it stands, and works with OpenTofu.
//!
//! The setup's values are the defaults of variables. Trust policies are `jsonencode` expressions in `locals`, so that they can be
//! rendered without any provider and a plan shows them before it applies.

use crate::document::json::{Node, Value};

use crate::print::hcl::{Expr, Part, comment, identifier, lines, text};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, existing_provider, region, thumbprint};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Terraform,
    title: "Terraform",
    language: Language::Hcl,
    per_role: false,
    files: |setup| vec![File::of_setup("main.tf", Kind::Terraform, print(setup))],
};

fn print(setup: &Setup) -> String {
    let mut out = comment(MADE_BY);
    let (aws, gitlab) = (setup.aws(), setup.gitlab());
    out.push_str(&lines(
        HEAD,
        &[
            aws.account_id.as_str(),
            aws.partition.as_str(),
            region(setup),
            gitlab.issuer.as_str(),
            gitlab.audience.as_str(),
        ],
    ));
    let prefix = gitlab.issuer.key_prefix();
    let policies = setup.roles().iter().map(|role| {
        let policy = trust_policy_expression("", &trust_policy(setup, role), prefix);
        (vec![text(role.name.as_str())], Expr::Call("jsonencode", Box::new(policy)))
    });
    out.push_str(&Expr::Object(policies.collect()).assigned(1, "trust_policies"));
    out.push_str("}\n\n");
    match aws.provider {
        Provider::Existing => out.push_str(&comment(&existing_provider(setup))),
        Provider::Create => {
            out.push_str(PROVIDER);
            for line in comment(&thumbprint(setup, "thumbprint_list")).lines() {
                out.push_str("  ");
                out.push_str(line);
                out.push('\n');
            }
            out.push_str("}\n");
        }
    }
    let mut arns = Vec::new();
    for (role, label) in setup.roles().iter().zip(labels(setup.roles())) {
        resources(setup, role, &label, &mut out);
        arns.push((vec![text(role.name.as_str())], Expr::Role(label, "arn")));
    }
    out.push_str("\noutput \"role_arns\" {\n  description = \"ARN of each role, by its name.\"\n");
    out.push_str(&Expr::Object(arns).assigned(1, "value"));
    out.push_str("}\n");
    out
}

/// Nothing needs more than 1.0 of Terraform or OpenTofu, and 1.x promises to go on reading it. Of the AWS provider,
/// `thumbprint_list` has to be optional, which it became at the end of 2024 (pull request 37255 of
/// hashicorp/terraform-provider-aws); 5.100, the last of that series, is of June 2025. 7.0 was not seen.
const HEAD: &str = r#"#
# Lets the CI jobs of GitLab projects assume IAM roles, without stored keys: the OIDC provider, the roles, who may
# assume them, and what they may do.

terraform {
  required_version = ">= 1.0, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  # IAM is global: the region only says where the partition is.
  region = var.region
  # Stops before it touches another account.
  allowed_account_ids = [var.account_id]
}

variable "account_id" {
  description = "AWS account of the roles."
  type        = string
  default     = {}
}

variable "partition" {
  description = "AWS partition of that account."
  type        = string
  default     = {}
}

variable "region" {
  description = "A region of that partition."
  type        = string
  default     = {}
}

variable "issuer" {
  description = "The `iss` of GitLab's ID tokens: the address of the instance."
  type        = string
  default     = {}
}

variable "audience" {
  description = "The `aud` of the ID tokens, as the CI job asks for it."
  type        = string
  default     = {}
}

locals {
  # The issuer without its scheme ends the provider's ARN and begins every condition key.
  issuer_host  = trimprefix(var.issuer, "https://")
  provider_arn = "arn:${var.partition}:iam::${var.account_id}:oidc-provider/${local.issuer_host}"

  # Who may assume each role.
"#;

const PROVIDER: &str = r#"# An account has one provider for each URL. If AWS answers EntityAlreadyExists, it is there already: choose the
# existing provider in Claimcheck, or import it.
resource "aws_iam_openid_connect_provider" "gitlab" {
  url            = var.issuer
  client_id_list = [var.audience]
"#;

/// The trust policy with what the variables say put in their place: the provider's ARN, the audience, the prefix of the keys.
fn trust_policy_expression(key: &str, node: &Node, prefix: &str) -> Expr {
    let claim = |key: &str| key.strip_prefix(prefix).filter(|it| it.starts_with(':')).map(str::to_owned);
    match &node.value {
        _ if key == "Federated" => Expr::Code("local.provider_arn"),
        _ if claim(key).as_deref() == Some(":aud") => Expr::Code("var.audience"),
        Value::Object(members) => Expr::Object(
            members
                .iter()
                .map(|it| {
                    let name = match claim(&it.key) {
                        Some(claim) => vec![Part::Value("local.issuer_host"), Part::Text(claim)],
                        None => vec![text(&it.key)],
                    };
                    (name, trust_policy_expression(&it.key, &it.value, prefix))
                })
                .collect(),
        ),
        Value::Array(items) => Expr::List(items.iter().map(|it| trust_policy_expression("", it, prefix)).collect()),
        _ => Expr::json(node),
    }
}

fn resources(setup: &Setup, role: &Role, label: &str, out: &mut String) {
    let name = role.name.as_str();
    out.push_str(&lines("\nresource \"aws_iam_role\" {} {\n  name                 = {}\n", &[label, name]));
    if role.path.as_str() != "/" {
        out.push_str(&lines("  path                 = {}\n", &[role.path.as_str()]));
    }
    out.push_str("  max_session_duration = ");
    out.push_str(&role.max_session_seconds.to_string());
    out.push_str(&lines("\n  assume_role_policy   = local.trust_policies[{}]\n", &[name]));
    if setup.aws().provider == Provider::Create {
        out.push_str(
            "
  # The policy names the provider by its ARN, so Terraform cannot see that it comes first.
  depends_on = [aws_iam_openid_connect_provider.gitlab]
",
        );
    }
    out.push_str("}\n");
    let role_name = Expr::Role(label.to_owned(), "name");
    if !role.permissions.is_empty() {
        let arns = role.permissions.iter().map(|it| permission(it.owner(), it.as_str())).collect();
        out.push_str(&lines("\nresource \"aws_iam_role_policy_attachment\" {} {\n", &[label]));
        out.push_str(&Expr::Call("toset", Box::new(Expr::List(arns))).assigned(1, "for_each"));
        out.push('\n');
        out.push_str(&role_name.assigned(1, "role      "));
        out.push_str("  policy_arn = each.value\n}\n");
    }
    if let Some(document) = &role.permissions_document {
        out.push_str(&lines("\nresource \"aws_iam_role_policy\" {} {\n  name = {}\n", &[label, name]));
        out.push_str(&role_name.assigned(1, "role"));
        out.push_str(&Expr::Call("jsonencode", Box::new(Expr::json(document))).assigned(1, "policy"));
        out.push_str("}\n");
    }
}

/// The ARN of a managed policy, its partition and account taken from the variables: a setup's policies are of its own.
fn permission(owner: &str, arn: &str) -> Expr {
    let name = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    let owner = if owner == "aws" { text("aws") } else { Part::Value("var.account_id") };
    Expr::Template(vec![text("arn:"), Part::Value("var.partition"), text(":iam::"), owner, text(":"), text(name)])
}

/// A label for each role's resources: an identifier made of its name, with a number where two names make the same.
fn labels(roles: &[Role]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    for role in roles {
        let base = identifier(role.name.as_str());
        let mut label = base.clone();
        let mut number = 2;
        while labels.contains(&label) {
            label = format!("{base}_{number}");
            number += 1;
        }
        labels.push(label);
    }
    labels
}
