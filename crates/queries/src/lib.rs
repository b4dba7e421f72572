//! What people type to find an institution, and which one they mean: made up from real institutions with a seed, the same
//! on every machine, so that the search is measured by more than what its authors thought of.
//!
//! A query begins with an institution that is meant, and with a text that tells it from others: as many words of its name
//! as leave no more than [`MAX_RIVALS`] others. Then the text is spoilt as people spoil it ([`Kind`]). It is answered if
//! the institution that is meant is among the first three results, or its twin: one of the same name in the same country,
//! which nobody could tell apart by what was typed.
//!
//! Nothing here uses the search: how names are read and compared (`names.rs`) is written plainly and for itself, or the
//! search would be measured by its own mistakes.

pub use directory::{DataError, real};
pub use kinds::Kind;
pub use large::grown;
pub use query::{MAX_RIVALS, Query, queries};

mod directory;
mod kinds;
mod large;
mod names;
mod query;
mod random;
mod romanised;
mod spoil;
