//! Tokens near one that came, to see how far an edit reaches: another ref, another kind of ref, another project, other pins.

use super::came::Came;
use crate::aws::keys::GITLAB_COM;
use crate::document::json::Node;
use crate::gitlab::{Component, SubjectFormat};
use crate::playground::token_of;
use crate::setup::Role;
use crate::verdict::Evidence;

/// What differs from the token that came: component or claim, and its value there.
type Change<'c> = (&'c str, &'c str);

/// The probes, at most 64.
pub(super) fn probes(role: &Role, came: &Came<'_>, issuer: &str, audience: &str) -> Vec<Evidence> {
    let reference = came.reference().unwrap_or("main");
    let project = came.project().unwrap_or("group/project");
    let other_kind = if came.is_tag() { "branch" } else { "tag" };
    let other_protection = if came.claim("ref_protected") == Some("true") { "false" } else { "true" };
    let begins = reference.rfind('/').and_then(|at| reference.get(..=at));
    let begins = begins.unwrap_or_else(|| reference.split(|c: char| c.is_ascii_digit()).next().unwrap_or(""));
    let alike = format!("{begins}0-probe");
    let refs = [reference, alike.as_str(), "main", "another-branch", "deep/er"];
    let group = project.split('/').next().unwrap_or("");
    let (below, sibling) = (format!("{group}/probe"), format!("{project}-probe"));
    let mut projects = vec![below.as_str(), sibling.as_str(), "probe/probe"];
    projects.extend(role.scopes.iter().map(|it| it.project.as_str()).take(3));
    let mut changes: Vec<Vec<Change<'_>>> = Vec::new();
    for name in refs {
        changes.push(vec![("ref", name)]);
        changes.push(vec![("ref", name), ("ref_type", other_kind)]);
        changes.push(vec![("ref", name), ("ref_protected", other_protection)]);
        changes.push(vec![("ref", name), ("ref_type", other_kind), ("ref_protected", other_protection)]);
        changes.push(vec![("ref", name), ("pipeline_source", "merge_request_event")]);
    }
    for path in projects {
        changes.push(vec![("project_path", path)]);
        changes.push(vec![("project_path", path), ("ref", "another-branch")]);
        changes.push(vec![("project_path", path), ("project_id", "1")]);
    }
    changes.extend(
        [
            ("project_id", "1"),
            ("namespace_id", "1"),
            ("pipeline_source", "push"),
            ("pipeline_source", "schedule"),
            ("pipeline_source", "web"),
            ("runner_environment", "gitlab-hosted"),
            ("runner_environment", "self-hosted"),
            ("user_access_level", "developer"),
            ("user_access_level", "owner"),
            ("user_id", "1"),
            ("user_login", "probe"),
            ("user_email", "probe@example.com"),
            ("deployment_tier", "testing"),
        ]
        .map(|it| vec![it]),
    );
    changes.into_iter().take(64).map(|it| probe(came, issuer, audience, &it)).collect()
}

fn probe(came: &Came<'_>, issuer: &str, audience: &str, changes: &[Change<'_>]) -> Evidence {
    let value = |name: &str, old: Option<&str>| {
        changes.iter().find(|it| it.0 == name).map(|it| it.1).or(old).map(str::to_owned)
    };
    let format: &SubjectFormat = &came.format;
    let values: Vec<(Component, Option<String>)> =
        format.components().iter().map(|it| (*it, value(it.as_str(), came.value(*it)))).collect();
    let subject = format.write(|it| values.iter().find(|value| value.0 == it).and_then(|it| it.1.as_deref()));
    let mut members = vec![
        ("iss", Node::text(issuer)),
        ("aud", Node::text(audience)),
        ("sub", Node::text(subject)),
        ("iat", Node::number(0)),
        ("exp", Node::number(3_600)),
    ];
    members.extend(GITLAB_COM.iter().filter_map(|name| Some((*name, Node::text(value(name, came.claim(name))?)))));
    Evidence::Token(token_of(Node::object(members)))
}
