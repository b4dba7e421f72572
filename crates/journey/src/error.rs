use std::{io, path::PathBuf, time::Duration};

use fantoccini::error::{CmdError, ErrorStatus, NewSessionError};

use crate::browser::Engine;

/// A journey could not go on.
#[derive(Debug, thiserror::Error)]
pub enum JourneyError {
    /// The binary under test was not named.
    #[error("BANKLINK_BIN is not set: run `cargo xtask test`, or set it to the path of the built `banklink`")]
    NoBinary,
    /// A process did not start.
    #[error("can't start {}: {source}", program.display())]
    NotStarted {
        /// Which one.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A process ended, or said nothing of what was waited for.
    #[error("{program} did not get ready; it said:\n{output}")]
    NotReady {
        /// Which one.
        program: String,
        /// All it wrote.
        output: String,
    },
    /// No port was free.
    #[error("no port is free: {0}")]
    NoPort(io::Error),
    /// What a journey is about can't be done with this browser's driver.
    #[error("not possible in {}: {reason}", engine.name())]
    Unable {
        /// Which browser.
        engine: Engine,
        /// What is missing.
        reason: &'static str,
    },
    /// The browser could not be opened, for whatever reason.
    #[error("can't open a browser: {0}")]
    NoBrowser(Box<Self>),
    /// The driver has no session for us.
    #[error("no session: {0}")]
    NoSession(#[from] NewSessionError),
    /// A command to the browser failed.
    #[error("the browser refused: {0}")]
    Browser(#[from] CmdError),
    /// The connection to the browser's insides ended.
    #[error("the connection to the browser ended before an answer to {0}")]
    Lost(&'static str),
    /// What was waited for did not happen.
    #[error("waited {waited:?} for {what}\n{circumstances}")]
    NeverHappened {
        /// What was waited for.
        what: String,
        /// How long.
        waited: Duration,
        /// What the browser showed and said.
        circumstances: String,
    },
    /// It took longer than any journey may.
    #[error("not at its end after {0:?}")]
    NeverEnded(Duration),
    /// The browser answered something else than asked for.
    #[error("unexpected answer to {asked}: {answer}")]
    Unexpected {
        /// What was asked.
        asked: &'static str,
        /// What came.
        answer: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A request without a browser failed.
    #[error("{method} {url}: {problem}")]
    Request {
        /// Its method.
        method: &'static str,
        /// Its address.
        url: String,
        /// What went wrong.
        problem: String,
    },
    /// The server's database could not be changed.
    #[error("the database refused: {0}")]
    Database(String),
}

impl JourneyError {
    /// Whether the browser did not start or went away. Nothing that a journey looks at or waits for ends like this, so
    /// that it says nothing about what is tested, and may be tried again.
    pub fn is_accident(&self) -> bool {
        match self {
            Self::NoBrowser(_)
            | Self::NoSession(_)
            | Self::Lost(_)
            | Self::Browser(CmdError::Lost(_) | CmdError::Failed(_) | CmdError::FailedC(_)) => true,
            Self::Browser(CmdError::Standard(refused)) => refused.error == ErrorStatus::InvalidSessionId,
            Self::Browser(_)
            | Self::NoBinary
            | Self::NotStarted { .. }
            | Self::NotReady { .. }
            | Self::NoPort(_)
            | Self::Unable { .. }
            | Self::NeverHappened { .. }
            | Self::NeverEnded(_)
            | Self::Unexpected { .. }
            | Self::File { .. }
            | Self::Request { .. }
            | Self::Database(_) => false,
        }
    }
}
