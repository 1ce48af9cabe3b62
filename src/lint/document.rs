//! The trust policies of a sitting as documents, and which of its policies are none.

use super::{Bench, File};
use crate::aws::policy::{Condition, Policy};
use crate::document::Text;
use crate::document::json::{Node, Value};
use crate::source::{Found, Kind, Syntax};

/// A policy, and the text in which it stands.
pub(super) struct Document<'b> {
    /// Its file.
    pub(super) file: usize,
    /// That file's text.
    pub(super) text: &'b str,
    /// The policy.
    pub(super) policy: &'b Policy,
    /// Whether the policy's own bytes are JSON, as IAM would get them.
    pub(super) is_json: bool,
    /// Whether it is an object of Terraform's, which keeps the last of two keys.
    pub(super) is_hcl: bool,
}

/// Every policy that could be read.
pub(super) fn policies<'b>(bench: &Bench<'b>) -> Vec<Document<'b>> {
    let mut all = Vec::new();
    for (file, it) in bench.files.iter().enumerate() {
        let is_json = matches!(it.source.kind, Kind::Policy | Kind::Role);
        for found in trust_policies(it) {
            if let Some(policy) = found.meant() {
                all.push(Document {
                    file,
                    text: &it.text,
                    policy,
                    is_json: is_json && !found.is_embedded,
                    is_hcl: found.syntax == Syntax::Hcl,
                });
            }
        }
    }
    all
}

/// The policies of a file that are trust policies.
pub fn trust_policies(file: &File) -> impl Iterator<Item = &Found> {
    file.source.policies.iter().filter(|it| !is_of_other_kind(file, it))
}

/// Whether a policy that no role has is one of permissions, or of a resource such as a bucket: it allows something else than to assume
/// a role, or it allows that on a resource and to nobody by name.
pub(super) fn is_of_other_kind(file: &File, found: &Found) -> bool {
    let stands_alone =
        file.source.kind == Kind::Policy || ["data.", "local."].iter().any(|it| found.name.starts_with(it));
    let statements = found.document.member("Statement").map(each).unwrap_or_default();
    let has = |name: &str| statements.iter().any(|it| it.member(name).is_some());
    let of_resource = has("Resource") || has("NotResource");
    let is_federated =
        statements.iter().filter_map(|it| it.member("Principal")).any(|it| it.member("Federated").is_some());
    let actions = statements.iter().filter_map(|it| it.member("Action")).flat_map(each);
    let actions: Vec<String> = actions.filter_map(Node::as_str).map(str::to_ascii_lowercase).collect();
    let may_be_any = |it: &String| it.starts_with('*') || it.contains("${");
    stands_alone
        && if actions.iter().any(|it| it.starts_with("sts:")) {
            of_resource && !has("Principal") && !has("NotPrincipal")
        } else if has("NotAction") || actions.iter().any(may_be_any) {
            of_resource && !is_federated
        } else {
            !actions.is_empty() && (of_resource || !is_federated)
        }
}

/// The members of a list, or the one that stands in its place.
pub(super) fn each(node: &Node) -> Vec<&Node> {
    match &node.value {
        Value::Array(items) => items.iter().collect(),
        _ => vec![node],
    }
}

impl<'b> Document<'b> {
    /// The values that hold a policy variable or an escape; a template's own references are none.
    pub(super) fn values_with_variables(&self) -> Vec<(&'b Condition, &'b Text)> {
        let conditions = self.policy.statements.iter().flat_map(|it| &it.conditions);
        let values = conditions.flat_map(|condition| condition.values.iter().map(move |it| (condition, &it.text)));
        values.filter(|(_, it)| it.unknown.is_empty() && it.value.contains("${")).collect()
    }

    /// Whether there are such values.
    pub(super) fn uses_variables(&self) -> bool {
        !self.values_with_variables().is_empty()
    }
}
