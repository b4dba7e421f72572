//! Link codes.

use std::collections::BTreeMap;

use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use banklink_domain::ids::LinkId;
use banklink_platform::connections::Connection;
use banklink_protocol::{ids::ConnectionId, secret::Secret};
use banklink_store::Cursor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Items, PageParameters, answer, cursor, limit, once::HoldsDataOf, shapes};
use crate::{
    problem::ApiError,
    services::codes::{self, UnusedCode},
    state::AppState,
    wire::{Query, Wire},
};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct LinkParameter {
    /// Only what came through this link.
    link_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LinkCode)]
struct UnusedCodeReply {
    /// To be exchanged once.
    #[schema(value_type = String)]
    code: Secret,
    /// Of the link that opened the page, if one did.
    #[schema(value_type = Option<String>)]
    link_id: Option<LinkId>,
    #[schema(value_type = String)]
    connection_id: ConnectionId,
    /// Parameters of the page's address that are not banklink's own.
    extra: BTreeMap<String, String>,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<UnusedCode> for UnusedCodeReply {
    fn from(code: UnusedCode) -> Self {
        let UnusedCode { code, link_id, connection_id, extra, created_at, expires_at } = code;
        Self { code, link_id, connection_id, extra, created_at, expires_at }
    }
}

/// List unused link codes
///
/// For apps that can't see the redirect in which a code comes back, oldest first.
#[utoipa::path(get, path = "/platform/v1/link_codes", tag = "After linking", params(LinkParameter, PageParameters),
    responses((status = OK, body = Items<UnusedCodeReply>)))]
pub(super) async fn unused_codes(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let link = query.get::<LinkId>("link_id", "the id of a link")?;
    let (after, limit) = (cursor::<Cursor>(&query)?, limit(&query)?);
    let page = codes::unused(&state, &app, link, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<UnusedCodeReply>::page(page.items, page.next)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CodeToExchange)]
#[serde(deny_unknown_fields)]
pub(super) struct ExchangeRequest {
    /// From the redirect, the `REDIRECT` message or the list of unused codes.
    #[schema(value_type = String)]
    code: Secret,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ExchangedCode)]
struct ExchangeReply {
    connection: Connection,
    /// Stands for the connection from now on. Keep it as you keep a password.
    #[schema(value_type = String)]
    connection_token: Secret,
    /// Parameters of the page's address that are not banklink's own.
    extra: BTreeMap<String, String>,
}

/// Exchange a link code
///
/// A code is for one use. An app exchanges its own only.
#[utoipa::path(post, path = "/platform/v1/link_codes/exchange", tag = "After linking",
    request_body = ExchangeRequest,
    responses((status = OK, body = ExchangeReply), (status = BAD_REQUEST, description = "`CODE_INVALID`")))]
pub(super) async fn exchange(
    State(state): State<AppState>,
    Caller(app): Caller,
    Wire(request): Wire<ExchangeRequest>,
) -> Result<Response, ApiError> {
    // Before the code is used up: nothing may fail after.
    let directory = state.directory().await?;
    let exchanged = codes::exchange(&state, &app, &request.code).await?;
    let holds = HoldsDataOf(exchanged.connection.id.clone());
    let connection = shapes::connection(&directory, &exchanged.connection);
    let reply = ExchangeReply { connection, connection_token: exchanged.connection_token, extra: exchanged.extra };
    Ok((Extension(holds), answer(StatusCode::OK, reply)).into_response())
}
