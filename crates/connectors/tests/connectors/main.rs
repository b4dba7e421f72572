//! What connectors promise, proved through the guard that the server calls them by.

mod data;
mod guard;
mod logins;
mod support;
