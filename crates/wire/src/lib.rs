//! The link API's postcard, written and read by hand, for the browser.
//!
//! The server reads and writes these types with `serde` and `postcard`. The code that those derive is made for every
//! format there is and costs 12 KB of WebAssembly; this does the one thing that the widget needs in 4. The bytes are
//! the same, which `tests/` prove for every type and variant against `postcard` itself, and for random ones.
//!
//! Reading never fails in the middle: what is not there reads as nothing, and [`decode`] says at the end whether all
//! of it was there. That is smaller than a check after each field, and as strict.

mod read;
mod types;
mod write;

pub use read::{Read, Reader, decode};
pub use write::{encode_leaving, encode_open, encode_submission};
