//! Connections: exchanged, asked for, deleted.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use banklink_domain::{
    activity::Change,
    connection::{Connection, ConnectionState},
    reauthorisation::ReauthorisationPurpose,
    text::ExternalId,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_store::{ConnectionSearch, Cursor};
use jiff::Timestamp;
use serde::Serialize;

use super::Caller;
use crate::{
    problem::ApiError,
    services::{
        codes, connections,
        every_page::{PAGE, every_page},
        reauthorisation,
    },
    state::AppState,
    wire::{PathOf, Query, private_json},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExchangeReply {
    connection_token: Secret,
}

/// The public token that a person came back with, for the token of their connection, once.
pub(super) async fn exchange(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    PathOf(code): PathOf<Secret>,
) -> Result<Response, ApiError> {
    let exchanged = codes::exchange(&state, &app, &code).await?;
    Ok(private_json(ExchangeReply { connection_token: exchanged.connection_token }))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    credentials_token: Secret,
    status: &'static str,
    error_details: Option<ErrorDetails>,
    entity: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    last_sync: Option<Timestamp>,
    update_token: Option<Secret>,
    restore_token: Option<Secret>,
    two_factor_enabled: bool,
    has_credentials: bool,
    external_id: Option<String>,
}

#[derive(Serialize)]
struct ErrorDetails {
    reason: &'static str,
    r#type: &'static str,
    retryable: bool,
}

/// How a connection is. Whom the bank wants to see again has the token to come back with in `updateToken` or
/// `restoreToken`.
async fn status_of(state: &AppState, connection: &Connection, change: &Change) -> Result<Option<Told>, ApiError> {
    let Some(access) = connection.access() else { return Ok(None) };
    let is_waiting = matches!(connection.state, ConnectionState::NeedsReauthorisation(_));
    // Nobody else has to come back, and there can be many of them.
    let mut tokens =
        if is_waiting { reauthorisation::standing(state, connection, change).await? } else { BTreeMap::new() };
    let update_token = tokens.remove(&ReauthorisationPurpose::Access);
    let failure = connection.refresh.failure;
    let error_details = match failure {
        _ if is_waiting => {
            Some(ErrorDetails { reason: "USER_INTERACTION_NEEDED", r#type: "ENTITY_ERROR", retryable: false })
        }
        Some(code) => Some(ErrorDetails { reason: code.as_str(), r#type: "ENTITY_ERROR", retryable: true }),
        None => None,
    };
    Ok(Some(Told {
        credentials_token: connections::open_token(state, access)?,
        status: if error_details.is_some() { "UPDATE_ERROR" } else { "READY" },
        error_details,
        entity: connection.institution_id.to_string(),
        created_at: connection.created_at,
        updated_at: connection.updated_at,
        last_sync: connection.refresh.last,
        two_factor_enabled: update_token.is_some(),
        update_token,
        restore_token: tokens.remove(&ReauthorisationPurpose::Credentials),
        has_credentials: true,
        external_id: connection.external_id.as_ref().map(ToString::to_string),
    }))
}

/// One connection's status.
pub(super) async fn status(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    PathOf(token): PathOf<Secret>,
) -> Result<Response, ApiError> {
    let connection = connections::by_token(&state, &app, &token).await?;
    Ok(private_json(status_of(&state, &connection, &change).await?))
}

/// The status of all connections, or of those of one person.
pub(super) async fn list(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let external_id = query.text("externalId").map(ExternalId::parse).transpose();
    let external_id = external_id.map_err(|_| ApiError::invalid("externalId", "Send an id that a person has."))?;
    let search = ConnectionSearch { external_id, ..ConnectionSearch::default() };
    let mut statuses = Vec::new();
    let (state, app, search) = (&state, &app, &search);
    let page = |after: Option<Cursor>| async move { connections::list(state, app, search, after.as_ref(), PAGE).await };
    for connection in every_page(page).await? {
        match status_of(state, &connection, &change).await {
            Ok(status) => statuses.extend(status),
            // One that can't be read must not keep the others from being seen.
            Err(error) if error.code() == ProblemCode::DataUnreadable => {}
            Err(error) => return Err(error),
        }
    }
    Ok(private_json(statuses))
}

#[derive(Serialize)]
struct Deleted {
    message: &'static str,
}

/// The connection, its data and its consent.
pub(super) async fn delete(
    State(state): State<AppState>,
    Caller { app, change }: Caller,
    PathOf(token): PathOf<Secret>,
) -> Result<Response, ApiError> {
    let connection = connections::by_token(&state, &app, &token).await?;
    connections::delete(&state, &app, &change, &connection.id).await?;
    Ok(private_json(Deleted { message: "success" }))
}
