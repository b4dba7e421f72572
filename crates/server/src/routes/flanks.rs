//! `/v0/…`: for existing Flanks integrations (seed 000; `vendor-apis.md`, 2.1). Translation, no logic.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderName, header as headers, request::Parts},
    middleware,
    response::{IntoResponse as _, Response},
    routing::{any, get, post},
};
use banklink_domain::{
    access_token::Audience,
    activity::{Actor, Change},
    app::App,
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use serde::{Serialize, de::DeserializeOwned};

use crate::{problem::ApiError, services::access_tokens, state::AppState, wire::from_json};

mod banks;
mod codes;
mod credentials;
mod data;
mod error;
mod links;
mod token;

/// The routes. Whatever else is asked for below `/v0` is answered as Flanks answers it, since callers read no other shape.
pub fn router() -> Router<AppState> {
    let unknown = || any(async || ApiError::new(ProblemCode::NotFound, "There is nothing at this address."));
    Router::new()
        .route("/v0/token", post(token::issue))
        .route("/v0/bank/available", get(banks::available))
        .route("/v0/bank/credentials", axum::routing::delete(credentials::delete))
        .route("/v0/bank/credentials/status", post(credentials::status).put(credentials::force))
        .route("/v0/bank/credentials/list", post(credentials::list))
        .route("/v0/bank/credentials/account", post(data::accounts))
        .route("/v0/bank/credentials/data", post(data::transactions))
        .route("/v0/bank/credentials/holder", post(data::holders))
        .route("/v0/bank/credentials/auth", post(data::identity))
        .route("/v0/bank/credentials/auth/", post(data::identity))
        .route("/v0/platform/link", get(codes::unused).post(codes::exchange))
        .route("/v0/links/list-links", post(links::list).get(links::list))
        .route("/v0/links/create-link", post(links::create))
        .route("/v0/links/edit-link", post(links::edit))
        .route("/v0/links/pause-link", post(links::pause))
        .route("/v0/links/resume-link", post(links::resume))
        .route("/v0/links/delete-link", post(links::delete))
        .route("/v0/{*rest}", unknown())
        .route("/v0/", unknown())
        .route("/v0", unknown())
        .layer(middleware::from_fn(error::render))
}

/// Who calls: an app's own server, by the access token in `Authorization`.
struct Caller {
    app: App,
    change: Change,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let value = parts.headers.get(headers::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            value.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let missing = || ApiError::new(ProblemCode::Unauthorized, "Send an access token: `Authorization: Bearer …`.");
        let (_, token) = token.ok_or_else(missing)?;
        let (app, secret) = access_tokens::bearer(state, &Secret::new(token.trim()), Audience::Flanks).await?;
        let change = Change { by: Actor::ClientSecret(secret), at: state.clock.now() };
        Ok(Self { app, change })
    }
}

/// A JSON body, whatever its type is said to be: clients exist that say nothing. An empty one is an empty object.
struct Body<T>(T);

impl<T: DeserializeOwned> FromRequest<AppState> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes =
            bytes.map_err(|_| ApiError::new(ProblemCode::PayloadTooLarge, "The body is too large, or broke off."))?;
        let bytes = bytes.trim_ascii();
        from_json(if bytes.is_empty() { b"{}" } else { bytes }).map(Self)
    }
}

/// An answer, which may hold secrets and is never cached.
fn answer<T: Serialize>(value: T) -> Response {
    (no_store(), Json(value)).into_response()
}

const fn no_store() -> [(HeaderName, &'static str); 1] {
    [(headers::CACHE_CONTROL, "no-store")]
}
