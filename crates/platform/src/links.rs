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
    /// Who asks on the consent screen, where that is not the app.
    pub company_name: Option<String>,
    /// Their terms, where those are not the app's.
    pub terms_url: Option<String>,
    /// What they do with data.
    pub privacy_url: Option<String>,
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
    /// Who asks on the consent screen; else the app's. At most 128 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    /// Their terms, `https` only; else the app's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_url: Option<String>,
    /// What they do with data, `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
}

/// What a link is like, to be put in place of what it is like; `null` takes away what may be missing.
#[derive(Clone, Debug, Serialize)]
pub struct LinkDetails {
    /// For the app's own people; at most 128 bytes.
    pub name: String,
    /// Where people go at the end: one of the app's redirect URIs, exactly.
    pub redirect_uri: String,
    /// Who asks on the consent screen; else the app's.
    pub company_name: Option<String>,
    /// Their terms; else the app's.
    pub terms_url: Option<String>,
    /// What they do with data.
    pub privacy_url: Option<String>,
}

/// Whether a link is to open anything.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct LinkTurn {
    /// `active`, or `paused`: then it opens nothing.
    pub state: LinkState,
}
