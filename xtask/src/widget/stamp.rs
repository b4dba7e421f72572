//! Whether anything that goes into the widget changed since it was last put together.

use std::{env, path::PathBuf};

use sha2::{Digest, Sha256};

use super::PARTS;
use crate::workspace::{self, FileError, Workspace};

/// A hash of everything that goes in: the compiled modules, the files around them, the tools' versions, and this tool.
pub(super) fn of_inputs(workspace: &Workspace) -> Result<String, FileError> {
    let mut inputs = vec![workspace.path("xtask/node/package-lock.json")];
    inputs.extend(env::current_exe());
    for part in &PARTS {
        inputs.push(part.compiled(workspace));
        inputs.extend(workspace::files_in(&workspace.path(part.folder))?);
    }
    hash(&inputs)
}

/// Whether the files of the widget came from these inputs and are still what they were.
pub(super) fn is_current(workspace: &Workspace, inputs: &str) -> Result<bool, FileError> {
    let Ok(stamp) = std::fs::read_to_string(path(workspace)) else { return Ok(false) };
    Ok(stamp == content(workspace, inputs)?)
}

/// Remembers which inputs the files came from.
pub(super) fn set(workspace: &Workspace, inputs: &str) -> Result<(), FileError> {
    workspace::write(&path(workspace), content(workspace, inputs)?.as_bytes())
}

fn content(workspace: &Workspace, inputs: &str) -> Result<String, FileError> {
    let folder = workspace.widget();
    let outputs = if folder.is_dir() { hash(&workspace::files_in(&folder)?)? } else { String::new() };
    Ok(format!("{inputs}\n{outputs}\n"))
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.target().join("widget.stamp")
}

/// Names and contents, each with its length, so that no two lists of files look the same.
fn hash(paths: &[PathBuf]) -> Result<String, FileError> {
    let mut hasher = Sha256::new();
    for path in paths {
        let content = workspace::read(path)?;
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        for part in [name, &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}
