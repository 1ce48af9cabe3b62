//! Where things are: the project's folders, the tools beside it, the versions that its files pin.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::say;

/// The checked-out project and the tools it is built with.
pub(crate) struct Project {
    /// The folder of the workspace.
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever the person has put it.
    pub(crate) target: PathBuf,
    /// Folders in which programs are looked for: the project's own first, then those of `PATH`.
    search: Vec<PathBuf>,
}

impl Project {
    /// Asks cargo where the project is.
    pub(crate) fn find() -> Result<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .output()
            .context("cannot run cargo")?;
        if !output.status.success() {
            bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let metadata: Value =
            serde_json::from_slice(&output.stdout).context("cannot read what cargo metadata printed")?;
        let folder = |name: &str| {
            metadata
                .get(name)
                .and_then(Value::as_str)
                .map(PathBuf::from)
                .with_context(|| format!("cargo metadata names no {name}"))
        };
        let root = folder("workspace_root")?;
        let mut search =
            vec![root.join(".tools/bin"), root.join(".tools/npm/node_modules/.bin"), root.join(".tools/venv/bin")];
        search.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        Ok(Self { target: folder("target_directory")?, root, search })
    }

    /// The folder of the tools that belong to the project alone. Git ignores it.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The command as it is shipped. Built by [`crate::page::native_command`].
    pub(crate) fn native_command(&self) -> PathBuf {
        self.target.join("native").join(format!("claimcheck{}", std::env::consts::EXE_SUFFIX))
    }

    /// The place of a program: the project's own copy before any other.
    pub(crate) fn program(&self, name: &str) -> Option<PathBuf> {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        self.search.iter().map(|folder| folder.join(&name)).find(|path| path.is_file())
    }

    /// A command that runs in the project's folder and finds the project's tools first.
    pub(crate) fn command(&self, name: &str) -> Result<Command> {
        let program = match name {
            "cargo" => PathBuf::from(cargo()),
            _ => self.program(name).with_context(|| format!("`{name}` is not installed"))?,
        };
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command.env(
            "PATH",
            std::env::join_paths(&self.search).context("PATH holds a folder that cannot be written in it")?,
        );
        if !say::is_lively() {
            // Surprise: Trunk refuses to start when NO_COLOR is anything but `true` or `false`.
            command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "true").env_remove("FORCE_COLOR");
        }
        Ok(command)
    }

    /// What a program prints on standard output, where it exists and succeeds.
    pub(crate) fn answer(&self, name: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(name).ok()?.args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The version that `Cargo.lock` pins for a package.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let path = self.root.join("Cargo.lock");
        let lock = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        locked_version(&lock, package).with_context(|| format!("Cargo.lock names no `{package}`"))
    }

    /// A path as it is shown to a person: relative to the project where it lies inside.
    pub(crate) fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).display().to_string()
    }
}

/// The cargo that runs this program, so that one toolchain does everything.
fn cargo() -> std::ffi::OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_lock_tells_a_version_by_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
