//! What connectors promise, proved through the guard that the server calls them by.

mod bank_page;
mod challenges;
mod data;
mod elsewhere;
mod guard;
mod institutions;
mod languages;
mod logins;
mod pictures;
mod support;
