//! The tests: of the crates on the host, and the journeys, which are the same in every browser.

use std::{num::NonZero, path::PathBuf, thread};

use banklink_journey::{Engine, browser};

use super::Tally;
use crate::{
    Error,
    browsing::block_on,
    build::Step,
    command::{CommandError, Program},
    tools::{GECKODRIVER, Tools},
    workspace::{self, Profile, Workspace},
};

/// Journeys whose browser may not start or go away, and that are run once more, alone, before they count as failed. More
/// of them are no accident. What fails in a browser that is there is not run again.
const ACCIDENTS: usize = 5;

/// Runs every test and counts each of them.
pub(super) fn run(workspace: &Workspace, tools: &Tools, tally: &mut Tally) {
    for engine in Engine::ALL {
        match prepared(workspace, engine) {
            Ok(variables) => Runner { workspace, tools, engine, variables }.run(tally),
            Err(error) => tally.fail(&format!("journeys in {}", engine.name()), &error),
        }
    }
}

/// Tests with one of the browsers.
struct Runner<'a> {
    workspace: &'a Workspace,
    tools: &'a Tools,
    engine: Engine,
    variables: Vec<(&'static str, PathBuf)>,
}

impl Runner<'_> {
    fn run(&self, tally: &mut Tally) {
        let name = format!("tests and journeys in {}", self.engine.name());
        let step = Step::begin(&name);
        let (mut results, ended) = self.results(match self.engine {
            // All other tests come with the first browser's journeys.
            Engine::Chromium => "test --workspace --no-fail-fast",
            Engine::Firefox | Engine::WebKit => "test --workspace --no-fail-fast --test journeys",
        });
        // Tests that don't compile or that crash leave no count behind.
        if let Err(error) = ended
            && results.failed == 0
        {
            tally.fail(&name, &error);
        }
        if (1..=ACCIDENTS).contains(&results.accidents.len()) {
            println!("\n── once more, alone: {}", results.accidents.join(", "));
            let journeys = "test --workspace --test journeys -- --test-threads 1 --exact";
            let (again, _) = self.results(&format!("{journeys} {}", results.accidents.join(" ")));
            results.forgive(&again.passes);
        }
        step.end();
        results.count(self.engine, tally);
    }

    fn results(&self, command: &str) -> (Results, Result<(), CommandError>) {
        let mut results = Results::default();
        let (variable, value) = self.engine.variable();
        let program = Program::cargo(self.workspace)
            .args(command)
            .env("BANKLINK_BIN", self.workspace.binary(Profile::Dev))
            .env("BANKLINK_AXE", self.tools.axe())
            .env(variable, value)
            // Browsers wait for a part of the time, where there is a processor for each journey.
            .env("RUST_TEST_THREADS", (2 * processors()).to_string());
        let program = self.variables.iter().fold(program, |program, (name, value)| program.env(name, value));
        let ended = program.run_watched(|line| results.note(line));
        (results, ended)
    }
}

/// What else a browser needs, by variables of the environment.
fn prepared(workspace: &Workspace, engine: Engine) -> Result<Vec<(&'static str, PathBuf)>, Error> {
    let python = ("BANKLINK_PYTHON", Tools::python(workspace)?);
    if engine != Engine::Firefox {
        return Ok(vec![python]);
    }
    let driver = GECKODRIVER.program(workspace)?;
    let profile = workspace.target().join("tools/firefox-profile");
    workspace::remove_folder(&profile)?;
    workspace::create_folder(&profile)?;
    block_on(browser::prepare_firefox_profile(&driver, &profile))?;
    Ok(vec![python, (browser::GECKODRIVER, driver), (browser::FIREFOX_PROFILE, profile)])
}

/// How many the machine has for us.
fn processors() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// What the output of `cargo test` says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Results {
    passed: u32,
    failed: u32,
    ignored: u32,
    passes: Vec<String>,
    failures: Vec<String>,
    /// Journeys that failed because their browser did.
    accidents: Vec<String>,
    /// Those of them that passed when they were run again.
    forgiven: Vec<String>,
    /// Journeys that the browser's driver can't go on, and why. The test runner takes them for passed.
    not_run: Vec<String>,
    /// The test whose result comes on a line below: the runner names a test before it runs where it runs one at a time,
    /// and what the test says stands between.
    begun: Option<String>,
}

