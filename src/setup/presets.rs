//! Permissions of common deployments: the least that each needs, with every resource named.
//!
//! A preset is data: its fields, and statements with blanks. Account, partition and region come from the setup. `apply` writes the
//! statements into a role's inline policy, beside what is there; each has a `Sid` of its own, so that doing it again replaces the
//! earlier ones. Sources: Service Authorization Reference, <https://docs.aws.amazon.com/service-authorization/latest/reference/>, the
//! page of each service, read on 2026-11-24; what each deployment calls stands with its preset.

use super::Draft;
use crate::aws::{AccountId, Region};
use crate::document::json::{Member, Node, Value, parse};
use crate::print::json::pretty;
use crate::text::{Diagnostic, quoted};

/// The permissions of one kind of deployment.
#[derive(Debug)]
pub struct Preset {
    /// Its name, for the command.
    pub name: &'static str,
    /// Its name, for people.
    pub title: &'static str,
    /// What it leaves out, and why there is a `*` where there is one; a sentence or two.
    pub note: &'static str,
    /// What it asks for.
    pub fields: &'static [PresetField],
    /// JSON, with blanks: `{partition}`, `{region}`, `{account}`, and the fields' names. A resource whose field was left out is left
    /// out; a statement without any is.
    statements: &'static str,
}

/// One thing that a preset asks for.
#[derive(Debug)]
pub struct PresetField {
    /// Its name, as in the command's `--set`.
    pub name: &'static str,
    /// A value as an example.
    pub example: &'static str,
    /// Whether it may be left out.
    pub is_optional: bool,
    takes: Takes,
}

/// What AWS takes in a field.
#[derive(Debug, Clone, Copy)]
struct Takes {
    least: usize,
    most: usize,
    /// The characters beside letters and digits.
    marks: &'static str,
    has_capitals: bool,
}

/// S3, "General purpose bucket naming rules".
const BUCKET: Takes = Takes { least: 3, most: 63, marks: "-.", has_capitals: false };
/// S3, "Naming Amazon S3 objects", the safe characters.
const KEY: Takes = Takes { least: 1, most: 1_024, marks: "!-_.'()/:", has_capitals: true };
/// ECR API reference, CreateRepository.
const REPOSITORY: Takes = Takes { least: 2, most: 256, marks: "-_./", has_capitals: false };
/// ECS API reference, CreateCluster, CreateService, RegisterTaskDefinition.
const ECS_NAME: Takes = Takes { least: 1, most: 255, marks: "-_", has_capitals: true };
/// Lambda API reference, CreateFunction.
const FUNCTION: Takes = Takes { least: 1, most: 64, marks: "-_", has_capitals: true };
/// CloudFront writes them as `E` and capitals and digits.
const DISTRIBUTION: Takes = Takes { least: 10, most: 32, marks: "", has_capitals: true };
/// IAM API reference, CreateRole: a name, with its path before it.
const ROLE: Takes = Takes { least: 1, most: 576, marks: "_+=,.@-/", has_capitals: true };

const fn field(name: &'static str, example: &'static str, takes: Takes) -> PresetField {
    PresetField { name, example, is_optional: false, takes }
}

const fn optional(name: &'static str, example: &'static str, takes: Takes) -> PresetField {
    PresetField { name, example, is_optional: true, takes }
}

