//! The trust policies of a sitting as documents.

use super::Bench;
use crate::aws::policy::{Condition, Policy};
use crate::document::Text;
use crate::source::{Kind, Syntax};

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
        for found in &it.source.policies {
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
