//! `main.tf`: the provider, the roles, their trust policies and permissions; it applies as it stands, and works with OpenTofu.
//!
//! The setup's values are the defaults of variables. Trust policies are `jsonencode` expressions in `locals`, so that they can be
//! rendered without any provider and a plan shows them before it applies.

use crate::document::json::{Node, Value};

use crate::print::hcl::{Body, Expr, Key, Part, identifier};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, existing_provider, region, thumbprint};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Terraform,
    title: "Terraform",
    language: Language::Hcl,
    per_role: false,
    files: |setup| vec![File::of_setup("main.tf", Kind::Terraform, print(setup))],
};

/// Versions of the AWS provider. `thumbprint_list` has to be optional, which it became at the end of 2024 (pull request 37255 of
/// hashicorp/terraform-provider-aws); 5.100, the last of that series, is of June 2025. 7.0 was not seen.
const PROVIDER_VERSIONS: &str = ">= 5.100, < 7.0";
/// Versions of Terraform and OpenTofu: nothing below needs more than 1.0, and 1.x promises to go on reading it.
const TERRAFORM_VERSIONS: &str = ">= 1.0, < 2.0";

fn print(setup: &Setup) -> String {
    let labels = labels(setup.roles());
    let mut body = variables(settings(), setup);
    body = body.blank().block("locals", &[], locals(setup));
    body = provider(body, setup);
    for (role, label) in setup.roles().iter().zip(&labels) {
        body = role_resources(body, setup, role, label);
    }
    let arns = setup
        .roles()
        .iter()
        .zip(&labels)
        .map(|(role, label)| (Key::text(role.name.as_str()), Expr::reference(&["aws_iam_role", label, "arn"])));
    let output = Body::default()
        .attribute("description", Expr::text("ARN of each role, by its name."))
        .attribute("value", Expr::Object(arns.collect()));
    body.blank().block("output", &["role_arns"], output).print()
}

fn settings() -> Body {
    let aws = Expr::Object(vec![
        (Key::Word("source"), Expr::text("hashicorp/aws")),
        (Key::Word("version"), Expr::text(PROVIDER_VERSIONS)),
    ]);
    let terraform = Body::default().attribute("required_version", Expr::text(TERRAFORM_VERSIONS)).blank().block(
        "required_providers",
        &[],
        Body::default().attribute("aws", aws),
    );
    let aws = Body::default()
        .comment("IAM is global: the region only says where the partition is.")
        .attribute("region", variable("region"))
        .comment("Stops before it touches another account.")
        .attribute("allowed_account_ids", Expr::List(vec![variable("account_id")]));
    let about = "Lets the CI jobs of GitLab projects assume IAM roles, without stored keys: the OIDC provider, the roles, who may\n\
                 assume them, and what they may do.";
    Body::default()
        .comment(MADE_BY)
        .comment("")
        .comment(about)
        .blank()
        .block("terraform", &[], terraform)
        .blank()
        .block("provider", &["aws"], aws)
}

fn variables(body: Body, setup: &Setup) -> Body {
    let aws = setup.aws();
    [
        ("account_id", "AWS account of the roles.", aws.account_id.as_str()),
        ("partition", "AWS partition of that account.", aws.partition.as_str()),
        ("region", "A region of that partition.", region(setup)),
        ("issuer", "The `iss` of GitLab's ID tokens: the address of the instance.", setup.gitlab().issuer.as_str()),
        ("audience", "The `aud` of the ID tokens, as the CI job asks for it.", setup.gitlab().audience.as_str()),
    ]
    .iter()
    .fold(body, |body, (name, description, default)| {
        let variable = Body::default()
            .attribute("description", Expr::text(description))
            .attribute("type", Expr::reference(&["string"]))
            .attribute("default", Expr::text(default));
        body.blank().block("variable", &[name], variable)
    })
}

fn variable(name: &str) -> Expr {
    Expr::reference(&["var", name])
}

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

fn locals(setup: &Setup) -> Body {
    let arn = vec![
        text("arn:"),
        Part::Value(variable("partition")),
        text(":iam::"),
        Part::Value(variable("account_id")),
        text(":oidc-provider/"),
        Part::Value(Expr::reference(&["local", "issuer_host"])),
    ];
    let prefix = setup.gitlab().issuer.key_prefix();
    let policies = setup.roles().iter().map(|role| {
        let policy = trust_policy_expression("", &trust_policy(setup, role), prefix);
        (Key::text(role.name.as_str()), Expr::Call("jsonencode", vec![policy]))
    });
    Body::default()
        .comment("The issuer without its scheme ends the provider's ARN and begins every condition key.")
        .attribute("issuer_host", Expr::Call("trimprefix", vec![variable("issuer"), Expr::text("https://")]))
        .attribute("provider_arn", Expr::Template(arn))
        .blank()
        .comment("Who may assume each role.")
        .attribute("trust_policies", Expr::Object(policies.collect()))
}

