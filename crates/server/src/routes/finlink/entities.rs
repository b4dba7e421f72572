//! The institutions of an app, which Finlink calls entities (seed 003, *List of banks*).

use axum::{extract::State, response::Response};
use serde::Serialize;

use super::Caller;
use crate::{problem::ApiError, routes::logos::logo_url, services::institutions, state::AppState, wire::private_json};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entity {
    id: String,
    name: String,
    country: String,
    logo_url: Option<String>,
}

/// All of them: there are no pages.
pub(super) async fn list(State(state): State<AppState>, Caller { app, .. }: Caller) -> Result<Response, ApiError> {
    let entities = institutions::all(&state, &app).await?.into_iter().map(|institution| Entity {
        logo_url: institution.logo.map(|name| logo_url(&state.public_url, &name)),
        id: institution.id.to_string(),
        name: institution.name,
        country: institution.country,
    });
    Ok(private_json(entities.collect::<Vec<_>>()))
}
