//! Apps, and where their people come from and go to.

use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AppId, ClientId};

/// Whether an app is for trying or for real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AppMode {
    /// Its banks are made up.
    Sandbox,
    /// Its banks are real.
    Live,
}

/// Whether the person chooses accounts at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum AccountSelection {
    /// All accounts are linked.
    None,
    /// One.
    Single,
    /// One or more.
    Multiple,
}

/// An integration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct App {
    /// Names it to the API.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: AppId,
    /// How the app calls itself where it shows its secret.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub client_id: ClientId,
    /// What people read.
    pub name: String,
    /// Nothing changes it.
    pub mode: AppMode,
    /// What operators set.
    pub settings: AppSettings,
    /// Since when there is one.
    pub created_at: Timestamp,
}

/// What operators set for an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AppSettings {
    /// Whether the consent screen is shown.
    pub consent: bool,
    /// Who asks on the consent screen; none: the app's name.
    pub customer_name: Option<String>,
    /// The app's terms, on the consent screen.
    pub terms_url: Option<String>,
    /// Whether a session can be opened with an authorize token only, and only the parameters bound to it count.
    pub force_authorize_token: bool,
    /// Whose institutions come first where the page does not say: ISO 3166-1 alpha-2.
    pub default_country: Option<String>,
    /// For how many seconds a link code can be exchanged.
    pub link_code_lifetime: u32,
    /// For how many days a consent holds.
    pub consent_days: u16,
    /// Whether the person chooses accounts at the end.
    pub account_selection: AccountSelection,
    /// Which institutions people see.
    pub institutions: InstitutionList,
}

/// Which institutions an app's people see. As it comes, it is everything there is, in the order of popularity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct InstitutionList {
    /// Only institutions of these countries, ISO 3166-1 alpha-2; empty: of all.
    #[serde(default)]
    pub countries: Vec<String>,
    /// In countries of which some are chosen, only they. At most 200 ids.
    #[serde(default)]
    pub chosen: Vec<String>,
    /// These are not shown. At most 200 ids.
    #[serde(default)]
    pub hidden: Vec<String>,
    /// These come first before anything is typed, in this order. At most 20 ids.
    #[serde(default)]
    pub popular: Vec<String>,
}

/// What a new app takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewApp {
    /// What people read; at most 128 bytes.
    pub name: String,
    /// For ever.
    pub mode: AppMode,
    /// Where people go at the end: one at least. They go to the first unless it is said where.
    pub redirect_uris: Vec<String>,
    /// Which pages may embed the widget.
    #[serde(default)]
    pub origins: Vec<String>,
}

/// A new app, with what is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CreatedApp {
    /// The app.
    pub app: App,
    /// For the app's own server. Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub client_secret: Secret,
    /// For the Flinks data endpoints (`x-api-key`). Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub data_key: Secret,
}

/// Where an app's people may go at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RedirectUri {
    /// It is compared exactly.
    pub uri: String,
}

/// One more of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewRedirectUri {
    /// `https`, `http` to this very machine, or a scheme of the app's own, as `myapp://linked`. It is compared exactly.
    pub uri: String,
}

/// Whose pages may embed the widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AllowedOrigin {
    /// As browsers say it.
    pub origin: String,
}

/// One more of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAllowedOrigin {
    /// As `https://example.com`; in sandbox apps `http://localhost:*` stands for every port.
    pub origin: String,
}
