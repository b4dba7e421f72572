//! Authorize tokens: each opens the widget's page once.

use std::collections::BTreeMap;

use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a new authorize token takes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAuthorizeToken {
    /// Parameters of the page by their names, such as `bank` or `language`. They count whatever the page's address says.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// A new authorize token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuthorizeToken {
    /// For `authorizeToken` in the page's address. Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Secret,
    /// Until when.
    pub expires_at: Timestamp,
}
