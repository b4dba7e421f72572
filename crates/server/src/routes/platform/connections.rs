//! Connections, and the institutions that they are at.

use axum::{
    Extension,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse as _, Response},
};
use banklink_domain::{
    connection::{Connection, ConnectionStage},
    text::ExternalId,
};
use banklink_platform::connections::{self as shape, ConnectionChange};
use banklink_protocol::ids::{ConnectionId, InstitutionId};
use banklink_store::{ConnectionSearch, Cursor, Order};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

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
pub(super) struct ConnectionParameters {
    /// Only those of this person, by your own id.
    external_id: Option<String>,
    /// Only those that are like this.
    #[param(inline)]
    status: Option<StatusParameter>,
    /// Only those at this institution, by its id.
    institution: Option<String>,
    /// From which end they are listed; `oldest` if nothing is said. A cursor is of the order that it came with.
    #[param(inline)]
    order: Option<OrderParameter>,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the documentation")]
enum StatusParameter {
    Active,
    NeedsReauthorisation,
}

#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "for the documentation")]
enum OrderParameter {
    Oldest,
    Newest,
}

fn search(query: &Query) -> Result<ConnectionSearch, ApiError> {
    let external_id = |text: &str| ExternalId::parse(text).map_err(|error| texts::refused("external_id", error));
    let stage = |text: &str| {
        ConnectionStage::parse(text).ok_or_else(|| Query::wrong("status", "`active` or `needs_reauthorisation`"))
    };
    let order = |text: &str| Order::parse(text).ok_or_else(|| Query::wrong("order", "`oldest` or `newest`"));
    Ok(ConnectionSearch {
        external_id: query.text("external_id").map(external_id).transpose()?,
        stage: query.text("status").map(stage).transpose()?,
        institution: query.text("institution").map(InstitutionId::new),
        order: query.text("order").map(order).transpose()?.unwrap_or_default(),
    })
}

/// List connections
///
/// Without those that were deleted.
#[utoipa::path(get, path = "/platform/v1/connections", tag = "Connections",
    params(ConnectionParameters, PageParameters), responses((status = OK, body = Items<shape::Connection>)))]
pub(super) async fn list_connections(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (search, after, limit) = (search(&query)?, cursor::<Cursor>(&query)?, limit(&query)?);
    let page = connections::list(&state, &app, &search, after.as_ref(), limit.into()).await?;
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
    Editor { change, .. }: Editor,
    Wire(request): Wire<ConnectionChange>,
) -> Result<Response, ApiError> {
    let changed = refreshing::schedule(&state, &connection, request.schedule_refresh, &change).await?;
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
