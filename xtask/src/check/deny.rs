//! Licences, sources, bans and advisories of the dependencies (`deny.toml`).

use super::Tally;
use crate::{command::Program, tools::CARGO_DENY, workspace::Workspace};

/// Checks the dependencies. Advisories need a database from the network: where it can't be had, that is said, and
/// they count neither as passed nor as failed.
pub(super) fn check(workspace: &Workspace, tally: &mut Tally) {
    let mut deny = None;
    tally.check("licences, bans and sources of dependencies", || {
        let path = CARGO_DENY.program(workspace)?;
        Program::new(workspace, &path).args("--workspace --locked check bans licenses sources").run()?;
        deny = Some(path);
        Ok(())
    });
    let Some(deny) = deny else { return };
    match Program::new(workspace, &deny).args("--workspace --locked fetch db").run_quietly() {
        Ok(()) => tally.check("advisories on dependencies", || {
            Ok(Program::new(workspace, &deny).args("--workspace --locked check --disable-fetch advisories").run()?)
        }),
        Err(error) => println!("\nNOT CHECKED: advisories on dependencies: their database can't be fetched: {error}"),
    }
}
