//! placeholder
use crate::project::Project;
use anyhow::Result;
pub(crate) enum Readme {
    Leave,
    Write,
}
pub(crate) fn run(_: &Project, _: Readme) -> Result<()> {
    Ok(())
}
