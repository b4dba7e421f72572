//! `/api/v1/…`: for existing Finlink integrations (seed 003; `vendor-apis.md`, 3). Translation, no logic.

use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{Method, header, request::Parts},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{any, delete, get, post},
};
use banklink_domain::{
    access_token::{Audience, FinlinkScope, Grant},
    activity::Change,
    app::App,
    ids::SigningKeyId,
};
use banklink_protocol::problem::ProblemCode;

use crate::{
    problem::ApiError,
    routes::headers::bearer,
    services::{access_tokens, webhooks},
    state::AppState,
    wire::PathOf,
};

mod connections;
mod data;
mod entities;
mod error;
mod login;
mod start_flow;

/// The routes. Whatever else is asked for below `/api/v1` is answered as Finlink answers it.
pub fn router() -> Router<AppState> {
    let unknown = || any(async || ApiError::new(ProblemCode::NotFound, "There is nothing at this address."));
    Router::new()
        .route("/api/v1/auth/login", post(login::login))
        .route("/api/v1/commands/connections/start-flow", post(start_flow::start_flow))
        .route("/api/v1/commands/connections/exchange/{token}", post(connections::exchange))
        .route("/api/v1/commands/connections/{token}", delete(connections::delete))
        .route("/api/v1/queries/connections", get(connections::list))
        .route("/api/v1/queries/connections/{token}", get(connections::status))
        .route("/api/v1/queries/connections/{token}/accounts", get(data::accounts))
        .route("/api/v1/queries/connections/{token}/accounts/transactions", get(data::transactions))
        .route("/api/v1/queries/entities", get(entities::list))
        .route("/api/v1/webhook_verification/{key}", get(verification_key))
        .route("/api/v1/{*rest}", unknown())
        .layer(middleware::from_fn(error::render))
}

/// Who calls: an app's own server, in a session whose scopes cover what it asks for.
struct Caller {
    app: App,
    change: Change,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let caller = access_tokens::caller(state, bearer(&parts.headers), Audience::Finlink).await?;
        let needed = scope(&parts.method, parts.uri.path());
        let covers = matches!(&caller.grant, Grant::Finlink(scopes) if scopes.contains(&needed));
        if !covers {
            let detail = format!("The session has not the scope `{}`: log in with it.", needed.as_str());
            return Err(ApiError::new(ProblemCode::Forbidden, detail));
        }
        Ok(Self { app: caller.app, change: caller.change })
    }
}

/// What it takes to ask for this.
fn scope(method: &Method, path: &str) -> FinlinkScope {
    match path.starts_with("/api/v1/commands") {
        false => FinlinkScope::Read,
        true if method == Method::DELETE => FinlinkScope::Delete,
        true => FinlinkScope::Write,
    }
}

/// The public key by which a receiver checks what a webhook told it. Anybody may have it.
async fn verification_key(
    State(state): State<AppState>,
    PathOf(key): PathOf<SigningKeyId>,
) -> Result<Response, ApiError> {
    let found = webhooks::public_key(&state, key).await?;
    let jwk = found.ok_or_else(|| ApiError::new(ProblemCode::NotFound, "There is no such key, or no more."))?;
    Ok(([(header::CACHE_CONTROL, "public, max-age=300")], Json(jwk)).into_response())
}
