//! `README.md`: what to do with the other files, in order, and how to undo it, with this setup's values.

use crate::gitlab::Component;
use crate::print::markdown::Document;
use crate::print::shell;
use crate::setup::subject::set_by_api;
use crate::setup::{Provider, Role, Scope, Setup};

use super::provider::{add_audience_command, show_provider};
use super::{File, Generator, Kind, Language, cloudformation};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::Readme,
    title: "Read me",
    language: Language::Markdown,
    per_role: false,
    files: |setup| vec![File::of_setup("README.md", Kind::Readme, print(setup, false))],
};

/// Where `is_one_of_several`, the CI file is in the folder above, with the jobs of other setups.
pub(super) fn print(setup: &Setup, is_one_of_several: bool) -> String {
    let mut document = Document::default();
    let (account, issuer) = (setup.aws().account_id.as_str(), &setup.gitlab().issuer);
    document.prose(HEAD, &[account, issuer.as_str()]);
    for role in setup.roles() {
        who(&mut document, role);
    }
    document.prose(FILES, &[]);
    if setup.roles().iter().any(|it| it.permissions_document.is_some()) {
        document.prose("- `permissions-<role>.json`: what the role may do, likewise", &[]);
    }
    document.prose(if is_one_of_several { CI_OF_SEVERAL } else { CI_HERE }, &[]);
    document.prose(MAKE, &[account]);
    if !issuer.is_gitlab_com() {
        document.prose(REACHABLE, &[&format!("{}/.well-known/openid-configuration", issuer.as_str())]);
    }
    match setup.aws().provider {
        Provider::Create => document.prose(PROVIDER_MADE, &[]),
        Provider::Existing => {
            document.prose(PROVIDER_THERE, &[setup.gitlab().audience.as_str()]);
            document.code("sh", &format!("{}\n{}", show_provider(setup), add_audience_command(setup)));
        }
    }
    document.prose(ONE_OF_THREE, &[]);
    document.code("sh", &cloudformation::deploy(setup));
    document.prose(BY_CLI, &[]);
    let custom = gitlab(&mut document, setup);
    document.prose(if is_one_of_several { JOBS_OF_SEVERAL } else { JOBS }, &[]);
    if setup.aws().region.is_none() {
        document.prose("The setup names no region: set `AWS_REGION` in the jobs, where a comment says so.", &[]);
    }
    document.prose(FIRST_PIPELINE, &[]);
    document.prose(OLD_KEYS, &[]);
    undo(&mut document, setup, custom);
    document.print()
}

const HEAD: &str = concat!(
    "# GitLab jobs into AWS, without stored keys

",
    made_by!(),
    " For the account {} and tokens of {}. The same `claimcheck.json` makes the same files again: change the setup, not the files."
);

/// A role, and who may assume it, as the setup says it.
fn who(document: &mut Document, role: &Role) {
    document.prose("- {} is for jobs whose `sub` is", &[role.name.as_str()]);
    for subject in role.scopes.iter().flat_map(|it| it.subjects()) {
        document.prose("  - {}", &[&subject]);
    }
    if role.scopes.iter().any(|it| !it.pins.is_empty()) {
        document.prose("  - and for whom its trust policy's other conditions hold", &[]);
    }
}

const FILES: &str = "\
## The files

- `claimcheck.json`: the setup itself
- `main.tf`, `cloudformation.yaml`, `create-roles.sh`: the same provider and roles, three times; use **one**
- `audit.md`: how to see who assumed the roles, and who tried
- `trust-policy-<role>.json`: who may assume the role, for whoever makes it by hand";

const CI_HERE: &str = "\
- `.gitlab-ci.yml`: the jobs

Another account is another setup. `claimcheck generate a.json b.json --out DIR` puts the jobs of all of them into one CI file.";

const CI_OF_SEVERAL: &str =
    "- `../.gitlab-ci.yml`: the jobs of this account and of the folders beside this one, in one file";

const MAKE: &str = "\
## 1. Make the roles

With credentials that may change IAM in the account {}. This shows the account that yours are of:

```sh
aws sts get-caller-identity --query Account --output text
```";

