//! Programs that come from the system's package manager.

use super::ToolError;
use crate::{command::Program, workspace::Workspace};

/// A program of the system.
pub(super) struct SystemTool {
    /// What it is.
    what: &'static str,
    /// The names it goes by, each looked for on the `PATH`; all must be there.
    programs: &'static [&'static str],
    /// The packages that bring it on Debian and Ubuntu, separated by spaces.
    packages: &'static str,
    /// Where it comes from elsewhere.
    elsewhere: &'static str,
}

/// Node and npm, for wasm-opt and esbuild.
pub(super) const NODE: SystemTool = SystemTool {
    what: "Node.js 18 or newer with npm",
    programs: &["node", "npm"],
    packages: "nodejs npm",
    elsewhere: "install Node.js, so that `node` and `npm` are on the PATH",
};

/// Installs a program with apt unless it is there.
pub(super) fn ensure(workspace: &Workspace, tool: &SystemTool) -> Result<(), ToolError> {
    if is_there(workspace, tool) {
        return Ok(());
    }
    println!("── installing {}", tool.packages);
    let installed = apt(workspace, tool);
    match installed {
        Ok(()) if is_there(workspace, tool) => Ok(()),
        Ok(()) => Err(missing(tool, "the packages were installed, but the program does not run".to_owned())),
        Err(why) => Err(missing(tool, why)),
    }
}

fn is_there(workspace: &Workspace, tool: &SystemTool) -> bool {
    let runs = |program: &&str| Program::new(workspace, program).arg("--version").run_quietly().is_ok();
    tool.programs.iter().all(runs)
}

fn apt(workspace: &Workspace, tool: &SystemTool) -> Result<(), String> {
    let is_root = Program::new(workspace, "id").arg("-u").read().is_ok_and(|id| id.trim() == "0");
    let with_sudo = Program::new(workspace, "sudo").args("-n true").run_quietly().is_ok();
    let apt = || match (is_root, with_sudo) {
        (true, _) => Ok(Program::new(workspace, "apt-get")),
        (false, true) => Ok(Program::new(workspace, "sudo").args("-n apt-get")),
        (false, false) => Err("neither root nor able to use sudo without a password".to_owned()),
    };
    let run = |arguments: String| {
        apt()?.args(&arguments).env("DEBIAN_FRONTEND", "noninteractive").run().map_err(|error| error.to_string())
    };
    run("update --quiet --quiet".to_owned())?;
    run(format!("install --yes --quiet --quiet {}", tool.packages))
}

fn missing(tool: &SystemTool, why: String) -> ToolError {
    let what_to_do = format!("on Debian or Ubuntu `apt-get install {}`; {}", tool.packages, tool.elsewhere);
    ToolError::Missing { what: tool.what, why, what_to_do }
}
