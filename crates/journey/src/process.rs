//! Processes that end with their owner.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    net::Ipv4Addr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use tokio::net::TcpStream;

use crate::JourneyError;

/// How long a process may take until it says that it is ready.
const START: Duration = Duration::from_secs(20);

/// A running program. All it writes is kept; it is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    program: PathBuf,
    child: Child,
    output: Arc<Mutex<String>>,
}

impl Process {
    /// Starts a program.
    pub(crate) fn start(program: impl AsRef<OsStr>, prepare: impl FnOnce(&mut Command)) -> Result<Self, JourneyError> {
        let program = PathBuf::from(program.as_ref());
        let mut command = Command::new(&program);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        prepare(&mut command);
        let not_started = |source| JourneyError::NotStarted { program: program.clone(), source };
        let mut child = command.spawn().map_err(not_started)?;
        let output = Arc::default();
        keep(child.stdout.take(), &output);
        keep(child.stderr.take(), &output);
        Ok(Self { program, child, output })
    }

    /// Its number, as the system knows it.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// All it wrote until now, on both of its outputs.
    pub(crate) fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until it wrote something that `find` takes.
    pub(crate) async fn says<T>(&mut self, find: impl Fn(&str) -> Option<T>) -> Result<T, JourneyError> {
        let wait = async {
            loop {
                if let Some(found) = self.output().lines().find_map(&find) {
                    return Some(found);
                }
                if !matches!(self.child.try_wait(), Ok(None)) {
                    // Its last words may still be on their way.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    return self.output().lines().find_map(&find);
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let found = tokio::time::timeout(START, wait).await;
        found.ok().flatten().ok_or_else(|| self.not_ready())
    }

    /// Waits until it listens on a port of this machine.
    pub(crate) async fn listens(&mut self, port: u16) -> Result<(), JourneyError> {
        let wait = async {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return false;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            true
        };
        if tokio::time::timeout(START, wait).await == Ok(true) { Ok(()) } else { Err(self.not_ready()) }
    }

    fn not_ready(&self) -> JourneyError {
        JourneyError::NotReady { program: self.program.display().to_string(), output: self.output() }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, and there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn keep(stream: Option<impl Read + Send + 'static>, output: &Arc<Mutex<String>>) {
    let Some(stream) = stream else { return };
    let output = Arc::clone(output);
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            output.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
    });
}
