//! `GET /v0/bank/available`.

use axum::{extract::State, response::Response};
use banklink_protocol::institutions::InstitutionSummary;
use serde::Serialize;

use super::{Caller, answer};
use crate::{
    problem::ApiError,
    routes::logos::logo_url,
    services::institutions::{self, Which},
    state::AppState,
};

#[derive(Serialize)]
struct Bank {
    id: String,
    name: String,
    country: String,
    logo_url: Option<String>,
}

/// As many as are read at once.
const PAGE: u64 = 1_000;

/// The institutions of the app, all of them: there are no pages.
pub(super) async fn available(State(state): State<AppState>, Caller { app, .. }: Caller) -> Result<Response, ApiError> {
    let bank = |institution: InstitutionSummary| Bank {
        logo_url: institution.logo.map(|name| logo_url(&state.public_url, &name)),
        id: institution.id.to_string(),
        name: institution.name,
        country: institution.country,
    };
    let (mut banks, mut after) = (Vec::new(), None);
    loop {
        let page = institutions::list(&state, &app, Which::Shown, None, after.as_ref(), PAGE).await?;
        banks.extend(page.items.into_iter().map(bank));
        after = page.next;
        if after.is_none() {
            return Ok(answer(banks));
        }
    }
}
