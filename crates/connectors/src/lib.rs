//! How the server talks to institutions: sandbox, and later oauth and remote.
