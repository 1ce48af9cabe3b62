//! `README.md`: what to do with the other files, in order, and how to undo it, with this setup's values.

use crate::document::json::Node;
use crate::gitlab::Component;
use crate::print::json::compact;
use crate::print::markdown::{Document, Part, code, prose};
use crate::print::shell::word;
use crate::setup::{Provider, Role, Scope, Setup};

use super::provider::{add_audience_command, show_provider};
use super::{CI_FILE, File, Generator, Kind, Language, MADE_BY, cloudformation, region};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Readme,
    title: "Read me",
    language: Language::Markdown,
    per_role: false,
    files: |setup| vec![File::of_setup("README.md", Kind::Readme, print(setup, false))],
};

/// How many subjects of a role stand in the first lines.
const SUBJECTS_SHOWN: usize = 4;

/// The old keys' variables, as GitLab's users name them.
const OLD_VARIABLES: &str =
    "`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and a profile in `AWS_PROFILE`";

pub(super) fn print(setup: &Setup, is_one_of_several: bool) -> String {
    let account = setup.aws().account_id.as_str();
    let document = Document::default()
        .heading(1, "GitLab jobs into AWS, without stored keys")
        .paragraph(&[
            prose(MADE_BY),
            prose(" For the account "),
            code(account),
            prose(" and tokens of "),
            code(setup.gitlab().issuer.as_str()),
            prose(". The same `claimcheck.json` makes the same files again: change the setup, not the files."),
        ])
        .bullets(&setup.roles().iter().map(who).collect::<Vec<_>>());
    let document = files(document, setup, is_one_of_several);
    let document = make(document, setup);
    let document = gitlab(document, setup);
    let document = jobs(document, setup, is_one_of_several);
    let document = old_keys(document);
    undo(document, setup).print()
}

/// A role, and who may assume it, as the setup says it.
fn who(role: &Role) -> Vec<Part> {
    let mut parts = vec![code(role.name.as_str()), prose(" is for jobs whose `sub` is ")];
    let subjects: Vec<String> = role.scopes.iter().flat_map(|it| it.subjects()).collect();
    for (at, subject) in subjects.iter().take(SUBJECTS_SHOWN).enumerate() {
        if at > 0 {
            parts.push(prose(" or "));
        }
        parts.push(code(subject));
    }
    if subjects.len() > SUBJECTS_SHOWN {
        parts.push(prose(", and more that its trust policy lists"));
    }
    let pinned = role.scopes.iter().any(|it| !it.pins.is_empty());
    parts.push(prose(if pinned { "; its trust policy asks for more than that" } else { "" }));
    parts
}

fn files(document: Document, setup: &Setup, is_one_of_several: bool) -> Document {
    let mut list = vec![
        vec![prose("`claimcheck.json`: the setup itself")],
        vec![prose(
            "`main.tf`, `cloudformation.yaml`, `create-roles.sh`: the same provider and roles, three times; use **one**",
        )],
        vec![prose("`trust-policy-<role>.json`: who may assume the role, for whoever makes it by hand")],
    ];
    if setup.roles().iter().any(|it| it.permissions_document.is_some()) {
        list.push(vec![prose("`permissions-<role>.json`: what it may do, likewise")]);
    }
    list.push(match is_one_of_several {
        false => vec![code(CI_FILE), prose(": the jobs")],
        true => vec![
            code("../.gitlab-ci.yml"),
            prose(": the jobs of this account and of the folders beside this one, in one file"),
        ],
    });
    list.push(vec![prose("`audit.md`: how to see who assumed the roles, and who tried")]);
    document.heading(2, "The files").bullets(&list)
}