/// Every preset.
pub static PRESETS: [Preset; 6] = [
    // `aws s3 sync --delete` lists the bucket, puts and deletes. list_amazons3.html.
    Preset {
        name: "s3-site",
        title: "static site in S3",
        note: "For `aws s3 sync --delete`. The `*` stands for the site's files, in this one bucket.",
        fields: &[field("bucket", "www.example.com", BUCKET)],
        statements: r#"[
            {"Sid": "S3SiteList", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:{partition}:s3:::{bucket}"},
            {"Sid": "S3SiteWrite", "Effect": "Allow", "Action": ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
             "Resource": "arn:{partition}:s3:::{bucket}/*"}
        ]"#,
    },
    // ECR User Guide, "IAM permissions for pushing an image"; list_amazonelasticcontainerregistry.html.
    Preset {
        name: "ecr-push",
        title: "push an image to ECR",
        note: "`ecr:GetAuthorizationToken` is for the registry as a whole: AWS takes no resource but `*` for it.",
        fields: &[field("repository", "app", REPOSITORY)],
        statements: r#"[
            {"Sid": "EcrPushToken", "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
            {"Sid": "EcrPush", "Effect": "Allow",
             "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:InitiateLayerUpload",
                        "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"],
             "Resource": "arn:{partition}:ecr:{region}:{account}:repository/{repository}"}
        ]"#,
    },
    // A new revision of the task definition, the service set to it, and waiting: list_amazonelasticcontainerservice.html. The task's
    // roles are passed: IAM User Guide, "Grant a user permissions to pass a role to an AWS service".
    Preset {
        name: "ecs-deploy",
        title: "deploy an ECS service",
        note: "`ecs:DescribeTaskDefinition` takes no resource but `*`, and AWS numbers the revisions of a family. The roles are \
               those that the task definition names.",
        fields: &[
            field("cluster", "prod", ECS_NAME),
            field("service", "web", ECS_NAME),
            field("family", "web", ECS_NAME),
            optional("execution_role", "ecsTaskExecutionRole", ROLE),
            optional("task_role", "web-task", ROLE),
        ],
        statements: r#"[
            {"Sid": "EcsDeployService", "Effect": "Allow", "Action": ["ecs:UpdateService", "ecs:DescribeServices"],
             "Resource": "arn:{partition}:ecs:{region}:{account}:service/{cluster}/{service}"},
            {"Sid": "EcsDeployRegister", "Effect": "Allow", "Action": "ecs:RegisterTaskDefinition",
             "Resource": "arn:{partition}:ecs:{region}:{account}:task-definition/{family}:*"},
            {"Sid": "EcsDeployDescribe", "Effect": "Allow", "Action": "ecs:DescribeTaskDefinition", "Resource": "*"},
            {"Sid": "EcsDeployPassRole", "Effect": "Allow", "Action": "iam:PassRole",
             "Resource": ["arn:{partition}:iam::{account}:role/{execution_role}", "arn:{partition}:iam::{account}:role/{task_role}"],
             "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
        ]"#,
    },
    // `aws lambda update-function-code`, `wait function-updated`, `publish-version`: list_awslambda.html.
    Preset {
        name: "lambda-update",
        title: "update the code of a Lambda function",
        note: "The code alone: the function's settings and its role stay as they are.",
        fields: &[field("function", "my-function", FUNCTION)],
        statements: r#"[
            {"Sid": "LambdaUpdate", "Effect": "Allow",
             "Action": ["lambda:UpdateFunctionCode", "lambda:GetFunctionConfiguration", "lambda:PublishVersion"],
             "Resource": "arn:{partition}:lambda:{region}:{account}:function:{function}"}
        ]"#,
    },
    // `aws cloudfront create-invalidation` and `wait invalidation-completed`: list_amazoncloudfront.html.
    Preset {
        name: "cloudfront-invalidate",
        title: "invalidate a CloudFront distribution",
        note: "",
        fields: &[field("distribution", "E2QWRUHAPOMQZL", DISTRIBUTION)],
        statements: r#"[
            {"Sid": "CloudFrontInvalidate", "Effect": "Allow",
             "Action": ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
             "Resource": "arn:{partition}:cloudfront::{account}:distribution/{distribution}"}
        ]"#,
    },
    // <https://developer.hashicorp.com/terraform/language/backend/s3>, "S3 Bucket Permissions", with `use_lockfile`.
    Preset {
        name: "terraform-state",
        title: "Terraform state in S3, with its lock",
        note: "For the default workspace and `use_lockfile = true`. A state holds secrets: whoever reads it has them. What Terraform \
               makes needs permissions of its own.",
        fields: &[field("bucket", "my-terraform-state", BUCKET), field("key", "prod/terraform.tfstate", KEY)],
        statements: r#"[
            {"Sid": "TerraformStateList", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:{partition}:s3:::{bucket}"},
            {"Sid": "TerraformState", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
             "Resource": "arn:{partition}:s3:::{bucket}/{key}"},
            {"Sid": "TerraformStateLock", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
             "Resource": "arn:{partition}:s3:::{bucket}/{key}.tflock"}
        ]"#,
    },
];

impl PartialEq for Preset {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Preset {
    /// The preset of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|it| it.name == name)
    }

