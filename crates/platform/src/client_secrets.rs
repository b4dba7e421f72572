//! An app's client secrets, and its data key.

use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::ClientSecretId;

/// Most client secrets of an app that work.
pub const MOST: usize = 5;

/// A client secret, without itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ClientSecret {
    /// Names it, to revoke it.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: ClientSecretId,
    /// The first 8 digits of the secret's SHA-256, by which it is told from others.
    pub fingerprint: String,
    /// Since when it works.
    pub created_at: Timestamp,
    /// Since when it works no more; none while it works.
    pub revoked_at: Option<Timestamp>,
}

/// A new client secret, shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreatedClientSecret {
    /// What will be listed.
    pub client_secret: ClientSecret,
    /// The secret itself. Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub secret: Secret,
}

/// That it is the operator who asks, and not somebody at their open browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// The operator's own.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub password: Secret,
}

/// A new data key, shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DataKey {
    /// For the Flinks data endpoints (`x-api-key`). Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub data_key: Secret,
}
