//! Pieces that screens are made of. None knows the flow.

pub(crate) mod banks;
pub(crate) mod button;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod identity;
pub(crate) mod message;
pub(crate) mod tag;
