//! Amounts of money on the wire.

use serde::{Deserialize, Serialize};

/// An amount in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Decimal digits with a dot, as `-1234.50`: never a binary fraction.
    pub amount: String,
    /// ISO 4217, as `CAD`.
    pub currency: String,
}