    /// The inline policy of a role with this preset's statements in it: `values` are its fields', in their order, empty for one that
    /// is left out.
    ///
    /// # Errors
    /// Each field that is wrong, as `preset.` and its name; and what of the setup has to be right first, under its path.
    pub fn apply(&self, values: &[String], draft: &Draft, role: usize) -> Result<String, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let value = |at: usize| values.get(at).map_or("", |it| it.trim());
        for (at, field) in self.fields.iter().enumerate() {
            if let Err(it) = field.check(value(at)) {
                wrong.push(it.in_field(format!("preset.{}", field.name)));
            }
        }
        let aws = &draft.aws;
        let (account, region) = (aws.account_id.as_deref().unwrap_or(""), aws.region.as_deref().unwrap_or(""));
        if let Err(it) = AccountId::parse(account) {
            wrong.push(it.in_field("aws.account_id"));
        }
        if self.statements.contains("{region}") && Region::parse(region).is_err() {
            let it = Diagnostic::new("the resource is in a region, and the setup names none")
                .help("write the region beside the account");
            wrong.push(it.in_field("aws.region"));
        }
        let before = draft.roles.get(role).and_then(|it| it.permissions_document.as_deref());
        let document = match before.map(parse).transpose() {
            Ok(None) => Some(Vec::new()),
            Ok(Some(Node { value: Value::Object(members), .. })) => Some(members),
            _ => {
                let it = Diagnostic::new("the inline policy that is there cannot be read")
                    .help("mend it first, or empty it");
                wrong.push(it.in_field("permissions_document"));
                None
            }
        };
        let Some(mut document) = document.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let blanks = |name: &str| match name {
            "partition" => aws.partition.as_deref().unwrap_or("aws"),
            "account" => account,
            "region" => region,
            field => self.fields.iter().position(|it| it.name == field).map_or("", value),
        };
        self.write(&mut document, blanks);
        Ok(pretty(&Node::new(Value::Object(document))).trim_end().to_owned())
    }

    /// Takes this preset's earlier statements out of a document and puts the new ones in their place, or at the end.
    fn write<'v>(&self, document: &mut Vec<Member>, blanks: impl Fn(&str) -> &'v str) {
        if !document.iter().any(|it| it.key == "Version") {
            document.insert(0, Member::new("Version", Node::text("2012-10-17")));
        }
        let at = document.iter().position(|it| it.key == "Statement").unwrap_or_else(|| {
            document.push(Member::new("Statement", Node::array(Vec::new())));
            document.len() - 1
        });
        let Some(there) = document.get_mut(at) else { return };
        let there = &mut there.value.value;
        let mut statements = items(std::mem::replace(there, Value::Null));
        let own = parse(self.statements).map_or_else(|_| Vec::new(), |it| items(it.value));
        let is_own =
            |it: &Node| own.iter().any(|own| own.member("Sid").map(Node::as_str) == it.member("Sid").map(Node::as_str));
        let place = statements.iter().position(is_own);
        statements.retain(|it| !is_own(it));
        let rest = statements.split_off(place.unwrap_or(statements.len()).min(statements.len()));
        statements.extend(own.iter().filter_map(|it| filled(it, &blanks)));
        statements.extend(rest);
        *there = Value::Array(statements);
    }
}

/// The items of a list; a value that is none is the one item.
fn items(value: Value) -> Vec<Node> {
    match value {
        Value::Array(items) => items,
        one => vec![Node::new(one)],
    }
}

/// A template with its blanks filled. A text with an empty one is none, and so are a list of such and what holds it; a list of one
/// is that one.
fn filled<'v>(node: &Node, blanks: &dyn Fn(&str) -> &'v str) -> Option<Node> {
    Some(Node::new(match &node.value {
        Value::String(text) => {
            let mut out = String::new();
            for (at, part) in text.split(['{', '}']).enumerate() {
                out.push_str(if at % 2 == 1 { Some(blanks(part)).filter(|it| !it.is_empty())? } else { part });
            }
            Value::String(out)
        }
        Value::Array(items) => {
            let mut items: Vec<Node> = items.iter().filter_map(|it| filled(it, blanks)).collect();
            if items.len() < 2 {
                return items.pop();
            }
            Value::Array(items)
        }
        Value::Object(members) => {
            let mut filled_members = Vec::new();
            for it in members {
                filled_members.push(Member::new(it.key.as_str(), filled(&it.value, blanks)?));
            }
            Value::Object(filled_members)
        }
        other => other.clone(),
    }))
}