/// The trust policy with what the variables say put in their place: the provider's ARN, the audience, the prefix of the keys.
fn trust_policy_expression(key: &str, node: &Node, prefix: &str) -> Expr {
    let claim = |key: &str| key.strip_prefix(prefix).filter(|it| it.starts_with(':')).map(str::to_owned);
    match &node.value {
        _ if key == "Federated" => Expr::reference(&["local", "provider_arn"]),
        _ if claim(key).as_deref() == Some(":aud") => variable("audience"),
        Value::Object(members) => Expr::Object(
            members
                .iter()
                .map(|it| {
                    let name = match claim(&it.key) {
                        Some(claim) => Key::Quoted(vec![
                            Part::Value(Expr::reference(&["local", "issuer_host"])),
                            Part::Text(claim),
                        ]),
                        None => Key::text(&it.key),
                    };
                    (name, trust_policy_expression(&it.key, &it.value, prefix))
                })
                .collect(),
        ),
        Value::Array(items) => Expr::List(items.iter().map(|it| trust_policy_expression("", it, prefix)).collect()),
        _ => Expr::json(node),
    }
}

fn provider(body: Body, setup: &Setup) -> Body {
    if setup.aws().provider == Provider::Existing {
        return body.blank().comment(&existing_provider(setup).join("\n"));
    }
    let provider = Body::default()
        .attribute("url", variable("issuer"))
        .attribute("client_id_list", Expr::List(vec![variable("audience")]))
        .comment(&thumbprint(setup, "thumbprint_list").join("\n"));
    body.blank()
        .comment(
            "An account has one provider for each URL. If AWS answers EntityAlreadyExists, it is there already: choose the\n\
             existing provider in Claimcheck, or import it.",
        )
        .block("resource", &["aws_iam_openid_connect_provider", "gitlab"], provider)
}

fn role_resources(body: Body, setup: &Setup, role: &Role, label: &str) -> Body {
    let mut resource = Body::default().attribute("name", Expr::text(role.name.as_str()));
    if role.path.as_str() != "/" {
        resource = resource.attribute("path", Expr::text(role.path.as_str()));
    }
    let policies = Box::new(Expr::reference(&["local", "trust_policies"]));
    resource = resource
        .attribute("max_session_duration", Expr::Number(role.max_session_seconds.to_string()))
        .attribute("assume_role_policy", Expr::Index(policies, role.name.to_string()));
    if setup.aws().provider == Provider::Create {
        let provider = Expr::reference(&["aws_iam_openid_connect_provider", "gitlab"]);
        resource = resource
            .blank()
            .comment("The policy names the provider by its ARN, so Terraform cannot see that it comes first.")
            .attribute("depends_on", Expr::List(vec![provider]));
    }
    let mut body = body.blank().block("resource", &["aws_iam_role", label], resource);
    if !role.permissions.is_empty() {
        let arns = role.permissions.iter().map(|it| permission(it.owner(), it.as_str())).collect();
        let attachment = Body::default()
            .attribute("for_each", Expr::Call("toset", vec![Expr::List(arns)]))
            .blank()
            .attribute("role", Expr::reference(&["aws_iam_role", label, "name"]))
            .attribute("policy_arn", Expr::reference(&["each", "value"]));
        body = body.blank().block("resource", &["aws_iam_role_policy_attachment", label], attachment);
    }
    if let Some(document) = &role.permissions_document {
        let policy = Body::default()
            .attribute("name", Expr::text(role.name.as_str()))
            .attribute("role", Expr::reference(&["aws_iam_role", label, "name"]))
            .attribute("policy", Expr::Call("jsonencode", vec![Expr::json(document)]));
        body = body.blank().block("resource", &["aws_iam_role_policy", label], policy);
    }
    body
}

/// The ARN of a managed policy, its partition and account taken from the variables: a setup's policies are of its own.
fn permission(owner: &str, arn: &str) -> Expr {
    let name = arn.splitn(6, ':').nth(5).unwrap_or(arn);
    let owner = if owner == "aws" { text("aws") } else { Part::Value(variable("account_id")) };
    Expr::Template(vec![text("arn:"), Part::Value(variable("partition")), text(":iam::"), owner, text(":"), text(name)])
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
