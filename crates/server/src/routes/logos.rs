//! `/logos/{name}`: logos of institutions, under what their content names them.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use banklink_protocol::ids::LogoName;
use url::Url;

use crate::{assets::IMMUTABLE, problem::ApiError, state::AppState};

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/logos/{name}", get(logo))
}

/// Where the picture of this name is.
pub fn logo_url(public_url: &Url, name: &LogoName) -> String {
    let mut url = public_url.clone();
    url.set_path(&format!("/logos/{}", name.as_str()));
    url.into()
}

/// A picture, and nothing but that: whoever opens it by itself gets no page of ours.
async fn logo(State(state): State<AppState>, Path(name): Path<LogoName>) -> Result<Response, ApiError> {
    let Some(logo) = state.store.logos().get(&name).await? else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(logo.format().content_type())),
        (header::CACHE_CONTROL, IMMUTABLE),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, logo.bytes().to_owned()).into_response())
}
