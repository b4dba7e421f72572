//! The server's entities and their transitions; no I/O.
