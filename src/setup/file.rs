//! The setup file: JSON, version 1, as it is saved, shared in a link, and given to the command.
//!
//! Reading checks the shape here (unknown fields, kinds of values, duplicates), then the values as the form's are checked; every
//! message has its place in the text. Writing puts every field that was given, in the contract's order, with the defaults that a
//! reader would want to see.

use super::draft::TEXT_PINS;
use super::{AwsDraft, CiDraft, Draft, GitLabDraft, Method, PinDraft, Provider, RoleDraft, ScopeDraft, Setup, check};
use crate::document::json::{self, Member, Node, Value};
use crate::print::json::{compact, pretty};
use crate::text::{Diagnostic, Span, nearest, quoted};

/// The version of the file that this program reads and writes.
pub const VERSION: u32 = 1;

/// Reads a setup file.
///
/// # Errors
/// Every place at which it is wrong, in the order of the text.
pub fn read(text: &str) -> Result<Setup, Vec<Diagnostic>> {
    let root = json::parse(text).map_err(|it| vec![it])?;
    let mut reader = Reader::default();
    let draft = reader.draft(&root);
    if !reader.wrong.is_empty() {
        return Err(in_order(reader.wrong));
    }
    check(&draft).map_err(|wrong| in_order(wrong.into_iter().map(|it| reader.place(it)).collect()))
}

fn in_order(wrong: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut ordered: Vec<Diagnostic> = Vec::with_capacity(wrong.len());
    for it in wrong {
        let at = ordered.partition_point(|before| before.span <= it.span);
        ordered.insert(at, it);
    }
    ordered
}

/// Takes the tree apart, remembering where each field stands.
#[derive(Default)]
struct Reader {
    spans: Vec<(String, Span)>,
    wrong: Vec<Diagnostic>,
}

/// The members of one object, by name.
struct Fields<'n> {
    path: String,
    members: Vec<(&'n str, &'n Node)>,
}

impl<'n> Fields<'n> {
    fn find(&self, name: &str) -> Option<&'n Node> {
        self.members.iter().find(|it| it.0 == name).map(|it| it.1)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

impl Reader {
    /// Gives a message its place: the field's, or that of the nearest one above it that is there.
    fn place(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let mut path = diagnostic.path.as_str();
        loop {
            if let Some(span) = self.spans.iter().find(|it| it.0 == path) {
                diagnostic.span = Some(span.1);
                return diagnostic;
            }
            match path.rfind(['.', '[']) {
                Some(at) => path = path.get(..at).unwrap_or(""),
                None if path.is_empty() => return diagnostic,
                None => path = "",
            }
        }
    }

    fn complain(&mut self, path: &str, span: Span, diagnostic: Diagnostic) {
        self.wrong.push(diagnostic.at(span).in_field(path));
    }

