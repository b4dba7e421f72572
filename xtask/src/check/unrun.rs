//! A library without tests of its own has its harness off (`test = false`), or it would be compiled a second time for
//! nothing. What is written into it later would not run, and nobody would hear of it.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{
    Error,
    command::Program,
    workspace::{self, Workspace},
};

/// Tests stand where none are run.
#[derive(Debug, thiserror::Error)]
#[error("tests that are not run, since `test = false` is in their Cargo.toml:\n    {}", .0.join("\n    "))]
pub(crate) struct UnrunFound(Vec<String>);

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
    src_path: PathBuf,
    test: bool,
}

/// Looks through the sources of all that has no harness.
pub(super) fn check(workspace: &Workspace) -> Result<(), Error> {
    let metadata = Program::cargo(workspace).args("metadata --no-deps --format-version 1").read()?;
    let metadata: Metadata = serde_json::from_str(&metadata).map_err(Error::Metadata)?;
    let mut found = Vec::new();
    for folder in metadata.packages.iter().filter_map(Package::without_tests) {
        let git = Program::new(workspace, "git").args("ls-files --cached --others --exclude-standard --").arg(folder);
        for path in git.read()?.lines().map(|path| workspace.path(path)).filter(|path| path.is_file()) {
            if has_tests(&String::from_utf8_lossy(&workspace::read(&path)?)) {
                found.push(path.display().to_string());
            }
        }
    }
    if found.is_empty() { Ok(()) } else { Err(UnrunFound(found).into()) }
}

impl Package {
    /// The folder of its sources, where no target that they belong to has a harness.
    fn without_tests(&self) -> Option<&Path> {
        let mut own = self.targets.iter().filter(|target| target.is_library_or_program()).peekable();
        let folder = own.peek()?.src_path.parent()?;
        own.all(|target| !target.test).then_some(folder)
    }
}

impl Target {
    fn is_library_or_program(&self) -> bool {
        self.kind.iter().any(|kind| kind == "lib" || kind == "bin")
    }
}

fn has_tests(source: &str) -> bool {
    source.lines().any(|line| line.trim_start().starts_with("#[cfg(test)]"))
}

#[cfg(test)]
mod finds {
    use super::*;

    #[test]
    fn tests_inside_a_source_file_are_found() {
        assert!(has_tests("fn add() {}\n\n#[cfg(test)]\nmod tests {}"));
        assert!(!has_tests("/// Without a word on `#[cfg(test)]`.\nfn add() {}"));
    }

    #[test]
    fn a_package_has_none_where_no_harness_runs_them() {
        let target = |kind: &str, test| Target { kind: vec![kind.to_owned()], src_path: "/a/src/lib.rs".into(), test };
        let package = |targets| Package { targets };
        assert_eq!(
            package(vec![target("lib", false), target("bin", false), target("test", true)]).without_tests(),
            Some(Path::new("/a/src"))
        );
        assert_eq!(package(vec![target("lib", true), target("bin", false)]).without_tests(), None);
        assert_eq!(package(vec![target("test", true)]).without_tests(), None);
    }
}
