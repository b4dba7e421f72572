//! The bank link widget: what a person sees while linking a bank.
//!
//! `app.rs` holds the flow and draws its view with `screens/`; `shell.rs` carries out what the flow asks for. What
//! happens when is decided in `crates/flow`, and nowhere here.
//!
//! In the browser all of this runs. On the server the screens alone do: `first.rs` draws the first one into the page, so
//! that it is there before any WebAssembly.

#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(dead_code, reason = "the server draws screens, and does nothing on them")
)]

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
mod app;
mod browser;
#[cfg(not(target_arch = "wasm32"))]
mod first;
#[cfg(target_arch = "wasm32")]
mod host;
mod i18n;
mod intl;
mod message;
#[cfg(target_arch = "wasm32")]
mod page;
mod screens;
#[cfg(target_arch = "wasm32")]
mod shell;
mod ui;

#[cfg(target_arch = "wasm32")]
pub use app::mount;
#[cfg(not(target_arch = "wasm32"))]
pub use first::{first_screen, screen_after};
