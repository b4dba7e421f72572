//! `cargo xtask …`: builds, shows, tests and measures banklink. One command from a fresh clone to a working demo.
#![expect(clippy::print_stdout, reason = "a command-line tool reports on its standard output")]

mod build;
mod command;
mod demo;
mod tools;
mod widget;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

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
}

/// Why a task could not be carried out.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error(transparent)]
    Command(#[from] command::CommandError),
    #[error(transparent)]
    File(#[from] workspace::FileError),
    #[error(transparent)]
    Tool(#[from] tools::ToolError),
    #[error(transparent)]
    Widget(#[from] widget::WidgetError),
}

fn main() -> ExitCode {
    let workspace = Workspace::of_this_tool();
    let done = match Arguments::parse().task {
        Task::Build => build::run(&workspace),
        Task::Demo(addresses) => demo::run(&workspace, &addresses),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
