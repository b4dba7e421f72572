//! The programs that the tasks use beside cargo. What is missing is installed; what can't be is named with what to
//! do about it.

mod npm;
mod python;
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
        rust(workspace)?;
        system::ensure(workspace, &system::NODE)?;
        Ok(Self { packages: npm::install(workspace)? })
    }

    /// Makes sure of what pictures and measurements need: what the build needs, and Chromium.
    pub(crate) fn for_browsing(workspace: &Workspace) -> Result<Self, ToolError> {
        system::ensure(workspace, &system::CHROMIUM)?;
        Self::for_building(workspace)
    }

    /// Makes sure of what the tests need: what the build needs, and all browsers.
    pub(crate) fn for_testing(workspace: &Workspace) -> Result<Self, ToolError> {
        for browser in [&system::CHROMIUM, &system::FIREFOX, &system::WEBKIT] {
            system::ensure(workspace, browser)?;
        }
        Self::for_building(workspace)
    }

    /// Runs Python with the clients that the tests try.
    pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf, ToolError> {
        system::ensure(workspace, &system::PYTHON)?;
        python::install(workspace)
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

/// Rust's parts: the standard library for WebAssembly, and its source. rustup installs them with the toolchain that
/// `rust-toolchain.toml` names; a toolchain that was there before may lack them.
fn rust(workspace: &Workspace) -> Result<(), ToolError> {
    let sysroot = Program::new(workspace, "rustc").args("--print sysroot").read()?;
    let parts = [
        ("lib/rustlib/wasm32-unknown-unknown/lib", "target add wasm32-unknown-unknown"),
        ("lib/rustlib/src/rust/library", "component add rust-src"),
    ];
    for (folder, command) in parts {
        if Path::new(sysroot.trim()).join(folder).is_dir() {
            continue;
        }
        println!("── rustup {command}");
        Program::new(workspace, "rustup").args(command).run().map_err(|error| ToolError::Missing {
            what: "a part of Rust",
            why: error.to_string(),
            what_to_do: format!("install rustup, or do by other means what `rustup {command}` does"),
        })?;
    }
    Ok(())
}

/// The program that checks dependencies.
pub(crate) const CARGO_DENY: Crate = Crate { name: "cargo-deny", version: "0.20.2" };

/// The program between WebDriver and Firefox.
pub(crate) const GECKODRIVER: Crate = Crate { name: "geckodriver", version: "0.37.1" };

/// A program that comes as a crate.
pub(crate) struct Crate {
    name: &'static str,
    version: &'static str,
}

impl Crate {
    /// The one on the `PATH`, or else our own, which is built if it is not there; for use, not for speed.
    pub(crate) fn program(&self, workspace: &Workspace) -> Result<PathBuf, ToolError> {
        let ours = workspace.target().join("tools/bin").join(self.name);
        for path in [PathBuf::from(self.name), ours.clone()] {
            if Program::new(workspace, &path).arg("--version").run_quietly().is_ok() {
                return Ok(path);
            }
        }
        println!("── building {} {}, once", self.name, self.version);
        Program::cargo(workspace)
            .args("install --debug --locked")
            .args(&format!("{} --version {}", self.name, self.version))
            .arg("--root")
            .arg(workspace.target().join("tools"))
            .arg("--target-dir")
            .arg(workspace.target().join("tools/build"))
            .env("CARGO_PROFILE_DEV_DEBUG", "false")
            .run()?;
        Ok(ours)
    }
}
