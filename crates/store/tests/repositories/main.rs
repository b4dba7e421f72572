//! The repositories' behaviour, on real database files, through their public methods.

#![expect(clippy::unwrap_used, reason = "tests")]

mod access_tokens;
mod activities;
mod apps;
mod authorize_tokens;
mod connections;
mod consents;
mod data_requests;
mod institutions;
mod link_codes;
mod links;
mod logos;
mod opening;
mod operators;
mod processes;
mod reauthorising;
mod refresh_tokens;
mod refreshes;
mod requests;
mod session_ends;
mod sessions;
mod settings;
mod support;
mod webhooks;