const REACHABLE: &str = "\
AWS fetches {}, and the keys that it names, over the internet. Where your GitLab does not answer there, publish copies of both \
at an address that does, and let it be GitLab's `ci_id_tokens_issuer_url` (18.1 or newer) and the setup's `issuer`.";

const PROVIDER_MADE: &str = "\
An account has one provider for each URL. If yours has it already, write `\"provider\": \"existing\"` under `aws` in the setup, and \
make the files again. This lists the providers:

```sh
aws iam list-open-id-connect-providers
```";

const PROVIDER_THERE: &str = "\
The provider is there already. Its `ClientIDList` has to hold {}, which the first command shows and, where it does not, the second \
adds:";

const ONE_OF_THREE: &str = "\
Then **one** of the three. By Terraform or OpenTofu, which needs nothing but `main.tf`:

```sh
terraform init
terraform apply
```

By CloudFormation:";

const BY_CLI: &str = "\
Or by the AWS CLI alone; it says what it makes, and changes nothing that is there without `--update`:

```sh
sh create-roles.sh
```

## 2. GitLab";

/// What has to be set in GitLab; whether a project's `sub` is among it.
fn gitlab(document: &mut Document, setup: &Setup) -> bool {
    let scopes: Vec<&Scope> = setup.roles().iter().flat_map(|it| &it.scopes).collect();
    let asks = |component: Component| {
        let claim = component.as_str();
        scopes.iter().any(|it| it.pin(claim).is_some_and(|pin| pin.values.iter().any(|it| it == "true")))
            || scopes.iter().any(|it| it.subject_values.iter().any(|value| value.0 == component && value.1 == "true"))
    };
    let sees =
        |it: &Scope| [Component::EnvironmentProtected, Component::DeploymentTier].iter().any(|c| it.subject.has(*c));
    let is_blind = setup.roles().iter().any(|it| it.environment.is_some() && !it.scopes.iter().any(sees));
    let custom = custom_subjects(&scopes);
    let said = [
        (asks(Component::RefProtected), PROTECTED_REFS),
        (asks(Component::EnvironmentProtected), PROTECTED_ENVIRONMENT),
        (is_blind, BLIND),
    ];
    let mut is_nothing = custom.is_empty();
    for (_, text) in said.iter().filter(|it| it.0) {
        document.prose(text, &[]);
        is_nothing = false;
    }
    if is_nothing {
        document.prose("Nothing has to be set there.", &[]);
    }
    if custom.is_empty() {
        return false;
    }
    let url = setup.gitlab().url.as_str();
    let calls: Vec<String> = custom.iter().map(|(project, components)| set_by_api(url, project, components)).collect();
    document.prose(CUSTOM, &[]);
    document.code("sh", &calls.concat());
    true
}

const PROTECTED_REFS: &str = "\
- The trust policy asks for protected refs: protect the branches or tags (project, Settings, Repository). A token of a ref that is \
not says `ref_protected` `false`, and AWS denies it.";

const PROTECTED_ENVIRONMENT: &str = "\
- The trust policy asks for a protected environment: protect it (project, Settings, CI/CD, Protected environments).";

const BLIND: &str = "\
- AWS does not see a job's environment: a job of the same project and ref without it gets the role as well. Who may deploy to an \
environment is for GitLab's protected environments to say.";

const CUSTOM: &str = "\
The `sub` has components of its own, which only the API sets, by a maintainer's token with the scope `api`. Every job of the \
project has that `sub` from then on, for every cloud that reads it. A project has one form: a second call takes the place of the \
first.";

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

const JOBS: &str = "\
## 3. Put the jobs into GitLab

The file goes to the top of the project's repository, or its jobs into the `.gitlab-ci.yml` that is there.";

const JOBS_OF_SEVERAL: &str = "\
## 3. Put the jobs into GitLab

One file for all accounts: `../.gitlab-ci.yml` goes to the top of the project's repository, or its jobs into the file that is there. \
Where two accounts' jobs had one name, the account's number is behind it.";

