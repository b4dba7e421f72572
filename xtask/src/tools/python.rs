//! Packages of Python, at the versions of `tests/clients/requirements.txt`, in `target/tools/python`: clients that others
//! publish.

use std::path::PathBuf;

use super::ToolError;
use crate::{
    command::Program,
    workspace::{self, Workspace},
};

const REQUIREMENTS: &str = "tests/clients/requirements.txt";

/// Installs the packages unless they are there in these versions, and returns the program that finds them.
pub(super) fn install(workspace: &Workspace) -> Result<PathBuf, ToolError> {
    let folder = workspace.target().join("tools/python");
    workspace::create_folder(&folder)?;
    let _lock = workspace::lock(&folder.join("lock"))?;
    let (environment, installed) = (folder.join("environment"), folder.join("installed.txt"));
    let python = environment.join("bin/python");
    let wanted = workspace::read(&workspace.path(REQUIREMENTS))?;
    let is_there = Program::new(workspace, &python).arg("--version").run_quietly().is_ok();
    if is_there && std::fs::read(&installed).is_ok_and(|present| present == wanted) {
        return Ok(python);
    }
    println!("── installing clients that are written in Python");
    Program::new(workspace, "python3").args("-m venv --clear").arg(&environment).run_quietly()?;
    Program::new(workspace, &python)
        // Nothing of a package runs while it is installed.
        .args("-m pip install --disable-pip-version-check --quiet --no-deps --only-binary :all: --requirement")
        .arg(workspace.path(REQUIREMENTS))
        .run_quietly()?;
    workspace::write(&installed, &wanted)?;
    Ok(python)
}
