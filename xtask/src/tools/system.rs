//! Programs that come from the system's package manager.

use std::{env, ffi::OsStr};

use super::ToolError;
use crate::{command::Program, workspace::Workspace};

/// A program of the system.
pub(super) struct SystemTool {
    /// What it is.
    what: &'static str,
    /// The programs that are needed, each by the names that it goes by on the `PATH`.
    programs: &'static [Alternatives],
    /// The packages that bring it on Debian and Ubuntu, separated by spaces.
    packages: &'static str,
    /// Where it comes from elsewhere.
    elsewhere: &'static str,
}

/// A program that goes by one of several names.
struct Alternatives {
    /// What it is asked to see whether it runs.
    asked: &'static str,
    /// The variable of the environment that says where it is.
    variable: Option<&'static str>,
    names: &'static [&'static str],
}

/// Node and npm, for wasm-opt and esbuild.
pub(super) const NODE: SystemTool = SystemTool {
    what: "Node.js 18 or newer with npm",
    programs: &[Alternatives::named(&["node"]), Alternatives::named(&["npm"])],
    packages: "nodejs npm",
    elsewhere: "elsewhere install Node.js, so that `node` and `npm` are on the PATH",
};

/// Python, for the clients that others publish.
pub(super) const PYTHON: SystemTool = SystemTool {
    what: "Python 3.10 or newer with venv",
    programs: &[Alternatives::named(&["python3"]).asked("-cimport ensurepip, venv")],
    packages: "python3 python3-venv",
    elsewhere: "elsewhere install Python, so that `python3` is on the PATH",
};

/// Chromium and its driver, for the journeys.
pub(super) const CHROMIUM: SystemTool = SystemTool {
    what: "Chromium with its WebDriver",
    programs: &[
        Alternatives::named(&["chromium", "google-chrome", "google-chrome-stable", "chrome"])
            .or_by("BANKLINK_CHROMIUM"),
        Alternatives::named(&["chromedriver"]).or_by("BANKLINK_CHROMEDRIVER"),
    ],
    packages: "chromium chromium-driver",
    elsewhere: "elsewhere install Chrome or Chromium and the chromedriver of the same version, on the PATH or named by \
                BANKLINK_CHROMIUM and BANKLINK_CHROMEDRIVER",
};

/// Firefox, for the journeys.
pub(super) const FIREFOX: SystemTool = SystemTool {
    what: "Firefox",
    programs: &[Alternatives::named(&["firefox", "firefox-esr"]).or_by("BANKLINK_FIREFOX")],
    packages: "firefox-esr",
    elsewhere: "elsewhere install Firefox, on the PATH or named by BANKLINK_FIREFOX",
};

/// WebKit, its driver and a screen for it, for the journeys.
pub(super) const WEBKIT: SystemTool = SystemTool {
    what: "WebKitGTK's WebDriver with Xvfb",
    programs: &[
        Alternatives::named(&["WebKitWebDriver"]).or_by("BANKLINK_WEBKITDRIVER").asked("--help"),
        Alternatives::named(&["Xvfb"]).asked("-help"),
    ],
    packages: "webkit2gtk-driver xvfb",
    elsewhere: "elsewhere install WebKitGTK with its WebKitWebDriver, and Xvfb, on the PATH",
};

impl Alternatives {
    const fn named(names: &'static [&'static str]) -> Self {
        Self { asked: "--version", variable: None, names }
    }

    const fn or_by(self, variable: &'static str) -> Self {
        Self { variable: Some(variable), ..self }
    }

    const fn asked(self, asked: &'static str) -> Self {
        Self { asked, ..self }
    }
}

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
    tool.programs.iter().all(|program| {
        let runs = |path: &OsStr| Program::new(workspace, path).arg(program.asked).run_quietly().is_ok();
        let named = program.variable.and_then(env::var_os);
        named.is_some_and(|path| runs(&path)) || program.names.iter().any(|name| runs(name.as_ref()))
    })
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
