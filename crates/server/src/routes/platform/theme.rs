//! An app's own stylesheet.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::app::AppTheme;
use banklink_platform::themes::{MOST_BYTES, NewTheme, Theme};

use super::{
    Caller, Editor, answer,
    precondition::{IfMatch, Precondition, tagged},
    shapes,
};
use crate::{problem::ApiError, services::themes, state::AppState, wire::Wire};

/// Largest body, in bytes: a stylesheet whose every character is escaped, as `\u000a`.
pub(super) const MAX_BODY: usize = 6 * MOST_BYTES + 1024;

/// Read the theme
#[utoipa::path(get, path = "/platform/v1/app/theme", tag = "The app",
    responses((status = OK, body = Theme), (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn read_theme(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    tagged(shapes::theme(themes::of_app(&state, &app).await?))
}

/// Set the theme
///
/// In place of the one that is there. What is refused is left out, and told.
#[utoipa::path(put, path = "/platform/v1/app/theme", tag = "The app", params(IfMatch), request_body = NewTheme,
    responses((status = OK, body = Theme)))]
pub(super) async fn set_theme(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    precondition: Precondition,
    Wire(request): Wire<NewTheme>,
) -> Result<Response, ApiError> {
    let allows = |there: Option<&AppTheme>| allows(&precondition, there);
    tagged(shapes::theme(themes::set(&state, &app, &change, request.source, allows).await?))
}

/// Check a theme
///
/// What would become of it; nothing changes.
#[utoipa::path(post, path = "/platform/v1/app/theme/check", tag = "The app", request_body = NewTheme,
    responses((status = OK, body = Theme)))]
pub(super) async fn check_theme(Caller(_): Caller, Wire(request): Wire<NewTheme>) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, shapes::theme(themes::judge(request.source)?)))
}

/// Restore the default theme
#[utoipa::path(delete, path = "/platform/v1/app/theme", tag = "The app", params(IfMatch),
    responses((status = NO_CONTENT)))]
pub(super) async fn restore_theme(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    precondition: Precondition,
) -> Result<StatusCode, ApiError> {
    themes::restore(&state, &app, &change, |there| allows(&precondition, there)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether the theme that is there may be changed.
fn allows(precondition: &Precondition, there: Option<&AppTheme>) -> Result<(), ApiError> {
    precondition.allows(there.cloned().map(themes::judged).map(shapes::theme).as_ref())
}
