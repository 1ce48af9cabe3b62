//! `--fix`: makes the edits of findings that have one, and writes the files.
//!
//! A fix is made whole or not at all: where two would change the same place, the worse finding's is made and the other is left for
//! the next run. What comes out is read and looked at again. Fixes that are safe each by itself may together let somebody in, so where
//! all of them bring a finding, as many are made as bring none, the worst findings' first.

use crate::lint::{Bench, Edit, File, Finding, Fix, RuleId, apply, lint};
use crate::source;
use crate::verdict::Circumstances;

use super::super::input::Problem;

/// The most fixes that are tried one after the other.
const MOST_TRIED: usize = 100;

/// The files with the fixes made in them; those that changed are written.
pub(super) fn fix(
    files: Vec<File>,
    circumstances: &Circumstances,
    variables: &[(String, String)],
) -> Result<Vec<File>, Problem> {
    let before = lint(&Bench::new(&files, circumstances));
    let fixes = apart(&before);
    let made = |fixes: &[&Fix]| -> Vec<File> {
        let edits = || fixes.iter().flat_map(|it| &it.edits);
        let of = |(at, file): (usize, &File)| {
            let text = apply(&file.text, edits().filter(|it| it.file == at));
            File { name: file.name.clone(), source: source::read(&text, variables), text }
        };
        files.iter().enumerate().map(of).collect()
    };
    let problems = |files: &[File]| files.iter().map(|it| it.source.problems.len()).sum::<usize>();
    let is_better = |fixed: &[File]| {
        let after = lint(&Bench::new(fixed, circumstances));
        let of = |all: &[Finding], rule: RuleId| all.iter().filter(|it| it.rule.id == rule).count();
        problems(fixed) <= problems(&files)
            && after.len() < before.len()
            && after.iter().all(|it| of(&after, it.rule.id) <= of(&before, it.rule.id))
    };
    let mut fixed = made(&fixes);
    if !is_better(&fixed) {
        let mut good: Vec<&Fix> = Vec::new();
        for fix in fixes.into_iter().take(MOST_TRIED) {
            good.push(fix);
            if !is_better(&made(&good)) {
                good.pop();
            }
        }
        if good.is_empty() {
            return Ok(files);
        }
        fixed = made(&good);
    }
    for (old, new) in files.iter().zip(&fixed).filter(|(old, new)| old.text != new.text) {
        std::fs::write(&old.name, &new.text)
            .map_err(|error| Problem::new(format!("cannot write {}: {error}", old.name)))?;
        eprintln!("claimcheck: {}: mended", old.name);
    }
    Ok(fixed)
}

/// The fixes that do not touch each other, the worst findings' first.
fn apart(findings: &[Finding]) -> Vec<&Fix> {
    let mut chosen: Vec<&Fix> = Vec::new();
    let overlap = |a: &Edit, b: &Edit| a.file == b.file && a.span.start <= b.span.end && b.span.start <= a.span.end;
    for fix in findings.iter().filter_map(|it| it.fix.as_ref()) {
        let mut edits = chosen.iter().flat_map(|it| &it.edits);
        if !edits.any(|it| fix.edits.iter().any(|edit| overlap(it, edit))) {
            chosen.push(fix);
        }
    }
    chosen
}
