//! `cargo xtask test`: everything that must hold, and in the end how much of it does.
//!
//! A failure does not stop what can still be checked. Nothing is left out in silence: what a check needs is
//! installed, and where that fails, so does the check.

mod budget;
mod deny;
mod inline;
mod tests;
mod unrun;

use std::fmt;

pub(crate) use self::{budget::OverBudget, inline::InlineFound, unrun::UnrunFound};
use crate::{
    Error,
    build::{self, Step},
    command::Program,
    tools::Tools,
    workspace::{self, Profile, Workspace},
};

/// What was checked, and how it went.
#[derive(Debug, Default)]
struct Tally {
    passed: u32,
    failed: u32,
    failures: Vec<String>,
    /// Journeys whose browser failed, and that then passed.
    accidents: Vec<String>,
    /// What can't be checked here, and why; counted neither way.
    not_run: Vec<String>,
}

impl Tally {
    /// Runs one check and counts it.
    fn check(&mut self, name: &str, check: impl FnOnce() -> Result<(), Error>) {
        let step = Step::begin(name);
        let checked = check();
        step.end();
        match checked {
            Ok(()) => self.passed += 1,
            Err(error) => self.fail(name, &error),
        }
    }

    fn fail(&mut self, name: &str, why: &dyn fmt::Display) {
        println!("FAILED: {name}: {why}");
        self.failed += 1;
        self.failures.push(name.to_owned());
    }
}

impl fmt::Display for Tally {
    /// The last line is `N passed, N failed` and nothing else.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for not_run in &self.not_run {
            writeln!(formatter, "not run: {not_run}")?;
        }
        for accident in &self.accidents {
            writeln!(formatter, "passed when run again, after its browser was gone: {accident}")?;
        }
        for failure in &self.failures {
            writeln!(formatter, "failed: {failure}")?;
        }
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Some of what was checked does not hold.
#[derive(Debug, thiserror::Error)]
#[error("{0} checks failed")]
pub(crate) struct ChecksFailed(u32);

/// Checks everything.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let mut tally = Tally::default();
    tally.check("format", || Ok(Program::cargo(workspace).args("fmt --all --check").run()?));
    tally.check("no inline scripts or styles", || inline::check(workspace));
    tally.check("no tests that nothing runs", || unrun::check(workspace));

    let mut tools = None;
    tally.check("tools", || {
        tools = Some(Tools::for_testing(workspace)?);
        Ok(())
    });
    let mut is_built = false;
    tally.check("build", || {
        build::with_tests(workspace)?;
        is_built = true;
        Ok(())
    });
    lint(workspace, &mut tally)?;
    deny::check(workspace, &mut tally);
    match tools {
        Some(tools) if is_built => {
            tests::run(workspace, &tools, &mut tally);
            tally.check("budget of the first load", || budget::check(workspace));
            tally.check("budget of embed.js", || budget::check_embed(workspace));
            tally.check("budget of the dashboard", || budget::check_dashboard(workspace));
        }
        _ => tally.fail("tests", &"they need the build and its tools"),
    }

    println!("\n{tally}");
    if tally.failed == 0 { Ok(()) } else { Err(ChecksFailed(tally.failed).into()) }
}

/// Builds, and compares what it weighs with the budgets.
pub(crate) fn weigh(workspace: &Workspace) -> Result<(), Error> {
    build::run(workspace, Profile::Dev)?;
    budget::check(workspace)?;
    budget::check_embed(workspace)?;
    budget::check_dashboard(workspace)
}

fn lint(workspace: &Workspace, tally: &mut Tally) -> Result<(), Error> {
    // The server embeds this folder; without it nothing could be linted.
    workspace::create_folder(&workspace.widget())?;
    tally.check("clippy, on the host", || {
        Ok(Program::cargo(workspace).args("clippy --workspace --all-targets -- --deny warnings").run()?)
    });
    tally.check("clippy, in the browser", || {
        Ok(Program::cargo(workspace)
            .args("clippy --package banklink-widget --package banklink-dashboard --target wasm32-unknown-unknown -- --deny warnings")
            .run()?)
    });
    Ok(())
}
