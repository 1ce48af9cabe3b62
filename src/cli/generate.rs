//! `claimcheck generate`: every file into a folder or an archive, or one file on standard output; of one setup, or of several.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::Exit;
use super::arguments::Generate;
use super::input::{Problem, read_setup, shown};
use crate::generate::{self, Conflict, Kind};
use crate::setup::{Setup, findings};

pub(super) fn run(it: &Generate, out: &mut dyn Write) -> Result<Exit, Problem> {
    if it.setups.iter().filter(|it| *it == "-").count() > 1 {
        return Err(Problem::new("standard input can be read once: give one setup as `-`"));
    }
    let setups = it.setups.iter().map(|it| read_setup(it)).collect::<Result<Vec<_>, _>>()?;
    for (path, setup) in it.setups.iter().zip(&setups) {
        let whose = if setups.len() > 1 { format!("{}: ", shown(path)) } else { String::new() };
        for finding in findings(setup) {
            eprintln!("note: {whose}{}: {} ({})", finding.path, finding.message, finding.help);
        }
    }
    let setups: Vec<&Setup> = setups.iter().collect();
    let conflict = |conflict: Conflict| {
        let name = |at: usize| it.setups.get(at).map_or("", |it| shown(it));
        let (first, second) = conflict.setups;
        let (wrong, help) = (conflict.diagnostic.message, conflict.diagnostic.help);
        Problem::new(format!("{} and {}: {wrong} ({help})", name(first), name(second)))
    };
    match (&it.only, &it.out, setups.as_slice()) {
        (Some(kind), _, [one]) => print_one(one, *kind, it.role.as_deref(), out),
        (Some(Kind::GitlabCi), _, several) => {
            let text = generate::ci_of_several(several).map_err(conflict)?;
            write!(out, "{text}").map_err(Problem::output)?;
            Ok(Exit::Yes)
        }
        (Some(kind), ..) => Err(Problem::new(format!(
            "`{}` is a file of one setup; of several, only `gitlab-ci` is one file",
            kind.as_str()
        ))),
        (None, Some(name), setups) => {
            let files = match setups {
                [one] if is_archive(name) => vec![(PathBuf::from(name), generate::archive(one).bytes)],
                _ if is_archive(name) => {
                    return Err(Problem::new("an archive is of one setup; give a folder for several"));
                }
                [one] => {
                    generate::files(one).into_iter().map(|it| (Path::new(name).join(it.name), it.text.into())).collect()
                }
                several => generate::files_of_several(several)
                    .map_err(conflict)?
                    .into_iter()
                    .map(|(folder, it)| {
                        (Path::new(name).join(folder.unwrap_or_default()).join(it.name), it.text.into())
                    })
                    .collect(),
            };
            write_all(&files, it.force, out)
        }
        (None, None, _) => Err(Problem::new("say where with --out DIR, or which file with --only KIND")),
    }
}

fn is_archive(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|it| it.eq_ignore_ascii_case("zip"))
}

fn print_one(setup: &Setup, kind: Kind, role: Option<&str>, out: &mut dyn Write) -> Result<Exit, Problem> {
    let names = || setup.roles().iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
    if let Some(name) = role
        && !setup.roles().iter().any(|it| it.name.as_str() == name)
    {
        return Err(Problem::new(format!("this setup has no role `{name}`; it has {}", names())));
    }
    let per_role = kind.generator().is_some_and(|it| it.per_role);
    if role.is_none() && per_role && setup.roles().len() > 1 {
        return Err(Problem::new(format!(
            "this file is made for each role: say which with --role, one of {}",
            names()
        )));
    }
    let Some(file) = generate::render(setup, kind, role) else {
        return Err(Problem::new("this role has no inline permissions, so there is no such file"));
    };
    write!(out, "{}", file.text).map_err(Problem::output)?;
    Ok(Exit::Yes)
}

/// Writes the files, none where one is there and differs and `force` is not given.
fn write_all(files: &[(PathBuf, Vec<u8>)], force: bool, out: &mut dyn Write) -> Result<Exit, Problem> {
    let mut differ = Vec::new();
    for (path, bytes) in files {
        match std::fs::read(path) {
            Ok(there) if there != *bytes => differ.push(path.display().to_string()),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Problem::new(format!("cannot read {}: {error}", path.display()))),
        }
    }
    if !differ.is_empty() && !force {
        eprintln!(
            "claimcheck: nothing was written, as these are there and differ: {}; --force overwrites",
            differ.join(", ")
        );
        return Ok(Exit::No);
    }
    for (path, bytes) in files {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| Problem::new(format!("cannot make {}: {error}", folder.display())))?;
        }
        std::fs::write(path, bytes)
            .and_then(|()| if is_script(path) { make_executable(path) } else { Ok(()) })
            .map_err(|error| Problem::new(format!("cannot write {}: {error}", path.display())))?;
        writeln!(out, "{}", path.display()).map_err(Problem::output)?;
    }
    Ok(Exit::Yes)
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "sh")
}

/// Whoever may read the script may start it, as from the archive.
#[cfg(unix)]
fn make_executable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = std::fs::metadata(path)?.permissions();
    permissions.set_mode(permissions.mode() | (permissions.mode() & 0o444) >> 2);
    std::fs::set_permissions(path, permissions)
}

#[cfg(not(unix))]
fn make_executable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
