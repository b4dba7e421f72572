//! The shapes of the platform API (`/platform/v1`, `server.md`) that the dashboard reads and sends, once for both sides.
//!
//! What only integrators ask for is described where the server answers it.

pub mod accounts;
pub mod activities;
pub mod apps;
pub mod authorize_tokens;
pub mod client_secrets;
pub mod connections;
pub mod consents;
pub mod ids;
pub mod institutions;
pub mod items;
pub mod links;
pub mod operators;
pub mod previews;
pub mod texts;
pub mod themes;
pub mod webhooks;

/// The header by which an operator's browser says which app it means.
pub const APP_HEADER: &str = "Banklink-App";
