//! The programs that the tasks use beside cargo. What is missing is installed; what can't be is named with what to
//! do about it.

mod npm;
mod system;

use std::path::{Path, PathBuf};

use crate::{
    command::{CommandError, Program},
    workspace::{FileError, Workspace},
};

/// A program is missing and could not be installed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ToolError {
    #[error(transparent)]
    Command(#[from] CommandError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("{what} is missing and can't be installed from here ({why}): {what_to_do}")]
    Missing { what: &'static str, why: String, what_to_do: String },
}

/// The programs that the build uses.
pub(crate) struct Tools {
    packages: PathBuf,
}

impl Tools {
    /// Makes sure of what the build needs.
    pub(crate) fn for_building(workspace: &Workspace) -> Result<Self, ToolError> {
        wasm_target(workspace)?;
        system::ensure(workspace, &system::NODE)?;
        Ok(Self { packages: npm::install(workspace)? })
    }

    /// Makes sure of what the tests need: what the build needs, and a browser.
    pub(crate) fn for_testing(workspace: &Workspace) -> Result<Self, ToolError> {
        system::ensure(workspace, &system::BROWSER)?;
        Self::for_building(workspace)
    }

    /// Runs JavaScript.
    #[expect(clippy::unused_self, reason = "whoever holds the tools knows that it is there")]
    pub(crate) fn node(&self) -> &'static str {
        "node"
    }

    /// Makes WebAssembly small; a script for [`Self::node`].
    pub(crate) fn wasm_opt(&self) -> PathBuf {
        self.packages.join("binaryen/bin/wasm-opt")
    }

    /// Bundles and minifies; a script for [`Self::node`].
    pub(crate) fn esbuild(&self) -> PathBuf {
        self.packages.join("esbuild/bin/esbuild")
    }

    /// The accessibility checker, a script for the browser.
    pub(crate) fn axe(&self) -> PathBuf {
        self.packages.join("axe-core/axe.min.js")
    }
}

/// The standard library for WebAssembly. rustup installs it with the toolchain that `rust-toolchain.toml` names; a
/// toolchain that was there before may lack it.
fn wasm_target(workspace: &Workspace) -> Result<(), ToolError> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = Program::new(workspace, "rustc").args("--print sysroot").read()?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    println!("── installing the target {TARGET}");
    Program::new(workspace, "rustup").args("target add").arg(TARGET).run().map_err(|error| ToolError::Missing {
        what: "Rust's standard library for WebAssembly",
        why: error.to_string(),
        what_to_do: format!("install rustup, or the target {TARGET} for this Rust"),
    })
}

/// The program that checks dependencies: the one on the `PATH`, or else our own, which is built if it is not there.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf, ToolError> {
    const VERSION: &str = "0.20.2";
    let ours = workspace.target().join("tools/bin/cargo-deny");
    for path in [PathBuf::from("cargo-deny"), ours.clone()] {
        if Program::new(workspace, &path).arg("--version").run_quietly().is_ok() {
            return Ok(path);
        }
    }
    println!("── building cargo-deny {VERSION}, once");
    Program::cargo(workspace)
        .args("install cargo-deny --locked --version")
        .arg(VERSION)
        .arg("--root")
        .arg(workspace.target().join("tools"))
        .arg("--target-dir")
        .arg(workspace.target().join("tools/build"))
        .run()?;
    Ok(ours)
}
