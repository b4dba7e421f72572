//! The `banklink` command, run as people run it.

#![expect(clippy::unwrap_used, reason = "tests")]

mod arguments;
mod compatibility;
mod crashing;
mod databases;
mod deployment;
mod operating;
mod serving;
