//! The server's addresses, asked through the real router on a real database.

#![expect(clippy::unwrap_used, reason = "tests")]

mod apps;
mod bank_page;
mod challenges;
mod client_secrets;
mod consents;
mod described;
mod directory;
mod endings;
mod exchanging;
mod finlink;
mod flanks;
mod flinks;
mod fuzzing;
mod idempotency;
mod languages;
mod leaving;
mod link_flow;
mod logos;
mod observed;
mod open_banking;
mod opening;
mod operators;
mod outcomes;
mod pages;
mod parameters;
mod platform;
mod preconditions;
mod problems;
mod reauthorising;
mod records;
mod refreshing;
mod repeating;
mod request_ids;
mod rollback;
mod searches;
mod support;
mod trouble;
mod waiting;
mod webhooks;
