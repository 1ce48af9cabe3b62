//! `claimcheck generate`: every file into a folder, or one file on standard output.

use std::io::Write;
use std::path::Path;

use super::Exit;
use super::arguments::Generate;
use super::input::{Problem, read_setup};
use crate::generate::{self, Kind};
use crate::setup::{Setup, findings};

pub(super) fn run(it: &Generate, out: &mut dyn Write) -> Result<Exit, Problem> {
    let setup = read_setup(&it.setup)?;
    for finding in findings(&setup) {
        eprintln!("note: {}: {} ({})", finding.path, finding.message, finding.help);
    }
    match (&it.only, &it.out) {
        (Some(kind), _) => print_one(&setup, *kind, it.role.as_deref(), out),
        (None, Some(folder)) => write_all(&setup, Path::new(folder), it.force, out),
        (None, None) => Err(Problem::new("say where with --out DIR, or which file with --only KIND")),
    }
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

fn write_all(setup: &Setup, folder: &Path, force: bool, out: &mut dyn Write) -> Result<Exit, Problem> {
    let files = generate::files(setup);
    let mut differ = Vec::new();
    for file in &files {
        match std::fs::read(folder.join(&file.name)) {
            Ok(there) if there != file.text.as_bytes() => differ.push(file.name.clone()),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Problem::new(format!("cannot read {}: {error}", folder.join(&file.name).display())));
            }
        }
    }
    if !differ.is_empty() && !force {
        eprintln!(
            "claimcheck: nothing was written: {} differ in {}; --force overwrites",
            differ.join(", "),
            folder.display()
        );
        return Ok(Exit::No);
    }
    std::fs::create_dir_all(folder)
        .map_err(|error| Problem::new(format!("cannot make {}: {error}", folder.display())))?;
    for file in &files {
        let path = folder.join(&file.name);
        std::fs::write(&path, &file.text)
            .map_err(|error| Problem::new(format!("cannot write {}: {error}", path.display())))?;
        writeln!(out, "{}", path.display()).map_err(Problem::output)?;
    }
    Ok(Exit::Yes)
}
