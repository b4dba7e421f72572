//! The tests: of the crates on the host, and the journeys, which are the same in every browser.

use std::path::PathBuf;

use banklink_journey::{Engine, browser};

use super::Tally;
use crate::{
    Error,
    browsing::block_on,
    build::Step,
    command::{CommandError, Program},
    tools::{GECKODRIVER, Tools},
    workspace::{self, Workspace},
};

/// Runs every test and counts each of them.
pub(super) fn run(workspace: &Workspace, tools: &Tools, tally: &mut Tally) {
    // The first browser's come with all other tests, so that everything is compiled once.
    tests(workspace, tools, tally, Engine::Chromium, "test --workspace --release --no-fail-fast", &[]);
    for engine in [Engine::Firefox, Engine::WebKit] {
        match prepared(workspace, engine) {
            Ok(variables) => {
                let journeys = "test --workspace --release --no-fail-fast --test journeys";
                tests(workspace, tools, tally, engine, journeys, &variables);
            }
            Err(error) => tally.fail(&format!("journeys in {}", engine.name()), &error),
        }
    }
}

fn tests(
    workspace: &Workspace,
    tools: &Tools,
    tally: &mut Tally,
    engine: Engine,
    command: &str,
    variables: &[(&'static str, PathBuf)],
) {
    let name = format!("tests and journeys in {}", engine.name());
    let step = Step::begin(&name);
    let mut results = Results::default();
    let (variable, value) = engine.variable();
    let program = Program::cargo(workspace)
        .args(command)
        .env("BANKLINK_BIN", workspace.binary())
        .env("BANKLINK_AXE", tools.axe())
        .env(variable, value);
    let program = variables.iter().fold(program, |program, (name, value)| program.env(name, value));
    let ended = program.run_watched(|line| results.note(line));
    step.end();
    results.count(engine, ended, tally);
}

/// What else a browser needs, by variables of the environment.
fn prepared(workspace: &Workspace, engine: Engine) -> Result<Vec<(&'static str, PathBuf)>, Error> {
    if engine != Engine::Firefox {
        return Ok(Vec::new());
    }
    let driver = GECKODRIVER.program(workspace)?;
    let profile = workspace.target().join("tools/firefox-profile");
    workspace::remove_folder(&profile)?;
    workspace::create_folder(&profile)?;
    block_on(browser::prepare_firefox_profile(&driver, &profile))?;
    Ok(vec![(browser::GECKODRIVER, driver), (browser::FIREFOX_PROFILE, profile)])
}

/// What the output of `cargo test` says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Results {
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
    /// Journeys that the browser's driver can't go on, and why. The test runner takes them for passed.
    not_run: Vec<String>,
}

impl Results {
    fn note(&mut self, line: &str) {
        if let Some(test) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
            self.failures.push(test.to_owned());
        }
        if let Some(journey) = line.strip_prefix("NOT RUN ") {
            self.not_run.push(journey.to_owned());
        }
        let Some(counts) = line.strip_prefix("test result: ") else { return };
        let count = |what: &str| -> u32 {
            let words: Vec<&str> = counts.split([' ', ';']).filter(|word| !word.is_empty()).collect();
            let pair = words.windows(2).find(|pair| pair[1] == what);
            pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
        };
        self.passed += count("passed");
        self.failed += count("failed");
        self.ignored += count("ignored");
    }

    fn count(self, engine: Engine, ended: Result<(), CommandError>, tally: &mut Tally) {
        let not_run = u32::try_from(self.not_run.len()).unwrap_or(u32::MAX);
        tally.passed += self.passed.saturating_sub(not_run);
        tally.failed += self.failed;
        tally.failures.extend(self.failures.into_iter().map(|test| format!("{test} ({})", engine.name())));
        tally.not_run.extend(self.not_run);
        if self.ignored > 0 {
            tally.not_run.push(format!("{} tests that are marked to be ignored", self.ignored));
        }
        // Tests that don't compile or that crash leave no count behind.
        if let Err(error) = ended
            && self.failed == 0
        {
            tally.fail(&format!("tests in {}", engine.name()), &error);
        }
    }
}

#[cfg(test)]
mod sums {
    use super::*;

    #[test]
    fn every_test_binary_counts() {
        let mut results = Results::default();
        for line in [
            "running 3 tests",
            "test money_is_exact ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s",
            "test a_code_is_used_once ... FAILED",
            "test result: FAILED. 11 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 1.40s",
            "NOT RUN phone::it_fits: not possible in WebKit: it has no colours",
        ] {
            results.note(line);
        }
        let failures = vec!["a_code_is_used_once".to_owned()];
        let not_run = vec!["phone::it_fits: not possible in WebKit: it has no colours".to_owned()];
        assert_eq!(results, Results { passed: 14, failed: 1, ignored: 2, failures, not_run });
    }
}
