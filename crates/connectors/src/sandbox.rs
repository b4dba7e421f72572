//! The sandbox connector: institutions for every behaviour, with nothing behind them.

pub use institutions::{BuiltInInstitution, FLINKS_CAPITAL, TESTBANK, built_in_institutions};

mod institutions;
