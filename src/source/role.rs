//! What `aws iam get-role`, `list-roles`, `get-account-authorization-details` and `get-open-id-connect-provider` print.
//!
//! The command line decodes the policy document; other tools leave it as the API sends it, URL-encoded in one string. Source: IAM
//! API reference, Role, RoleDetail and GetOpenIDConnectProvider.

use super::{Found, FoundProvider};
use crate::document::Text;
use crate::document::json::{self, Node, Value};
use crate::text::{Diagnostic, Span};

/// Whether an object is a role as IAM describes one.
pub(super) fn is_role(node: &Node) -> bool {
    node.member("AssumeRolePolicyDocument").is_some() && node.member("Properties").is_none()
}

/// The roles in what was printed: of one role, of a list, or the list alone.
pub(super) fn roles(root: &Node) -> Vec<&Node> {
    let lists = ["Roles", "RoleDetailList"].iter().filter_map(|it| root.member(it));
    let listed = lists.chain([root]).filter_map(|it| match &it.value {
        Value::Array(items) => Some(items),
        _ => None,
    });
    let one = [root.member("Role"), Some(root)].into_iter().flatten();
    let all: Vec<&Node> = one.chain(listed.flatten()).filter(|it| is_role(it) || name(it).is_some()).collect();
    // Names alone are a list of something else.
    if all.iter().any(|it| is_role(it)) { all } else { Vec::new() }
}

/// What a role is called.
pub(super) fn name(node: &Node) -> Option<Text> {
    node.member("RoleName").and_then(Text::of)
}

/// One role.
pub(super) fn role(node: &Node) -> Result<Found, Diagnostic> {
    let text = |name: &str| node.member(name).and_then(Text::of);
    let document = node
        .member("AssumeRolePolicyDocument")
        .ok_or_else(|| Diagnostic::new("a role without a policy").at(node.span))?;
    let (document, is_embedded) = unpacked(document)?;
    let mut found = Found::new(document);
    found.is_embedded = is_embedded;
    found.role_name = text("RoleName");
    found.name = found.role_name.as_ref().map(|it| it.value.clone()).unwrap_or_default();
    found.arn = text("Arn");
    found.path = text("Path");
    found.max_session_seconds = text("MaxSessionDuration");
    for list in ["AttachedManagedPolicies", "AttachedPolicies"] {
        if let Some(Node { value: Value::Array(items), .. }) = node.member(list) {
            found.attached.extend(items.iter().filter_map(|it| it.member("PolicyArn")).filter_map(Text::of));
        }
    }
    let inline = node.member("RolePolicyList").and_then(Node::as_array).unwrap_or_default();
    let documents = inline.iter().filter_map(|it| it.member("PolicyDocument"));
    found.permissions = documents.filter_map(|it| unpacked(it).ok()).map(|it| it.0).collect();
    Ok(found)
}

/// A provider, as `get-open-id-connect-provider` prints it.
pub(super) fn provider(node: &Node) -> FoundProvider {
    let list = |name: &str| match node.member(name) {
        Some(Node { value: Value::Array(items), span }) => (items.iter().filter_map(Text::of).collect(), Some(*span)),
        _ => (Vec::new(), None),
    };
    let (client_ids, client_ids_span) = list("ClientIDList");
    FoundProvider {
        name: String::new(),
        url: node.member("Url").and_then(Text::of),
        client_ids,
        client_ids_span,
        // IAM fills its list in by itself: nobody wrote it.
        thumbprints: Vec::new(),
        thumbprints_span: None,
        span: node.span,
        is_embedded: false,
    }
}

/// A policy document as a tree, and whether it stood inside a string: as JSON, or URL-encoded as the API sends it.
///
/// # Errors
/// A string that holds no JSON.
pub(super) fn unpacked(node: &Node) -> Result<(Node, bool), Diagnostic> {
    let Value::String(text) = &node.value else { return Ok((node.clone(), false)) };
    let decoded = if text.trim_start().starts_with('%') { percent_decoded(text) } else { Some(text.clone()) };
    let wrong = |why: &str| Diagnostic::new(format!("this string is no policy document: {why}")).at(node.span);
    let decoded = decoded.ok_or_else(|| wrong("its URL encoding is broken"))?;
    // Some programs write a space as `+`.
    let spaced = |it| json::parse(&decoded.replace('+', " ")).map_err(|_| it);
    let mut inner = json::parse(&decoded).or_else(spaced).map_err(|it| wrong(&it.message))?;
    inner.put_at(node.span);
    Ok((inner, true))
}

/// Undoes URL encoding. None where a `%` is followed by no byte, or the bytes are no UTF-8.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A whole text that is a URL-encoded document.
pub(super) fn encoded(text: &str) -> Result<Found, Diagnostic> {
    let inside = text.trim().trim_matches('"');
    let start = text.find(inside).unwrap_or(0);
    let node = Node { span: Span::new(start, start + inside.len()), value: Value::String(inside.to_owned()) };
    let mut found = Found::new(unpacked(&node)?.0);
    found.is_embedded = true;
    Ok(found)
}
