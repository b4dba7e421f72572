//! What pages are made of.

pub(crate) mod confirm;
pub(crate) mod copyable;
pub(crate) mod dialog;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod load;
pub(crate) mod shell;
pub(crate) mod title;
