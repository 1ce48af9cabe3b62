//! What a person pasted, recognised by its content, and what is in it: trust policies, providers, CI jobs, tokens, records.
//!
//! Reading never fails: what could not be read is said in [`Source::problems`], what was passed over in [`Source::notes`]. Every
//! span is a range of bytes of the pasted text. Names of files play no part.

mod ci;
mod cloudformation;
mod embedded;
mod perhaps;
mod recognise;
mod role;
mod terraform;
#[cfg(test)]
mod tests;

use crate::aws::policy::{Malformed, Policy, Refusal};
use crate::aws::{AccountId, Arn};
use crate::document::Text;
use crate::document::json::{Node, Piece, Value};
use crate::text::{Diagnostic, Span, quoted};
use crate::verdict::Evidence;

/// What was pasted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Source {
    /// What it is as a whole.
    pub kind: Kind,
    /// The trust policies, in the order of the text.
    pub policies: Vec<Found>,
    /// The roles of which the policy could not be read; the reason is among the problems too.
    pub unread: Vec<Unread>,
    /// The OIDC providers.
    pub providers: Vec<FoundProvider>,
    /// The CI file.
    pub ci: Option<CiFile>,
    /// The tokens and records; of several records, the first call of `AssumeRoleWithWebIdentity` first.
    pub evidence: Vec<Evidence>,
    /// References without a value, each once.
    pub unknown: Vec<Unknown>,
    /// The values that were given for references, by their names.
    pub given: Vec<(String, String)>,
    /// What could not be read.
    pub problems: Vec<Diagnostic>,
    /// What was passed over, and why.
    pub notes: Vec<Diagnostic>,
}

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// A trust policy as JSON.
    Policy,
    /// What the AWS command line prints of a role.
    Role,
    /// What the AWS command line prints of an OIDC provider.
    Provider,
    /// Terraform or OpenTofu.
    Terraform,
    /// A CloudFormation template, JSON or YAML.
    CloudFormation,
    /// A JWT or its payload.
    Token,
    /// CloudTrail records.
    Record,
    /// A `.gitlab-ci.yml`.
    Ci,
    /// A setup file.
    Setup,
    /// None of these.
    #[default]
    Nothing,
}

impl Kind {
    /// In a word, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Role => "role",
            Self::Provider => "provider",
            Self::Terraform => "terraform",
            Self::CloudFormation => "cloudformation",
            Self::Token => "token",
            Self::Record => "record",
            Self::Ci => "gitlab-ci",
            Self::Setup => "setup",
            Self::Nothing => "unknown",
        }
    }

    /// In words, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Self::Policy => "a trust policy",
            Self::Role => "a role as the AWS command line prints it",
            Self::Provider => "an OIDC provider as the AWS command line prints it",
            Self::Terraform => "Terraform",
            Self::CloudFormation => "a CloudFormation template",
            Self::Token => "a token",
            Self::Record => "a CloudTrail record",
            Self::Ci => "a GitLab CI file",
            Self::Setup => "a setup file",
            Self::Nothing => "nothing that is known here",
        }
    }
}

/// A trust policy, and what stands beside it about its role.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What the text calls it: `aws_iam_role.deploy`, a logical id, a role's name; empty for a policy alone.
    pub name: String,
    /// The role's name.
    pub role_name: Option<Text>,
    /// The role's ARN.
    pub arn: Option<Text>,
    /// The role's path, with its slashes; none where nothing declares the role.
    pub path: Option<Text>,
    /// The longest session that may be asked for, in seconds.
    pub max_session_seconds: Option<Text>,
    /// ARNs of managed policies attached to the role.
    pub attached: Vec<Text>,
    /// The role's own policies of permissions, those that could be read.
    pub permissions: Vec<Node>,
    /// The document.
    pub document: Node,
    /// What the document says.
    pub policy: Result<Policy, Box<Malformed>>,
    /// How the document is written.
    pub syntax: Syntax,
    /// Whether the spans inside the document are those of a whole that encloses them, so that no fix can be exact.
    pub is_embedded: bool,
}

