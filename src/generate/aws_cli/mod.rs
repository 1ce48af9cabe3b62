//! `create-roles.sh`: the provider and the roles by the AWS CLI. It may be run twice: what is there and equal is left, what differs
//! is shown, and it stops unless `--update`.
//!
//! Documents are compared by the CLI itself, as `==` of its query language with the setup's own document as a literal: no jq and
//! no Python has to be there, spaces and the order of keys do not count. The order of lists does, and so does a list of one in
//! the place of a single value: then a difference is shown where none is in effect, which is safe.
//! Rejected: comparing the CLI's output as text, which holds only for documents that this script wrote.

use crate::document::json::Node;
use crate::print::json::{compact, pretty};
use crate::print::shell::{code, comment};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, add_audience, region, thumbprint};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::AwsCli,
    title: "AWS CLI",
    language: Language::Shell,
    per_role: false,
    files: |setup| vec![File::of_setup("create-roles.sh", Kind::AwsCli, print(setup))],
};

fn print(setup: &Setup) -> String {
    let gitlab = setup.gitlab();
    let is_made = setup.aws().provider == Provider::Create;
    let mut out = "#!/bin/sh\n".to_owned();
    out.push_str(&comment(MADE_BY));
    out.push_str(&code(ABOUT, &[setup.aws().account_id.as_str(), region(setup), region(setup), &setup.provider_arn()]));
    if is_made {
        for line in thumbprint(setup, "--thumbprint-list").lines() {
            out.push_str(&comment(line));
        }
        out.push_str(&code("issuer={}\n", &[gitlab.issuer.as_str()]));
    }
    let audience = compact(&Node::text(gitlab.audience.as_str()));
    out.push_str(&code(AUDIENCE, &[&audience, &add_audience(setup)]));
    out.push_str(include_str!("functions.sh"));
    out.push('\n');
    out.push_str(if is_made { include_str!("provider-create.sh") } else { include_str!("provider-existing.sh") });
    out.push_str("\neverything() {\n  provider\n");
    for it in setup.roles() {
        out.push('\n');
        role(setup, it, &mut out);
    }
    out.push_str("}\n\n");
    out.push_str(include_str!("run.sh"));
    out
}

const ABOUT: &str = "\
#
# Makes the OIDC provider, where the setup makes it, and the roles, by the AWS CLI. It may be run again at any time:
#
#   sh create-roles.sh            makes what is not there. Where something is there and differs, it shows how and stops
#                                 before it has changed anything.
#   sh create-roles.sh --update   also makes what differs as in the setup. A role's other policies are taken off it.
#
# It needs credentials that may change IAM and a current AWS CLI, version 2 or 1 (2.9.19, of 2023, still demands a
# thumbprint for the provider). Documents are compared as values: spaces and the order of keys do not count. The order of
# a list does, and so does a list of one in the place of a single value, though they mean the same to AWS.
#
# shellcheck disable=SC2016 # what stands as ${...} in a document is AWS's, not the shell's
set -euf

account={}
# IAM is global: the region only says where the partition is.
export AWS_REGION={} AWS_DEFAULT_REGION={}
provider={}
";

const AUDIENCE: &str = "\
# As JSON. By options of their own, version 1 of the AWS CLI would take an https:// value for a file to fetch.
audience={}
add_audience={}

";

fn role(setup: &Setup, role: &Role, out: &mut String) {
    // In the order of AWS's answers as the script sorts them. By hand: it is the only sorting on the page, and three kilobytes less.
    let mut policies: Vec<&str> = Vec::new();
    for policy in role.permissions.iter().map(|it| it.as_str()) {
        let at = policies.iter().take_while(|it| **it < policy).count();
        if policies.get(at) != Some(&policy) {
            policies.insert(at, policy);
        }
    }
    let name = role.name.as_str();
    let inline = role.permissions_document.as_ref();
    out.push_str(&code(
        "  # Who may assume the role {}:
  trust={}
  # What it may do:
  managed_names={}
  inline_names={}
  inline={}
  role {} {} {} {}",
        &[
            name,
            &document(&trust_policy(setup, role)),
            &names(policies.iter().copied()),
            &names(inline.iter().map(|_| name)),
            &inline.map(document).unwrap_or_default(),
            name,
            &setup.role_arn(role),
            role.path.as_str(),
            &role.max_session_seconds.to_string(),
        ],
    ));
    for policy in policies {
        out.push_str(&code(" {}", &[policy]));
    }
    out.push('\n');
}

/// A document in several lines, as one value.
fn document(node: &Node) -> String {
    pretty(node).trim_end().to_owned()
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    compact(&Node::array(names.map(Node::text).collect()))
}
