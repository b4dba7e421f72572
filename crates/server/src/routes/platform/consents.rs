//! Consents: what people agreed to, and taking it back.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    consent::{Consent, ConsentState, Scope},
    ids::ConsentId,
};
use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Editor, answer, connections::ConnectionInPath};
use crate::{problem::ApiError, services::consent, state::AppState, wire::PathOf};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ConsentInPath {
    /// The consent's id.
    #[param(value_type = String)]
    consent: ConsentId,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Consent)]
struct ConsentReply {
    #[schema(value_type = String)]
    id: ConsentId,
    /// None where nothing was linked with it.
    #[schema(value_type = Option<String>)]
    connection_id: Option<ConnectionId>,
    #[schema(value_type = String)]
    link_session_id: SessionId,
    /// `given`, `expired` or `revoked`.
    state: &'static str,
    /// SHA-256 of the text on the person's screen.
    text_hash: String,
    /// BCP 47 tag of the text.
    language: String,
    /// `accounts`, `transactions`, `holder`.
    #[schema(value_type = Vec<String>)]
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

/// Read a connection's consent
///
/// A deleted connection's is still there to be shown.
#[utoipa::path(get, path = "/platform/v1/connections/{connection}/consent", tag = "Consents",
    params(ConnectionInPath), responses((status = OK, body = ConsentReply)))]
pub(super) async fn consent_of_connection(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConnectionInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_connection(&state, &app, &path.connection).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}

/// Read a consent
#[utoipa::path(get, path = "/platform/v1/consents/{consent}", tag = "Consents", params(ConsentInPath),
    responses((status = OK, body = ConsentReply)))]
pub(super) async fn read_consent(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_app(&state, &app, path.consent).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}

/// Revoke a consent
///
/// What it covered is erased, as by deleting the connection.
#[utoipa::path(post, path = "/platform/v1/consents/{consent}/revoke", tag = "Consents", params(ConsentInPath),
    responses((status = OK, body = ConsentReply)))]
pub(super) async fn revoke_consent(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::revoke(&state, &app, &change, path.consent).await?;
    Ok(answer(StatusCode::OK, ConsentReply::new(consent, state.clock.now())))
}
