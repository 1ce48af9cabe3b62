//! The real programs that judge generated files: shellcheck, GitLab's CI schema, an HCL parser, cfn-lint, the AWS CLI, moto's
//! server, Terraform.
//!
//! What PyPI has goes into a virtual environment of the project's own. The others, Terraform above all, are in no package
//! registry: they are taken from `PATH`, and where one is missing the summary says what is therefore not tested.

use anyhow::{Context, Result, bail};

use super::{is_installed, mark_installed};
use crate::project::Project;
use crate::run::watched;
use crate::say;

/// Makes the environment and answers what is missing beside it.
pub(super) fn environment(project: &Project) -> Result<Vec<String>> {
    let list = project.root.join("tests/real/requirements.txt");
    let folder = project.tools().join("venv");
    let stamp = folder.join("installed-from.txt");
    if !is_installed(&list, &stamp) {
        if folder.is_dir() {
            // First of all: the environment's own python3 comes before the system's, and cannot replace itself.
            std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        if project.program("python3").is_none() {
            bail!(
                "python3 is needed for the programs that check the generated files: https://www.python.org or your system's packages"
            );
        }
        let mut venv = project.command("python3")?;
        watched(project, "Python environment", "3 s", venv.args(["-m", "venv"]).arg(&folder))
            .map_err(|error| error.context("on Debian, `python3 -m venv` needs the package python3-venv"))?;
        let mut pip = project.command("pip")?;
        pip.args(["install", "--disable-pip-version-check", "--no-input", "-r"]).arg(&list);
        watched(project, "packages of tests/real, PyPI", "1 to 3 min", &mut pip)?;
        mark_installed(&list, &stamp)?;
    }
    let programs: [(&str, &[&str]); 4] = [
        ("shellcheck", &["--version"]),
        ("check-jsonschema", &["--version"]),
        ("cfn-lint", &["--version"]),
        ("aws", &["--version"]),
    ];
    for (name, arguments) in programs {
        match project.answer(name, arguments) {
            Some(answer) => say::note(&first_words(name, &answer)),
            None => bail!("`{name}` was installed and does not run: remove .tools/venv and try again"),
        }
    }
    // These do not say their versions themselves.
    for name in ["moto", "python-hcl2", "PyYAML", "google-re2"] {
        let ask = format!("import importlib.metadata; print(importlib.metadata.version('{name}'))");
        match project.answer("python3", &["-c", &ask]) {
            Some(answer) => say::note(&first_words(name, &answer)),
            None => bail!("{name} was installed and is not there: remove .tools/venv and try again"),
        }
    }
    Ok(FROM_PATH.iter().filter_map(|it| it.missing_from(project)).collect())
}

/// A program that is taken from `PATH`.
struct FromPath {
    name: &'static str,
    /// What makes it say its version; nothing where it has no way to.
    arguments: &'static [&'static str],
    /// What is not tested without it.
    without: &'static str,
}

const FROM_PATH: [FromPath; 4] = [
    FromPath {
        name: "terraform",
        arguments: &["version"],
        without: "no generated main.tf is formatted or rendered by the real program",
    },
    FromPath {
        name: "git",
        arguments: &["--version"],
        without: "gitlab-ci-local starts no job of the generated CI files",
    },
    FromPath { name: "dash", arguments: &[], without: "the jobs' scripts run in sh and bash alone" },
    FromPath { name: "unzip", arguments: &["-v"], without: "the archive is read by Python alone" },
];

impl FromPath {
    /// Says its version, or answers what is missing.
    fn missing_from(&self, project: &Project) -> Option<String> {
        let Self { name, arguments, without } = self;
        if project.program(name).is_none() {
            return Some(format!("{name} is not on PATH: {without}"));
        }
        if arguments.is_empty() {
            say::note(name);
            return None;
        }
        match project.answer(name, arguments) {
            Some(answer) => say::note(&first_words(name, &answer)),
            None => return Some(format!("{name} is on PATH and does not run: {without}")),
        }
        None
    }
}

/// The name and the first word of `answer` that looks like a version, alone or behind a slash, as in `aws-cli/1.46.3`.
fn first_words(name: &str, answer: &str) -> String {
    let is_version = |word: &&str| word.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit());
    let version =
        answer.split(|c: char| c.is_whitespace() || c == '/').find(is_version).unwrap_or("of unknown version");
    format!("{name} {}", version.trim_start_matches('v'))
}

#[cfg(test)]
mod tests {
    use super::first_words;

    #[test]
    fn a_version_is_found_wherever_a_program_puts_it() {
        assert_eq!(first_words("terraform", "Terraform v1.11.4\non linux_amd64"), "terraform 1.11.4");
        assert_eq!(
            first_words("shellcheck", "ShellCheck - shell script analysis tool\nversion: 0.11.0"),
            "shellcheck 0.11.0"
        );
        assert_eq!(first_words("aws", "aws-cli/1.46.3 Python/3.11.7"), "aws 1.46.3");
        assert_eq!(first_words("x", "nothing"), "x of unknown version");
    }
}
