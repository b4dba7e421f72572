//! The process between us and the browser.

use std::{
    env,
    io::{Read, Write},
    net::{Ipv4Addr, TcpStream},
    time::Duration,
};

use tempfile::TempDir;

use crate::{JourneyError, process::Process};

/// A chromedriver on a free port. Dropping it closes its browsers too.
#[derive(Debug)]
pub(super) struct Driver {
    process: Process,
    port: u16,
    // The browsers' profiles. Removed when dropped, after the process that uses them.
    _profiles: TempDir,
}

impl Driver {
    /// Starts it; the environment's `BANKLINK_CHROMEDRIVER` says where it is, if not on the `PATH`.
    pub(super) async fn start() -> Result<Self, JourneyError> {
        let program = env::var_os("BANKLINK_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
        let profiles = tempfile::tempdir().map_err(|source| JourneyError::File { path: env::temp_dir(), source })?;
        let mut process = Process::start(program, |command| {
            command.arg("--port=0").env("TMPDIR", profiles.path());
        })?;
        let port = process.says(port).await?;
        Ok(Self { process, port, _profiles: profiles })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}

impl Drop for Driver {
    /// Killing it would leave its browsers behind, so it is asked first. It is killed if it does not listen.
    fn drop(&mut self) {
        let ask = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
            stream.set_read_timeout(Some(Duration::from_secs(3)))?;
            stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
            stream.read_to_end(&mut Vec::new()).map(|_| ())
        };
        if ask().is_ok() {
            self.process.ends_soon();
        }
    }
}

/// The port in `ChromeDriver was started successfully on port 43251.`
fn port(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}
