//! Processes that end with their owner, however that ends.

use std::{
    ffi::OsStr,
    fs,
    io::{self, BufRead, BufReader, Read},
    net::{Ipv4Addr, TcpListener},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::net::TcpStream;

use crate::JourneyError;

/// How long a process may take until it says that it is ready.
const START: Duration = Duration::from_secs(20);

/// A running program and all that it started. All it writes is kept; it is killed when this is dropped, or when our own
/// process ends without that.
#[derive(Debug)]
pub(crate) struct Process {
    program: PathBuf,
    child: Child,
    output: Arc<Mutex<String>>,
    _keeper: Keeper,
}

impl Process {
    /// Starts a program. If our own process ends and drops nothing, these folders are removed too.
    pub(crate) fn start(
        program: impl AsRef<OsStr>,
        folders: &[&Path],
        prepare: impl FnOnce(&mut Command),
    ) -> Result<Self, JourneyError> {
        let program = PathBuf::from(program.as_ref());
        let mut command = Command::new(&program);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        prepare(&mut command);
        let not_started = |source| JourneyError::NotStarted { program: program.clone(), source };
        let mut child = command.spawn().map_err(not_started)?;
        let keeper = Keeper::of(&child, folders).map_err(|source| {
            end(&mut child);
            not_started(source)
        })?;
        let output = Arc::default();
        keep(child.stdout.take(), &output);
        keep(child.stderr.take(), &output);
        Ok(Self { program, child, output, _keeper: keeper })
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
        end(&mut self.child);
    }
}

/// Kills a process and those of its group.
fn end(child: &mut Child) {
    // They may have ended already, and there is nobody to tell.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
    let _ = child.wait();
}

/// Ends a process and those of its group once our own is no more: what a static or a thread owns is not dropped then,
/// and nothing is if we are killed. A shell of its own waits until the other end of its input is closed, which only we
/// have.
#[derive(Debug)]
struct Keeper {
    shell: Child,
}

impl Keeper {
    fn of(child: &Child, folders: &[&Path]) -> io::Result<Self> {
        const KEEP: &str = r#"group=$1; shift; read -r _; kill -s KILL -- "-$group"; rm -rf -- "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", KEEP, "keeper"]).arg(child.id().to_string()).args(folders);
        // What is meant for the terminal's processes is not for it.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        command.spawn().map(|shell| Self { shell })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        // Before its input closes, which waiting does.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// A port that was free when looked for.
pub(crate) fn free_port() -> Result<u16, JourneyError> {
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    bound.map(|address| address.port()).map_err(JourneyError::NoPort)
}

/// Memory that a process holds now, in bytes, where the system tells (Linux).
pub fn memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    kilobytes.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
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
