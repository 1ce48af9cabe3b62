//! `claimcheck lint`: the findings of all files of one sitting, as text or for other programs.
//!
//! Files are told apart by their content and looked at together: a policy beside the Terraform of its provider and the CI file of its
//! job has to agree with both. A file that cannot be read hides no finding of the others.

mod code_quality;
mod fingerprint;
mod fix;
mod json;
mod sarif;
mod snippet;
mod text;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use super::Exit;
use super::arguments::{Lint, LintFormat};
use super::input::{Problem, account, context, read, shown, variables};
use crate::aws::is_of_own_account;
use crate::document::json::Node;
use crate::lint::{Bench, File, Finding, MOST, lint};
use crate::print::json::pretty;
use crate::source::{self, Found, Source};
use crate::text::{position, quoted};
use crate::verdict::Circumstances;

pub(super) fn run(it: &Lint, out: &mut dyn Write) -> Result<Exit, Problem> {
    let variables = variables(&it.var)?;
    let circumstances = Circumstances {
        account: account(it.account.as_deref())?,
        context: context(&it.context)?,
        ..Circumstances::default()
    };
    if it.fix && it.files.iter().any(|it| it == "-") {
        return Err(Problem::new("--fix writes into files, and standard input is none"));
    }
    let mut is_unreadable = false;
    let mut files = Vec::new();
    for path in &it.files {
        let text = read(path)?;
        let source = source::read(&text, &variables);
        for problem in &source.problems {
            is_unreadable = true;
            eprintln!("claimcheck: {}: {}", shown(path), problem.one_line(&text));
        }
        for note in &source.notes {
            eprintln!("claimcheck: {}: note: {}", shown(path), note.one_line(&text));
        }
        // Which account or partition a role is in changes no finding.
        for it in source.unknown.iter().filter(|it| !is_of_own_account(&it.name)) {
            let (at, name) = (position(&text, it.span.start), quoted(&it.name));
            eprintln!("claimcheck: {}: note: {at}: {name} has no value here; `--var` gives it one", shown(path));
        }
        files.push(File { name: shown(path).to_owned(), text, source });
    }
    if it.fix {
        files = fix::fix(files, &circumstances, &variables)?;
    }
    let findings = lint(&Bench::new(&files, &circumstances));
    let report = report(it.format, &files, &findings)?;
    match &it.out {
        Some(path) => {
            std::fs::write(path, report).map_err(|error| Problem::new(format!("cannot write {path}: {error}")))?;
            text::report(out, &files, &findings).map_err(Problem::output)?;
        }
        None => out.write_all(&report).map_err(Problem::output)?,
    }
    if findings.len() == MOST {
        eprintln!("claimcheck: only the worst {MOST} findings are shown");
    }
    Ok(match findings.iter().map(|it| it.rule.severity).max() {
        _ if is_unreadable => Exit::Bad,
        Some(worst) if worst >= it.fail_on => Exit::No,
        _ => Exit::Yes,
    })
}

/// The findings of one policy of a file, and of what stands beside it about its role, for a verdict on it.
pub(super) fn of_policy(
    name: &str,
    text: &str,
    source: &Source,
    policy: &Found,
    circumstances: &Circumstances,
) -> Vec<Node> {
    let (kind, given) = (source.kind, source.given.clone());
    let source = Source { kind, given, policies: vec![policy.clone()], ..Source::default() };
    let files = [File { name: name.to_owned(), text: text.to_owned(), source }];
    lint(&Bench::new(&files, circumstances)).iter().map(|it| json::finding(&files, it)).collect()
}

fn report(format: LintFormat, files: &[File], findings: &[Finding]) -> Result<Vec<u8>, Problem> {
    let fingerprints = || fingerprints(files, findings);
    let node = match format {
        LintFormat::Text => {
            let mut out = Vec::new();
            text::report(&mut out, files, findings).map_err(Problem::output)?;
            return Ok(out);
        }
        LintFormat::Json => json::report(files, findings),
        LintFormat::Gitlab => code_quality::report(files, findings, &fingerprints()),
        LintFormat::Sarif => sarif::report(files, findings, &fingerprints()),
    };
    Ok(pretty(&node).into_bytes())
}

/// A file's name as the repository has it: from the folder at hand on, where the file lies in it, and without `./`.
fn in_repository(name: &str) -> Cow<'_, str> {
    let path = Path::new(name);
    if !path.is_absolute() {
        return Cow::Borrowed(name.strip_prefix("./").unwrap_or(name));
    }
    // The folder at hand is told without symbolic links, and the name may go through one.
    let real = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    let here = std::env::current_dir().ok();
    let below = |path: &Path| Some(path.strip_prefix(here.as_ref()?).ok()?.to_str()?.to_owned());
    below(path).or_else(|| below(&real()?)).map_or(Cow::Borrowed(name), Cow::Owned)
}

/// A name for each finding that stays while lines move: by rule, file, path and message, and the how-manieth of these it is.
fn fingerprints(files: &[File], findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    findings
        .iter()
        .map(|it| {
            let name = files.get(it.file).map_or(Cow::Borrowed(""), |it| in_repository(&it.name));
            let parts = [it.rule.id.as_str(), &name, &it.path, &it.message];
            let count = seen.entry(fingerprint::fingerprint(&parts)).or_default();
            *count += 1;
            fingerprint::fingerprint(&[&parts[..], &[&count.to_string()]].concat())
        })
        .collect()
}
