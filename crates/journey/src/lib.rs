//! A person, a browser and the real server: what the journeys of `tests/`, the screenshots and the benchmarks share.
//!
//! - [`Sandbox`]: the real `banklink sandbox` in a process of its own, on free ports.
//! - [`App`]: an app's own server, which has the client secret.
//! - [`Browser`]: Chromium, Firefox or WebKit with nothing of anybody in it, driven by WebDriver.
//! - [`Host`]: the page that embeds the widget, and what it hears.
//! - [`Person`]: what somebody does in the widget, in the words of the screens.
//! - [`tour`]: every screen, one after the other.
//! - [`walk`]: through the flow, whatever it asks.
//! - [`axe`]: what an accessibility checker finds.
//! - [`Quickstart`]: what the documentation says to begin with, followed to the letter.
//! - [`described`]: whether answers are what the server's description says.
//! - [`tree`]: what assistive technology is told.
//!
//! Elements are found by the ids that hosts rely on ([`banklink_protocol::elements`]), so that a journey which passes
//! also proves these. Everything waits for what it needs, for ten seconds at most; nothing sleeps a fixed time.

mod error;
mod process;

pub mod app;
pub mod axe;
pub mod browser;
pub mod described;
pub mod host;
pub mod load;
pub mod operator;
pub mod operator_tour;
pub mod person;
pub mod quickstart;
pub mod sandbox;
pub mod site;
pub mod tour;
pub mod tree;
pub mod walk;

pub use app::{App, NewApp};
pub use browser::{Browser, Engine, Scheme, Viewport};
pub use error::JourneyError;
pub use host::Host;
pub use load::Load;
pub use operator::Operator;
pub use person::{Person, Place};
pub use process::memory;
pub use quickstart::Quickstart;
pub use sandbox::{Sandbox, SandboxOptions};
pub use site::Site;
pub use walk::Walk;
