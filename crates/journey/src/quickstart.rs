//! `docs/quickstart.md`, followed to the letter: its commands run, its files written.
//!
//! Only the ports are others, so that nothing of this machine is in the way, and what is built already is not built again.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::{
    JourneyError,
    process::{Process, free_port},
};

/// What is followed.
const TEXT: &str = include_str!("../../../docs/quickstart.md");

/// What stands there for the secret that is printed.
const SECRET: &str = "bl_sk_…";

/// A block of code in the text.
struct Block {
    language: String,
    /// Where it is saved, if it is a file.
    file: Option<String>,
    code: String,
}

/// Somebody who follows the text.
#[derive(Debug)]
pub struct Quickstart {
    /// Shell commands that come after the page was opened.
    later: Vec<String>,
    page: String,
    secret: String,
    /// They end with it.
    servers: Vec<Process>,
    folder: TempDir,
}

impl Quickstart {
    /// Follows the text until there is a page to open. `binary` is what its build leaves behind.
    pub async fn follow(binary: &Path) -> Result<Self, JourneyError> {
        let folder = tempfile::tempdir().map_err(|source| JourneyError::File { path: std::env::temp_dir(), source })?;
        let place = folder.path().join("target/release");
        let linked = fs::create_dir_all(&place).and_then(|()| symlink(binary, place.join("banklink")));
        linked.map_err(|source| JourneyError::File { path: place, source })?;
        let (server, page) = (free_port()?, free_port()?);
        let text = TEXT.replace(":8080", &format!(":{server}"));
        let text = text.replace(":9000", &format!(":{page}")).replace("listen(9000", &format!("listen({page}"));
        let mut following = Self {
            later: Vec::new(),
            page: format!("http://localhost:{page}/"),
            secret: String::new(),
            servers: Vec::new(),
            folder,
        };
        for block in blocks(&text) {
            following.take(block, server, page).await?;
        }
        Ok(following)
    }

    /// Where the page is.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// Runs the commands that come after the page was opened, and returns what they print.
    pub fn goes_on(&self) -> Result<String, JourneyError> {
        self.later.iter().map(|command| self.run(command)).collect()
    }

    async fn take(&mut self, block: Block, server: u16, page: u16) -> Result<(), JourneyError> {
        let Block { language, file, code } = block;
        let code = code.replace(SECRET, &self.secret);
        if let Some(file) = file {
            let path = self.folder.path().join(file);
            return fs::write(&path, code).map_err(|source| JourneyError::File { path, source });
        }
        match code.trim() {
            "cargo xtask build" => Ok(()),
            _ if language != "sh" => Err(unexpected("a block that is a command or a file", &code)),
            serve if serve.contains("banklink serve") => {
                self.start(&format!("{serve} --listen 127.0.0.1:{server}"), server).await
            }
            serve if serve.contains("node ") => self.start(serve, page).await,
            command if command.contains("app create") => {
                let printed = self.run(command)?;
                let secret = printed.lines().find_map(|line| line.strip_prefix("client secret"));
                secret.ok_or_else(|| unexpected("a client secret", &printed))?.trim().clone_into(&mut self.secret);
                Ok(())
            }
            command => {
                self.later.push(command.to_owned());
                Ok(())
            }
        }
    }

    async fn start(&mut self, command: &str, port: u16) -> Result<(), JourneyError> {
        let mut process = Process::start("sh", &[self.folder.path()], |shell| {
            shell.args(["-ec", command]).current_dir(self.folder.path());
        })?;
        process.listens(port).await?;
        self.servers.push(process);
        Ok(())
    }

    fn run(&self, command: &str) -> Result<String, JourneyError> {
        let program = PathBuf::from("sh");
        let output = Command::new(&program).args(["-ec", command]).current_dir(self.folder.path()).output();
        let output = output.map_err(|source| JourneyError::NotStarted { program, source })?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(printed);
        }
        Err(unexpected("a command of the text", &format!("{printed}{}", String::from_utf8_lossy(&output.stderr))))
    }
}

/// The blocks of code, in their order.
fn blocks(text: &str) -> Vec<Block> {
    let fenced = text.split("```").skip(1).step_by(2);
    let block = |fenced: &str| {
        let (about, code) = fenced.split_once('\n').unwrap_or((fenced, ""));
        let (language, file) = about.split_once(' ').map_or((about, None), |(language, file)| (language, Some(file)));
        Block { language: language.to_owned(), file: file.map(str::to_owned), code: code.to_owned() }
    };
    fenced.map(block).collect()
}

fn unexpected(asked: &'static str, answer: &str) -> JourneyError {
    JourneyError::Unexpected { asked, answer: answer.to_owned() }
}
