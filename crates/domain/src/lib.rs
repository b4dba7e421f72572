//! The server's entities and their transitions; no I/O.
//!
//! Entities are state enums with consuming transitions; time and randomness are passed in, so that tests decide both.

pub mod accounts;
