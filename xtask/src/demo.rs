//! `cargo xtask demo`: the sandbox and its host page, until Ctrl-C.

use clap::Args;

use crate::{Error, build, command::Program, workspace::Workspace};

/// Where the demo listens.
#[derive(Args)]
pub(crate) struct Addresses {
    /// Where the link server and the widget are.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: String,
    /// Where the host page is: another origin and another site, as in real life.
    #[arg(long, default_value = "localhost:8081")]
    host_listen: String,
}

/// Builds, then runs the sandbox in the foreground.
pub(crate) fn run(workspace: &Workspace, addresses: &Addresses) -> Result<(), Error> {
    build::run(workspace)?;
    Program::new(workspace, workspace.binary())
        .arg("sandbox")
        .arg("--listen")
        .arg(&addresses.listen)
        .arg("--host-listen")
        .arg(&addresses.host_listen)
        .run()?;
    Ok(())
}
