//! A `.gitlab-ci.yml`: its jobs with their tokens, variables, images and scripts.
//!
//! `extends`, `default:`, `<<` and `!reference` are followed within the file; `include:` and components are not. Order of what
//! wins: the job, what it extends (of several, the last), `default:`. Source: GitLab Docs, "CI/CD YAML syntax reference" and
//! "Optimize GitLab CI/CD configuration files".

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::{CiFile, CiImage, CiJob, CiScript, CiVariable, IdToken, Source};
use crate::document::json::{MAX_BYTES, Member, Node, Value};
use crate::document::{Text, yaml};
use crate::text::{Diagnostic, Span, quoted};

/// Words at the top of a file that name no job.
const GLOBAL: [&str; 13] = [
    "default",
    "include",
    "stages",
    "types",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "spec",
    "<<",
];

/// Words that make an entry at the top a job.
const OF_JOBS: [&str; 7] = ["script", "trigger", "extends", "id_tokens", "stage", "run", "before_script"];

/// Words of a job that may stand at the top of a file, as `default:` was written before there was one.
const OF_TOP: [&str; 3] = ["image", "before_script", "after_script"];

/// How far `extends` and `!reference` are followed: GitLab's own limits are 11 and 10.
const DEPTH: usize = 11;

/// How many jobs one job may draw from.
const SOURCES: usize = 64;

/// How many bytes the jobs of a file may hold in all, what they share counted for each.
const BYTES: usize = 4 * MAX_BYTES;

/// Whether a tree is a CI file.
pub(super) fn is_ci(root: &Node) -> bool {
    let Some(members) = root.as_object() else { return false };
    members.iter().any(|it| {
        matches!(it.key.as_str(), "stages" | "include" | "workflow" | "default")
            || OF_JOBS.iter().any(|word| it.value.member(word).is_some())
    })
}

/// Reads the file into `source`.
pub(super) fn read(text: &str, root: &Node, source: &mut Source) {
    let members = root.as_object().unwrap_or_default();
    let jobs = members.iter().filter(|it| !GLOBAL.contains(&it.key.as_str()) && it.value.as_object().is_some());
    let by_name = members.iter().map(|it| (it.key.as_str(), &it.value)).collect();
    let top = members.iter().filter(|it| OF_TOP.contains(&it.key.as_str()) || it.key == "variables");
    let top = Node { span: root.span, value: Value::Object(top.cloned().collect()) };
    let mut reader = Reader { text, top: &top, by_name, left: BYTES, notes: Vec::new() };
    let mut ci =
        CiFile { variables: reader.variables(&[&top]), includes: root.member("include").is_some(), jobs: Vec::new() };
    for it in jobs {
        let job = reader.job(it);
        if reader.left == 0 {
            source.problems.push(Diagnostic::new("the jobs of this file share more than is read here").at(it.key_span));
            break;
        }
        ci.jobs.push(job);
    }
    source.notes.append(&mut reader.notes);
    if let Some(it) = members.iter().find(|it| it.key == "include") {
        source.notes.push(Diagnostic::new("`include:` is not followed: those files are not read").at(it.key_span));
    }
    source.ci = Some(ci);
}

struct Reader<'n> {
    text: &'n str,
    /// What stands at the top of the file for all jobs.
    top: &'n Node,
    by_name: HashMap<&'n str, &'n Node>,
    /// How many bytes may still be taken.
    left: usize,
    notes: Vec<Diagnostic>,
}

/// The value of a key, `<<` followed.
fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.member(key).or_else(|| merged(node).find_map(|it| get(it, key)))
}

/// The maps that `<<` merges into a map.
fn merged(node: &Node) -> impl Iterator<Item = &Node> {
    let value = node.member("<<");
    let list = value.and_then(|it| match &it.value {
        Value::Array(items) => Some(items.as_slice()),
        _ => None,
    });
    list.unwrap_or_default().iter().chain(value.filter(|it| it.as_object().is_some()))
}