impl PresetField {
    /// # Errors
    /// What AWS does not take. Wildcards are among it: a preset names what it allows.
    fn check(&self, value: &str) -> Result<(), Diagnostic> {
        let Takes { least, most, marks, has_capitals } = self.takes;
        let is_taken = |c: char| {
            c.is_ascii_digit()
                || c.is_ascii_lowercase()
                || (has_capitals && c.is_ascii_uppercase())
                || marks.contains(c)
        };
        let is_right = value.chars().all(is_taken)
            && (least..=most).contains(&value.len())
            && !(value.starts_with(['/', '.']) || value.ends_with('/') || value.contains("//"));
        if is_right || (value.is_empty() && self.is_optional) {
            return Ok(());
        }
        let name = self.name.replace('_', " ");
        let message = if value.is_empty() {
            format!("which {name}? it is missing")
        } else if value.contains(['*', '?']) {
            format!("a preset names what it allows; {} holds a wildcard", quoted(value))
        } else {
            let letters = if has_capitals { "letters" } else { "lower-case letters" };
            let marks = if marks.is_empty() { String::new() } else { format!(" and `{marks}`") };
            format!("AWS takes {least} to {most} {letters}, digits{marks} as {name}; this is {}", quoted(value))
        };
        Err(Diagnostic::new(message).help(format!("for example `{}`", self.example)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{check, file};

    const EXAMPLE: &str = include_str!("../../tests/setups/contract-example.json");

    fn draft() -> Draft {
        file::read(EXAMPLE).unwrap().draft().clone()
    }

    fn examples(preset: &Preset) -> Vec<String> {
        preset.fields.iter().map(|it| it.example.to_owned()).collect()
    }

    fn statements(document: &str) -> Vec<Node> {
        match parse(document).unwrap().member("Statement").unwrap().value.clone() {
            Value::Array(items) => items,
            _ => panic!("a list"),
        }
    }

    fn texts(node: &Node) -> Vec<&str> {
        match &node.value {
            Value::Array(items) => items.iter().filter_map(Node::as_str).collect(),
            _ => node.as_str().into_iter().collect(),
        }
    }

    /// Actions for which the Service Authorization Reference names no resource.
    const FOR_ALL: [&str; 2] = ["ecr:GetAuthorizationToken", "ecs:DescribeTaskDefinition"];

    #[test]
    fn every_preset_names_what_can_be_named_and_is_a_policy_that_the_setup_takes() {
        let mut sids = Vec::new();
        for preset in &PRESETS {
            let mut draft = draft();
            let document = preset.apply(&examples(preset), &draft, 0).unwrap();
            for it in statements(&document) {
                let resources = it.member("Resource").unwrap().clone();
                let actions = it.member("Action").unwrap().clone();
                for action in texts(&actions) {
                    assert!(!action.contains('*'), "{action}");
                    let is_for_all = texts(&resources) == ["*"];
                    assert_eq!(is_for_all, FOR_ALL.contains(&action), "{action}");
                }
                for resource in texts(&resources) {
                    // A `*` may stand for files of a bucket and for revisions of a family, and nowhere before.
                    let head = resource.split('*').next().unwrap_or("");
                    assert!(resource == "*" || head == resource || head.ends_with(['/', ':']), "{resource}");
                    assert!(!resource.contains(['{', '}']) && resource.matches('*').count() <= 1, "{resource}");
                }
                let sid = it.member("Sid").and_then(Node::as_str).unwrap().to_owned();
                assert!(sid.chars().all(|c| c.is_ascii_alphanumeric()) && !sids.contains(&sid), "{sid}");
                sids.push(sid);
            }
            draft.roles[0].permissions_document = Some(document);
            assert!(check(&draft).is_ok(), "{}", preset.name);
            assert!(preset.note.contains('*') == preset.statements.contains('*'));
        }
    }

    #[test]
    fn the_arns_are_of_the_setups_account_region_and_partition() {
        let mut draft = draft();
        draft.aws.partition = Some("aws-us-gov".to_owned());
        draft.aws.region = Some("us-gov-west-1".to_owned());
        let all: Vec<String> = PRESETS.iter().map(|it| it.apply(&examples(it), &draft, 0).unwrap()).collect();
        let all = all.concat();
        for arn in [
            "arn:aws-us-gov:s3:::www.example.com\"",
            "arn:aws-us-gov:s3:::www.example.com/*",
            "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/app",
            "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/prod/web",
            "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/web:*",
            "arn:aws-us-gov:iam::123456789012:role/ecsTaskExecutionRole",
            "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:my-function",
            "arn:aws-us-gov:cloudfront::123456789012:distribution/E2QWRUHAPOMQZL",
            "arn:aws-us-gov:s3:::my-terraform-state/prod/terraform.tfstate.tflock",
        ] {
            assert!(all.contains(arn), "{arn}");
        }
    }

    #[test]
    fn what_is_there_stays_and_what_the_preset_wrote_is_replaced_where_it_stands() {
        let ecr = Preset::named("ecr-push").unwrap();
        let mut draft = draft();
        let own =
            r#"{"Id": "mine", "Statement": {"Sid": "Mine", "Effect": "Allow", "Action": "a:b", "Resource": "*"}}"#;
        draft.roles[0].permissions_document = Some(own.to_owned());
        let sids = |document: &str| -> Vec<String> {
            statements(document).iter().filter_map(|it| Some(it.member("Sid")?.as_str()?.to_owned())).collect()
        };
        let first = ecr.apply(&["app".to_owned()], &draft, 0).unwrap();
        assert_eq!(sids(&first), ["Mine", "EcrPushToken", "EcrPush"]);
        assert!(first.contains("\"Id\": \"mine\"") && first.contains("2012-10-17"));
        draft.roles[0].permissions_document = Some(first);
        let lambda = Preset::named("lambda-update").unwrap().apply(&["f".to_owned()], &draft, 0).unwrap();
        draft.roles[0].permissions_document = Some(lambda);
        let again = ecr.apply(&["other/app".to_owned()], &draft, 0).unwrap();
        assert_eq!(sids(&again), ["Mine", "EcrPushToken", "EcrPush", "LambdaUpdate"]);
        assert!(again.contains("repository/other/app") && !again.contains("repository/app"));
    }

    #[test]
    fn roles_that_are_left_out_are_not_passed() {
        let ecs = Preset::named("ecs-deploy").unwrap();
        let of = |roles: [&str; 2]| {
            let values = ["prod", "web", "web"].into_iter().chain(roles).map(str::to_owned).collect::<Vec<_>>();
            ecs.apply(&values, &draft(), 0).unwrap()
        };
        assert!(!of(["", ""]).contains("iam:PassRole"));
        let one = of(["ci/exec", ""]);
        assert!(
            one.contains("\"Resource\": \"arn:aws:iam::123456789012:role/ci/exec\"")
                && one.contains("ecs-tasks.amazonaws.com")
        );
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_nothing_is_written() {
        let wrong = |preset: &str, values: &[&str], draft: &Draft| -> Vec<(String, String)> {
            let values: Vec<String> = values.iter().map(|it| (*it).to_owned()).collect();
            let found = Preset::named(preset).unwrap().apply(&values, draft, 0).unwrap_err();
            found.into_iter().map(|it| (it.path, it.message)).collect()
        };
        let draft = draft();
        for (preset, values, path, words) in [
            ("s3-site", &["my-*"][..], "bucket", "names what it allows"),
            ("s3-site", &["My"], "bucket", "lower-case letters"),
            ("s3-site", &["ab"], "bucket", "3 to 63"),
            ("s3-site", &[], "bucket", "missing"),
            ("terraform-state", &["abc", "/x"], "key", "`/x`"),
            ("terraform-state", &["abc", "${aws:username}"], "key", "aws:username"),
            ("ecr-push", &["app?"], "repository", "names what it allows"),
            ("lambda-update", &["f:1"], "function", "`f:1`"),
        ] {
            let found = wrong(preset, values, &draft);
            assert!(
                found.len() == 1 && found[0].0 == format!("preset.{path}") && found[0].1.contains(words),
                "{preset}: {found:?}"
            );
        }
        let mut without = draft.clone();
        (without.aws.region, without.aws.account_id) = (None, Some("12".to_owned()));
        let paths = |found: Vec<(String, String)>| found.into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(paths(wrong("ecr-push", &["app"], &without)), ["aws.account_id", "aws.region"]);
        assert_eq!(paths(wrong("s3-site", &["abc"], &without)), ["aws.account_id"]);
        let mut broken = draft;
        broken.roles[0].permissions_document = Some("{".to_owned());
        assert_eq!(paths(wrong("ecr-push", &["app"], &broken)), ["permissions_document"]);
    }
}
