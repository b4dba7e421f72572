//! Links: static addresses for an app's people.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::LinkId;

/// Whether a link opens anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// It does.
    Active,
    /// It does not, for now.
    Paused,
}

/// An address for as many people as like to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Link {
    /// Names it to the API.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: LinkId,
    /// For `token` in the page's address.
    pub token: String,
    /// The page to send people to, as often as you like.
    pub url: String,
    /// For the app's own people.
    pub name: String,
    /// Where people go at the end.
    pub redirect_uri: String,
    /// `active` or `paused`.
    pub state: LinkState,
    /// Since when there is one.
    pub created_at: Timestamp,
}

/// What a new link takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// For the app's own people; at most 128 bytes.
    pub name: String,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    pub redirect_uri: String,
}

/// What changes of a link. What is missing stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkChange {
    /// For the app's own people; at most 128 bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// `active`, or `paused`: then it opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<LinkState>,
}
