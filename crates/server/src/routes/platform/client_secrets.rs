//! An app's client secrets, and its data key.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::ids::ClientSecretId;
use banklink_platform::{
    client_secrets::{ClientSecret, Confirmation, CreatedClientSecret, DataKey},
    items::Items,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    PageParameters, answer,
    caller::{Caller, OperatorCaller},
    cursor, limit, shapes,
};
use crate::{
    problem::ApiError,
    services::client_secrets,
    state::AppState,
    wire::{PathOf, Query, Wire},
};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct SecretInPath {
    #[param(value_type = String)]
    client_secret: ClientSecretId,
}

/// List client secrets
///
/// Revoked ones too, oldest first.
#[utoipa::path(get, path = "/platform/v1/app/client_secrets", tag = "The app", params(PageParameters),
    responses((status = OK, body = Items<ClientSecret>)))]
pub(super) async fn list_client_secrets(
    State(state): State<AppState>,
    Caller(app): Caller,
    query: Query,
) -> Result<Response, ApiError> {
    let (after, limit) = (cursor(&query)?, limit(&query)?);
    let page = client_secrets::of_app(&state, &app, after, limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<ClientSecret>::page(page.items.iter().map(shapes::client_secret), page.next)))
}

/// Create a client secret
///
/// An app has at most five that work.
#[utoipa::path(post, path = "/platform/v1/app/client_secrets", tag = "The app", security(("operator" = [])),
    responses((status = CREATED, body = CreatedClientSecret), (status = CONFLICT, description = "`CONFLICT`"),
        (status = NOT_FOUND, description = "`NOT_FOUND`")))]
pub(super) async fn create_client_secret(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
) -> Result<Response, ApiError> {
    let (record, secret) = client_secrets::add(&state, &app, &signed_in).await?;
    Ok(answer(StatusCode::CREATED, CreatedClientSecret { client_secret: shapes::client_secret(&record), secret }))
}

/// Revoke a client secret
///
/// For good. What it opened ends with it: tokens that nobody used yet, and people's sessions on their way.
#[utoipa::path(post, path = "/platform/v1/app/client_secrets/{client_secret}/revoke", tag = "The app",
    params(SecretInPath), request_body = Confirmation, security(("operator" = [])),
    responses((status = NO_CONTENT), (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`")))]
pub(super) async fn revoke_client_secret(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
    PathOf(path): PathOf<SecretInPath>,
    Wire(request): Wire<Confirmation>,
) -> Result<StatusCode, ApiError> {
    client_secrets::revoke(&state, &app, &signed_in, path.client_secret, &request.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replace the data key
///
/// The old one works no more.
#[utoipa::path(post, path = "/platform/v1/app/data_key", tag = "The app", request_body = Confirmation,
    security(("operator" = [])),
    responses((status = CREATED, body = DataKey), (status = NOT_FOUND, description = "`NOT_FOUND`"),
        (status = TOO_MANY_REQUESTS, description = "`TOO_MANY_REQUESTS`")))]
pub(super) async fn replace_data_key(
    State(state): State<AppState>,
    OperatorCaller(signed_in): OperatorCaller,
    Caller(app): Caller,
    Wire(request): Wire<Confirmation>,
) -> Result<Response, ApiError> {
    let data_key = client_secrets::replace_data_key(&state, &app, &signed_in, &request.password).await?;
    Ok(answer(StatusCode::CREATED, DataKey { data_key }))
}
