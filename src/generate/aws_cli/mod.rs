//! `create-roles.sh`: the provider and the roles by the AWS CLI. It may be run twice: what is there and equal is left, what differs
//! is shown, and it stops unless `--update`.
//!
//! Documents are compared by the CLI itself, as `==` of its query language with the setup's own document as a literal: no jq and
//! no Python has to be there, spaces and the order of keys do not count. The order of lists does, and so does a list of one in
//! the place of a single value: then a difference is shown where none is in effect, which is safe.
//! Rejected: comparing the CLI's output as text, which holds only for documents that this script wrote.

use crate::document::json::Node;
use crate::print::json::{compact, pretty};
use crate::print::shell::{Part, Script, value};
use crate::setup::{Provider, Role, Setup, trust_policy};

use super::{File, Generator, Kind, Language, MADE_BY, region};

pub(super) static GENERATOR: Generator = Generator {
    kind: Kind::AwsCli,
    title: "AWS CLI",
    language: Language::Shell,
    per_role: false,
    files: |setup| vec![File::of_setup("create-roles.sh", Kind::AwsCli, print(setup))],
};

fn print(setup: &Setup) -> String {
    let gitlab = setup.gitlab();
    let (provider, audience) = (setup.provider_arn(), compact(&Node::text(gitlab.audience.as_str())));
    let script = Script::default()
        .code("#!/bin/sh")
        .comment(MADE_BY)
        .code("#")
        .code(ABOUT.trim_end())
        .code("set -euf")
        .blank()
        .assign("account", setup.aws().account_id.as_str())
        .code("# IAM is global: the region only says where the partition is.")
        .line(&[
            Part::Code("export AWS_REGION="),
            value(region(setup)),
            Part::Code(" AWS_DEFAULT_REGION="),
            value(region(setup)),
        ])
        .assign("provider", &provider);
    let script = match setup.aws().provider {
        Provider::Create => script.assign("issuer", gitlab.issuer.as_str()),
        Provider::Existing => script,
    };
    let script = script
        .code("# As JSON. By options of their own, version 1 of the AWS CLI would take an https:// value for a file to fetch.")
        .assign("audience", &audience)
        .assign("add_audience", &super::add_audience(setup))
        .blank()
        .code(include_str!("functions.sh"))
        .code(match setup.aws().provider {
            Provider::Create => include_str!("provider-create.sh"),
            Provider::Existing => include_str!("provider-existing.sh"),
        })
        .code("everything() {")
        .code("  provider");
    setup
        .roles()
        .iter()
        .fold(script, |script, it| role(script.blank(), setup, it))
        .code("}")
        .blank()
        .code(include_str!("run.sh").trim_end())
        .print()
}

const ABOUT: &str = "\
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
";

fn role(script: Script, setup: &Setup, role: &Role) -> Script {
    let mut policies: Vec<&str> = role.permissions.iter().map(|it| it.as_str()).collect();
    policies.sort_unstable();
    policies.dedup();
    let inline = role.permissions_document.as_ref().map(document).unwrap_or_default();
    let inline_names = names(role.permissions_document.iter().map(|_| role.name.as_str()));
    let script = script
        .line(&[Part::Code("  # Who may assume the role "), value(role.name.as_str()), Part::Code(":")])
        .assign("  trust", &document(&trust_policy(setup, role)))
        .code("  # What it may do:")
        .assign("  managed_names", &names(policies.iter().copied()))
        .assign("  inline_names", &inline_names)
        .assign("  inline", &inline);
    let (arn, seconds) = (setup.role_arn(role), role.max_session_seconds.to_string());
    let mut call = vec![Part::Code("  role")];
    for word in [role.name.as_str(), &arn, role.path.as_str(), &seconds].into_iter().chain(policies) {
        call.extend([Part::Code(" "), value(word)]);
    }
    script.line(&call)
}

/// A document in several lines, as one value.
fn document(node: &Node) -> String {
    pretty(node).trim_end().to_owned()
}

fn names<'n>(names: impl Iterator<Item = &'n str>) -> String {
    compact(&Node::array(names.map(Node::text).collect()))
}
