//! Packages of npm, at the versions of `xtask/node/package-lock.json`, in `target/tools/node`.

use std::path::PathBuf;

use super::ToolError;
use crate::{
    command::Program,
    workspace::{self, Workspace},
};

const FILES: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Installs the packages unless they are there in these versions, and returns their folder.
pub(super) fn install(workspace: &Workspace) -> Result<PathBuf, ToolError> {
    let folder = workspace.target().join("tools/node");
    let packages = folder.join("node_modules");
    workspace::create_folder(&folder)?;
    let _lock = workspace::lock(&folder.join("lock"))?;
    let installed = folder.join("installed.json");
    let lock = workspace::read(&workspace.path("xtask/node/package-lock.json"))?;
    if packages.is_dir() && std::fs::read(&installed).is_ok_and(|present| present == lock) {
        return Ok(packages);
    }
    println!("── installing wasm-opt, esbuild and axe-core");
    for file in FILES {
        let content = workspace::read(&workspace.path("xtask/node").join(file))?;
        workspace::write(&folder.join(file), &content)?;
    }
    Program::new(workspace, "npm").args("ci --ignore-scripts --no-progress").in_folder(&folder).run_quietly()?;
    workspace::write(&installed, &lock)?;
    Ok(packages)
}
