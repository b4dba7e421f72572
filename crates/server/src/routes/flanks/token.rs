//! `POST /v0/token`.

use axum::{extract::State, response::Response};
use banklink_domain::{access_token::Audience, ids::ClientId};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use serde::{Deserialize, Serialize};

use crate::{
    problem::ApiError,
    services::access_tokens,
    state::AppState,
    wire::{AnyJson, private_json},
};

#[derive(Deserialize)]
pub(super) struct TokenRequest {
    client_id: String,
    client_secret: Secret,
    grant_type: String,
}

#[derive(Serialize)]
struct TokenReply {
    access_token: Secret,
    token_type: &'static str,
    expires_in: i64,
    scope: &'static str,
}

/// A token for the client's id and secret. Older integrations send a user's name and password besides, for which they are
/// known by no more than by their secret: both are ignored.
pub(super) async fn issue(
    State(state): State<AppState>,
    AnyJson(request): AnyJson<TokenRequest>,
) -> Result<Response, ApiError> {
    if !matches!(request.grant_type.as_str(), "client_credentials" | "password") {
        return Err(ApiError::invalid("grant_type", "Send `client_credentials`."));
    }
    let refused = || ApiError::new(ProblemCode::Forbidden, "The client id or the client secret is wrong.");
    let client = request.client_id.parse::<ClientId>().map_err(|_| refused())?;
    let issued = access_tokens::issue(&state, client, &request.client_secret).await;
    let issued = issued.map_err(|error| if error.code() == ProblemCode::Unauthorized { refused() } else { error })?;
    Ok(private_json(TokenReply {
        access_token: issued.token,
        token_type: "Bearer",
        expires_in: Audience::Flanks.lifetime().as_secs(),
        scope: "",
    }))
}
