//! The tests: of the crates on the host, and the journeys in the browser.

use super::Tally;
use crate::{command::Program, tools::Tools, workspace::Workspace};

/// Runs every test and counts each of them.
pub(super) fn run(workspace: &Workspace, tools: &Tools, tally: &mut Tally) {
    println!("\n── tests and journeys");
    let mut results = Results::default();
    let ended = Program::cargo(workspace)
        .args("test --workspace --release --no-fail-fast")
        .env("BANKLINK_BIN", workspace.binary())
        .env("BANKLINK_AXE", tools.axe())
        .run_watched(|line| results.note(line));
    tally.passed += results.passed;
    tally.failed += results.failed;
    tally.failures.extend(results.failures);
    if results.ignored > 0 {
        println!("NOT RUN: {} tests are marked to be ignored", results.ignored);
    }
    // Tests that don't compile or that crash leave no count behind.
    if let Err(error) = ended
        && results.failed == 0
    {
        tally.fail("tests", &error);
    }
}

/// What the output of `cargo test` says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Results {
    passed: u32,
    failed: u32,
    ignored: u32,
    failures: Vec<String>,
}

impl Results {
    fn note(&mut self, line: &str) {
        if let Some(test) = line.strip_prefix("test ").and_then(|line| line.strip_suffix(" ... FAILED")) {
            self.failures.push(test.to_owned());
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
        ] {
            results.note(line);
        }
        let failures = vec!["a_code_is_used_once".to_owned()];
        assert_eq!(results, Results { passed: 14, failed: 1, ignored: 2, failures });
    }
}