impl Results {
    fn note(&mut self, line: &str) {
        let (test, said) = match line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            Some((test, said)) => (Some(test.to_owned()), said),
            None => (self.begun.take(), line),
        };
        match (test, said) {
            (Some(test), "ok") => self.passes.push(test),
            (Some(test), "FAILED") => self.failures.push(test),
            (test, _) => {
                self.begun = test;
                self.note_said(said);
            }
        }
    }

    fn note_said(&mut self, line: &str) {
        if let Some(journey) = line.strip_prefix("NOT RUN ") {
            self.not_run.push(journey.to_owned());
        }
        // Names have colons, but no spaces.
        if let Some((journey, _)) = line.strip_prefix("ACCIDENT ").and_then(|accident| accident.split_once(": ")) {
            self.accidents.push(journey.to_owned());
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

    /// Takes those accidents for passed that passed when they were run again, and remembers that they did not at first.
    fn forgive(&mut self, passes: &[String]) {
        let accidents = &self.accidents;
        let is_forgiven = |failure: &String| accidents.contains(failure) && passes.contains(failure);
        let (forgiven, failures): (Vec<_>, Vec<_>) = self.failures.drain(..).partition(is_forgiven);
        let count = u32::try_from(forgiven.len()).unwrap_or(0).min(self.failed);
        self.failed -= count;
        self.passed += count;
        self.failures = failures;
        self.forgiven = forgiven;
    }

    fn count(self, engine: Engine, tally: &mut Tally) {
        let not_run = u32::try_from(self.not_run.len()).unwrap_or(u32::MAX);
        tally.passed += self.passed.saturating_sub(not_run);
        tally.failed += self.failed;
        let named = |test: String| format!("{test} ({})", engine.name());
        tally.failures.extend(self.failures.into_iter().map(named));
        tally.accidents.extend(self.forgiven.into_iter().map(named));
        tally.not_run.extend(self.not_run);
        if self.ignored > 0 {
            tally.not_run.push(format!("{} tests that are marked to be ignored", self.ignored));
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
        let not_run = vec!["phone::it_fits: not possible in WebKit: it has no colours".to_owned()];
        let mut expected = Results { passed: 14, failed: 1, ignored: 2, not_run, ..Results::default() };
        expected.passes = vec!["money_is_exact".to_owned()];
        expected.failures = vec!["a_code_is_used_once".to_owned()];
        assert_eq!(results, expected);
    }

    #[test]
    fn what_a_test_says_may_stand_between_its_name_and_its_result() {
        let mut results = Results::default();
        for line in [
            "test phone::it_fits ... NOT RUN phone::it_fits: not possible in WebKit: it has no colours",
            "ok",
            "test linking::case_1 ... ACCIDENT linking::case_1: can't open a browser: no session: it is gone",
            "FAILED",
            "ok",
        ] {
            results.note(line);
        }
        assert_eq!((results.passes, results.failures), (vec!["phone::it_fits".to_owned()], vec![journey()]));
        assert_eq!((results.not_run.len(), results.accidents), (1, vec![journey()]));
    }

    #[test]
    fn an_accident_that_passes_when_run_again_passes_but_is_remembered() {
        let mut results = Results::default();
        for line in [
            "ACCIDENT linking::case_1: can't open a browser: no session: it is gone",
            "test linking::case_1 ... FAILED",
            "test tokens::another ... FAILED",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.40s",
        ] {
            results.note(line);
        }
        let another = "tokens::another".to_owned();
        results.forgive(&[journey(), another.clone()]);
        assert_eq!((results.passed, results.failed), (4, 1));
        assert_eq!((results.failures, results.forgiven), (vec![another], vec![journey()]));
    }

    #[test]
    fn an_accident_that_fails_again_has_failed() {
        let accidents = vec![journey()];
        let mut results = Results { failed: 1, failures: vec![journey()], accidents, ..Results::default() };
        results.forgive(&[]);
        assert_eq!((results.failed, results.failures, results.forgiven), (1, vec![journey()], vec![]));
    }

    fn journey() -> String {
        "linking::case_1".to_owned()
    }
}
