//! An app's client secrets, and its data key.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    client_secret::{ClientSecret, ClientSecretState},
    ids::ClientSecretId,
};
use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Items, answer,
    caller::{Caller, OperatorCaller},
};
use crate::{
    problem::ApiError,
    services::client_secrets,
    state::AppState,
    wire::{PathOf, Wire},
};

#[derive(Serialize, ToSchema)]
#[schema(as = ClientSecret)]
struct ClientSecretReply {
    /// Names it, to revoke it.
    #[schema(value_type = String)]
    id: ClientSecretId,
    /// The first 8 digits of the secret's SHA-256, by which it is told from others.
    fingerprint: String,
    created_at: Timestamp,
    /// Since when it works no more; none while it works.
    revoked_at: Option<Timestamp>,
}

impl From<ClientSecret> for ClientSecretReply {
    fn from(secret: ClientSecret) -> Self {
        let revoked_at = match secret.state {
            ClientSecretState::Live => None,
            ClientSecretState::Revoked { at } => Some(at),
        };
        let fingerprint = hex::encode(&secret.hash.as_bytes()[..4]);
        Self { id: secret.id, fingerprint, created_at: secret.created_at, revoked_at }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedClientSecret)]
struct CreatedReply {
    client_secret: ClientSecretReply,
    /// The secret itself. Shown here only.
    #[schema(value_type = String)]
    secret: Secret,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = Confirmation)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmationRequest {
    /// The operator's own.
    #[schema(value_type = String)]
    password: Secret,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DataKey)]
struct DataKeyReply {
    /// For the Flinks data endpoints (`x-api-key`). Shown here only.
    #[schema(value_type = String)]
    data_key: Secret,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SecretInPath {
    #[param(value_type = String)]
    client_secret: ClientSecretId,
}

/// List client secrets
///
/// Revoked ones too.
#[utoipa::path(get, path = "/platform/v1/app/client_secrets", tag = "The app",
    responses((status = OK, body = Items<ClientSecretReply>)))]
pub(super) async fn list_client_secrets(
    State(state): State<AppState>,
    Caller(app): Caller,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, Items::<ClientSecretReply>::all(client_secrets::of_app(&state, &app).await?)))
}

/// Create a client secret
///
/// An app has at most five that work.
#[utoipa::path(post, path = "/platform/v1/app/client_secrets", tag = "The app", security(("operator" = [])),
    responses((status = CREATED, body = CreatedReply), (status = CONFLICT, description = "`CONFLICT`"),
        (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn create_client_secret(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
) -> Result<Response, ApiError> {
    let (record, secret) = client_secrets::add(&state, &app, &signed_in).await?;
    Ok(answer(StatusCode::CREATED, CreatedReply { client_secret: record.into(), secret }))
}

/// Revoke a client secret
///
/// For good. What it opened ends with it: tokens that nobody used yet, and people's sessions on their way.
#[utoipa::path(post, path = "/platform/v1/app/client_secrets/{client_secret}/revoke", tag = "The app",
    params(SecretInPath), request_body = ConfirmationRequest, security(("operator" = [])),
    responses((status = NO_CONTENT), (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`")))]
pub(super) async fn revoke_client_secret(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
    PathOf(path): PathOf<SecretInPath>,
    Wire(request): Wire<ConfirmationRequest>,
) -> Result<StatusCode, ApiError> {
    client_secrets::revoke(&state, &app, &signed_in, path.client_secret, &request.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the data key
///
/// The old one works no more.
#[utoipa::path(post, path = "/platform/v1/app/data_key", tag = "The app", request_body = ConfirmationRequest,
    security(("operator" = [])),
    responses((status = CREATED, body = DataKeyReply), (status = NOT_FOUND, description = "`NOT_FOUND`"),
        (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`")))]
pub(super) async fn replace_data_key(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
    Wire(request): Wire<ConfirmationRequest>,
) -> Result<Response, ApiError> {
    let data_key = client_secrets::replace_data_key(&state, &app, &signed_in, &request.password).await?;
    Ok(answer(StatusCode::CREATED, DataKeyReply { data_key }))
}
