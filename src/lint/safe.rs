//! Which fixes are offered: each is made and looked at, and is left out where it would bring a finding, or change what it is not about.
//!
//! A text that is written anew may make a statement apply that never did, and with it whatever else is wrong there: what lets nobody in
//! is not mended by a press where more than was meant would then get in. What several policies or jobs share is mended only where each
//! of them has the mistake.

use std::collections::BTreeMap;

use super::{Bench, File, Finding, Fix, RuleId, apply, look};
use crate::document::json::Node;
use crate::source::{self, CiFile, CiJob, Found, Source};
use crate::text::Span;

/// The most fixes of a sitting that are tried; those after them are left out.
const MOST_TRIED: usize = 16;

/// The most policies and jobs that a fix may change.
const MOST_CHANGED: usize = 8;

/// Takes the fixes away that are not safe.
pub(super) fn keep_safe(bench: &Bench<'_>, findings: &mut [Finding]) {
    let had = counts(findings);
    let mut tried = 0;
    for it in findings {
        let Some(fix) = it.fix.take() else { continue };
        tried += 1;
        if tried <= MOST_TRIED && is_safe(bench, &had, it, &fix) {
            it.fix = Some(fix);
        }
    }
}

fn is_safe(bench: &Bench<'_>, had: &BTreeMap<RuleId, usize>, finding: &Finding, fix: &Fix) -> bool {
    let files: Option<Vec<File>> = bench.files.iter().enumerate().map(|(at, file)| mended(file, at, fix)).collect();
    files.is_some_and(|files| {
        let has = counts(&look(&Bench::new(&files, bench.circumstances)));
        let own = |all: &BTreeMap<RuleId, usize>| all.get(&finding.rule.id).copied().unwrap_or(0);
        own(&has) < own(had)
            && has.iter().all(|(id, count)| had.get(id).is_some_and(|it| it >= count))
            && all_have_it(bench, &files, finding)
    })
}

/// Whether each policy and job that comes out otherwise has the mistake itself, where there are several.
fn all_have_it(bench: &Bench<'_>, files: &[File], finding: &Finding) -> bool {
    let changed: Vec<Part> =
        bench.files.iter().zip(files).enumerate().flat_map(|(at, it)| changed(at, it.0, it.1)).collect();
    let has_it = |part: &Part| {
        let files: Vec<File> = bench.files.iter().enumerate().map(|(at, file)| part.alone(at, file)).collect();
        let found = look(&Bench::new(&files, bench.circumstances));
        found.iter().any(|it| it.rule == finding.rule && (it.file, it.span) == (finding.file, finding.span))
    };
    changed.len() < 2 || (changed.len() <= MOST_CHANGED && changed.iter().all(has_it))
}

/// A part of the sitting that an edit changes.
enum Part {
    /// A policy, by its file and its number in it.
    Policy(usize, usize),
    /// A job, the same.
    Job(usize, usize),
}

/// The policies and jobs of a file that say something else afterwards. What is a template only is no job.
fn changed(at: usize, before: &File, after: &File) -> Vec<Part> {
    let policies = before.source.policies.iter().zip(&after.source.policies).enumerate();
    let policies =
        policies.filter(|(_, (a, b))| said_by_policy(a) != said_by_policy(b)).map(|it| Part::Policy(at, it.0));
    let jobs = |it: &'_ File| it.source.ci.as_ref().map(|it| it.jobs.clone()).unwrap_or_default();
    let (old, new) = (jobs(before), jobs(after));
    let pairs = old.iter().zip(&new).enumerate();
    let pairs = pairs.filter(|(_, (a, b))| !a.is_hidden && said_by_job(a) != said_by_job(b));
    policies.chain(pairs.map(|it| Part::Job(at, it.0))).collect()
}

/// A policy wherever it stands.
fn said_by_policy(it: &Found) -> Node {
    let mut document = it.document.clone();
    document.put_at(Span::default());
    document
}

/// What a job says, wherever it stands.
fn said_by_job(it: &CiJob) -> Vec<&str> {
    let tokens = it.id_tokens.iter().flat_map(|it| [&it.name].into_iter().chain(&it.audiences));
    let variables = it.variables.iter().flat_map(|it| [&it.name, &it.value]);
    let image = it.image.as_ref();
    let entrypoint = image.and_then(|it| it.entrypoint.as_ref()).into_iter().flatten().map(String::as_str);
    let texts = tokens.chain(variables).chain(image.map(|it| &it.name)).chain(&it.role_arns);
    texts.chain(it.scripts.iter().map(|it| &it.text)).map(|it| it.value.as_str()).chain(entrypoint).collect()
}

impl Part {
    /// A file as it would be if this were the only policy or job of the sitting.
    fn alone(&self, at: usize, file: &File) -> File {
        let mut file = file.clone();
        match self {
            Self::Policy(of, number) => {
                let own = file.source.policies.get(*number).cloned().filter(|_| *of == at);
                file.source.policies = own.into_iter().collect();
            }
            Self::Job(of, number) => {
                let jobs = file.source.ci.iter_mut().flat_map(|it| &mut it.jobs).enumerate();
                // The others stay by their names, as some may be extended.
                for (_, job) in jobs.filter(|it| (at, it.0) != (*of, *number)) {
                    *job = CiJob { name: job.name.clone(), is_hidden: true, ..CiJob::default() };
                }
            }
        }
        file
    }
}

/// The file as the fix makes it; none where its policies or jobs are not the same any more.
fn mended(file: &File, at: usize, fix: &Fix) -> Option<File> {
    if fix.edits.iter().all(|it| it.file != at) {
        return Some(file.clone());
    }
    let text = apply(&file.text, fix.edits.iter().filter(|it| it.file == at));
    let Source { mut policies, mut providers, mut ci, .. } = source::read(&text, &file.source.given);
    // A sitting may be about one policy of a file alone.
    policies.retain(|it| file.source.policies.iter().any(|old| old.name == it.name));
    providers.retain(|_| !file.source.providers.is_empty());
    ci = ci.filter(|_| file.source.ci.is_some());
    let jobs = |it: &Option<CiFile>| it.as_ref().map(|it| it.jobs.len());
    let is_whole = policies.len() == file.source.policies.len()
        && providers.len() == file.source.providers.len()
        && jobs(&ci) == jobs(&file.source.ci);
    let source = || Source { policies, providers, ci, ..file.source.clone() };
    is_whole.then(source).map(|source| File { name: file.name.clone(), text, source })
}

/// How many findings there are of each rule.
fn counts(findings: &[Finding]) -> BTreeMap<RuleId, usize> {
    let mut counts = BTreeMap::new();
    for it in findings {
        *counts.entry(it.rule.id).or_default() += 1;
    }
    counts
}
