//! `/v3/{customerId}/BankingServices/…`: for existing Flinks integrations (seeds 001 and 002). Translation, no logic.

use std::collections::BTreeMap;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{OriginalUri, State, rejection::BytesRejection},
    http::{HeaderMap, HeaderName, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::any,
};
use banklink_domain::{
    activity::{Actor, Change},
    ids::ClientId,
};
use banklink_protocol::secret::Secret;
use serde::Serialize;

use crate::{
    problem::ApiError,
    services::{
        apps,
        tokens::{self, TokenShape},
    },
    state::AppState,
};

/// The routes. Whatever else is asked for below `/v3` is answered as Flinks answers it, since callers read no other shape.
pub fn router() -> Router<AppState> {
    let doubled = || any(async || FlinksError::InvalidRequest("The address has a double slash."));
    let unknown = || any(async || FlinksError::UNKNOWN);
    Router::new()
        .route("/v3/{*rest}", any(call))
        .route("/v3/", unknown())
        .route("/v3", unknown())
        .route("//v3/{*rest}", doubled())
        .route("//v3/", doubled())
        .route("//v3", doubled())
}

/// `/v3/{customerId}/BankingServices/{endpoint}`. Service and endpoint may be in any case, as they may be with Flinks.
async fn call(
    State(state): State<AppState>,
    OriginalUri(uri): OriginalUri,
    method: Method,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, FlinksError> {
    let segments: Vec<&str> = uri.path().split('/').skip(2).collect();
    if segments.contains(&"") {
        return Err(FlinksError::InvalidRequest("The address has a double slash, or one at its end."));
    }
    let [customer_id, service, endpoint] = segments[..] else { return Err(FlinksError::UNKNOWN) };
    match (service.to_ascii_lowercase().as_str(), endpoint.to_ascii_lowercase().as_str()) {
        ("bankingservices", "generateauthorizetoken") if method == Method::POST => {
            generate_authorize_token(&state, customer_id, &headers, body).await
        }
        ("bankingservices", "generateauthorizetoken") => Err(FlinksError::InvalidRequest("Use POST.")),
        _ => Err(FlinksError::UNKNOWN),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AuthorizeTokenReply {
    http_status_code: u16,
    token: String,
}

/// The secret key in `flinks-auth-key`, an empty body or `{}`; a token for one use and 30 minutes (seed 001).
async fn generate_authorize_token(
    state: &AppState,
    customer_id: &str,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, FlinksError> {
    let customer_id = customer_id
        .parse::<ClientId>()
        .map_err(|_| FlinksError::InvalidRequest("The customerId in the address is not a UUID."))?;
    let body = body.map_err(|_| FlinksError::InvalidRequest("The body is too large, or broke off."))?;
    if !is_empty_object(&body) {
        return Err(FlinksError::InvalidRequest("The body must be empty or a JSON object."));
    }
    let key = headers
        .get("flinks-auth-key")
        .and_then(|value| value.to_str().ok())
        .filter(|value| !value.is_empty())
        .ok_or(FlinksError::InvalidRequest("The flinks-auth-key header is missing."))?;
    let (app, secret) = apps::by_client_secret(state, &Secret::new(key)).await?;
    state.limits.app(app.id)?;
    if app.client_id != customer_id {
        return Err(FlinksError::AccessDenied);
    }
    let change = Change { by: Actor::ClientSecret(secret), at: state.clock.now() };
    let issued = tokens::issue_authorize_token(state, &app, &change, TokenShape::Uuid, BTreeMap::new()).await?;
    let reply = AuthorizeTokenReply { http_status_code: 200, token: issued.token.expose().to_owned() };
    Ok((StatusCode::OK, no_store(), Json(reply)).into_response())
}

fn is_empty_object(body: &[u8]) -> bool {
    body.trim_ascii().is_empty() || serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body).is_ok()
}

const fn no_store() -> [(HeaderName, &'static str); 1] {
    [(header::CACHE_CONTROL, "no-store")]
}

/// An error as Flinks writes it: the status in the body equals the status of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FlinksError {
    InvalidRequest(&'static str),
    AccessDenied,
    TooManyRequests,
    Aggregation,
}

impl FlinksError {
    const UNKNOWN: Self = Self::InvalidRequest("There is nothing at this address.");
}

impl From<ApiError> for FlinksError {
    fn from(error: ApiError) -> Self {
        match error.code().status() {
            401 | 403 | 404 => Self::AccessDenied,
            429 => Self::TooManyRequests,
            400..500 => Self::InvalidRequest("The request can't be read."),
            _ => Self::Aggregation,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorReply {
    http_status_code: u16,
    message: &'static str,
    flinks_code: &'static str,
}

impl IntoResponse for FlinksError {
    fn into_response(self) -> Response {
        let (status, flinks_code, message) = match self {
            Self::InvalidRequest(message) => (StatusCode::UNAUTHORIZED, "INVALID_REQUEST", message),
            Self::AccessDenied => {
                (StatusCode::UNAUTHORIZED, "ACCESS_DENIED", "The secret key is wrong or not this customer's.")
            }
            Self::TooManyRequests => (StatusCode::UNAUTHORIZED, "TOO_MANY_REQUESTS", "Too many requests; slow down."),
            Self::Aggregation => (StatusCode::INTERNAL_SERVER_ERROR, "AGGREGATION_ERROR", "Something went wrong."),
        };
        let reply = ErrorReply { http_status_code: status.as_u16(), message, flinks_code };
        (status, no_store(), Json(reply)).into_response()
    }
}
