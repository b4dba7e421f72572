//! `/link/api/1/…`: what the widget calls.
//!
//! The version is part of the address, so a widget of another version finds nothing where it looks. It hears so, and
//! reloads.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use banklink_protocol::{
    LINK_API,
    institutions::MAX_RESULTS,
    problem::ProblemCode,
    secret::Secret,
    session::{Leaving, OpenRequest, Submission},
};

use crate::{
    problem::ApiError,
    routes::headers::{accepted_languages, bearer},
    services::{opening, sessions},
    state::AppState,
    wire::{Encoding, Query, Wire},
};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new()
        .route(&format!("{LINK_API}/open"), post(open))
        .route(&format!("{LINK_API}/session"), get(read).post(submit))
        .route(&format!("{LINK_API}/leave"), post(leave))
        .route(&format!("{LINK_API}/institutions"), get(institutions))
        .route(&format!("{LINK_API}/texts/{{language}}"), get(texts))
        .route("/link/api", any(other_version))
        .route("/link/api/{*rest}", any(other_version))
}

async fn other_version() -> ApiError {
    ApiError::new(
        ProblemCode::VersionMismatch,
        format!("This server's link API is at {LINK_API}: load the page again."),
    )
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

/// Reads where the session stands; with `after`, once it is beyond that revision, or after a while.
async fn read(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, ApiError> {
    let key = session_key(&headers)?;
    let session = match query.get("after", "a number")? {
        Some(revision) => sessions::wait(&state, &key, revision).await?,
        None => sessions::read(&state, &key).await?,
    };
    Ok(encoding.reply(StatusCode::OK, &session))
}

async fn leave(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    Wire(leaving): Wire<Leaving>,
) -> Result<Response, ApiError> {
    let session = sessions::leave(&state, &session_key(&headers)?, &leaving).await?;
    Ok(encoding.reply(StatusCode::OK, &session))
}

/// The texts of the widget in a language, a line each; the nearest one that there is.
async fn texts(State(state): State<AppState>, Path(language): Path<String>) -> Response {
    let locale = state.locales.best([language.as_str()]);
    let language = HeaderValue::from_str(&locale.tag).unwrap_or(HeaderValue::from_static("en"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (header::CONTENT_LANGUAGE, language),
        (HeaderName::from_static("x-direction"), HeaderValue::from_static(locale.direction.as_str())),
    ];
    (headers, locale.widget_lines.clone()).into_response()
}

async fn submit(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    Wire(submission): Wire<Submission>,
) -> Result<Response, ApiError> {
    let accepted = accepted_languages(&headers);
    let language = accepted.first().map(|tag| state.locales.best([tag.as_str()]).tag.clone());
    let session = sessions::submit(&state, &session_key(&headers)?, submission, language).await?;
    Ok(encoding.reply(StatusCode::OK, &session))
}

/// Finds institutions: `q` is what was typed, `country` the only one that is wanted, `n` how many are wanted at most.
async fn institutions(
    State(state): State<AppState>,
    encoding: Encoding,
    headers: HeaderMap,
    query: Query,
) -> Result<Response, ApiError> {
    let key = session_key(&headers)?;
    let limit = query.get("n", "a number")?.unwrap_or(MAX_RESULTS).clamp(1, MAX_RESULTS);
    let country = query.text("country").filter(|country| !country.is_empty());
    let found = sessions::search(&state, &key, query.text("q").unwrap_or_default(), country, limit).await?;
    Ok(encoding.reply(StatusCode::OK, &found))
}

/// The bearer key of a session.
fn session_key(headers: &HeaderMap) -> Result<Secret, ApiError> {
    bearer(headers).ok_or_else(|| {
        ApiError::new(ProblemCode::Unauthorized, "Send the session key as `Authorization: Bearer <key>`.")
    })
}
