//! The addresses, one file for each of their readers.

pub mod bank_page;
pub mod dashboard;
pub mod docs;
pub mod finlink;
pub mod flanks;
pub mod flinks;
pub mod headers;
pub mod health;
pub mod institution_numbers;
pub mod link_api;
pub mod logos;
pub mod open_banking;
pub mod pages;
pub mod platform;
pub mod preview;
pub mod sandbox_bank;
