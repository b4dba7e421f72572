//! The command in a folder of its own: to its end, or as a server.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// A folder with the data of a deployment of its own.
pub(crate) struct Deployment(TempDir);

impl Deployment {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        fs::read_dir(self.0.path()).unwrap().next().is_none()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.0.path()).env_clear();
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, &[])
    }

    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut command = self.command(env!("CARGO_BIN_EXE_banklink"));
        Ran(command.args(arguments).envs(variables.iter().copied()).output().unwrap())
    }

    /// Starts a server on free ports, and waits until it listens.
    pub(crate) fn start(&self, arguments: &[&str]) -> Server {
        let mut command = self.command(env!("CARGO_BIN_EXE_banklink"));
        Server::start(command.args(arguments).args(["--listen", "127.0.0.1:0"]))
    }

    /// The same, at this address.
    pub(crate) fn start_at(&self, address: &str, arguments: &[&str]) -> Server {
        let mut command = self.command(env!("CARGO_BIN_EXE_banklink"));
        Server::start(command.args(arguments).args(["--listen", address]))
    }

    /// The same, with this many files at most.
    #[cfg(unix)]
    pub(crate) fn start_with_files(&self, files: usize, arguments: &[&str]) -> Server {
        let mut command = self.command("/bin/sh");
        let script = format!("ulimit -n {files}; exec \"$0\" \"$@\"");
        let server = command.args(["-c", &script, env!("CARGO_BIN_EXE_banklink")]);
        Server::start(server.args(arguments).args(["--listen", "127.0.0.1:0"]))
    }
}

/// A command that came to its end.
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub(crate) fn errors(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub(crate) fn went_well(self) -> Self {
        assert!(self.0.status.success(), "{}", self.errors());
        self
    }

    /// Failed, and said why in words rather than as a panic.
    pub(crate) fn failed(self) -> Self {
        assert!(!self.0.status.success(), "{}", self.out());
        assert!(!self.errors().contains("panicked"), "{}", self.errors());
        self
    }
}

/// A server that listens; killed when dropped.
pub(crate) struct Server {
    process: Child,
    out: BufReader<std::process::ChildStdout>,
    /// As `127.0.0.1:41234`.
    pub(crate) address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("widget http://").map(str::to_owned);
        let mut server = Self { process, out, address: address.unwrap_or_default() };
        assert!(!server.address.is_empty(), "{line}{}", server.log());
        server
    }

    /// What it wrote to its log until its end.
    fn log(&mut self) -> String {
        drop(self.process.kill());
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }

    /// What it says next on standard output, behind this word.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line.trim().strip_prefix(word).unwrap_or_else(|| panic!("{word} in {line}")).trim().to_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        connect(&self.address)
    }

    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = self.connect();
        let address = &self.address;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        read(&mut stream)
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, for so long.
    #[cfg(unix)]
    pub(crate) fn ends_within(&mut self, limit: Duration) -> ExitStatus {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(waited < limit, "still running");
            std::thread::sleep(Duration::from_millis(50));
            waited += Duration::from_millis(50);
        }
    }

    #[cfg(unix)]
    pub(crate) fn stops(mut self) {
        self.signal("-TERM");
        assert!(self.ends_within(Duration::from_secs(10)).success());
    }
}

pub(crate) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    stream
}

/// All that comes until the other side closes.
pub(crate) fn read(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is cut ends what was read as well as one that is closed.
    drop(stream.read_to_end(&mut answer));
    String::from_utf8_lossy(&answer).into_owned()
}
