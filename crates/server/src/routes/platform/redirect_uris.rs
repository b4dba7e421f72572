//! Where an app's people may go at the end.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_platform::{
    apps::{NewRedirectUri, RedirectUri},
    items::Items,
};
use utoipa::IntoParams;

use super::{Caller, Editor, answer, shapes};
use crate::{
    problem::ApiError,
    services::redirect_uris,
    state::AppState,
    wire::{Query, Wire},
};

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct UriParameter {
    /// The redirect URI, exactly.
    uri: String,
}

/// List redirect URIs
///
/// People go to the first unless it is said where.
#[utoipa::path(get, path = "/platform/v1/app/redirect_uris", tag = "The app",
    responses((status = OK, body = Items<RedirectUri>)))]
pub(super) async fn list_redirect_uris(
    State(state): State<AppState>,
    Caller(app): Caller,
) -> Result<Response, ApiError> {
    let uris = redirect_uris::of_app(&state, &app).await?;
    Ok(answer(StatusCode::OK, Items::<RedirectUri>::all(uris.into_iter().map(shapes::redirect_uri))))
}

/// Add a redirect URI
///
/// One that is there already stays where it is.
#[utoipa::path(post, path = "/platform/v1/app/redirect_uris", tag = "The app", request_body = NewRedirectUri,
    responses((status = CREATED, body = RedirectUri), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn add_redirect_uri(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewRedirectUri>,
) -> Result<Response, ApiError> {
    let uri = redirect_uris::parse("uri", &request.uri)?;
    redirect_uris::add(&state, &app, &change, &uri).await?;
    Ok(answer(StatusCode::CREATED, shapes::redirect_uri(uri)))
}

/// Remove a redirect URI
///
/// People of sessions that are open still go there.
#[utoipa::path(delete, path = "/platform/v1/app/redirect_uris", tag = "The app", params(UriParameter),
    responses((status = NO_CONTENT), (status = NOT_FOUND, description = "`NOT_FOUND`"),
        (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn remove_redirect_uri(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    query: Query,
) -> Result<StatusCode, ApiError> {
    let uri = redirect_uris::parse("uri", query.text("uri").unwrap_or_default())?;
    redirect_uris::remove(&state, &app, &change, &uri).await?;
    Ok(StatusCode::NO_CONTENT)
}
