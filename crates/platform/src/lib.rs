//! The shapes of the platform API (`/platform/v1`, `server.md`) that the dashboard reads and sends, once for both sides.
//!
//! What only integrators ask for is described where the server answers it.

pub mod apps;
pub mod client_secrets;
pub mod ids;
pub mod items;
pub mod operators;
pub mod texts;

/// The header by which an operator's browser says which app it means.
pub const APP_HEADER: &str = "Banklink-App";
