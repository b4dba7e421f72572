//! `cargo xtask demo`: the sandbox and its host page, until Ctrl-C.

use std::{io::ErrorKind, net::TcpListener};

use clap::Args;

use crate::{
    Error, build,
    command::Program,
    workspace::{Profile, Workspace},
};

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
    // The build takes a while: what would fail after it is better known before.
    for (address, flag) in [(&addresses.listen, "listen"), (&addresses.host_listen, "host-listen")] {
        if TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse) {
            return Err(Error::Taken(address.clone(), flag));
        }
    }
    build::run(workspace, Profile::Dev)?;
    let _outlives_interrupts = outlive_interrupts()?;
    Program::new(workspace, workspace.binary(Profile::Dev))
        .arg("sandbox")
        .arg("--listen")
        .arg(&addresses.listen)
        .arg("--host-listen")
        .arg(&addresses.host_listen)
        .run()?;
    Ok(())
}

/// Ctrl-C reaches the sandbox too, which then finishes what was begun: this tool waits for that instead of dying
/// first.
fn outlive_interrupts() -> Result<tokio::runtime::Runtime, Error> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().map_err(Error::Runtime)?;
    runtime.spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    Ok(runtime)
}