fn make(document: Document, setup: &Setup) -> Document {
    let document = document
        .heading(2, "1. Make the roles")
        .paragraph(&[
            prose("With credentials that may change IAM in the account "),
            code(setup.aws().account_id.as_str()),
            prose(". This shows the account that yours are of:"),
        ])
        .code("sh", "aws sts get-caller-identity --query Account --output text");
    let document = match setup.aws().provider {
        Provider::Create => document.prose(
            "An account has one provider for each URL. If yours has it already, write `\"provider\": \"existing\"` under `aws` in \
             the setup, and make the files again. This lists the providers:",
        )
        .code("sh", "aws iam list-open-id-connect-providers"),
        Provider::Existing => document
            .paragraph(&[
                prose("The provider is there already. Its `ClientIDList` has to hold "),
                code(setup.gitlab().audience.as_str()),
                prose(", which the first command shows and, where it does not, the second adds:"),
            ])
            .code("sh", &format!("{}\n{}", show_provider(setup), add_audience_command(setup))),
    };
    document
        .prose("Then **one** of the three. By Terraform or OpenTofu, which needs nothing but `main.tf`:")
        .code("sh", "terraform init\nterraform apply")
        .prose("By CloudFormation:")
        .code("sh", &cloudformation::deploy(setup).join("\n"))
        .prose("Or by the AWS CLI alone; it says what it makes, and changes nothing that is there without `--update`:")
        .code("sh", "sh create-roles.sh")
}

fn gitlab(document: Document, setup: &Setup) -> Document {
    let scopes: Vec<&Scope> = setup.roles().iter().flat_map(|it| &it.scopes).collect();
    let asks = |claim: &str, component| {
        scopes.iter().any(|it| it.pin(claim).is_some_and(|pin| pin.values.iter().any(|it| it == "true")))
            || scopes.iter().any(|it| it.subject_values.iter().any(|value| value.0 == component && value.1 == "true"))
    };
    let mut list = Vec::new();
    if asks("ref_protected", Component::RefProtected) {
        list.push(vec![prose(
            "The trust policy asks for protected refs: protect the branches or tags (project, Settings, Repository). A token of a \
             ref that is not says `ref_protected` `false`, and AWS denies it.",
        )]);
    }
    if asks("environment_protected", Component::EnvironmentProtected) {
        list.push(vec![prose(
            "The trust policy asks for a protected environment: protect it (project, Settings, CI/CD, Protected environments).",
        )]);
    }
    let sees =
        |it: &Scope| [Component::EnvironmentProtected, Component::DeploymentTier].iter().any(|c| it.subject.has(*c));
    if setup.roles().iter().any(|it| it.environment.is_some() && !it.scopes.iter().any(sees)) {
        list.push(vec![prose(
            "AWS does not see a job's environment: a job of the same project and ref without it gets the role as well. Who may \
             deploy to an environment is for GitLab's protected environments to say.",
        )]);
    }
    let custom = custom_subjects(&scopes);
    if list.is_empty() && custom.is_empty() {
        return document.heading(2, "2. GitLab").prose("Nothing has to be set there.");
    }
    let document = document.heading(2, "2. GitLab");
    let document = if list.is_empty() { document } else { document.bullets(&list) };
    if custom.is_empty() {
        return document;
    }
    let url = setup.gitlab().url.as_str();
    let calls: Vec<String> =
        custom.iter().map(|(project, components)| set_components(url, project, components)).collect();
    document
        .prose(
            "The `sub` has components of its own, which only the API sets, by a maintainer's token with the scope `api`. Every job \
             of the project has that `sub` from then on, for every cloud that reads it:",
        )
        .code("sh", &calls.join("\n"))
}

/// Each project whose `sub` is not the default one, and its components.
fn custom_subjects<'s>(scopes: &[&'s Scope]) -> Vec<(&'s str, Vec<&'static str>)> {
    let mut custom = Vec::new();
    for scope in scopes.iter().filter(|it| !it.subject.is_default()) {
        let components = scope.subject.components().iter().map(|it| it.as_str()).collect();
        let one = (scope.project.as_str(), components);
        if !custom.contains(&one) {
            custom.push(one);
        }
    }
    custom
}

fn set_components(url: &str, project: &str, components: &[&str]) -> String {
    let components = components.iter().map(|it| Node::text(*it)).collect();
    let body = compact(&Node::object(vec![("ci_id_token_sub_claim_components", Node::array(components))]));
    let (about, id) = if project.contains(['*', '?']) {
        (format!("# For each project of {project}, with its number in the place of PROJECT:\n"), "PROJECT".to_owned())
    } else {
        (String::new(), project.replace('/', "%2F"))
    };
    let address = word(&format!("{url}/api/v4/projects/{id}"));
    format!(
        "{about}curl --fail --request PUT --header \"PRIVATE-TOKEN: $GITLAB_TOKEN\" \\\n\
         \x20 --header 'Content-Type: application/json' --data {} {address}",
        word(&body)
    )
}

