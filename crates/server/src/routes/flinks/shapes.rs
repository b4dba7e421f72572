//! What several answers hold (`vendor-apis.md`, 1.3 and 1.5).

use banklink_connectors::sandbox::FLINKS_CAPITAL;
use banklink_domain::connection::Connection;
use banklink_protocol::{
    ids::{ConnectionId, InstitutionId},
    institutions::InstitutionSummary,
};
use jiff::Timestamp;
use serde::Serialize;

use super::error::FlinksError;
use crate::{routes::institution_numbers::number_of, services::connections, state::AppState};

/// Where to go on.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Link {
    rel: &'static str,
    href: &'static str,
    example: Option<&'static str>,
}

impl Link {
    pub(super) const fn new(rel: &'static str, href: &'static str) -> Self {
        Self { rel, href, example: None }
    }
}

/// `Message` of what is not done yet.
pub(super) const STILL_PROCESSING: &str = "Your operation is still processing";

/// What can be read once somebody is authorized.
pub(super) const AUTHORIZED_LINKS: [Link; 3] = [
    Link::new("AccountsDetail", "/GetAccountsDetail"),
    Link::new("AccountsSummary", "/GetAccountsSummary"),
    Link::new("Statements", "/GetStatements"),
];

/// An institution by the three names that Flinks has for one.
#[derive(Clone, Debug)]
pub(super) struct Institution {
    /// `Institution`, as in messages and redirects.
    pub(super) id: String,
    /// `InstitutionName`
    pub(super) name: String,
    /// `InstitutionId`
    pub(super) number: u32,
}

impl Institution {
    pub(super) fn of(summary: &InstitutionSummary) -> Self {
        let name = summary.name.split_whitespace().collect();
        Self { id: summary.id.to_string(), name, number: number(&summary.id) }
    }

    /// Where a connection is. One that is not in the directory any more goes by its id.
    pub(super) async fn of_connection(state: &AppState, connection: &Connection) -> Result<Self, FlinksError> {
        let id = &connection.institution_id;
        let directory = state.directory().await?;
        let unlisted = || Self { id: id.to_string(), name: id.to_string(), number: number(id) };
        Ok(directory.get(id).map_or_else(unlisted, |listed| Self::of(&listed.summary)))
    }
}

/// The number of an institution, which is 14 for Flinks Capital.
fn number(id: &InstitutionId) -> u32 {
    if id.as_str() == FLINKS_CAPITAL { 14 } else { number_of(id) }
}

/// `Login`: the connection, as Flinks integrations know it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Login {
    username: String,
    is_scheduled_refresh: bool,
    last_refresh: String,
    r#type: &'static str,
    id: ConnectionId,
}

impl Login {
    pub(super) fn of(state: &AppState, connection: &Connection) -> Result<Self, FlinksError> {
        let access = connection.access().ok_or(FlinksError::LOGIN)?;
        Ok(Self {
            username: connections::open_username(state, access)?.expose().to_owned(),
            is_scheduled_refresh: connection.reading.scheduled,
            last_refresh: utc(connection.refresh.last.unwrap_or(connection.created_at)),
            r#type: "Personal",
            id: connection.id.clone(),
        })
    }
}

/// A time in UTC, without its zone.
fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}
