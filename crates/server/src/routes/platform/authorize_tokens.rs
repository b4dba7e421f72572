//! Authorize tokens.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Editor, answer};
use crate::{
    problem::ApiError,
    services::tokens::{self, TokenShape},
    state::AppState,
    wire::Wire,
};

#[derive(Default, Deserialize, ToSchema)]
#[schema(as = NewAuthorizeToken)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthorizeTokenRequest {
    /// Parameters of the page by their names, such as `bank` or `language`. They count whatever the page's address says.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = AuthorizeToken)]
struct AuthorizeTokenReply {
    /// For `authorizeToken` in the page's address. Shown here only.
    #[schema(value_type = String)]
    token: Secret,
    expires_at: Timestamp,
}

/// Create an authorize token
///
/// It opens the widget's page once, within 30 minutes.
#[utoipa::path(post, path = "/platform/v1/authorize_tokens", tag = "Opening the widget",
    request_body = AuthorizeTokenRequest, responses((status = CREATED, body = AuthorizeTokenReply)))]
pub(super) async fn create_authorize_token(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<AuthorizeTokenRequest>,
) -> Result<Response, ApiError> {
    let issued =
        tokens::issue_authorize_token(&state, &app, change.by, TokenShape::Prefixed, request.parameters).await?;
    Ok(answer(StatusCode::CREATED, AuthorizeTokenReply { token: issued.token, expires_at: issued.expires_at }))
}
