//! `GET /v0/bank/available`.

use axum::{extract::State, response::Response};
use serde::Serialize;

use super::Caller;
use crate::{problem::ApiError, routes::logos::logo_url, services::institutions, state::AppState, wire::private_json};

#[derive(Serialize)]
struct Bank {
    id: String,
    name: String,
    country: String,
    logo_url: Option<String>,
}

/// The institutions of the app, all of them: there are no pages.
pub(super) async fn available(State(state): State<AppState>, Caller { app, .. }: Caller) -> Result<Response, ApiError> {
    let banks = institutions::all(&state, &app).await?.into_iter().map(|institution| Bank {
        logo_url: institution.logo.map(|name| logo_url(&state.public_url, &name)),
        id: institution.id.to_string(),
        name: institution.name,
        country: institution.country,
    });
    Ok(private_json(banks.collect::<Vec<_>>()))
}
