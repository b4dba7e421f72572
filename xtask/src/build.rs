//! `cargo xtask build`: the widget, then the server with the widget inside.

use std::time::Instant;

use crate::{Error, command::Program, tools::Tools, widget, workspace::Workspace};

/// Builds both and prints their sizes.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Error> {
    let tools = Tools::for_building(workspace)?;
    let sizes = widget::build(workspace, &tools)?;
    server(workspace)?;
    println!("\n{sizes}");
    println!("{} is ready", workspace.binary().display());
    Ok(())
}

fn server(workspace: &Workspace) -> Result<(), Error> {
    let step = Step::begin("server");
    Program::cargo(workspace).args("build --release --bin banklink").run()?;
    step.end();
    Ok(())
}

/// A step of the work, said when it begins and when it ends.
pub(crate) struct Step<'a> {
    name: &'a str,
    began: Instant,
}

impl<'a> Step<'a> {
    /// Says that it begins.
    #[expect(clippy::disallowed_methods, reason = "shows how long a step takes")]
    pub(crate) fn begin(name: &'a str) -> Self {
        println!("\n── {name} …");
        Self { name, began: Instant::now() }
    }

    /// Says that it ended, and how long it took.
    pub(crate) fn end(self) {
        println!("── {}: {:.1} s", self.name, self.began.elapsed().as_secs_f32());
    }
}
