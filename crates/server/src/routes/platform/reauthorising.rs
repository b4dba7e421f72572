//! Re-authorisation tokens.

use std::collections::BTreeMap;

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::reauthorisation::ReauthorisationPurpose;
use banklink_protocol::{parameters::ParameterName, secret::Secret};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Named, answer};
use crate::{problem::ApiError, services::reauthorisation, state::AppState, wire::Wire};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    purpose: ReauthorisationPurpose,
}

#[derive(Serialize)]
struct TokenReply {
    token: Secret,
    purpose: ReauthorisationPurpose,
    /// What a page's address takes to use it, beside what opens the page; or an authorize token, bound.
    parameters: BTreeMap<&'static str, Secret>,
    expires_at: Timestamp,
}

pub(super) async fn create_token(
    State(state): State<AppState>,
    Named(connection): Named,
    Wire(TokenRequest { purpose }): Wire<TokenRequest>,
) -> Result<Response, ApiError> {
    let issued = reauthorisation::issue(&state, &connection, purpose).await?;
    let spelling = |name: ParameterName| name.parameter().spellings[0];
    let institution = Secret::new(connection.institution_id.as_str());
    let parameters = BTreeMap::from([
        (spelling(reauthorisation::carrier(purpose)), issued.token.clone()),
        (spelling(ParameterName::Institution), institution),
    ]);
    let reply = TokenReply { token: issued.token, purpose, parameters, expires_at: issued.expires_at };
    Ok(answer(StatusCode::CREATED, reply))
}
