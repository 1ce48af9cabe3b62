//! Building what a person gets: the page, and the native command.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{run, say, setup};

/// `cargo xtask build`.
pub(crate) fn run(project: &Project) -> Result<()> {
    setup::page(project)?;
    say::heading("Page");
    build(project)?;
    say::note(&format!("built into {}", project.shown(&project.dist())));
    Ok(())
}

/// Compiles Rust's own library with the page, without messages that nobody sees: a panic in the browser ends the program either way, so
/// what formats them goes. 16 KB of the page with brotli. The switches are cargo's and rustc's own, not yet stable.
const SMALL_LIBRARY: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (
        "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
        "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    ),
];

/// The release build of the page into `dist/`.
pub(crate) fn build(project: &Project) -> Result<()> {
    let mut trunk = project.command("trunk")?;
    trunk.args(["build", "--release"]);
    if setup::has_library_source(project) {
        trunk.envs(SMALL_LIBRARY);
        // Apart from what other switches built, so that neither is built anew after the other.
        trunk.env("CARGO_TARGET_DIR", project.target.join("page"));
    }
    run::watched(project, "release build of the page", "1 to 2 min the first time, 20 s later", &mut trunk)?;
    join_styles(project)?;
    minify_scripts(project)?;
    count_names(project)
}

/// Makes one style sheet of those that `index.html` links, in their order: three requests less, and half a kilobyte, as what they repeat is
/// packed once. Its name is made of theirs, so that it changes when one of them does.
fn join_styles(project: &Project) -> Result<()> {
    let dist = project.dist();
    let index = dist.join("index.html");
    let mut page = std::fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let (mut name, mut joined) = ("styles".to_owned(), String::new());
    let mut links: Vec<String> = Vec::new();
    for part in page.split("<link ").skip(1) {
        let Some(link) = part.split_inclusive('>').next().filter(|it| it.contains("rel=stylesheet")) else { continue };
        let file = link.split_once("href=./").and_then(|it| it.1.split([' ', '>']).next());
        let file = file.with_context(|| format!("no address in `<link {link}`"))?;
        let path = dist.join(file);
        joined.push_str(&std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?);
        std::fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        let hash = file.rsplit_once('-').map_or("", |it| it.1);
        name.push_str(&format!("-{}", hash.chars().take(5).collect::<String>()));
        links.push(format!("<link {link}"));
    }
    let (Some((first, rest)), file) = (links.split_first(), format!("{name}.css")) else {
        bail!("{} links no style sheet", index.display());
    };
    page = page.replacen(first, &format!("<link href=./{file} rel=stylesheet>"), 1);
    for link in rest {
        page = page.replacen(link, "", 1);
    }
    std::fs::write(dist.join(&file), joined).with_context(|| format!("cannot write {file}"))?;
    std::fs::write(&index, page).with_context(|| format!("cannot write {}", index.display()))
}

/// Takes what a browser does not need out of the scripts. Trunk has a minifier of its own, which fails on `import()` and so on
/// every script here. The names keep the hashes of what was built: the same sources still have the same names.
fn minify_scripts(project: &Project) -> Result<()> {
    let scripts = files(&project.dist())?.into_iter().filter(|it| it.extension().is_some_and(|it| it == "js"));
    let mut esbuild = project.command("esbuild")?;
    esbuild.args(scripts).args(["--minify", "--log-level=warning", "--allow-overwrite", "--charset=utf8"]);
    esbuild.arg(format!("--outdir={}", project.dist().display()));
    run::streamed(&mut esbuild)
}

/// wasm-bindgen ends the names by which program and glue know each other with sixteen digits of a hash, which no packing makes shorter:
/// two kilobytes. A number of the same length is as good.
fn count_names(project: &Project) -> Result<()> {
    let of = |kind: &str| -> Result<PathBuf> {
        let all = files(&project.dist())?;
        let glue_or_program =
            |it: &PathBuf| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with("claimcheck-"));
        let found = all.into_iter().filter(glue_or_program).find(|it| it.extension().is_some_and(|it| it == kind));
        found.with_context(|| format!("the build left no .{kind} of the program"))
    };
    let (glue, program) = (of("js")?, of("wasm")?);
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
    let (mut script, mut wasm) = (read(&glue)?, read(&program)?);
    for (at, hash) in hashes(&script).iter().enumerate() {
        let number = format!("{at:0width$}", width = hash.len());
        replace(&mut script, hash, number.as_bytes());
        replace(&mut wasm, hash, number.as_bytes());
    }
    for (path, body) in [(&glue, &script), (&program, &wasm)] {
        std::fs::write(path, body).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// How many digits the hash of a name has.
const DIGITS: usize = 16;

/// Every hash at the end of a name, once, in order: sixteen hexadecimal digits behind `_` or `_h`.
fn hashes(script: &[u8]) -> Vec<Vec<u8>> {
    let mut found: Vec<Vec<u8>> = Vec::new();
    let is_word = |it: &u8| it.is_ascii_alphanumeric() || *it == b'_';
    for name in script.split(|it| !is_word(it)).filter(|it| it.len() > DIGITS) {
        let (before, hash) = name.split_at(name.len() - DIGITS);
        let is_hash = hash.iter().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
        if is_hash && (before.ends_with(b"_") || before.ends_with(b"_h")) && !found.iter().any(|it| it == hash) {
            found.push(hash.to_vec());
        }
    }
    found
}

/// Puts `new` in the place of each `old`; both are of one length.
fn replace(body: &mut [u8], old: &[u8], new: &[u8]) {
    let mut at = 0;
    while let Some(rest) = body.get_mut(at..at + old.len()) {
        if rest == old {
            rest.copy_from_slice(new);
        }
        at += 1;
    }
}

/// Every file of a built page. That there is none is an error.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    if files.is_empty() {
        bail!("{} is empty", folder.display());
    }
    files.sort();
    Ok(files)
}

/// The native command as it is shipped. Answers its place.
pub(crate) fn native_command(project: &Project) -> Result<PathBuf> {
    let mut cargo = project.command("cargo")?;
    cargo.args(["build", "--locked", "--profile", "native", "--package", "claimcheck", "--bin", "claimcheck"]);
    run::streamed(&mut cargo)?;
    Ok(project.native_command())
}

/// `cargo xtask look` and `cargo xtask walk`: pictures of the built page, taken by a script of the browser tests. Where it comes to
/// states that need links, the command makes them.
pub(crate) fn pictures(project: &Project, script: &[&str]) -> Result<()> {
    setup::page(project)?;
    let chromium = setup::browser(project)?;
    say::heading("Pictures");
    build(project)?;
    let command = native_command(project)?;
    let mut node = project.command("node")?;
    run::streamed(node.args(script).env("CHROMIUM", chromium).env("CLAIMCHECK_BIN", command))
}

#[cfg(test)]
mod tests {
    use super::{hashes, replace};

    #[test]
    fn only_the_hash_of_a_name_is_counted() {
        let script = b"import('./a-0123456789abcdef_bg.wasm');a.__wbg_set_0123456789abcdef(b.__invoke__hfedcba9876543210,a._0123456789abcdef)";
        assert_eq!(hashes(script), [b"0123456789abcdef".to_vec(), b"fedcba9876543210".to_vec()]);
        let mut body = *b"xx_abcd abcd ab";
        replace(&mut body, b"abcd", b"0001");
        assert_eq!(&body, b"xx_0001 0001 ab");
    }
}
