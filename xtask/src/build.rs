//! `cargo xtask build`: the widget, then the server with the widget inside.

use std::time::Instant;

use crate::{
    Error,
    command::Program,
    tools::Tools,
    widget,
    workspace::{Profile, Workspace},
};

/// Builds both and prints their sizes.
pub(crate) fn run(workspace: &Workspace, profile: Profile) -> Result<(), Error> {
    let arguments = format!("build --bin banklink --profile {}", profile.name());
    with_widget(workspace, "server", &arguments)?;
    println!("{} is ready", workspace.binary(profile).display());
    Ok(())
}

/// Builds both, and every test: together that takes less time than one after the other.
pub(crate) fn with_tests(workspace: &Workspace) -> Result<(), Error> {
    with_widget(workspace, "server and tests", "test --workspace --no-run")
}

/// Builds the widget, and then what has it inside.
fn with_widget(workspace: &Workspace, what: &str, cargo_arguments: &str) -> Result<(), Error> {
    let tools = Tools::for_building(workspace)?;
    let sizes = widget::build(workspace, &tools)?;
    let step = Step::begin(what);
    Program::cargo(workspace).args(cargo_arguments).run()?;
    step.end();
    println!("\n{sizes}");
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
