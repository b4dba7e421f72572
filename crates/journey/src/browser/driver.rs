//! The process between us and the browser.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{Engine, firefox, webkit};
use crate::{
    JourneyError,
    process::{Process, free_port},
};

/// How often it may be started until it has a port. Chromedriver takes one that is free for IPv6, then wants the same
/// one for IPv4, and ends if somebody else was given that; `WebKitWebDriver` is told one that was free a moment ago.
const STARTS: usize = 5;

/// The environment's variable that says where geckodriver is.
pub const GECKODRIVER: &str = "BANKLINK_GECKODRIVER";

/// A WebDriver on a free port. Dropping it ends its browser too.
#[derive(Debug)]
pub(super) struct Driver {
    _process: Process,
    port: u16,
    profile: Option<PathBuf>,
    // What the browser draws on, and its profile: they go after the process that uses them.
    _screen: Option<Process>,
    _profiles: TempDir,
}

impl Driver {
    /// Starts it. `BANKLINK_CHROMEDRIVER`, `BANKLINK_GECKODRIVER` and `BANKLINK_WEBKITDRIVER` of the environment say
    /// where it is, if not on the `PATH`.
    pub(super) async fn start(engine: Engine) -> Result<Self, JourneyError> {
        let (variable, name) = match engine {
            Engine::Chromium => ("BANKLINK_CHROMEDRIVER", "chromedriver"),
            Engine::Firefox => (GECKODRIVER, "geckodriver"),
            Engine::WebKit => ("BANKLINK_WEBKITDRIVER", "WebKitWebDriver"),
        };
        Self::start_program(engine, &env::var_os(variable).unwrap_or_else(|| name.into())).await
    }

    /// Starts this program.
    pub(super) async fn start_program(engine: Engine, program: &OsStr) -> Result<Self, JourneyError> {
        let profiles = tempfile::tempdir().map_err(|source| JourneyError::File { path: env::temp_dir(), source })?;
        let screen = match engine {
            Engine::WebKit => Some(screen().await?),
            Engine::Chromium | Engine::Firefox => None,
        };
        let profile = match engine {
            Engine::Firefox => firefox::profile(profiles.path())?,
            Engine::Chromium | Engine::WebKit => None,
        };
        let display = screen.as_ref().map(|(_, display)| display.as_str());
        let mut starts = 0;
        let (process, port) = loop {
            starts += 1;
            match listening(engine, program, profiles.path(), display).await {
                Ok(listening) => break listening,
                Err(error) if starts == STARTS => return Err(error),
                Err(_) => {}
            }
        };
        Ok(Self { _process: process, port, profile, _screen: screen.map(|(screen, _)| screen), _profiles: profiles })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// The profile that its browser is to start with, if not with nothing.
    pub(super) fn profile(&self) -> Option<&Path> {
        self.profile.as_deref()
    }
}

/// A driver that listens, and its port.
async fn listening(
    engine: Engine,
    program: &OsStr,
    profiles: &Path,
    display: Option<&str>,
) -> Result<(Process, u16), JourneyError> {
    let start = |arguments: &[&str], variables: &[(&str, &OsStr)]| {
        Process::start(program, &[profiles], |command| {
            command.args(arguments).env("TMPDIR", profiles).envs(variables.iter().copied());
        })
    };
    match engine {
        Engine::Chromium => {
            let mut process = start(&["--port=0"], &[])?;
            let port = process.says(|line| number_after(line, "successfully on port ")).await?;
            Ok((process, port))
        }
        Engine::Firefox => {
            // Preferences are changed in the browser's own context, which is a matter of access.
            let mut process = start(&["--port=0", "--websocket-port=0", "--allow-system-access"], &[])?;
            let port = process.says(|line| number_after(line, "Listening on 127.0.0.1:")).await?;
            Ok((process, port))
        }
        Engine::WebKit => {
            let port = free_port()?;
            webkit::configure(profiles)?;
            let display = OsStr::new(display.unwrap_or_default());
            let variables = [
                ("DISPLAY", display),
                ("XDG_CONFIG_HOME", profiles.as_os_str()),
                // The screen has no graphics processor, and to pretend one takes a good part of the time.
                ("WEBKIT_DISABLE_COMPOSITING_MODE", OsStr::new("1")),
            ];
            let mut process = start(&[&format!("--port={port}")], &variables)?;
            process.listens(port).await?;
            Ok((process, port))
        }
    }
}

/// A screen that nobody sees, and its name.
async fn screen() -> Result<(Process, String), JourneyError> {
    let mut process = Process::start("Xvfb", &[], |command| {
        command.args(["-displayfd", "1", "-screen", "0", "1600x1600x24", "-nolisten", "tcp"]);
    })?;
    let number = process.says(|line| line.trim().parse::<u16>().ok()).await?;
    Ok((process, format!(":{number}")))
}

/// The port in `ChromeDriver was started successfully on port 43251.` and the like.
fn number_after(line: &str, words: &str) -> Option<u16> {
    line.split_once(words)?.1.trim_end_matches('.').parse().ok()
}