/// The entries of a map, `<<` followed; of two with one name, the first to come wins.
fn entries<'n>(node: &'n Node, found: &mut Vec<&'n Member>) {
    found.extend(node.as_object().unwrap_or_default().iter().rev().filter(|it| it.key != "<<"));
    merged(node).for_each(|it| entries(it, found));
}

impl<'n> Reader<'n> {
    /// What a `!reference` stands for, or the value itself.
    fn resolved(&self, mut node: &'n Node) -> &'n Node {
        for _ in 0..DEPTH {
            let Some(Value::Array(path)) = node.member("!reference").map(|it| &it.value) else { break };
            let mut steps = path.iter().map(Node::as_str);
            let job = steps.next().flatten().and_then(|it| self.by_name.get(it).copied());
            match job.and_then(|job| steps.try_fold(job, |node, step| get(node, step?))) {
                Some(it) => node = it,
                None => break,
            }
        }
        node
    }

    /// The job, and those that it extends, what wins first.
    fn chain(&mut self, node: &'n Node, depth: usize, chain: &mut Vec<&'n Node>) {
        if depth > DEPTH || chain.len() >= SOURCES {
            return;
        }
        chain.push(node);
        self.take(node.as_object().map_or(0, <[_]>::len) * 8);
        let names = get(node, "extends").map(strings).unwrap_or_default();
        self.take(names.len() * 16);
        for name in names.into_iter().rev() {
            match self.by_name.get(name.value.as_str()) {
                Some(it) => self.chain(it, depth + 1, chain),
                None if depth == 0 => {
                    let message = format!("{} is not in this file", quoted(&name.value));
                    self.notes.push(Diagnostic::new(message).at(name.span));
                }
                None => {}
            }
        }
    }

    /// The value of a key in the first that has it.
    fn first(&self, chain: &[&'n Node], key: &str) -> Option<&'n Node> {
        chain.iter().find_map(|it| get(it, key)).map(|it| self.resolved(it))
    }

    /// The entries of a map that each of the chain may add to, in the order of the text.
    fn union(&self, chain: &[&'n Node], key: &str) -> Vec<&'n Member> {
        let mut found = Vec::new();
        for it in chain.iter().filter_map(|it| get(it, key)) {
            entries(self.resolved(it), &mut found);
        }
        let mut names = std::collections::HashSet::new();
        found.retain(|it| names.insert(it.key.as_str()));
        found.sort_by_key(|it| it.key_span.start);
        found
    }

    fn job(&mut self, it: &'n Member) -> CiJob {
        let is_hidden = it.key.starts_with('.');
        let mut chain = Vec::new();
        self.chain(&it.value, 0, &mut chain);
        // `default:`, and the older words at the top of the file, for what the job says nothing of.
        let inherits = get(&it.value, "inherit").and_then(|it| get(it, "default"));
        let default = self.by_name.get("default").copied().filter(|_| !is_hidden);
        let from = |key: &str| -> Vec<&'n Node> {
            let takes = match inherits.map(|it| &it.value) {
                Some(Value::Bool(it)) => *it,
                Some(Value::Array(items)) => items.iter().any(|it| it.as_str() == Some(key)),
                _ => true,
            };
            let has = chain.iter().any(|it| get(it, key).is_some());
            let top = Some(self.top).filter(|_| !is_hidden && OF_TOP.contains(&key));
            let mut added = [default, top].into_iter().flatten().filter(|it| takes && !has && get(it, key).is_some());
            chain.iter().copied().chain(added.next()).collect()
        };
        let scripts = ["before_script", "script", "after_script"];
        let scripts: Vec<_> = scripts.into_iter().filter_map(|key| self.first(&from(key), key)).collect();
        let (tokens, images, artifacts) = (from("id_tokens"), from("image"), from("artifacts"));
        let named = self.union(&tokens, "id_tokens");
        self.take(named.iter().map(|it| it.value.span.end.saturating_sub(it.key_span.start)).sum());
        let reports = self.first(&artifacts, "artifacts").and_then(|it| get(it, "reports"));
        let needs = self.first(&chain, "needs").and_then(Node::as_array).unwrap_or_default();
        let mut job = CiJob {
            name: Text::new(it.key.clone(), it.key_span),
            is_hidden,
            extends: get(&it.value, "extends").map(strings).unwrap_or_default(),
            sometimes_set: Vec::new(),
            hands_variables_on: reports.is_some_and(|it| get(self.resolved(it), "dotenv").is_some()),
            needs_other_pipelines: needs.iter().any(|it| get(it, "project").or_else(|| get(it, "pipeline")).is_some()),
            id_tokens: named.into_iter().map(|it| self.token(it, &tokens)).collect(),
            variables: self.variables(&chain),
            role_arns: Vec::new(),
            environment: self.first(&chain, "environment").and_then(|it| Text::of(get(it, "name").unwrap_or(it))),
            image: self.image(&images),
            scripts: Vec::new(),
            span: Span::new(it.key_span.start, it.value.span.end.max(it.key_span.end)),
        };
        for it in scripts {
            self.lines(it, 0, &mut job.scripts);
        }
        self.arns(&chain, &mut job);
        let rules = self.first(&chain, "rules").into_iter().chain(self.workflow_rules());
        let rules = rules.flat_map(|it| it.as_array().unwrap_or_default()).map(|it| self.resolved(it));
        let matrix = self.first(&chain, "parallel").and_then(|it| get(it, "matrix")).and_then(Node::as_array);
        let maps = rules.filter_map(|it| get(it, "variables")).chain(matrix.unwrap_or_default());
        let mut found = Vec::new();
        for it in maps.chain(self.first(&chain, "secrets")).map(|it| self.resolved(it)) {
            entries(it, &mut found);
        }
        self.take(found.iter().map(|it| it.key.len() + 16).sum());
        job.sometimes_set = found.into_iter().map(|it| it.key.clone()).collect();
        job
    }

    /// The rules for all jobs of the file.
    fn workflow_rules(&self) -> Option<&'n Node> {
        self.by_name.get("workflow").and_then(|it| get(it, "rules")).map(|it| self.resolved(it))
    }

    fn token(&self, entry: &'n Member, chain: &[&'n Node]) -> IdToken {
        // What is extended may give the audience of a token that is named again.
        let maps = chain.iter().filter_map(|it| get(it, "id_tokens")).map(|it| self.resolved(it));
        let aud = maps.filter_map(|it| get(it, &entry.key)).find_map(|it| get(self.resolved(it), "aud"));
        let aud = aud.map(|it| self.resolved(it));
        IdToken {
            name: Text::new(entry.key.clone(), entry.key_span),
            audiences: aud.map(strings).unwrap_or_default(),
            is_list: aud.is_some_and(|it| matches!(it.value, Value::Array(_))),
            aud_span: aud.map(|it| it.span),
            span: Span::new(entry.key_span.start, entry.value.span.end.max(entry.key_span.end)),
        }
    }

    fn variables(&mut self, chain: &[&'n Node]) -> Vec<CiVariable> {
        let mut found = Vec::new();
        for it in self.union(chain, "variables") {
            self.take(it.key.len());
            let value = self.resolved(&it.value);
            if let Some(value) = Text::of(get(value, "value").unwrap_or(value)) {
                self.take(value.value.len());
                found.push(CiVariable { name: Text::new(it.key.clone(), it.key_span), value });
            }
        }
        found
    }

    fn image(&self, chain: &[&'n Node]) -> Option<CiImage> {
        let all: Vec<&Node> = chain.iter().filter_map(|it| get(it, "image")).map(|it| self.resolved(it)).collect();
        let first = all.first()?;
        if let Some(name) = Text::of(first) {
            return Some(CiImage { span: name.span, name, entrypoint: None });
        }
        let maps = || all.iter().take_while(|it| it.as_object().is_some());
        let entrypoint = maps().find_map(|it| get(it, "entrypoint")).map(|it| self.resolved(it));
        Some(CiImage {
            name: Text::of(maps().find_map(|it| get(it, "name"))?)?,
            entrypoint: entrypoint.map(|it| strings(it).into_iter().map(|it| it.value).collect()),
            span: first.span,
        })
    }

    /// The lines of a script; lists in it, of aliases and references, are flattened.
    fn lines(&mut self, node: &'n Node, depth: usize, found: &mut Vec<CiScript>) {
        let node = self.resolved(node);
        self.take(0);
        if let Value::Array(items) = &node.value {
            for it in items {
                if depth < DEPTH && self.left > 0 {
                    self.lines(it, depth + 1, found);
                }
            }
        } else if let Some(text) = Text::of(node) {
            self.take(text.value.len());
            let verbatim = yaml::verbatim(self.text, text.span, &text.value);
            found.push(CiScript { text, verbatim });
        }
    }

    fn take(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes + 16);
    }

    fn arns_below(&mut self, node: &Node, found: &mut Vec<Text>) {
        self.take(0);
        match &node.value {
            _ if self.left == 0 => {}
            Value::Array(items) => items.iter().for_each(|it| self.arns_below(it, found)),
            Value::Object(members) => members.iter().for_each(|it| self.arns_below(&it.value, found)),
            _ => {
                if let Some(it) = Text::of(node) {
                    self.take(it.value.len());
                    arns_in(self.text, &it, found);
                }
            }
        }
    }

    /// ARNs of roles in the job's variables, scripts, secrets and matrix, each once.
    fn arns(&mut self, chain: &[&'n Node], job: &mut CiJob) {
        let mut found = Vec::new();
        for it in &job.variables {
            arns_in(self.text, &it.value, &mut found);
        }
        for it in &job.scripts {
            arns_in(self.text, &it.text, &mut found);
        }
        for key in ["secrets", "parallel"] {
            if let Some(it) = self.first(chain, key) {
                self.arns_below(it, &mut found);
            }
        }
        for it in found {
            if !job.role_arns.iter().any(|other| other.value == it.value) {
                job.role_arns.push(it);
            }
        }
    }
}

/// The scalars of a list, or the one.
fn strings(node: &Node) -> Vec<Text> {
    match &node.value {
        Value::Array(items) => items.iter().filter_map(Text::of).collect(),
        _ => Text::of(node).into_iter().collect(),
    }
}

/// The whole ARNs of roles in a value. One that a variable goes on with is none: its end is not known.
fn arns_in(text: &str, value: &Text, found: &mut Vec<Text>) {
    const MOST: usize = 64;
    let verbatim = yaml::verbatim(text, value.span, &value.value);
    for (at, _) in value.value.match_indices("arn:aws") {
        let rest = value.value.get(at..).unwrap_or("");
        let is_part = |c: char| c.is_ascii_alphanumeric() || "+=,.@_/:-".contains(c);
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let goes_on = rest.get(end..).is_some_and(|it| it.starts_with(['$', '{', '%']));
        let arn = rest.get(..end).unwrap_or("").trim_end_matches([',', '.', ':']);
        let mut parts = arn.splitn(6, ':').skip(2);
        let is_role = parts.next() == Some("iam")
            && parts.next() == Some("")
            && parts.next().is_some_and(|it| it.len() == 12 && it.bytes().all(|it| it.is_ascii_digit()))
            && parts.next().is_some_and(|it| it.strip_prefix("role/").is_some_and(|it| !it.is_empty()));
        if is_role && !goes_on && found.len() < MOST {
            // Where the text is written otherwise, the nearest place is all of it.
            let span = verbatim.map_or(value.span, |it| Span::new(it.start + at, it.start + at + arn.len()));
            found.push(Text::new(arn, span));
        }
    }
}