    fn object<'n>(&mut self, node: &'n Node, path: &str, known: &[&str]) -> Fields<'n> {
        self.spans.push((path.to_owned(), node.span));
        let mut fields = Fields { path: path.to_owned(), members: Vec::new() };
        let Some(members) = node.as_object() else {
            let what = if path.is_empty() { "a setup" } else { "this" };
            self.complain(path, node.span, Diagnostic::new(format!("{what} is a JSON object, not {}", node.kind())));
            return fields;
        };
        for member in members {
            let name = member.key.as_str();
            if !known.contains(&name) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known here: {}", known.join(", ")),
                };
                let message = format!("version {VERSION} of the setup file has no field {} here", quoted(name));
                self.complain(path, member.key_span, Diagnostic::new(message).help(help));
            } else if fields.find(name).is_some() {
                self.complain(path, member.key_span, Diagnostic::new(format!("the field `{name}` is there twice")));
            } else {
                self.spans.push((fields.path_of(name), member.value.span));
                fields.members.push((name, &member.value));
            }
        }
        fields
    }

    fn text(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        let node = fields.find(name)?;
        self.text_of(node, &fields.path_of(name))
    }

    fn text_of(&mut self, node: &Node, path: &str) -> Option<String> {
        if let Some(text) = node.as_str() {
            return Some(text.to_owned());
        }
        let mut error = Diagnostic::new(format!("expected a string here, not {}", node.kind()));
        if let Value::Number(digits) = &node.value {
            error = error.help(format!("write it in quotes: `\"{digits}\"`"));
        }
        self.complain(path, node.span, error);
        None
    }

    fn number(&mut self, fields: &Fields<'_>, name: &str) -> Option<String> {
        let node = fields.find(name)?;
        if let Value::Number(digits) = &node.value {
            return Some(digits.clone());
        }
        let error = Diagnostic::new(format!("expected a number here, not {}", node.kind())).help("for example `3600`");
        self.complain(&fields.path_of(name), node.span, error);
        None
    }

    fn flag(&mut self, fields: &Fields<'_>, name: &str) -> Option<bool> {
        let node = fields.find(name)?;
        if let Value::Bool(it) = node.value {
            return Some(it);
        }
        let error = Diagnostic::new(format!("expected `true` or `false` here, not {}", node.kind()));
        self.complain(&fields.path_of(name), node.span, error);
        None
    }

    fn items<'n>(&mut self, fields: &Fields<'n>, name: &str) -> Vec<(String, &'n Node)> {
        let Some(node) = fields.find(name) else { return Vec::new() };
        let path = fields.path_of(name);
        let Value::Array(items) = &node.value else {
            self.complain(&path, node.span, Diagnostic::new(format!("expected a list here, not {}", node.kind())));
            return Vec::new();
        };
        let named: Vec<_> = items.iter().enumerate().map(|(at, it)| (format!("{path}[{at}]"), it)).collect();
        for (path, item) in &named {
            self.spans.push((path.clone(), item.span));
        }
        named
    }

    fn texts(&mut self, fields: &Fields<'_>, name: &str) -> Vec<String> {
        self.items(fields, name).into_iter().filter_map(|(path, it)| self.text_of(it, &path)).collect()
    }

    fn draft(&mut self, root: &Node) -> Draft {
        let top = self.object(root, "", &["version", "gitlab", "aws", "roles", "ci"]);
        self.version(root, &top);
        let mut draft = Draft::default();
        if let Some(node) = top.find("gitlab") {
            let it = self.object(node, "gitlab", &["url", "issuer", "audience", "version"]);
            draft.gitlab = GitLabDraft {
                url: self.text(&it, "url"),
                issuer: self.text(&it, "issuer"),
                audience: self.text(&it, "audience"),
                version: self.text(&it, "version"),
            };
        }
        if let Some(node) = top.find("aws") {
            let it = self.object(node, "aws", &["account_id", "partition", "region", "provider"]);
            draft.aws = AwsDraft {
                account_id: self.text(&it, "account_id"),
                partition: self.text(&it, "partition"),
                region: self.text(&it, "region"),
                provider: self.text(&it, "provider"),
            };
        }
        for (path, node) in self.items(&top, "roles") {
            let role = self.role(node, &path);
            draft.roles.push(role);
        }
        if let Some(node) = top.find("ci") {
            let it = self.object(node, "ci", &["job", "image", "method", "session_seconds"]);
            draft.ci = CiDraft {
                job: self.text(&it, "job"),
                image: self.text(&it, "image"),
                method: self.text(&it, "method"),
                session_seconds: self.number(&it, "session_seconds"),
            };
        }
        draft
    }

    fn version(&mut self, root: &Node, top: &Fields<'_>) {
        let Some(node) = top.find("version") else {
            if root.as_object().is_some() {
                let error =
                    Diagnostic::new("a setup file says its version").help(format!("add `\"version\": {VERSION}`"));
                self.complain("version", Span::new(root.span.start, root.span.start + 1), error);
            }
            return;
        };
        let error = match &node.value {
            Value::Number(it) if *it == VERSION.to_string() => return,
            Value::Number(it) if it.parse::<u32>().is_ok_and(|it| it > VERSION) => {
                Diagnostic::new(format!("this setup file is of version {it}; this program reads version {VERSION}"))
                    .help("use a newer claimcheck")
            }
            _ => Diagnostic::new(format!("the version is the number {VERSION}")),
        };
        self.complain("version", node.span, error);
    }

    fn role(&mut self, node: &Node, path: &str) -> RoleDraft {
        let known =
            ["name", "environment", "path", "max_session_seconds", "permissions", "permissions_document", "scopes"];
        let it = self.object(node, path, &known);
        RoleDraft {
            name: self.text(&it, "name"),
            environment: self.text(&it, "environment"),
            path: self.text(&it, "path"),
            max_session_seconds: self.number(&it, "max_session_seconds"),
            permissions: self.texts(&it, "permissions"),
            permissions_document: it.find("permissions_document").map(|it| pretty(it).trim_end().to_owned()),
            scopes: self.items(&it, "scopes").into_iter().map(|(path, node)| self.scope(node, &path)).collect(),
        }
    }

    fn scope(&mut self, node: &Node, path: &str) -> ScopeDraft {
        let mut known = vec![
            "project",
            "ref_type",
            "ref",
            "ref_protected",
            "project_id",
            "namespace_id",
            "sub_claim_components",
            "environment_protected",
            "deployment_tier",
        ];
        known.extend(TEXT_PINS);
        let it = self.object(node, path, &known);
        let mut pins = Vec::new();
        for claim in TEXT_PINS {
            let Some(node) = it.find(claim) else { continue };
            let values = match &node.value {
                Value::Array(items) if items.is_empty() => {
                    let error =
                        Diagnostic::new("an empty list lets nobody in").help("name a value, or remove the field");
                    self.complain(&it.path_of(claim), node.span, error);
                    continue;
                }
                Value::Array(_) => self.texts(&it, claim),
                _ => {
                    self.spans.push((format!("{}[0]", it.path_of(claim)), node.span));
                    self.text(&it, claim).into_iter().collect()
                }
            };
            pins.push(PinDraft { claim: claim.to_owned(), values });
        }
        ScopeDraft {
            project: self.text(&it, "project"),
            ref_type: self.text(&it, "ref_type"),
            reference: self.text(&it, "ref"),
            ref_protected: self.flag(&it, "ref_protected"),
            project_id: self.text(&it, "project_id"),
            namespace_id: self.text(&it, "namespace_id"),
            pins,
            sub_claim_components: it.find("sub_claim_components").map(|_| self.texts(&it, "sub_claim_components")),
            environment_protected: self.flag(&it, "environment_protected"),
            deployment_tier: self.text(&it, "deployment_tier"),
        }
    }
}

