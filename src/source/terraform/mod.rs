//! Terraform and OpenTofu: roles with their trust policies, and OIDC providers.
//!
//! Nothing is planned or applied, no module and no other file is read. What the text alone does not tell is unknown by its name.

mod document;
mod function;
mod json;
mod statement;
#[cfg(test)]
mod tests;
mod value;

use super::{Found, FoundProvider, Source, Syntax};
use crate::document::Text;
use crate::document::hcl::{self, Block, Body, Expr, Value as Hcl};
use crate::document::json::{Node, Value};
use crate::text::{Diagnostic, Span};
use document::Document;
pub(super) use json::is_terraform;
use value::Scope;

/// Lines with which a text of Terraform begins its blocks, and words that only it has.
const SIGNS: [&str; 10] = [
    "resource \"",
    "data \"",
    "module \"",
    "variable \"",
    "output \"",
    "provider \"",
    "locals {",
    "terraform {",
    "assume_role_policy",
    "jsonencode(",
];

/// Whether a text looks like Terraform.
pub(super) fn is_likely(text: &str) -> bool {
    text.lines().map(str::trim_start).any(|line| SIGNS.iter().any(|it| line.starts_with(it))) || is_object(text)
}

/// Whether it is an object of Terraform's alone: `{ Version = "2012-10-17" … }`.
fn is_object(text: &str) -> bool {
    text.trim_start().starts_with('{')
        && ["Statement", "\"Statement\""]
            .iter()
            .filter_map(|it| text.split_once(it))
            .any(|it| it.1.trim_start().starts_with('='))
}

/// Reads the text into `source`.
pub(super) fn read(text: &str, variables: &[(String, String)], source: &mut Source) {
    let body = if is_object(text) || text.trim_start().starts_with("jsonencode(") {
        hcl::read_expression(text).map(|value| Body {
            attributes: vec![hcl::Attribute { name: Text::new("assume_role_policy", value.span), value }],
            blocks: Vec::new(),
        })
    } else {
        hcl::read(text)
    };
    of_body(text, body, variables, source);
}

/// Reads Terraform's JSON into `source`.
pub(super) fn read_json(text: &str, variables: &[(String, String)], source: &mut Source) {
    let text = json::unescaped(text);
    of_body(&text, json::read(&text), variables, source);
    // No fix is made in it: the edits of HCL are none of JSON.
    source.policies.iter_mut().for_each(|it| it.is_embedded = true);
    source.providers.iter_mut().for_each(|it| it.is_embedded = true);
}

fn of_body(text: &str, body: Result<Body, Diagnostic>, variables: &[(String, String)], source: &mut Source) {
    let body = match body {
        Ok(it) => it,
        Err(mut problem) => {
            problem.message = format!("looks like Terraform, but {}", problem.message);
            source.problems.push(problem);
            return;
        }
    };
    let mut scope = Scope::new(text, &body, variables);
    for block in &body.blocks {
        let labels: Vec<&str> = block.labels.iter().map(|it| it.value.as_str()).collect();
        match (block.kind.value.as_str(), labels.as_slice()) {
            ("resource", ["aws_iam_role", name]) => match scope.instances(block) {
                Some(all) => {
                    let before = source.policies.len();
                    for (key, each) in all {
                        scope.bind(each);
                        role(&mut scope, &body, block, &format!("{name}[\"{key}\"]"), source);
                        scope.unbind();
                    }
                    // They share a text, so an edit for one would be one for all.
                    source.policies.iter_mut().skip(before).for_each(|it| it.is_embedded = true);
                }
                None => role(&mut scope, &body, block, name, source),
            },
            ("resource" | "data", ["aws_iam_openid_connect_provider", name]) => {
                let is_data = block.kind.value == "data";
                provider(&mut scope, block, name, is_data, source);
            }
            ("module", _) => source.notes.push(Diagnostic::new("modules are not followed").at(block.span)),
            _ => {}
        }
        let is_read = matches!(
            labels.as_slice(),
            ["aws_iam_role" | "aws_iam_openid_connect_provider" | "aws_iam_policy_document", _]
        );
        for it in block.body.attributes.iter().filter(|_| is_read && !scope.is_expanded(block)) {
            if matches!(it.name.value.as_str(), "for_each" | "count") {
                let message = format!("`{}` is not expanded: this is read once", it.name.value);
                source.notes.push(Diagnostic::new(message).at(it.name.span));
            }
        }
    }
    for it in body.attributes.iter().filter(|it| it.name.value == "assume_role_policy") {
        let document = scope.document(&it.value);
        push(source, document, String::new(), None, |_| {});
    }
    if source.policies.is_empty() && source.unread.is_empty() {
        alone(&mut scope, &body, source);
    }
    let whole = body.blocks.first().map_or(Span::new(0, 0), |it| it.kind.span);
    source.given_up(scope.exhausted(whole));
    if source.policies.is_empty() && source.providers.is_empty() && source.problems.is_empty() {
        source
            .problems
            .push(Diagnostic::new("looks like Terraform, but there is no role, trust policy or OIDC provider in it"));
    }
    source.notes.append(&mut scope.notes);
    source.unknown = scope.unknown;
}

