//! Which kind of text it is, told from its content, and the reader for it.

use super::{Found, Kind, Source, ci, cloudformation, role, terraform};
use crate::document::json::{self, Node, Value};
use crate::document::yaml;
use crate::gitlab::token::bare;
use crate::text::{Diagnostic, Span};
use crate::verdict::{all_evidence_of, read_evidence};

pub(super) fn read(text: &str, variables: &[(String, String)]) -> Source {
    // Editors on Windows put a byte order mark first. Spaces in its place keep every offset.
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        return read(&format!("   {rest}"), variables);
    }
    let mut source = Source::default();
    let trimmed = text.trim();
    if trimmed.is_empty() {
        source.problems.push(Diagnostic::new("nothing here yet"));
    } else if text.len() > json::MAX_BYTES {
        let message = format!("this text has {} bytes; at most {} are read", text.len(), json::MAX_BYTES);
        source.problems.push(Diagnostic::new(message));
    } else if is_encoded(trimmed) {
        source.kind = Kind::Policy;
        match role::encoded(text) {
            Ok(found) => source.policies.push(found),
            Err(problem) => source.problems.push(problem),
        }
    } else if trimmed.starts_with(['{', '[']) {
        match json::parse(text) {
            Ok(root) => of_tree(text, root, variables, &mut source),
            Err(_) if terraform::is_likely(text) => {
                source.kind = Kind::Terraform;
                terraform::read(text, variables, &mut source);
            }
            Err(problem) => {
                source.kind = broken_json(text);
                source.problems.push(looks_like(source.kind, problem));
            }
        }
    } else if is_jwt(trimmed) {
        source.kind = Kind::Token;
        take_evidence(&mut source, read_evidence(text).map(|it| vec![it]));
    } else if terraform::is_likely(text) && !is_known_yaml(text) {
        source.kind = Kind::Terraform;
        terraform::read(text, variables, &mut source);
    } else {
        of_yaml(text, variables, &mut source);
    }
    source
}

/// Lines that begin what only one kind of YAML has, for a text that is broken.
const LINES: [(&str, Kind); 8] = [
    ("AWSTemplateFormatVersion:", Kind::CloudFormation),
    ("Resources:", Kind::CloudFormation),
    ("stages:", Kind::Ci),
    ("include:", Kind::Ci),
    ("default:", Kind::Ci),
    ("id_tokens:", Kind::Ci),
    ("script:", Kind::Ci),
    ("before_script:", Kind::Ci),
];

/// Whether it is YAML of a known kind: a script in a CI file may have lines of Terraform.
fn is_known_yaml(text: &str) -> bool {
    let documents = yaml::parse(text).unwrap_or_default();
    documents.iter().any(|it| kind_of(it) != Kind::Nothing)
}

fn of_yaml(text: &str, variables: &[(String, String)], source: &mut Source) {
    match yaml::parse(text) {
        Ok(mut documents) => {
            // A CI file may begin with a document of its own about its inputs.
            let is_header = documents.len() > 1 && documents.first().is_some_and(|it| it.member("spec").is_some());
            let at = usize::from(is_header);
            let behind = documents.iter().skip(at + 1).find(|it| it.value != Value::Null).map(|it| it.span);
            let kind = documents.get(at).map_or(Kind::Nothing, kind_of);
            if let Some(span) = behind.filter(|_| kind != Kind::Nothing) {
                source.kind = kind;
                let problem =
                    Diagnostic::new("a second document begins here, and which one is meant is not known").at(span);
                source.problems.push(looks_like(kind, problem.help("give one document alone")));
            } else if at < documents.len()
                && matches!(documents.get(at).map(|it| &it.value), Some(Value::Object(_) | Value::Array(_)))
            {
                of_tree(text, documents.swap_remove(at), variables, source);
            } else {
                source.problems.push(nothing(text));
            }
        }
        Err(problem) => {
            let mut lines = text.lines().map(str::trim_start);
            let sign = lines.find_map(|line| LINES.iter().find(|it| line.starts_with(it.0)));
            match sign {
                Some((_, kind)) => {
                    source.kind = *kind;
                    source.problems.push(looks_like(*kind, problem));
                }
                None => source.problems.push(nothing(text)),
            }
        }
    }
}

/// Says that nothing here knows the text.
fn nothing(text: &str) -> Diagnostic {
    Diagnostic::new("this is nothing that is known here").at(Span::new(0, text.len())).help(
        "a trust policy, a role as the AWS command line prints it, Terraform, CloudFormation, a GitLab CI file, a token or a CloudTrail record",
    )
}

