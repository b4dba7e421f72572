//! Connections, and the institutions that they are at.

use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use banklink_domain::{connection::Connection, text::ExternalId};
use banklink_protocol::{
    failures::FailureCode,
    ids::{ConnectionId, InstitutionId},
};
use banklink_store::Cursor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Editor, Items, PageParameters, answer, cursor, limit, once::HoldsDataOf};
use crate::{
    directory::Directory,
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

#[derive(Serialize, ToSchema)]
#[schema(as = Institution)]
pub(super) struct InstitutionReply {
    id: String,
    /// Its id, where the directory has it no more.
    name: String,
    /// ISO 3166-1 alpha-2; empty where the directory has it no more.
    country: String,
}

impl InstitutionReply {
    /// As the directory has it; by its id alone where it has it no more.
    pub(super) fn new(directory: &Directory, id: &InstitutionId) -> Self {
        let listed = directory.get(id).map(|listed| &listed.summary);
        let (name, country) = listed.map_or((id.as_str(), ""), |summary| (&summary.name, &summary.country));
        Self { id: id.to_string(), name: name.to_owned(), country: country.to_owned() }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Connection)]
pub(super) struct ConnectionReply {
    #[schema(value_type = String)]
    id: ConnectionId,
    institution: InstitutionReply,
    /// `active` or `needs_reauthorisation`.
    status: &'static str,
    /// Your own id of the person, if the page was told one.
    external_id: Option<String>,
    /// What you gave along, if you did.
    tag: Option<String>,
    /// How many days back transactions are read; none: as many as there are.
    days_of_transactions: Option<u16>,
    with_transactions: bool,
    /// Whether it is refreshed by itself, nightly.
    schedule_refresh: bool,
    /// When its data was as new as the institution's, at the last login or refresh.
    refreshed_at: Option<Timestamp>,
    /// Why the last refresh failed, if it did.
    refresh_failure: Option<&'static str>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl ConnectionReply {
    pub(super) fn new(directory: &Directory, connection: &Connection) -> Self {
        Self {
            id: connection.id.clone(),
            institution: InstitutionReply::new(directory, &connection.institution_id),
            status: connection.state.as_str(),
            external_id: connection.external_id.as_ref().map(|id| id.as_str().to_owned()),
            tag: connection.tag.as_ref().map(|tag| tag.as_str().to_owned()),
            days_of_transactions: connection.reading.days.map(u16::from),
            with_transactions: connection.reading.transactions,
            schedule_refresh: connection.reading.scheduled,
            refreshed_at: connection.refresh.last,
            refresh_failure: connection.refresh.failure.map(FailureCode::as_str),
            created_at: connection.created_at,
            updated_at: connection.updated_at,
        }
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
    params(ExternalIdParameter, PageParameters), responses((status = OK, body = Items<ConnectionReply>)))]
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
    let items = page.items.iter().map(|connection| ConnectionReply::new(&directory, connection));
    Ok(answer(StatusCode::OK, Items::<ConnectionReply>::page(items, page.next)))
}

/// Read a connection
#[utoipa::path(get, path = "/platform/v1/connections/{connection}", tag = "Connections", params(ConnectionInPath),
    responses((status = OK, body = ConnectionReply)))]
pub(super) async fn connection(State(state): State<AppState>, Named(connection): Named) -> Result<Response, ApiError> {
    let directory = state.directory().await?;
    Ok(answer(StatusCode::OK, ConnectionReply::new(&directory, &connection)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ConnectionChange)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionRequest {
    /// Whether it is refreshed by itself, nightly.
    schedule_refresh: bool,
}

/// Change a connection
#[utoipa::path(patch, path = "/platform/v1/connections/{connection}", tag = "Connections", params(ConnectionInPath),
    request_body = ConnectionRequest, responses((status = OK, body = ConnectionReply)))]
pub(super) async fn change_connection(
    State(state): State<AppState>,
    Named(connection): Named,
    Wire(request): Wire<ConnectionRequest>,
) -> Result<Response, ApiError> {
    let changed = refreshing::schedule(&state, &connection, request.schedule_refresh).await?;
    let directory = state.directory().await?;
    Ok(answer(StatusCode::OK, ConnectionReply::new(&directory, &changed)))
}

/// Refresh a connection
///
/// Now, as every night where that is scheduled: the institution is asked for what is new. The answer comes when that is
/// done. Where the institution wants to see the person again, the connection's status says so, and a webhook is told with
/// a token that brings them back.
#[utoipa::path(post, path = "/platform/v1/connections/{connection}/refresh", tag = "Connections",
    params(ConnectionInPath), responses((status = OK, body = ConnectionReply),
        (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn refresh_connection(
    State(state): State<AppState>,
    Named(connection): Named,
) -> Result<Response, ApiError> {
    let refreshed = refreshing::refresh_now(&state, &connection).await?;
    let directory = state.directory().await?;
    let reply = answer(StatusCode::OK, ConnectionReply::new(&directory, &refreshed));
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
