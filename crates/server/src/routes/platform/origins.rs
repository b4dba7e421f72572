//! Which pages may embed an app's widget and hear it.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_platform::{
    apps::{AllowedOrigin, NewAllowedOrigin},
    items::Items,
};
use utoipa::IntoParams;

use super::{Caller, Editor, answer, shapes};
use crate::{
    problem::ApiError,
    services::origins,
    state::AppState,
    wire::{Query, Wire},
};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct OriginParameter {
    /// The origin.
    origin: String,
}

/// List allowed origins
#[utoipa::path(get, path = "/platform/v1/app/origins", tag = "The app",
    responses((status = OK, body = Items<AllowedOrigin>)))]
pub(super) async fn list_origins(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    let origins = origins::of_app(&state, &app).await?;
    Ok(answer(StatusCode::OK, Items::<AllowedOrigin>::all(origins.iter().map(shapes::origin))))
}

/// Allow an origin
///
/// One that is there already stays where it is.
#[utoipa::path(post, path = "/platform/v1/app/origins", tag = "The app", request_body = NewAllowedOrigin,
    responses((status = CREATED, body = AllowedOrigin), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn add_origin(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewAllowedOrigin>,
) -> Result<Response, ApiError> {
    let origin = origins::parse(&app, &request.origin)?;
    origins::add(&state, &app, &change, &origin).await?;
    Ok(answer(StatusCode::CREATED, shapes::origin(&origin)))
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
