//! Every address of the server, and what holds for all of them.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};
use tracing::error;

use crate::{limits, metrics, problem, routes, state::AppState};

/// Largest body of any request, in bytes.
pub const MAX_BODY: usize = 64 * 1024;

/// Longest time for any request.
pub const MAX_TIME: Duration = Duration::from_secs(100);

/// The server's routes.
pub fn router(state: AppState) -> Router {
    Router::new()
        .merge(routes::pages::router(&state))
        .merge(routes::dashboard::router())
        .merge(routes::preview::router())
        .merge(routes::bank_page::router())
        .merge(routes::sandbox_bank::router())
        .merge(routes::link_api::router())
        .merge(routes::logos::router())
        .merge(routes::platform::router(&state))
        .merge(routes::flinks::router())
        .merge(routes::finlink::router())
        .merge(routes::open_banking::router(&state))
        .merge(routes::flanks::router())
        .merge(routes::health::router())
        .merge(routes::docs::router())
        .with_state(state.clone())
        .layer(middleware::from_fn_with_state(state.clone(), limits::per_client))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, MAX_TIME))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(state, metrics::measure))
        .layer(safe_header(header::REFERRER_POLICY, "no-referrer"))
        .layer(safe_header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(middleware::from_fn(problem::render))
}

/// The panic itself is told on standard error; here it gets the request's id.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    error!("a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

fn safe_header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