impl Found {
    /// A policy that stands there alone.
    pub fn new(document: Node) -> Self {
        let policy = crate::aws::policy::read(&document);
        Self {
            name: String::new(),
            role_name: None,
            arn: None,
            path: None,
            max_session_seconds: None,
            attached: Vec::new(),
            permissions: Vec::new(),
            document,
            policy,
            syntax: Syntax::Json,
            is_embedded: false,
        }
    }
}

impl Found {
    /// The role's account, where its ARN says it.
    pub fn account(&self) -> Option<AccountId> {
        let arn = self.arn.as_ref().filter(|it| it.unknown.is_empty())?;
        AccountId::parse(Arn::parse(&arn.value)?.account).ok()
    }

    /// The policy, or the one that was meant where IAM refuses what it says.
    pub fn meant(&self) -> Option<&Policy> {
        match &self.policy {
            Ok(it) => Some(it),
            Err(it) => it.meant.as_deref(),
        }
    }

    /// The same, unless a reference without a value stands where a policy needs more than a string, so that what it says is not known.
    fn or_hidden(mut self) -> Result<Self, Diagnostic> {
        if let Err(it) = &mut self.policy {
            let name = |it: &Refusal| unknown_at(&self.document, it.span);
            if let Some(name) = name(&it.refusal) {
                let message = format!("the value of {} is not in this text", quoted(name));
                return Err(Diagnostic::new(message).at(it.refusal.span));
            }
            it.others.retain(|it| name(it).is_none());
        }
        Ok(self)
    }
}

/// The reference that stands at that place of a document, as a value or in a key.
fn unknown_at(node: &Node, span: Span) -> Option<&str> {
    match &node.value {
        Value::Template(pieces) if node.span == span => pieces.iter().find_map(|it| match it {
            Piece::Unknown(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        }),
        Value::Array(items) => items.iter().find_map(|it| unknown_at(it, span)),
        Value::Object(members) => members.iter().find_map(|it| {
            let key = it.unknown.first().filter(|_| it.key_span == span).map(String::as_str);
            key.or_else(|| unknown_at(&it.value, span))
        }),
        _ => None,
    }
}

impl Source {
    /// The providers of which URL and client IDs are known to the letter.
    pub fn client_ids(&self) -> Vec<(String, Vec<String>)> {
        let known = |it: &Text| it.unknown.is_empty().then(|| it.value.clone());
        let of = |it: &FoundProvider| {
            let url = it.url.as_ref().and_then(known)?;
            it.client_ids_span?;
            let url = if url.contains("://") { url } else { format!("https://{url}") };
            Some((url, it.client_ids.iter().map(known).collect::<Option<Vec<_>>>()?))
        };
        self.providers.iter().filter_map(of).collect()
    }
}

/// A role, or a document by itself, of which the policy could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What the text calls it, as [`Found::name`].
    pub name: String,
    /// The role's name.
    pub role_name: Option<Text>,
    /// Why, with the place; the name stands first in it.
    pub problem: Diagnostic,
}

impl Source {
    fn unread(&mut self, name: &str, role_name: Option<Text>, mut problem: Diagnostic) {
        if !name.is_empty() {
            problem.message = format!("{}: {}", quoted(name), problem.message);
        }
        self.problems.push(problem.clone());
        self.unread.push(Unread { name: name.to_owned(), role_name, problem });
    }

    /// Why nothing more was read, unless a role's own problem says so already.
    fn given_up(&mut self, problem: Option<Diagnostic>) {
        let is_said = |it: &Diagnostic| self.problems.iter().any(|said| said.message.ends_with(&it.message));
        if let Some(it) = problem.filter(|it| !is_said(it)) {
            self.problems.push(it);
        }
    }
}

