//! Consents: what people agreed to, and taking it back.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::ids::ConsentId;
use banklink_platform::consents::Consent;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Caller, Editor, answer, connections::ConnectionInPath, shapes};
use crate::{problem::ApiError, services::consent, state::AppState, wire::PathOf};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct ConsentInPath {
    /// The consent's id.
    #[param(value_type = String)]
    consent: ConsentId,
}

/// Read a connection's consent
///
/// A deleted connection's is still there to be shown.
#[utoipa::path(get, path = "/platform/v1/connections/{connection}/consent", tag = "Consents",
    params(ConnectionInPath), responses((status = OK, body = Consent)))]
pub(super) async fn consent_of_connection(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConnectionInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_connection(&state, &app, &path.connection).await?;
    Ok(answer(StatusCode::OK, shapes::consent(consent, state.clock.now())))
}

/// Read a consent
#[utoipa::path(get, path = "/platform/v1/consents/{consent}", tag = "Consents", params(ConsentInPath),
    responses((status = OK, body = Consent)))]
pub(super) async fn read_consent(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::of_app(&state, &app, path.consent).await?;
    Ok(answer(StatusCode::OK, shapes::consent(consent, state.clock.now())))
}

/// Revoke a consent
///
/// What it covered is erased, as by deleting the connection.
#[utoipa::path(post, path = "/platform/v1/consents/{consent}/revoke", tag = "Consents", params(ConsentInPath),
    responses((status = OK, body = Consent)))]
pub(super) async fn revoke_consent(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<ConsentInPath>,
) -> Result<Response, ApiError> {
    let consent = consent::revoke(&state, &app, &change, path.consent).await?;
    Ok(answer(StatusCode::OK, shapes::consent(consent, state.clock.now())))
}