/// The file of a setup, for people: indented, with a line break at its end.
pub fn write(setup: &Setup) -> String {
    pretty(&tree(setup))
}

/// The file of a setup as one line, for links.
pub fn write_compact(setup: &Setup) -> String {
    compact(&tree(setup))
}

/// The members of an object to be, those without a value left out.
#[derive(Default)]
struct Object {
    members: Vec<Member>,
}

impl Object {
    fn put(&mut self, name: &str, value: Node) {
        self.members.push(Member::new(name, value));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.put(name, Node::text(value));
    }

    /// The fields that were given, in order.
    fn given(&mut self, fields: &[(&str, &Option<String>)]) {
        for (name, value) in fields {
            if let Some(value) = value {
                self.text(name, value);
            }
        }
    }

    fn flag(&mut self, name: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.put(name, Node::new(Value::Bool(value)));
        }
    }

    fn node(self) -> Node {
        Node::new(Value::Object(self.members))
    }
}

fn tree(setup: &Setup) -> Node {
    let draft = setup.draft();
    let mut gitlab = Object::default();
    gitlab.text("url", setup.gitlab().url.as_str());
    gitlab.given(&[("issuer", &draft.gitlab.issuer)]);
    gitlab.text("audience", setup.gitlab().audience.as_str());
    gitlab.given(&[("version", &draft.gitlab.version)]);
    let mut aws = Object::default();
    aws.text("account_id", setup.aws().account_id.as_str());
    aws.text("partition", setup.aws().partition.as_str());
    aws.given(&[("region", &draft.aws.region)]);
    let provider = match setup.aws().provider {
        Provider::Create => "create",
        Provider::Existing => "existing",
    };
    aws.text("provider", provider);
    let roles = setup.roles().iter().zip(&draft.roles).map(|(role, draft)| role_tree(role, draft)).collect();
    let mut ci = Object::default();
    ci.text("job", setup.ci().job.as_str());
    ci.given(&[("image", &draft.ci.image)]);
    match setup.ci().method {
        Method::TokenFile => ci.text("method", "token-file"),
        Method::AssumeRole { session_seconds } => {
            ci.text("method", "assume-role");
            ci.put("session_seconds", Node::number(session_seconds));
        }
    }
    let mut top = Object::default();
    top.put("version", Node::number(VERSION));
    top.put("gitlab", gitlab.node());
    top.put("aws", aws.node());
    top.put("roles", Node::array(roles));
    top.put("ci", ci.node());
    top.node()
}

fn texts(values: &[String]) -> Node {
    Node::array(values.iter().map(Node::text).collect())
}

fn role_tree(role: &super::Role, draft: &RoleDraft) -> Node {
    let mut out = Object::default();
    out.text("name", role.name.as_str());
    out.given(&[("environment", &draft.environment), ("path", &draft.path)]);
    out.put("max_session_seconds", Node::number(role.max_session_seconds));
    if !draft.permissions.is_empty() {
        out.put("permissions", texts(&draft.permissions));
    }
    if let Some(document) = &role.permissions_document {
        out.put("permissions_document", document.clone());
    }
    let scopes = role.scopes.iter().zip(&draft.scopes).map(|(scope, draft)| scope_tree(scope, draft)).collect();
    out.put("scopes", Node::array(scopes));
    out.node()
}

fn scope_tree(scope: &super::Scope, draft: &ScopeDraft) -> Node {
    let mut out = Object::default();
    out.text("project", scope.project.as_str());
    out.text("ref_type", scope.ref_types.as_str());
    out.text("ref", scope.reference.as_str());
    out.given(&[("project_id", &draft.project_id), ("namespace_id", &draft.namespace_id)]);
    out.flag("ref_protected", draft.ref_protected);
    for claim in TEXT_PINS {
        let values: Vec<&String> = draft.pins.iter().filter(|it| it.claim == claim).flat_map(|it| &it.values).collect();
        match values.as_slice() {
            [] => {}
            [one] => out.text(claim, one),
            several => out.put(claim, Node::array(several.iter().map(|it| Node::text(*it)).collect())),
        }
    }
    if let Some(it) = &draft.sub_claim_components {
        out.put("sub_claim_components", texts(it));
    }
    out.flag("environment_protected", draft.environment_protected);
    out.given(&[("deployment_tier", &draft.deployment_tier)]);
    out.node()
}
