//! `/health/live` and `/health/ready`, for whatever keeps the server running.

use axum::{Router, extract::State, http::StatusCode, routing::get};

use crate::state::AppState;

/// The routes.
pub fn router() -> Router<AppState> {
    Router::new().route("/health/live", get(async || "live")).route("/health/ready", get(ready))
}

/// Ready when the database answers.
async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    match state.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
