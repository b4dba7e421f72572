//! `/api/v1/…`: for existing Finlink integrations (seed 003). Translation, no logic.

use axum::{
    Json, Router,
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use banklink_domain::ids::SigningKeyId;
use banklink_protocol::problem::ProblemCode;

use crate::{problem::ApiError, services::webhooks, state::AppState, wire::PathOf};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/api/v1/webhook_verification/{key}", get(verification_key))
}

/// The public key by which a receiver checks what a webhook told it (`vendor-apis.md`, 3).
async fn verification_key(
    State(state): State<AppState>,
    PathOf(key): PathOf<SigningKeyId>,
) -> Result<Response, ApiError> {
    let found = webhooks::public_key(&state, key).await?;
    let jwk = found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "There is no such key, or no more."))?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], Json(jwk)).into_response())
}
