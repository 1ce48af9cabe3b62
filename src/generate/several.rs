//! Several setups together: one CI file for all of them, and a folder each for the rest.
//!
//! They are several accounts of one project's world: one GitLab, one `.gitlab-ci.yml`. What cannot be true of such setups
//! together is refused, with which two it is.

use super::{CI_FILE, File, Kind, files, gitlab_ci, readme};
use crate::setup::{Provider, Setup};
use crate::text::{Diagnostic, quoted};

/// Two setups that do not go together.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Their places in the list, from 0.
    pub setups: (usize, usize),
    /// What is wrong.
    pub diagnostic: Diagnostic,
}

/// The CI file of several setups.
///
/// # Errors
/// The first two that do not go together.
pub fn ci_of_several(setups: &[&Setup]) -> Result<String, Conflict> {
    for (at, second) in setups.iter().enumerate() {
        for (before, first) in setups.iter().take(at).enumerate() {
            if let Some(diagnostic) = conflict(first, second) {
                return Err(Conflict { setups: (before, at), diagnostic });
            }
        }
    }
    Ok(gitlab_ci::print(setups, &job_names(setups)))
}

/// The files of several setups, each with the folder that it goes into: none for the CI file, for the others the account's number.
///
/// # Errors
/// The first two setups that do not go together.
pub fn files_of_several(setups: &[&Setup]) -> Result<Vec<(Option<String>, File)>, Conflict> {
    let mut all = vec![(None, File::of_setup(CI_FILE, Kind::GitlabCi, ci_of_several(setups)?))];
    let mut folders: Vec<String> = Vec::new();
    for setup in setups {
        let account = setup.aws().account_id.to_string();
        let numbered = (2..).map(|number| format!("{account}-{number}"));
        let free = std::iter::once(account.clone()).chain(numbered).find(|it| !folders.contains(it));
        let folder = free.unwrap_or(account);
        folders.push(folder.clone());
        for mut file in files(setup) {
            match file.kind {
                Some(Kind::GitlabCi) => continue,
                Some(Kind::Readme) => file.text = readme::print(setup, true),
                _ => {}
            }
            all.push((Some(folder.clone()), file));
        }
    }
    Ok(all)
}

/// The name of each role's job, setup by setup: the setup's, with the role's where there are several, with the account where
/// another setup's job has that name, and with a number where even that is taken.
fn job_names(setups: &[&Setup]) -> Vec<String> {
    let all: Vec<(usize, &Setup, String)> = setups
        .iter()
        .enumerate()
        .flat_map(|(at, setup)| setup.roles().iter().map(move |role| (at, *setup, gitlab_ci::job_name(setup, role))))
        .collect();
    let mut names: Vec<String> = Vec::new();
    for (at, setup, plain) in &all {
        let is_taken = all.iter().any(|it| it.0 != *at && it.2 == *plain);
        let base = if is_taken { format!("{plain}-{}", setup.aws().account_id) } else { plain.clone() };
        let is_free = |name: &String| !names.contains(name) && (*name == *plain || all.iter().all(|it| it.2 != *name));
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        names.extend(std::iter::once(base.clone()).chain(numbered).find(is_free));
    }
    names
}

fn conflict(first: &Setup, second: &Setup) -> Option<Diagnostic> {
    let differ = |what: &str, a: &str, b: &str| {
        let message = format!("{what}, and these say {} and {}", quoted(a), quoted(b));
        Diagnostic::new(message).help("generate them apart, each into a folder of its own")
    };
    let (a, b) = (first.gitlab(), second.gitlab());
    if a.url != b.url {
        return Some(differ("one CI file is for one GitLab", a.url.as_str(), b.url.as_str()));
    }
    if a.issuer != b.issuer {
        return Some(differ("one GitLab has one issuer", a.issuer.as_str(), b.issuer.as_str()));
    }
    let account = &first.aws().account_id;
    if *account != second.aws().account_id {
        return None;
    }
    let (a, b) = (first.aws(), second.aws());
    if a.partition != b.partition {
        return Some(differ("one account is in one partition", a.partition.as_str(), b.partition.as_str()));
    }
    if a.provider == Provider::Create && b.provider == Provider::Create {
        let message = format!("both make the provider of the account {account}, which can have it once");
        return Some(Diagnostic::new(message).help("write `\"provider\": \"existing\"` in the second"));
    }
    let same = |name: &str| second.roles().iter().any(|it| it.name.as_str().eq_ignore_ascii_case(name));
    let role = first.roles().iter().find(|it| same(it.name.as_str()))?;
    let message = format!("both make the role {} in the account {account}", quoted(role.name.as_str()));
    Some(Diagnostic::new(message).help("give one of them another name; IAM does not tell upper from lower case there"))
}
