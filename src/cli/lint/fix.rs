//! `--fix`: makes the edits of findings that have one, and writes the files.
//!
//! A fix is made whole or not at all: where two would change the same place, the worse finding's is made and the other is left for
//! the next run. What comes out is read and looked at again, and is written only if it is readable and has fewer findings.

use crate::lint::{Bench, Edit, File, Finding, apply, lint};
use crate::source;
use crate::verdict::Circumstances;

use super::super::input::Problem;

/// The files with the fixes made in them; those that changed are written.
pub(super) fn fix(
    files: Vec<File>,
    circumstances: &Circumstances,
    variables: &[(String, String)],
) -> Result<Vec<File>, Problem> {
    let look = |files: &[File]| lint(&Bench::new(files, circumstances));
    let before = look(&files);
    let edits = edits(&before);
    let fixed: Vec<File> = files
        .iter()
        .enumerate()
        .map(|(at, file)| {
            let text = apply(&file.text, edits.iter().copied().filter(|it| it.file == at));
            File { name: file.name.clone(), source: source::read(&text, variables), text }
        })
        .collect();
    let problems = |files: &[File]| files.iter().map(|it| it.source.problems.len()).sum::<usize>();
    if edits.is_empty() || problems(&fixed) > problems(&files) || look(&fixed).len() >= before.len() {
        return Ok(files);
    }
    for (old, new) in files.iter().zip(&fixed).filter(|(old, new)| old.text != new.text) {
        std::fs::write(&old.name, &new.text)
            .map_err(|error| Problem::new(format!("cannot write {}: {error}", old.name)))?;
        eprintln!("claimcheck: {}: mended", old.name);
    }
    Ok(fixed)
}

/// The edits of those fixes that do not touch each other, the worst findings' first.
fn edits(findings: &[Finding]) -> Vec<&Edit> {
    let mut chosen: Vec<&Edit> = Vec::new();
    let overlap = |a: &Edit, b: &Edit| a.file == b.file && a.span.start <= b.span.end && b.span.start <= a.span.end;
    for fix in findings.iter().filter_map(|it| it.fix.as_ref()) {
        if !fix.edits.iter().any(|edit| chosen.iter().any(|it| overlap(it, edit))) {
            chosen.extend(&fix.edits);
        }
    }
    chosen
}
