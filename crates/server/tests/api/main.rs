//! The server's addresses, asked through the real router on a real database.

#![expect(clippy::unwrap_used, reason = "tests")]

mod directory;
mod exchanging;
mod flinks;
mod link_flow;
mod opening;
mod pages;
mod platform;
mod problems;
mod support;
