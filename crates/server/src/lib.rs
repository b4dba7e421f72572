//! The banklink server.
