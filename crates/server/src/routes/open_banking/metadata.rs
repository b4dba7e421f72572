//! `GET /.well-known/oauth-authorization-server` (RFC 8414).

use axum::{Json, extract::State, response::IntoResponse};
use banklink_domain::authorization::DataScope;
use serde_json::json;

use crate::state::AppState;

/// What clients find everything else by.
pub(super) async fn metadata(State(state): State<AppState>) -> impl IntoResponse {
    let issuer = state.public_url.as_str().trim_end_matches('/');
    let at = |path: &str| format!("{issuer}{path}");
    let methods = ["client_secret_basic", "client_secret_post"];
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": at("/api/v1/authorize"),
        "token_endpoint": at("/api/v1/token"),
        "revocation_endpoint": at("/api/v1/revoke"),
        "scopes_supported": DataScope::ALL.map(DataScope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
    }))
}