fn push(
    source: &mut Source,
    document: Result<Document, Diagnostic>,
    name: String,
    role_name: Option<Text>,
    more: impl FnOnce(&mut Found),
) {
    let found = document
        .and_then(|it| Found { is_embedded: it.is_embedded, syntax: it.syntax, ..Found::new(it.node) }.or_hidden());
    match found {
        Ok(mut found) => {
            found.name = name;
            found.role_name = role_name;
            more(&mut found);
            source.policies.push(found);
        }
        Err(problem) => source.unread(&name, role_name, problem),
    }
}

fn role(scope: &mut Scope<'_>, body: &Body, block: &Block, name: &str, source: &mut Source) {
    let address = format!("aws_iam_role.{name}");
    let plain = address.split('[').next().unwrap_or_default().to_owned();
    let Some(policy) = block.body.attribute("assume_role_policy") else {
        let problem = Diagnostic::new("a role without `assume_role_policy`").at(block.kind.span);
        let role_name = text(scope, block, "name");
        source.unread(&address, role_name, problem);
        return;
    };
    let document = scope.document(&policy.value);
    let role_name = text(scope, block, "name");
    let path = text(scope, block, "path").unwrap_or_else(|| Text::new("/", block.kind.span));
    let max_session_seconds = text(scope, block, "max_session_duration");
    let mut attached = texts(scope, block.body.attribute("managed_policy_arns").map(|it| &it.value)).0;
    attached.extend(attachments(scope, body, &plain, role_name.as_ref()));
    let permissions = permissions(scope, body, block, &plain, role_name.as_ref());
    push(source, document, address, role_name, |it| {
        it.path = Some(path);
        it.max_session_seconds = max_session_seconds;
        it.attached = attached;
        it.permissions = permissions;
    });
}

/// The managed policies that other resources attach to the role.
fn attachments(scope: &mut Scope<'_>, body: &Body, address: &str, role_name: Option<&Text>) -> Vec<Text> {
    let mut found = Vec::new();
    let is_attachment =
        |it: &&Block| it.labels.first().is_some_and(|it| it.value.starts_with("aws_iam_role_policy_attachment"));
    for block in body.blocks_of("resource").filter(is_attachment) {
        if is_of_role(scope, block, address, role_name) {
            let value = block.body.attribute("policy_arn").or_else(|| block.body.attribute("policy_arns"));
            // One for each of a list is that list.
            let is_each = value.is_some_and(|it| matches!(it.value.span.of(scope.text), "each.value" | "each.key"));
            let value = if is_each { block.body.attribute("for_each") } else { value };
            found.extend(texts(scope, value.map(|it| &it.value)).0);
        }
    }
    found
}

/// Whether a resource names that role as its own.
fn is_of_role(scope: &Scope<'_>, block: &Block, address: &str, role_name: Option<&Text>) -> bool {
    let role = block.body.attribute("role").or_else(|| block.body.attribute("role_name"));
    role.is_some_and(|role| {
        role.value.span.of(scope.text).strip_prefix(address).is_some_and(|it| it.starts_with(['.', '[']))
            || role_name.is_some_and(|it| role.value.literal().as_ref() == Some(&it.value))
    })
}

