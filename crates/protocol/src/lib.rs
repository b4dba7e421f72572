//! Everything that crosses a wire: link API, messages to hosts, URL parameters, ids, problem shape.
//!
//! The widget and the server share these types, so neither can drift. They travel as postcard (the widget's
//! choice: 3 KB of wasm instead of 22) or as JSON (people and `curl`), by content negotiation. Enums stay
//! externally tagged, since anything else costs tens of kilobytes in the browser.
//!
//! Tables that are contract with hosts live here once and generate their documentation:
//! [`parameters::PARAMETERS`], [`elements::ELEMENTS`], [`messages::Message`], [`failures::FailureCode`].

pub mod boot;
pub mod challenge;
pub mod elements;
pub mod failures;
pub mod ids;
pub mod institutions;
pub mod messages;
pub mod money;
pub mod parameters;
pub mod problem;
pub mod secret;
pub mod session;
pub mod texts;

/// The version's one place: a number for code, a literal for addresses.
macro_rules! wire_version {
    () => {
        1
    };
}

/// Version of the link API, the number in [`LINK_API`]. A widget that meets another version reloads once.
pub const WIRE_VERSION: u16 = wire_version!();

/// What every address of the link API begins with, as `/link/api/1`.
pub const LINK_API: &str = concat!("/link/api/", wire_version!());

/// Content type of the compact encoding.
pub const POSTCARD: &str = "application/vnd.banklink.postcard";
