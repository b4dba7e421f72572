//! Connections, and the institutions that they are at.

use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use banklink_domain::{connection::Connection, text::ExternalId};
use banklink_platform::connections::{self as shape, ConnectionChange};
use banklink_protocol::ids::ConnectionId;
use banklink_store::Cursor;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Caller, Editor, Items, PageParameters, answer, cursor, limit, once::HoldsDataOf, shapes};
use crate::{
    problem::ApiError,
    services::{connections, refreshing, texts},
    state::AppState,
    wire::{PathOf, Query, Wire},
};

/// The connection that the address names, of the app that calls.
pub(super) struct Named(pub(super) Connection);

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ConnectionInPath {
    /// The connection's id: `loginId` where a redirect brings it.
    #[param(value_type = String)]
    pub(super) connection: ConnectionId,
}

impl FromRequestParts<AppState> for Named {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Caller(app) = Caller::from_request_parts(parts, state).await?;
        let PathOf(path) = PathOf::<ConnectionInPath>::from_request_parts(parts, state).await?;
        connections::of_app(state, &app, &path.connection).await.map(Self)
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct ExternalIdParameter {
    /// Only those of this person, by your own id.
    external_id: Option<String>,
}

/// List connections
///
/// Oldest first, without those that were deleted.
#[utoipa::path(get, path = "/platform/v1/connections", tag = "Connections",
    params(ExternalIdParameter, PageParameters), responses((status = OK, body = Items<shape::Connection>)))]
pub(super) async fn list_connections(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let parse = |text: &str| ExternalId::parse(text).map_err(|error| texts::refused("external_id", error));
    let external_id = query.text("external_id").map(parse).transpose()?;
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = connections::list(&state, &app, external_id.as_ref(), after.as_ref(), limit.into()).await?;
    let directory = state.directory().await?;
    let items = page.items.iter().map(|connection| shapes::connection(&directory, connection));
    Ok(answer(StatusCode::OK, Items::<shape::Connection>::page(items, page.next)))
}

/// Read a connection
#[utoipa::path(get, path = "/platform/v1/connections/{connection}", tag = "Connections", params(ConnectionInPath),
    responses((status = OK, body = shape::Connection)))]
pub(super) async fn connection(State(state): State<AppState>, Named(connection): Named) -> Result<Response, ApiError> {
    let directory = state.directory().await?;
    Ok(answer(StatusCode::OK, shapes::connection(&directory, &connection)))
}

/// Change a connection
#[utoipa::path(patch, path = "/platform/v1/connections/{connection}", tag = "Connections", params(ConnectionInPath),
    request_body = ConnectionChange, responses((status = OK, body = shape::Connection)))]
pub(super) async fn change_connection(
    State(state): State<AppState>,
    Named(connection): Named,
    Wire(request): Wire<ConnectionChange>,
) -> Result<Response, ApiError> {
    let changed = refreshing::schedule(&state, &connection, request.schedule_refresh).await?;
    let directory = state.directory().await?;
    Ok(answer(StatusCode::OK, shapes::connection(&directory, &changed)))
}

/// Refresh a connection
///
/// Now, as every night where that is scheduled: the institution is asked for what is new. The answer comes when that is
/// done. Where the institution wants to see the person again, the connection's status says so, and a webhook is told with
/// a token that brings them back.
#[utoipa::path(post, path = "/platform/v1/connections/{connection}/refresh", tag = "Connections",
    params(ConnectionInPath), responses((status = OK, body = shape::Connection),
        (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn refresh_connection(
    State(state): State<AppState>,
    Named(connection): Named,
    Editor { change, .. }: Editor,
) -> Result<Response, ApiError> {
    let refreshed = refreshing::refresh_now(&state, &connection, &change).await?;
    let directory = state.directory().await?;
    let reply = answer(StatusCode::OK, shapes::connection(&directory, &refreshed));
    Ok((Extension(HoldsDataOf(connection.id)), reply).into_response())
}

/// Delete a connection
///
/// What it held is gone at once, and what the person agreed to is revoked.
#[utoipa::path(delete, path = "/platform/v1/connections/{connection}", tag = "Connections", params(ConnectionInPath),
    responses((status = NO_CONTENT)))]
pub(super) async fn delete_connection(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<ConnectionInPath>,
) -> Result<StatusCode, ApiError> {
    connections::delete(&state, &app, &change, &path.connection).await?;
    Ok(StatusCode::NO_CONTENT)
}