fn jobs(document: Document, setup: &Setup, is_one_of_several: bool) -> Document {
    let place = match is_one_of_several {
        false => {
            "The file goes to the top of the project's repository, or its jobs into the `.gitlab-ci.yml` that is there."
        }
        true => {
            "One file for all accounts: `../.gitlab-ci.yml` goes to the top of the project's repository, or its jobs into the file \
             that is there. Where two accounts' jobs had one name, the account's number is behind it."
        }
    };
    let document = document.heading(2, "3. Put the jobs into GitLab").prose(place);
    let document = if setup.aws().region.is_none() {
        document.prose("The setup names no region: set `AWS_REGION` in the jobs, where a comment says so.")
    } else {
        document
    };
    document.paragraph(&[
        prose("Start a pipeline on a ref that is meant. The job's log says `AWS says:` and the role. Where AWS answers `AccessDenied`, \
               paste the token's payload or the CloudTrail record into Claimcheck: it says which condition did not match. A role \
               that is seconds old is denied too: try again."),
    ])
}

fn old_keys(document: Document) -> Document {
    let variables = vec![
        prose(
            "Remove the old keys from GitLab: in the project, in each group above it and, self-managed, in the instance (Settings, \
               CI/CD, Variables): ",
        ),
        prose(OLD_VARIABLES),
        prose(". These jobs unset them; other jobs still take them before anything else."),
    ];
    document
        .heading(2, "4. Take the old keys away")
        .prose("Only when the jobs have run as their roles:")
        .steps(&[
            variables,
            vec![prose("Run the pipelines again. What fails now still used the old keys.")],
            vec![prose("Deactivate the keys in AWS. This can be taken back; deleting cannot.")],
            vec![prose("Wait until a release or a month has gone by and nobody missed them; then delete the keys, and the user.")],
        ])
        .code(
            "sh",
            "# The user and the key that the jobs had:\n\
             user=USER key=AKIAEXAMPLE\n\
             aws iam get-access-key-last-used --access-key-id \"$key\"\n\
             aws iam update-access-key --user-name \"$user\" --access-key-id \"$key\" --status Inactive\n\
             # A month later:\n\
             aws iam delete-access-key --user-name \"$user\" --access-key-id \"$key\"",
        )
        .heading(2, "5. Look now and then")
        .prose("`audit.md` shows who assumed the roles, and who tried.")
}

fn undo(document: Document, setup: &Setup) -> Document {
    let document = document
        .heading(2, "Undoing it")
        .prose(
            "First the jobs out of the CI file, then the roles, the way they were made: `terraform destroy`, or the stack, or by hand. \
             Sessions that are open go on until they end.",
        )
        .code(
            "sh",
            &format!(
                "aws cloudformation delete-stack --region {} --stack-name {}",
                word(region(setup)),
                cloudformation::STACK
            ),
        )
        .prose("Made by `create-roles.sh`, or by hand:")
        .code("sh", &setup.roles().iter().map(remove).collect::<String>());
    match setup.aws().provider {
        Provider::Existing => document.prose("The provider was there before, and stays."),
        Provider::Create => document
            .prose(
                "The provider last, and only where nothing else uses it. The first command lists the roles that trust it; the \
                 stack and `terraform destroy` remove it without asking.",
            )
            .code("sh", &remove_provider(setup)),
    }
}

fn remove(role: &Role) -> String {
    let name = format!("--role-name={}", word(role.name.as_str()));
    let mut out = String::new();
    for policy in &role.permissions {
        out.push_str(&format!("aws iam detach-role-policy {name} --policy-arn {}\n", word(policy.as_str())));
    }
    if role.permissions_document.is_some() {
        let policy = word(role.name.as_str());
        out.push_str(&format!("aws iam delete-role-policy {name} --policy-name={policy}\n"));
    }
    out.push_str(&format!("aws iam delete-role {name}\n"));
    out
}

fn remove_provider(setup: &Setup) -> String {
    let arn = word(&setup.provider_arn());
    format!(
        "provider={arn}\n\
         aws iam list-roles --output text \\\n\
         \x20 --query \"Roles[?contains(to_string(AssumeRolePolicyDocument), '$provider\\\"')].[Arn]\"\n\
         aws iam delete-open-id-connect-provider --open-id-connect-provider-arn \"$provider\""
    )
}
