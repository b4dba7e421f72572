//! `/v3/oauth/authorize` (seed 001; `vendor-apis.md`, 1.8).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{error::FlinksError, no_store};
use crate::{
    services::bank_redirect::{self, Asked},
    state::AppState,
    wire::Query,
};

/// Longest `state`, in bytes: it is kept with the session and stands in an address.
const MAX_STATE: usize = 1024;

/// To the bank's own page, with the names that Flinks' documents have for the same things.
pub(super) async fn authorize(state: &AppState, query: &Query) -> Result<Response, FlinksError> {
    let any = |names: &[&str]| {
        let found = names.iter().find_map(|name| query.text(name));
        found.filter(|text| !text.is_empty())
    };
    let required = |names: &[&str]| any(names).ok_or_else(|| FlinksError::field(names[0], "it: it is missing"));
    let client = any(&["customerId", "client_id"]).map(str::parse).transpose();
    let asked = Asked {
        redirect_uri: required(&["redirect_uri", "redirect_url"])?,
        client: client.map_err(|_| FlinksError::field("customerId", "a UUID"))?,
        institution: required(&["institution", "institution_id"])?,
        state: any(&["state"]),
        token: any(&["authorizeToken", "authToken"]),
    };
    if asked.state.is_some_and(|state| state.len() > MAX_STATE) {
        return Err(FlinksError::field("state", &format!("at most {MAX_STATE} bytes")));
    }
    let location = bank_redirect::begin(state, &asked).await?;
    Ok((StatusCode::FOUND, no_store(), [(header::LOCATION, location)]).into_response())
}
