//! What the page weighs: every file of `dist`, as it is and with brotli.

use anyhow::{Context, Result};

use super::Figure;
use crate::project::Project;
use crate::{page, say, serve};

/// For everything that the page is made of, with brotli. 1 KB is 1,000 bytes.
const BUDGET: u64 = 220_000;

/// Weighs the files and prints each.
pub(super) fn measure(project: &Project) -> Result<Figure> {
    say::heading("Size (1 KB = 1,000 bytes; brotli quality 11)");
    let dist = project.dist();
    let mut rows = Vec::new();
    for path in page::files(&dist)? {
        let body = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.strip_prefix(&dist).unwrap_or(&path).display().to_string();
        rows.push((name, body.len() as u64, serve::brotli(&body).len() as u64));
    }
    rows.sort_by_key(|(_, _, packed)| std::cmp::Reverse(*packed));
    for (name, plain, packed) in &rows {
        say::note(&format!("{:>10}  {:>10}  {name}", say::grouped(*plain), say::grouped(*packed)));
    }
    let plain: u64 = rows.iter().map(|(_, plain, _)| plain).sum();
    let packed: u64 = rows.iter().map(|(_, _, packed)| packed).sum();
    say::note(&format!("{:>10}  {:>10}  in all, {} files", say::grouped(plain), say::grouped(packed), rows.len()));
    Ok(Figure {
        measured: "All files of the page, with brotli".to_owned(),
        figure: Ok(format!("{} (plain {})", kilobytes(packed), kilobytes(plain))),
        budget: Some((kilobytes(BUDGET), packed <= BUDGET)),
    })
}

/// A size as the README says it.
fn kilobytes(bytes: u64) -> String {
    let tenths = (bytes + 50) / 100;
    match tenths % 10 {
        0 => format!("{} KB", tenths / 10),
        tenth => format!("{}.{tenth} KB", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::kilobytes;

    #[test]
    fn a_kilobyte_is_a_thousand_bytes() {
        assert_eq!(kilobytes(200_000), "200 KB");
        assert_eq!(kilobytes(48_649), "48.6 KB");
        assert_eq!(kilobytes(48_650), "48.7 KB");
    }
}