/// The role's own policies: its blocks, and the resources that give it one.
fn permissions(scope: &mut Scope<'_>, body: &Body, role: &Block, address: &str, role_name: Option<&Text>) -> Vec<Node> {
    let blocks = role.body.blocks.iter().filter(|it| it.kind.value == "inline_policy");
    let is_policy = |it: &&Block| it.labels.first().is_some_and(|it| it.value == "aws_iam_role_policy");
    let resources = body.blocks_of("resource").filter(is_policy);
    let own: Vec<&Block> = resources.filter(|it| is_of_role(scope, it, address, role_name)).collect();
    // Nobody is asked for what permissions refer to.
    let (asked, noted) = (scope.unknown.len(), scope.notes.len());
    let documents = blocks.chain(own).filter_map(|it| it.body.attribute("policy"));
    let found = documents.filter_map(|it| scope.document(&it.value).ok()).map(|it| it.node).collect();
    scope.unknown.truncate(asked);
    scope.notes.truncate(noted);
    found
}

fn provider(scope: &mut Scope<'_>, block: &Block, name: &str, is_data: bool, source: &mut Source) {
    let (client_ids, client_ids_span) = texts(scope, block.body.attribute("client_id_list").map(|it| &it.value));
    let thumbprint_list = block.body.attribute("thumbprint_list");
    // Nothing depends on a thumbprint, so nobody is asked for one that comes from elsewhere.
    let asked = scope.unknown.len();
    let (thumbprints, _) = texts(scope, thumbprint_list.map(|it| &it.value));
    scope.unknown.truncate(asked);
    // A data source tells what another place made; it lists nothing.
    let prefix = if is_data { "data." } else { "" };
    source.providers.push(FoundProvider {
        name: format!("{prefix}aws_iam_openid_connect_provider.{name}"),
        url: text(scope, block, "url"),
        client_ids,
        client_ids_span,
        thumbprints,
        thumbprints_span: thumbprint_list.map(|it| Span::new(it.name.span.start, it.value.span.end)),
        span: block.span,
        is_embedded: false,
    });
}

fn text(scope: &mut Scope<'_>, block: &Block, name: &str) -> Option<Text> {
    Text::of(&scope.value(&block.body.attribute(name)?.value))
}

/// The strings of a list, and where it stands.
fn texts(scope: &mut Scope<'_>, value: Option<&Expr>) -> (Vec<Text>, Option<Span>) {
    let Some(value) = value else { return (Vec::new(), None) };
    let node = scope.value(value);
    let texts = match &node.value {
        Value::Array(items) => items.iter().filter_map(Text::of).collect(),
        _ => Text::of(&node).into_iter().collect(),
    };
    (texts, Some(node.span))
}

/// Without a role: the documents that have principals, as no other policies have.
fn alone(scope: &mut Scope<'_>, body: &Body, source: &mut Source) {
    for block in body.blocks_of("data") {
        let [kind, name] = block.labels.as_slice() else { continue };
        let is_trust = block.body.blocks.iter().any(|it| it.body.blocks.iter().any(|it| it.kind.value == "principals"));
        if kind.value == "aws_iam_policy_document" && is_trust {
            let address = format!("data.aws_iam_policy_document.{}", name.value);
            let node = statement::document(scope, block, 0);
            let node = node.and_then(|mut node| {
                scope.perhaps.settle(&mut node);
                scope.exhausted(block.kind.span).map_or(Ok(node), Err)
            });
            let document = node.map(|node| Document { node, syntax: Syntax::Blocks, is_embedded: false });
            push(source, document, address, None, |_| {});
        }
    }
    for block in body.blocks_of("locals") {
        for it in &block.body.attributes {
            let is_document = match &it.value.value {
                Hcl::Call(name, _) => name == "jsonencode",
                Hcl::Template(_) => it.value.span.of(scope.text).starts_with("<<"),
                _ => false,
            };
            if !is_document {
                continue;
            }
            let document = scope.document(&it.value);
            if document.as_ref().is_ok_and(|it| has_principals(&it.node)) {
                push(source, document, format!("local.{}", it.name.value), None, |_| {});
            }
        }
    }
}

fn has_principals(node: &Node) -> bool {
    let has = |it: &Node| it.member("Principal").is_some() || it.member("NotPrincipal").is_some();
    match node.member("Statement") {
        Some(Node { value: Value::Array(items), .. }) => items.iter().any(has),
        Some(it) => has(it),
        None => false,
    }
}
