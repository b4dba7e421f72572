//! Journeys: people link a bank in a real browser, on the host page of the real server.
//!
//! `cargo xtask test` runs them. By hand: `BANKLINK_BIN` names the built server, `BANKLINK_AXE` axe-core's script.

mod accessibility;
mod bridges;
mod challenges;
mod clients;
mod compatibility;
mod dashboard;
mod directory;
mod early;
mod embedding;
mod failing;
mod framing;
mod history;
mod host_page;
mod keyboard;
mod languages;
mod leaving;
mod leftovers;
mod linking;
mod logos;
mod parameters;
mod phone;
mod plain;
mod pulling;
mod quickstart;
mod resuming;
mod secrets;
mod stage;
mod themes;
mod tokens;
mod translated;
