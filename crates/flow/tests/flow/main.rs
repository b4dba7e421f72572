//! The flow in a browser of the tests' own, with a server that is honest about numbers: journeys that a person
//! takes, and properties that hold for whatever happens in whatever order.

mod browser;
mod challenges;
mod commands;
mod ending;
mod history;
mod linking;
mod properties;
mod searching;
mod server;
mod steps;
mod trouble;
