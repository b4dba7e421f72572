//! `POST /api/v1/auth/login`.

use axum::{extract::State, response::Response};
use banklink_domain::{access_token::FinlinkScope, ids::ClientId};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use serde::{Deserialize, Serialize};

use crate::{
    problem::ApiError,
    services::access_tokens,
    state::AppState,
    wire::{AnyJson, private_json},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LoginRequest {
    client_id: String,
    client_secret: Secret,
    scopes: Option<Vec<String>>,
}

#[derive(Serialize)]
struct LoginReply {
    token: Secret,
}

/// A session for an hour. A secret has one: the one before ends (seed 003).
pub(super) async fn login(
    State(state): State<AppState>,
    AnyJson(request): AnyJson<LoginRequest>,
) -> Result<Response, ApiError> {
    let refused = || ApiError::new(ProblemCode::Unauthorized, "The client id or the client secret is wrong.");
    let scopes = match request.scopes.filter(|scopes| !scopes.is_empty()) {
        None => FinlinkScope::ALL.to_vec(),
        Some(names) => {
            let unknown = || ApiError::invalid("scopes", "Send some of `read`, `write` and `delete`, or none for all.");
            names.iter().map(|name| FinlinkScope::parse(name)).collect::<Option<_>>().ok_or_else(unknown)?
        }
    };
    let client = request.client_id.parse::<ClientId>().map_err(|_| refused())?;
    let session = access_tokens::begin_session(&state, client, &request.client_secret, scopes).await?;
    Ok(private_json(LoginReply { token: session.token }))
}
