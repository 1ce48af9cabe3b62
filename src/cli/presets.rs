//! `claimcheck presets`: the permissions of common deployments, listed, or written into a role of a setup.

use std::io::Write;

use super::Exit;
use super::arguments::Presets;
use super::input::{Problem, read_setup};
use crate::setup::presets::{PRESETS, Preset};
use crate::setup::{Setup, check, file};
use crate::text::nearest;

pub(super) fn run(it: &Presets, out: &mut dyn Write) -> Result<Exit, Problem> {
    let Some(name) = &it.name else { return list(&PRESETS, out) };
    let preset = Preset::named(name).ok_or_else(|| {
        let help = match nearest(name, PRESETS.iter().map(|it| it.name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`claimcheck presets` lists them".to_owned(),
        };
        Problem::new(format!("there is no preset `{name}` ({help})"))
    })?;
    let Some(path) = &it.setup else { return list(std::slice::from_ref(preset), out) };
    let mut values = vec![String::new(); preset.fields.len()];
    for given in &it.set {
        let (name, value) = given.split_once('=').ok_or_else(|| Problem::new("--set takes FIELD=VALUE"))?;
        let at = preset.fields.iter().position(|it| it.name == name);
        let slot = at.and_then(|at| values.get_mut(at)).ok_or_else(|| {
            let names: Vec<&str> = preset.fields.iter().map(|it| it.name).collect();
            Problem::new(format!("the preset `{}` has no field `{name}`: {}", preset.name, names.join(", ")))
        })?;
        value.clone_into(slot);
    }
    let setup = read_setup(path)?;
    let role = chosen(&setup, it.role.as_deref())?;
    let problem = |wrong: Vec<crate::text::Diagnostic>| {
        Problem::new(
            wrong
                .iter()
                .map(|it| it.one_line("").trim_start_matches("preset.").to_owned())
                .collect::<Vec<_>>()
                .join("; "),
        )
    };
    let mut draft = setup.draft().clone();
    let document = preset.apply(&values, &draft, role).map_err(problem)?;
    if let Some(it) = draft.roles.get_mut(role) {
        it.permissions_document = Some(document);
    }
    let setup = check(&draft).map_err(problem)?;
    write!(out, "{}", file::write(&setup)).map_err(Problem::output)?;
    Ok(Exit::Yes)
}

fn chosen(setup: &Setup, name: Option<&str>) -> Result<usize, Problem> {
    let names = || setup.roles().iter().map(|it| format!("`{}`", it.name)).collect::<Vec<_>>().join(", ");
    match name {
        None if setup.roles().len() == 1 => Ok(0),
        None => Err(Problem::new(format!("say which role with --role, one of {}", names()))),
        Some(name) => setup
            .roles()
            .iter()
            .position(|it| it.name.as_str() == name)
            .ok_or_else(|| Problem::new(format!("this setup has no role `{name}`; it has {}", names()))),
    }
}

fn list(presets: &[Preset], out: &mut dyn Write) -> Result<Exit, Problem> {
    for preset in presets {
        writeln!(out, "{}: {}", preset.name, preset.title).map_err(Problem::output)?;
        for field in preset.fields {
            let optional = if field.is_optional { ", may be left out" } else { "" };
            writeln!(out, "  --set {}={}{optional}", field.name, field.example).map_err(Problem::output)?;
        }
        if !preset.note.is_empty() {
            writeln!(out, "  {}", preset.note).map_err(Problem::output)?;
        }
    }
    Ok(Exit::Yes)
}
