//! The real programs that judge generated files: shellcheck, GitLab's CI schema, an HCL parser, cfn-lint, the AWS CLI, moto's
//! server, Terraform.
//!
//! All but Terraform come from PyPI into a virtual environment of the project's own. Terraform is not in any package
//! registry: it is taken from `PATH`, and where it is missing the summary says what is therefore not tested.

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
    // moto's server does not say its version itself.
    let moto = ["-c", "import importlib.metadata; print(importlib.metadata.version('moto'))"];
    let programs: [(&str, &str, &[&str]); 5] = [
        ("shellcheck", "shellcheck", &["--version"]),
        ("check-jsonschema", "check-jsonschema", &["--version"]),
        ("cfn-lint", "cfn-lint", &["--version"]),
        ("aws", "aws", &["--version"]),
        ("moto", "python3", &moto),
    ];
    for (name, program, arguments) in programs {
        match project.answer(program, arguments) {
            Some(answer) => say::note(&first_words(name, &answer)),
            None => {
                bail!("`{name}` was installed and does not run: remove .tools/venv and try again")
            }
        }
    }
    match project.answer("terraform", &["version"]) {
        Some(answer) => {
            say::note(&first_words("terraform", &answer));
            Ok(Vec::new())
        }
        None => Ok(vec![
            "terraform is not on PATH: no generated main.tf is formatted or rendered by the real program".to_owned(),
        ]),
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