/// Puts before a message what the text looks like.
fn looks_like(kind: Kind, mut problem: Diagnostic) -> Diagnostic {
    if kind != Kind::Nothing {
        problem.message = format!("looks like {}, but {}", kind.words(), problem.message);
    }
    problem
}

/// A JSON object as a part of an address: `%7B…`, line breaks before it perhaps.
fn is_encoded(text: &str) -> bool {
    let mut rest = text.trim_start_matches('"');
    while let Some(after) = ["%0A", "%0D", "%09", "%20", "%0a", "%0d"].iter().find_map(|it| rest.strip_prefix(*it)) {
        rest = after;
    }
    rest.starts_with("%7B") || rest.starts_with("%7b")
}

/// Three parts, the first of them an object in base64url.
fn is_jwt(text: &str) -> bool {
    let text = bare(text);
    text.starts_with("ey") && text.contains('.') && !text.contains(char::is_whitespace)
}

/// Words that only one kind of JSON has, for a text that is broken.
const SIGNS: [(&str, Kind); 9] = [
    ("\"AWSTemplateFormatVersion\"", Kind::CloudFormation),
    ("\"CloudTrailEvent\"", Kind::Record),
    ("\"eventName\"", Kind::Record),
    ("\"AWS::", Kind::CloudFormation),
    ("\"AssumeRolePolicyDocument\"", Kind::Role),
    ("\"ClientIDList\"", Kind::Provider),
    ("\"Statement\"", Kind::Policy),
    ("\"roles\"", Kind::Setup),
    ("\"sub\"", Kind::Token),
];

fn broken_json(text: &str) -> Kind {
    SIGNS.iter().find(|it| text.contains(it.0)).map_or(Kind::Nothing, |it| it.1)
}

/// Whether a list holds records, as objects or as strings.
fn are_records(items: &[Node]) -> bool {
    let is_record = |it: &Node| match it.as_str() {
        Some(text) => text.contains("\"eventName\""),
        None => it.member("eventName").is_some(),
    };
    items.iter().any(is_record)
}

fn kind_of(root: &Node) -> Kind {
    let has = |name: &str| root.member(name).is_some();
    if has("Statement") {
        Kind::Policy
    } else if cloudformation::is_template(root) {
        Kind::CloudFormation
    } else if terraform::is_terraform(root) {
        Kind::Terraform
    } else if has("ClientIDList") {
        Kind::Provider
    } else if has("roles") && (has("gitlab") || has("aws")) {
        Kind::Setup
    } else if has("eventName")
        || has("Records")
        || has("Events")
        || has("detail-type")
        || root.as_array().is_some_and(are_records)
    {
        Kind::Record
    } else if !role::roles(root).is_empty() || has("Roles") || has("RoleDetailList") {
        Kind::Role
    } else if ["iss", "sub", "aud", "exp"].into_iter().any(has) {
        Kind::Token
    } else if has("Version") {
        Kind::Policy
    } else if ci::is_ci(root) {
        Kind::Ci
    } else {
        Kind::Nothing
    }
}

fn of_tree(text: &str, root: Node, variables: &[(String, String)], source: &mut Source) {
    source.kind = match &root.value {
        Value::Object(members) if members.is_empty() => Kind::Policy,
        _ => kind_of(&root),
    };
    match source.kind {
        Kind::Policy => source.policies.push(Found::new(root)),
        Kind::Provider => source.providers.push(role::provider(&root)),
        Kind::Role => {
            for it in role::roles(&root) {
                match role::role(it) {
                    Ok(found) => source.policies.push(found),
                    Err(problem) => {
                        let name = role::name(it);
                        source.unread(name.as_ref().map_or("", |it| &it.value), name.clone(), problem);
                    }
                }
            }
            if source.policies.is_empty() && source.problems.is_empty() {
                source.problems.push(Diagnostic::new("there is no role in this list").at(root.span));
            }
        }
        Kind::Token | Kind::Record => take_evidence(source, all_evidence_of(&root)),
        Kind::Setup => {}
        Kind::CloudFormation => cloudformation::read(text, &root, variables, source),
        Kind::Terraform => terraform::read_json(text, variables, source),
        Kind::Ci => ci::read(text, &root, source),
        _ => source.problems.push(nothing(text)),
    }
}

fn take_evidence(source: &mut Source, read: Result<Vec<crate::verdict::Evidence>, Diagnostic>) {
    match read {
        Ok(found) => source.evidence = found,
        Err(problem) => source.problems.push(problem),
    }
}
