//! `cargo xtask …`: builds, shows, tests and measures banklink. One command from a fresh clone to a working demo.
#![expect(clippy::print_stdout, reason = "a command-line tool reports on its standard output")]

mod bench;
mod browsing;
mod build;
mod check;
mod command;
mod demo;
mod screenshots;
mod tools;
mod widget;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::{Profile, Workspace};

/// Builds, shows, tests and measures banklink.
#[derive(Parser)]
#[command(name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the widget and the server with the widget inside: target/release/banklink.
    Build,
    /// Builds, then runs the sandbox and its host page until Ctrl-C.
    Demo(demo::Addresses),
    /// Checks everything: format, lints, dependencies, tests, journeys in a browser, budgets.
    Test,
    /// Weighs the first load and embed.js, and compares them with their budgets.
    Size,
    /// Measures the first load, the search and the server, and prints it.
    Bench,
    /// Renders every screen into docs/screens: light, dark and Arabic, on a phone, a tablet and a desktop.
    Screenshots {
        /// Only these; the others stay as they are
        only: Option<screenshots::Subject>,
    },
}

/// Why a task could not be carried out.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Browsing(#[from] banklink_journey::JourneyError),
    #[error(transparent)]
    Budget(#[from] check::OverBudget),
    #[error(transparent)]
    Checks(#[from] check::ChecksFailed),
    #[error(transparent)]
    Command(#[from] command::CommandError),
    #[error(transparent)]
    File(#[from] workspace::FileError),
    #[error(transparent)]
    Inline(#[from] check::InlineFound),
    #[error("cargo's description of the workspace is not the one that is known here: {0}")]
    Metadata(serde_json::Error),
    #[error("can't start the runtime: {0}")]
    Runtime(std::io::Error),
    #[error("{0} is taken by another program: stop it, or choose another address with --{1}")]
    Taken(String, &'static str),
    #[error(transparent)]
    Tool(#[from] tools::ToolError),
    #[error(transparent)]
    Unrun(#[from] check::UnrunFound),
    #[error(transparent)]
    Widget(#[from] widget::WidgetError),
}

fn main() -> ExitCode {
    let workspace = Workspace::of_this_tool();
    let done = match Arguments::parse().task {
        Task::Build => build::run(&workspace, Profile::Release),
        Task::Demo(addresses) => demo::run(&workspace, &addresses),
        Task::Test => check::run(&workspace),
        Task::Size => check::weigh(&workspace),
        Task::Bench => bench::run(&workspace),
        Task::Screenshots { only } => screenshots::run(&workspace, only),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // The last line of a test run is its count.
        Err(Error::Checks(_)) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
