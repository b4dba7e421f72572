//! `/link/api/1/…`: what the widget calls.

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use banklink_protocol::{
    institutions::MAX_RESULTS,
    problem::ProblemCode,
    secret::Secret,
    session::{OpenRequest, Submission},
};
use serde::Deserialize;

use crate::{
    problem::ApiError,
    services::{opening, sessions},
    state::AppState,
    wire::{Encoding, Wire},
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route("/link/api/1/open", post(open))
        .route("/link/api/1/session", get(read).post(submit))
        .route("/link/api/1/institutions", get(institutions))
}

async fn open(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    Wire(request): Wire<OpenRequest>,
) -> Result<Response, ApiError> {
    let languages = accepted_languages(&headers);
    let opened = opening::open(&state, &request, &languages).await?;
    Ok(encoding.reply(StatusCode::OK, &opened))
}

async fn read(State(state): State<AppState>, encoding: Encoding, headers: HeaderMap) -> Result<Response, ApiError> {
    let session = sessions::read(&state, &session_key(&headers)?).await?;
    Ok(encoding.reply(StatusCode::OK, &session))
}

async fn submit(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    Wire(submission): Wire<Submission>,
) -> Result<Response, ApiError> {
    let session = sessions::submit(&state, &session_key(&headers)?, submission).await?;
    Ok(encoding.reply(StatusCode::OK, &session))
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
    n: Option<usize>,
}

async fn institutions(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    Query(search): Query<Search>,
) -> Result<Response, ApiError> {
    let limit = search.n.unwrap_or(MAX_RESULTS).clamp(1, MAX_RESULTS);
    let found = sessions::search(&state, &session_key(&headers)?, &search.q, limit).await?;
    Ok(encoding.reply(StatusCode::OK, &found))
}

/// The bearer key of a session.
fn session_key(headers: &HeaderMap) -> Result<Secret, ApiError> {
    bearer(headers).ok_or_else(|| {
        ApiError::new(ProblemCode::Unauthorized, "Send the session key as `Authorization: Bearer <key>`.")
    })
}

/// The bearer credential of a request.
pub fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, credential) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::new(credential.trim()))
}

/// The languages that the browser asks for, most wanted first.
pub fn accepted_languages(headers: &HeaderMap) -> Vec<String> {
    let Some(value) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Vec::new();
    };
    let mut tags: Vec<(&str, f32)> = value
        .split(',')
        .take(20)
        .map(|part| {
            let (tag, weight) = part.split_once(";q=").unwrap_or((part, "1"));
            (tag.trim(), weight.trim().parse().unwrap_or(0.0))
        })
        .collect();
    tags.sort_by(|left, right| right.1.total_cmp(&left.1));
    tags.into_iter().map(|(tag, _)| tag.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn languages_come_most_wanted_first() {
        let value = HeaderValue::from_static("en;q=0.5, fr-CA, ca;q=0.8");
        let headers = HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]);
        assert_eq!(accepted_languages(&headers), ["fr-CA", "ca", "en"]);
    }
}
