//! Authorize tokens.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_platform::authorize_tokens::{AuthorizeToken, NewAuthorizeToken};

use super::{Editor, answer};
use crate::{
    problem::ApiError,
    services::tokens::{self, TokenShape},
    state::AppState,
    wire::Wire,
};

/// Create an authorize token
///
/// It opens the widget's page once, within 30 minutes.
#[utoipa::path(post, path = "/platform/v1/authorize_tokens", tag = "Opening the widget",
    request_body = NewAuthorizeToken, responses((status = CREATED, body = AuthorizeToken)))]
pub(super) async fn create_authorize_token(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewAuthorizeToken>,
) -> Result<Response, ApiError> {
    let issued = tokens::issue_authorize_token(&state, &app, &change, TokenShape::Prefixed, request.parameters).await?;
    Ok(answer(StatusCode::CREATED, AuthorizeToken { token: issued.token, expires_at: issued.expires_at }))
}
