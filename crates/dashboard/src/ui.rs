//! What pages are made of.

pub(crate) mod address_builder;
pub(crate) mod confirm;
pub(crate) mod copyable;
pub(crate) mod dialog;
pub(crate) mod field;
pub(crate) mod filter;
pub(crate) mod form;
pub(crate) mod link;
pub(crate) mod load;
pub(crate) mod not_found;
pub(crate) mod pages_of;
mod parameter_hints;
pub(crate) mod place;
pub(crate) mod preview;
pub(crate) mod qr;
pub(crate) mod seen;
pub(crate) mod shell;
pub(crate) mod shown_once;
pub(crate) mod table;
pub(crate) mod title;
