//! CloudFormation templates, JSON and YAML: roles with their trust policies, and OIDC providers.
//!
//! `Ref`, `Fn::Sub`, `Fn::GetAtt`, `Fn::Join`, `Fn::Split`, `Fn::Select` and `Fn::If` are followed within the template, with the parameters'
//! defaults; what another function, the account or the partition gives is unknown by its name. Source: AWS CloudFormation User Guide, "Intrinsic function
//! reference", and the return values of `AWS::IAM::OIDCProvider` and `AWS::IAM::Role`.

#[cfg(test)]
mod tests;
mod value;

use super::{Found, FoundProvider, Source};
use crate::document::Text;
use crate::document::json::{Node, Value};
use crate::text::{Diagnostic, Span, quoted};
use value::Scope;

/// Whether a tree is a template.
pub(super) fn is_template(root: &Node) -> bool {
    let has_type = |it: &Node| it.member("Type").and_then(Node::as_str).is_some_and(|it| it.contains("::"));
    let resources = root.member("Resources").and_then(Node::as_object);
    root.member("AWSTemplateFormatVersion").is_some()
        || resources.is_some_and(|it| it.iter().any(|it| has_type(&it.value)))
}

/// Reads the template into `source`.
pub(super) fn read(text: &str, root: &Node, variables: &[(String, String)], source: &mut Source) {
    let mut scope = Scope::new(text, root, variables);
    for it in root.member("Resources").and_then(Node::as_object).unwrap_or_default() {
        if it.key.starts_with("Fn::") {
            source.notes.push(Diagnostic::new(format!("{} is not expanded", quoted(&it.key))).at(it.key_span));
        }
        let properties = it.value.member("Properties");
        match (value::kind(&it.value), properties) {
            (Some("AWS::IAM::Role"), _) => role(&mut scope, &it.key, it.key_span, properties, source),
            (Some("AWS::IAM::OIDCProvider"), Some(properties)) => {
                let span = Span::new(it.key_span.start, it.value.span.end);
                let provider = provider(&mut scope, &it.key, span, properties);
                source.providers.push(provider);
            }
            _ => {}
        }
    }
    source.given_up(scope.exhausted());
    if source.policies.is_empty() && source.providers.is_empty() && source.problems.is_empty() {
        let message = "looks like a CloudFormation template, but there is no role or OIDC provider in it";
        source.problems.push(Diagnostic::new(message).at(root.span));
    }
    source.notes.append(&mut scope.notes);
    source.unknown = scope.unknown;
}

fn role(scope: &mut Scope<'_>, id: &str, place: Span, properties: Option<&Node>, source: &mut Source) {
    let document = properties.and_then(|it| it.member("AssumeRolePolicyDocument"));
    let (Some(properties), Some(document)) = (properties, document) else {
        let problem = Diagnostic::new("a role without `AssumeRolePolicyDocument`").at(place);
        let role_name = properties.and_then(|it| scope.text(it, "RoleName"));
        source.unread(id, role_name, problem);
        return;
    };
    let found = scope
        .document(document)
        .and_then(|(document, is_embedded)| Found { is_embedded, ..Found::new(document) }.or_hidden());
    let role_name = scope.text(properties, "RoleName");
    match found {
        Ok(mut found) => {
            found.name = id.to_owned();
            found.role_name = role_name;
            let path = scope.text(properties, "Path").unwrap_or_else(|| Text::new("/", place));
            found.path = Some(path);
            found.max_session_seconds = scope.text(properties, "MaxSessionDuration");
            found.attached = scope.texts(properties, "ManagedPolicyArns").0;
            // Nobody is asked for what permissions refer to.
            let asked = scope.unknown.len();
            let inline = properties.member("Policies").and_then(Node::as_array).unwrap_or_default();
            for it in inline.iter().filter_map(|it| it.member("PolicyDocument")) {
                found.permissions.extend(scope.document(it).map(|it| it.0));
            }
            scope.unknown.truncate(asked);
            source.policies.push(found);
        }
        Err(problem) => source.unread(id, role_name, problem),
    }
}

fn provider(scope: &mut Scope<'_>, id: &str, span: Span, properties: &Node) -> FoundProvider {
    let ids = ["ClientIdList", "ClientIDList"].into_iter().find(|it| properties.member(it).is_some());
    let (client_ids, client_ids_span) = scope.texts(properties, ids.unwrap_or_default());
    let (thumbprints, _) = scope.texts(properties, "ThumbprintList");
    let members = properties.as_object().unwrap_or_default();
    let attribute = members.iter().rev().find(|it| it.key == "ThumbprintList");
    FoundProvider {
        name: id.to_owned(),
        url: scope.text(properties, "Url"),
        client_ids,
        client_ids_span,
        thumbprints,
        thumbprints_span: attribute.map(|it| Span::new(it.key_span.start, it.value.span.end)),
        span,
        is_embedded: false,
    }
}

impl Scope<'_> {
    fn text(&mut self, properties: &Node, name: &str) -> Option<Text> {
        Text::of(&self.value(properties.member(name)?, 0))
    }

    /// The strings of a list, and where it stands.
    fn texts(&mut self, properties: &Node, name: &str) -> (Vec<Text>, Option<Span>) {
        let Some(node) = properties.member(name) else { return (Vec::new(), None) };
        let value = self.value(node, 0);
        let texts = match &value.value {
            Value::Array(items) => items.iter().filter_map(Text::of).collect(),
            _ => Text::of(&value).into_iter().collect(),
        };
        (texts, Some(node.span))
    }
}
