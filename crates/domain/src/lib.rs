//! The server's entities and their transitions; no I/O.
//!
//! Entities are state enums with consuming transitions; time and randomness are passed in, so that tests decide both.
//! A transition here says what may follow what. Where two requests may race for it, the database decides who wins
//! (`banklink-store`); it applies the same rule in one statement.
//!
//! Times are kept in milliseconds, so whatever is stored and read back equals itself once [`time::to_millis`] cut it.

pub mod access_token;
pub mod accounts;
pub mod activity;
pub mod app;
pub mod authorization;
pub mod authorize_token;
pub mod client_secret;
pub mod connection;
pub mod consent;
pub mod country;
pub mod data_request;
pub mod hash;
pub mod idempotency;
pub mod ids;
pub mod import;
pub mod institution;
pub mod institution_list;
pub mod link;
pub mod link_code;
pub mod logo;
pub mod operator;
pub mod origin;
pub mod reauthorisation;
pub mod redirect_uri;
pub mod refresh;
pub mod refresh_token;
pub mod sealed;
pub mod session;
pub mod settings;
pub mod text;
pub mod theme;
pub mod time;
pub mod token;
pub mod transition;
mod uri;
pub mod webhook;
