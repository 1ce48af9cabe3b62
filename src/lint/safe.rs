//! Which fixes are offered: what lets nobody in is not mended by a press where more than was meant would then get in.
//!
//! A text that is written anew may make a statement apply that never did, and with it whatever else is wrong there. So each such fix is
//! made and looked at, and is left out where it would bring a finding.

use std::collections::BTreeMap;

use super::{Bench, File, Finding, Fix, RuleId, apply, look};
use crate::source::{self, Source};

/// The most fixes of a sitting that are tried; those after them are left out.
const MOST_TRIED: usize = 16;

/// Takes the fixes away that are not safe.
pub(super) fn keep_safe(bench: &Bench<'_>, findings: &mut [Finding]) {
    let had = counts(findings);
    for (tried, it) in findings.iter_mut().filter(|it| it.may_revive).enumerate() {
        it.fix = it.fix.take().filter(|fix| tried < MOST_TRIED && is_safe(bench, &had, fix));
    }
}

fn is_safe(bench: &Bench<'_>, had: &BTreeMap<RuleId, usize>, fix: &Fix) -> bool {
    let files: Option<Vec<File>> = bench.files.iter().enumerate().map(|(at, file)| mended(file, at, fix)).collect();
    files.is_some_and(|files| {
        let has = counts(&look(&Bench::new(&files, bench.circumstances)));
        has.iter().all(|(id, count)| had.get(id).is_some_and(|it| it >= count))
    })
}

/// The file with its policies as the fix makes them; none where they cannot be read any more.
fn mended(file: &File, at: usize, fix: &Fix) -> Option<File> {
    if fix.edits.iter().all(|it| it.file != at) {
        return Some(file.clone());
    }
    let text = apply(&file.text, fix.edits.iter().filter(|it| it.file == at));
    let mut policies = source::read(&text, &file.source.given).policies;
    // A sitting may be about one policy of a file alone.
    policies.retain(|it| file.source.policies.iter().any(|old| old.name == it.name));
    let is_whole = policies.len() == file.source.policies.len();
    is_whole.then(|| File { name: file.name.clone(), text, source: Source { policies, ..file.source.clone() } })
}

/// How many findings there are of each rule.
fn counts(findings: &[Finding]) -> BTreeMap<RuleId, usize> {
    let mut counts = BTreeMap::new();
    for it in findings {
        *counts.entry(it.rule.id).or_default() += 1;
    }
    counts
}
