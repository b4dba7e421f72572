//! Connections: what lasts once somebody linked a bank.

use std::collections::BTreeMap;

use banklink_protocol::{ids::ConnectionId, secret::Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a connection is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = Institution))]
pub struct InstitutionOf {
    /// Its id.
    pub id: String,
    /// Its id, where the directory has it no more.
    pub name: String,
    /// ISO 3166-1 alpha-2; empty where the directory has it no more.
    pub country: String,
}

/// How a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionStatus {
    /// Its data can be read.
    Active,
    /// The bank wants to see the person again.
    NeedsReauthorisation,
    /// It is gone, with what it held.
    Deleted,
}

/// A person's bank, linked to an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Connection {
    /// Names it to the API: `loginId` where a redirect brings it.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: ConnectionId,
    /// Where it is.
    pub institution: InstitutionOf,
    /// `active` or `needs_reauthorisation`.
    pub status: ConnectionStatus,
    /// Your own id of the person, if the page was told one.
    pub external_id: Option<String>,
    /// What you gave along, if you did.
    pub tag: Option<String>,
    /// How many days back transactions are read; none: as many as there are.
    pub days_of_transactions: Option<u16>,
    /// Whether transactions are read.
    pub with_transactions: bool,
    /// Whether it is refreshed by itself, nightly.
    pub schedule_refresh: bool,
    /// When its data was as new as the institution's, at the last login or refresh.
    pub refreshed_at: Option<Timestamp>,
    /// Why the last refresh failed, if it did.
    pub refresh_failure: Option<String>,
    /// Since when there is one.
    pub created_at: Timestamp,
    /// When something of it changed.
    pub updated_at: Timestamp,
}

/// What changes of a connection.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConnectionChange {
    /// Whether it is refreshed by itself, nightly.
    pub schedule_refresh: bool,
}

/// What a re-authorisation token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReauthorisationPurpose {
    /// Access again: only what the institution asks beside the password.
    Access,
    /// Other credentials.
    Credentials,
    /// Older transactions.
    Transactions,
}

/// What a new re-authorisation token takes.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReauthorisationToken {
    /// What for.
    pub purpose: ReauthorisationPurpose,
}

/// A new re-authorisation token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReauthorisationToken {
    /// For one use. Shown here only.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub token: Secret,
    /// What for.
    pub purpose: ReauthorisationPurpose,
    /// What a page's address takes to use it, beside what opens the page; or an authorize token, bound.
    #[cfg_attr(feature = "schema", schema(value_type = BTreeMap<String, String>))]
    pub parameters: BTreeMap<String, Secret>,
    /// Until when.
    pub expires_at: Timestamp,
}