const FIRST_PIPELINE: &str = "\
Start a pipeline on a ref that is meant. The job's log says `AWS says:` and the role. Where AWS answers `AccessDenied`, paste the \
token's payload or the CloudTrail record into Claimcheck: it says which condition did not match. A role that is seconds old is \
denied too: try again.";

const OLD_KEYS: &str = "\
## 4. Take the old keys away

Only when the jobs have run as their roles:

1. Remove the old keys from GitLab: in the project, in each group above it and, self-managed, in the instance (Settings, CI/CD, \
Variables): `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, and a profile in `AWS_PROFILE`. These jobs unset \
them; other jobs still take them before anything else.
2. Run the pipelines again. What fails now still used the old keys.
3. See when the key was last used. Where that is later than step 1, somebody else has it too.
4. Deactivate the key in AWS. This can be taken back; deleting cannot.
5. Wait until a release or a month has gone by and nobody missed it; then delete the key, and the user.

```sh
# The user and the key that the jobs had:
user=USER key=AKIAEXAMPLE
aws iam get-access-key-last-used --access-key-id \"$key\"
aws iam update-access-key --user-name \"$user\" --access-key-id \"$key\" --status Inactive
# A month later:
aws iam delete-access-key --user-name \"$user\" --access-key-id \"$key\"
```

## 5. Look now and then

`audit.md` shows who assumed the roles, and who tried.

## Undoing it

1. Where jobs go back to the old keys: activate them (`--status Active`), and then put their variables back.
2. Take these jobs out of the CI file. Sessions that are open go on until they end.
3. Remove the roles, the way they were made: `terraform destroy`, or the stack, or by hand.";

fn undo(document: &mut Document, setup: &Setup, custom: bool) {
    if custom {
        document.prose(CUSTOM_BACK, &[]);
    }
    let is_made = setup.aws().provider == Provider::Create;
    let arn = setup.provider_arn();
    if is_made {
        document.prose(PROVIDER_GOES, &[]);
        document.code("sh", &shell::code(WHO_TRUSTS, &[&arn]));
        document.prose(PROVIDER_STAYS, &[]);
    } else {
        document.prose("The provider was there before, and stays.", &[]);
    }
    document.prose("The stack:", &[]);
    document.code("sh", &cloudformation::delete(setup));
    document.prose("Made by `create-roles.sh`, or by hand:", &[]);
    let mut commands: String = setup.roles().iter().map(remove).collect();
    if is_made {
        commands.push_str(&shell::code(DELETE_PROVIDER, &[&arn]));
    }
    document.code("sh", &commands);
}

const CUSTOM_BACK: &str = "\
4. Set `ci_id_token_sub_claim_components` to `[\"project_path\",\"ref_type\",\"ref\"]` again, by the call of step 2 above, unless another \
cloud reads that `sub`.";

const PROVIDER_GOES: &str = "\
`terraform destroy` and the stack take the provider away with the roles, for whoever else uses it too. This lists the roles that \
trust it:";

const WHO_TRUSTS: &str = "\
provider={}
aws iam list-roles --output text \\
  --query \"Roles[?contains(to_string(AssumeRolePolicyDocument), '$provider\\\"')].[Arn]\"
";

const PROVIDER_STAYS: &str = "\
Where others do, leave it: `terraform state rm aws_iam_openid_connect_provider.gitlab` comes first, or `DeletionPolicy: Retain` \
under `GitLabProvider` and the stack deployed once more, or the last command below stays out.";

const DELETE_PROVIDER: &str = "aws iam delete-open-id-connect-provider --open-id-connect-provider-arn {}\n";

fn remove(role: &Role) -> String {
    let name = role.name.as_str();
    let mut out = String::new();
    for policy in &role.permissions {
        out.push_str(&shell::code(
            "aws iam detach-role-policy --role-name={} --policy-arn {}\n",
            &[name, policy.as_str()],
        ));
    }
    if role.permissions_document.is_some() {
        out.push_str(&shell::code("aws iam delete-role-policy --role-name={} --policy-name={}\n", &[name, name]));
    }
    out.push_str(&shell::code("aws iam delete-role --role-name={}\n", &[name]));
    out
}
