//! Running other programs.

use std::{
    ffi::OsStr,
    fmt::Write as _,
    io::{self, BufRead as _, BufReader, Write as _},
    process::{Command, ExitStatus, Stdio},
};

use crate::workspace::Workspace;

/// A program could not be run, or failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("can't run `{command}`: {source}")]
    NotRun { command: String, source: io::Error },
    #[error("`{command}` failed ({status}){}", indented(output))]
    Failed { command: String, status: ExitStatus, output: String },
    #[error("`{command}` wrote something else than text")]
    NotText { command: String },
}

/// A program with its arguments, run in the checkout.
pub(crate) struct Program {
    command: Command,
}

impl Program {
    /// A program found on the `PATH` or by its path.
    pub(crate) fn new(workspace: &Workspace, program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(program);
        command.current_dir(workspace.root()).stdin(Stdio::null());
        Self { command }
    }

    /// The cargo that runs this tool, with the results in the folder that the server embeds the widget from.
    pub(crate) fn cargo(workspace: &Workspace) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(workspace, cargo).env("CARGO_TARGET_DIR", workspace.target())
    }

    /// Adds an argument.
    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments, split at spaces.
    pub(crate) fn args(mut self, arguments: &str) -> Self {
        self.command.args(arguments.split_whitespace());
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it somewhere else.
    pub(crate) fn in_folder(mut self, folder: impl AsRef<std::path::Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs it to its end; its output is ours.
    pub(crate) fn run(mut self) -> Result<(), CommandError> {
        let status = self.command.status().map_err(|source| self.not_run(source))?;
        self.succeeded(status, String::new())
    }

    /// Runs it to its end and keeps its output, which is shown only in the error.
    pub(crate) fn run_quietly(mut self) -> Result<(), CommandError> {
        let output = self.command.output().map_err(|source| self.not_run(source))?;
        let said = [output.stdout, output.stderr].concat();
        self.succeeded(output.status, String::from_utf8_lossy(&said).into_owned())
    }

    /// Runs it to its end, and shows and hands on each line of its standard output.
    pub(crate) fn run_watched(mut self, mut watch: impl FnMut(&str)) -> Result<(), CommandError> {
        let mut child = self.command.stdout(Stdio::piped()).spawn().map_err(|source| self.not_run(source))?;
        for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
            let line = line.map_err(|source| self.not_run(source))?;
            println!("{line}");
            watch(&line);
        }
        let status = child.wait().map_err(|source| self.not_run(source))?;
        self.succeeded(status, String::new())
    }

    /// Runs it to its end with `input` on its standard input, and returns its standard output.
    pub(crate) fn pipe(mut self, input: &[u8]) -> Result<String, CommandError> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().map_err(|source| self.not_run(source))?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input).map_err(|source| self.not_run(source))?;
        }
        let output = child.wait_with_output().map_err(|source| self.not_run(source))?;
        self.succeeded(output.status, String::from_utf8_lossy(&output.stderr).into_owned())?;
        String::from_utf8(output.stdout).map_err(|_| CommandError::NotText { command: self.shown() })
    }

    /// Runs it to its end and returns its standard output.
    pub(crate) fn read(self) -> Result<String, CommandError> {
        self.pipe(b"")
    }

    fn succeeded(&self, status: ExitStatus, output: String) -> Result<(), CommandError> {
        if status.success() { Ok(()) } else { Err(CommandError::Failed { command: self.shown(), status, output }) }
    }

    fn not_run(&self, source: io::Error) -> CommandError {
        CommandError::NotRun { command: self.shown(), source }
    }

    fn shown(&self) -> String {
        let mut shown = self.command.get_program().to_string_lossy().into_owned();
        for argument in self.command.get_args() {
            shown.push(' ');
            shown.push_str(&argument.to_string_lossy());
        }
        shown
    }
}

fn indented(output: &str) -> String {
    output.lines().fold(String::new(), |mut text, line| {
        let _ = write!(text, "\n    {line}");
        text
    })
}
