//! Consents: what people agreed to, and taking it back.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    consent::{Consent, ConsentState, Scope},
    ids::ConsentId,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Caller, ConnectionInPath, answer};
use crate::{problem::ApiError, services::consent, state::AppState, wire::PathOf};

#[derive(Deserialize)]
pub(super) struct ConsentInPath {
    consent: ConsentId,
}

#[derive(Serialize)]
struct ConsentReply {
    id: ConsentId,
    connection_id: Option<ConnectionId>,
    link_session_id: SessionId,
    /// `given`, `expired` or `revoked`.
    state: &'static str,
    text_hash: String,
    language: String,
    scopes: Vec<Scope>,
    given_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
}

impl ConsentReply {
    fn new(consent: Consent, now: Timestamp) -> Self {
        Self {
            id: consent.id,
            state: consent.status(now),
            connection_id: consent.connection,
            link_session_id: consent.session,
            text_hash: consent.text_hash.to_string(),
            language: consent.language,
            scopes: consent.scopes,
            given_at: consent.given_at,
            expires_at: consent.expires_at,
            revoked_at: match consent.state {
                ConsentState::Given => None,
                ConsentState::Revoked { at } => Some(at),
            },
        }
    }
}

/// A deleted connection's consent is still there to be shown.
pub(super) async fn of_connection(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConnectionInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_connection(&state, &app, &path.connection).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}

pub(super) async fn read(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_app(&state, &app, path.consent).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}

pub(super) async fn revoke(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::revoke(&state, &app, path.consent).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}
