//! What was changed, and by whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::AppId;

/// Who can change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Somebody at the dashboard.
    Operator,
    /// The app's own server.
    ClientSecret,
    /// The app's own server, by its data key, as Flinks integrations call.
    DataKey,
    /// Whoever runs the server.
    CommandLine,
}

/// That something was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Activity {
    /// When.
    pub at: Timestamp,
    /// In which app; none for what concerns the organisation as a whole.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub app: Option<AppId>,
    /// `operator`, `client_secret`, or `command_line` for whoever runs the server.
    pub actor: ActorKind,
    /// The operator's or the client secret's id, where it was one.
    pub actor_id: Option<String>,
    /// What the operator is called, or the fingerprint of the client secret, where it was one.
    pub actor_name: Option<String>,
    /// As `redirect_uri.added`.
    pub action: String,
    /// What it was done to, as the redirect URI or the link's id; empty where the action says it all.
    pub subject: String,
    /// What of it, as `name, consent_days`, or what it is called; empty where the subject says it all.
    pub detail: String,
}
