//! What the bank tells of a connection.

use banklink_protocol::ids::AccountId;
use serde::{Deserialize, Serialize};

/// Amounts are decimals as text: `-1200.50`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Balance {
    /// What is there.
    pub current: String,
    /// What can be spent, if the institution says.
    pub available: Option<String>,
    /// How much credit there is, if the institution says.
    pub limit: Option<String>,
}

/// An account that the person shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Account {
    /// Names it to the API.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: AccountId,
    /// What its bank calls it.
    pub name: String,
    /// As `checking`.
    pub kind: String,
    /// ISO 4217.
    pub currency: String,
    /// As the institution writes it.
    pub number: String,
    /// The last of the number.
    pub last_digits: String,
    /// Whose it is.
    pub holder: String,
    /// What is on it.
    pub balance: Balance,
}