/// How a policy is written, for whoever wants to change its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Syntax {
    /// JSON.
    #[default]
    Json,
    /// An object of Terraform, `Version = "2012-10-17"`.
    Hcl,
    /// Blocks of `aws_iam_policy_document`.
    Blocks,
    /// YAML.
    Yaml,
}

/// An OIDC provider in IAM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundProvider {
    /// What the text calls it.
    pub name: String,
    /// Its URL, as written.
    pub url: Option<Text>,
    /// Its audiences.
    pub client_ids: Vec<Text>,
    /// Where they stand; none where the attribute is absent.
    pub client_ids_span: Option<Span>,
    /// Its thumbprints.
    pub thumbprints: Vec<Text>,
    /// The whole attribute of the thumbprints; none where it is absent.
    pub thumbprints_span: Option<Span>,
    /// The whole of it.
    pub span: Span,
    /// Whether the spans are those of a whole that encloses them.
    pub is_embedded: bool,
}

/// A `.gitlab-ci.yml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiFile {
    /// The jobs, hidden ones included, in the order of the text.
    pub jobs: Vec<CiJob>,
    /// The variables of the whole pipeline.
    pub variables: Vec<CiVariable>,
    /// Whether other files are included, which are not read.
    pub includes: bool,
}

/// A job; what `default:`, `extends` and the like give it in the same file is counted as its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiJob {
    /// Its name.
    pub name: Text,
    /// Whether it is a template only: its name begins with a dot.
    pub is_hidden: bool,
    /// What it extends, as written.
    pub extends: Vec<Text>,
    /// Names of variables that have a value in some of its runs: of `rules`, `parallel` and `secrets`, of the file's `workflow` too.
    pub sometimes_set: Vec<String>,
    /// Whether it hands variables on to later jobs, by a report of `dotenv`.
    pub hands_variables_on: bool,
    /// Whether it takes what jobs of other pipelines made.
    pub needs_other_pipelines: bool,
    /// The tokens that it asks for.
    pub id_tokens: Vec<IdToken>,
    /// Its variables, without those of the whole pipeline.
    pub variables: Vec<CiVariable>,
    /// ARNs of roles that its variables and scripts name.
    pub role_arns: Vec<Text>,
    /// Its environment's name.
    pub environment: Option<Text>,
    /// Its image.
    pub image: Option<CiImage>,
    /// Each entry of `before_script`, `script` and `after_script`.
    pub scripts: Vec<CiScript>,
    /// The whole of it.
    pub span: Span,
}

/// A token that a job asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdToken {
    /// The variable that holds it.
    pub name: Text,
    /// Its audiences.
    pub audiences: Vec<Text>,
    /// Whether `aud` is a list.
    pub is_list: bool,
    /// Where the value of `aud` stands; none where it is absent.
    pub aud_span: Option<Span>,
    /// The whole entry.
    pub span: Span,
}

/// A variable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiVariable {
    /// Its name.
    pub name: Text,
    /// Its value.
    pub value: Text,
}

/// A job's image.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiImage {
    /// Its name.
    pub name: Text,
    /// Its entrypoint; none where the key is absent.
    pub entrypoint: Option<Vec<String>>,
    /// Where it stands, which may be in another job or in `default:`.
    pub span: Span,
}

/// An entry of a script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CiScript {
    /// The lines.
    pub text: Text,
    /// Where the bytes of the file are those of the text, one for one.
    pub verbatim: Option<Span>,
}

/// A reference without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// As written: `var.account_id`.
    pub name: String,
    /// Where it stands first.
    pub span: Span,
}

/// Reads what was pasted. `variables` gives values to references that have none in the text, by their names, `account_id` or
/// `var.account_id`.
pub fn read(text: &str, variables: &[(String, String)]) -> Source {
    Source { given: variables.to_vec(), ..recognise::read(text, variables) }
}
