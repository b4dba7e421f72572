//! What people agreed to.

use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::ConsentId;

/// Whether a consent holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum ConsentState {
    /// It does.
    Given,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
}

/// What somebody agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Consent {
    /// Names it to the API.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: ConsentId,
    /// None where nothing was linked with it.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub connection_id: Option<ConnectionId>,
    /// In which session.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub link_session_id: SessionId,
    /// `given`, `expired` or `revoked`.
    pub state: ConsentState,
    /// SHA-256 of the text on the person's screen.
    pub text_hash: String,
    /// BCP 47 tag of the text.
    pub language: String,
    /// `accounts`, `transactions`, `holder`.
    pub scopes: Vec<String>,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was taken back, if it was.
    pub revoked_at: Option<Timestamp>,
}
