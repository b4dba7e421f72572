//! Which pages may embed an app's widget and hear it.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::origin::as_text;
use banklink_protocol::boot::AllowedOrigin;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Editor, Items, answer};
use crate::{
    problem::ApiError,
    services::origins,
    state::AppState,
    wire::{Query, Wire},
};

#[derive(Serialize, ToSchema)]
#[schema(as = AllowedOrigin)]
struct OriginReply {
    /// As browsers say it.
    origin: String,
}

impl From<AllowedOrigin> for OriginReply {
    fn from(origin: AllowedOrigin) -> Self {
        Self { origin: as_text(&origin).to_owned() }
    }
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewAllowedOrigin)]
#[serde(deny_unknown_fields)]
pub(super) struct OriginRequest {
    /// As `https://example.com`; in sandbox apps `http://localhost:*` stands for every port.
    origin: String,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct OriginParameter {
    /// The origin.
    origin: String,
}

/// List allowed origins
#[utoipa::path(get, path = "/platform/v1/app/origins", tag = "The app",
    responses((status = OK, body = Items<OriginReply>)))]
pub(super) async fn list_origins(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, Items::<OriginReply>::all(origins::of_app(&state, &app).await?)))
}

/// Allow an origin
///
/// One that is there already stays where it is.
#[utoipa::path(post, path = "/platform/v1/app/origins", tag = "The app", request_body = OriginRequest,
    responses((status = CREATED, body = OriginReply), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn add_origin(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<OriginRequest>,
) -> Result<Response, ApiError> {
    let origin = origins::parse(&app, &request.origin)?;
    origins::add(&state, &app, &change, &origin).await?;
    Ok(answer(StatusCode::CREATED, OriginReply::from(origin)))
}

/// Allow an origin no more
///
/// Pages that are open go on until they are loaded again.
#[utoipa::path(delete, path = "/platform/v1/app/origins", tag = "The app", params(OriginParameter),
    responses((status = NO_CONTENT), (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn remove_origin(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    query: Query,
) -> Result<StatusCode, ApiError> {
    let origin = origins::parse(&app, query.text("origin").unwrap_or_default())?;
    origins::remove(&state, &app, &change, &origin).await?;
    Ok(StatusCode::NO_CONTENT)
}
