//! Webhooks: addresses of the app's own server that are told what happens.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::WebhookId,
    webhook::{self, DeliveryStage, SignatureStyle},
};
use banklink_platform::webhooks::{
    self as shape, Delivery, DeliveryNumber, DeliveryWithAttempts, NewWebhook, Webhook, WebhookChange,
    WebhookWithSecret,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{
    Items, PageParameters, answer,
    caller::{Caller, Editor},
    cursor, limit,
    precondition::{IfMatch, Precondition, tagged},
    shapes,
};
use crate::{
    problem::ApiError,
    services::webhooks::{self, Wish},
    state::AppState,
    wire::{PathOf, Query, Wire},
};

const fn style(style: shape::SignatureStyle) -> SignatureStyle {
    match style {
        shape::SignatureStyle::Standard => SignatureStyle::Standard,
        shape::SignatureStyle::FlinksHmac => SignatureStyle::FlinksHmac,
        shape::SignatureStyle::FinlinkJwt => SignatureStyle::FinlinkJwt,
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct WebhookInPath {
    #[param(value_type = String)]
    webhook: WebhookId,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct DeliveryInPath {
    #[param(value_type = String)]
    webhook: WebhookId,
    /// Its `number`.
    delivery: i64,
}

/// List webhooks
#[utoipa::path(get, path = "/platform/v1/app/webhooks", tag = "Webhooks",
    responses((status = OK, body = Items<Webhook>)))]
pub(super) async fn list_webhooks(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    Ok(answer(
        StatusCode::OK,
        Items::<Webhook>::all(webhooks::of_app(&state, &app).await?.into_iter().map(shapes::webhook)),
    ))
}

/// Add a webhook
///
/// An app has at most five.
#[utoipa::path(post, path = "/platform/v1/app/webhooks", tag = "Webhooks", request_body = NewWebhook,
    responses((status = CREATED, body = WebhookWithSecret), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn add_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewWebhook>,
) -> Result<Response, ApiError> {
    let wish = Wish { url: Some(request.url), events: Some(request.events) };
    let (webhook, secret) = webhooks::add(&state, &app, &change, &wish, style(request.style)).await?;
    Ok(answer(StatusCode::CREATED, WebhookWithSecret { webhook: shapes::webhook(webhook), secret }))
}

/// Read a webhook
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}", tag = "Webhooks", params(WebhookInPath),
    responses((status = OK, body = Webhook)))]
pub(super) async fn read_webhook(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    tagged(shapes::webhook(webhooks::one(&state, &app, path.webhook).await?))
}

/// Change a webhook
///
/// What it was to be told already goes to the new address.
#[utoipa::path(patch, path = "/platform/v1/app/webhooks/{webhook}", tag = "Webhooks", params(WebhookInPath, IfMatch),
    request_body = WebhookChange, responses((status = OK, body = Webhook)))]
pub(super) async fn change_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
    precondition: Precondition,
    Wire(request): Wire<WebhookChange>,
) -> Result<Response, ApiError> {
    let wish = Wish { url: request.url, events: request.events };
    let allows = |there: &webhook::Webhook| precondition.allows(Some(&shapes::webhook(there.clone())));
    tagged(shapes::webhook(webhooks::change(&state, &app, &change, path.webhook, &wish, allows).await?))
}

/// Remove a webhook
///
/// What it was to be told is told to nobody.
#[utoipa::path(delete, path = "/platform/v1/app/webhooks/{webhook}", tag = "Webhooks", params(WebhookInPath),
    responses((status = NO_CONTENT)))]
pub(super) async fn remove_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<StatusCode, ApiError> {
    webhooks::remove(&state, &app, &change, path.webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rotate a webhook's key
///
/// For a day the one before signs too, in the style `standard`; in `finlink_jwt` its public half can still be read.
#[utoipa::path(post, path = "/platform/v1/app/webhooks/{webhook}/rotate_key", tag = "Webhooks", params(WebhookInPath),
    responses((status = CREATED, body = WebhookWithSecret)))]
pub(super) async fn rotate_key(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    let (webhook, secret) = webhooks::rotate_key(&state, &app, &change, path.webhook).await?;
    Ok(answer(StatusCode::CREATED, WebhookWithSecret { webhook: shapes::webhook(webhook), secret }))
}

/// Try a webhook
///
/// It is sent `webhook.test`.
#[utoipa::path(post, path = "/platform/v1/app/webhooks/{webhook}/test", tag = "Webhooks", params(WebhookInPath),
    responses((status = CREATED, body = DeliveryNumber), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn test_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    let number = webhooks::test(&state, &app, &change, path.webhook).await?;
    Ok(answer(StatusCode::CREATED, DeliveryNumber { number }))
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct StateParameter {
    /// Only those in this state.
    #[param(inline)]
    state: Option<shape::DeliveryState>,
}

/// List deliveries
///
/// What the webhook was told in the last 30 days, or is to be; newest first.
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}/deliveries", tag = "Webhooks",
    params(WebhookInPath, StateParameter, PageParameters), responses((status = OK, body = Items<Delivery>)))]
pub(super) async fn list_deliveries(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<WebhookInPath>,
    query: Query,
) -> Result<Response, ApiError> {
    let wrong = || Query::wrong("state", "`pending`, `delivered` or `parked`");
    let stage = query.text("state").map(|name| DeliveryStage::parse(name).ok_or_else(wrong)).transpose()?;
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let page = webhooks::deliveries(&state, &app, path.webhook, stage, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<Delivery>::page(page.items.into_iter().map(shapes::delivery), page.next)))
}

/// Read a delivery
///
/// With what was sent, and what was answered each time.
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}/deliveries/{delivery}", tag = "Webhooks",
    params(DeliveryInPath), responses((status = OK, body = DeliveryWithAttempts)))]
pub(super) async fn read_delivery(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<DeliveryInPath>,
) -> Result<Response, ApiError> {
    let (delivery, attempts) = webhooks::delivery(&state, &app, path.webhook, path.delivery).await?;
    let body = webhooks::body(&state.sealer, &delivery.message, false).map_err(ApiError::internal)?;
    let attempts = attempts.into_iter().map(shapes::attempt).collect();
    Ok(answer(StatusCode::OK, DeliveryWithAttempts { delivery: shapes::delivery(delivery), body, attempts }))
}

/// Send a delivery again
///
/// Whether it arrived or not.
#[utoipa::path(post, path = "/platform/v1/app/webhooks/{webhook}/deliveries/{delivery}/redeliver", tag = "Webhooks",
    params(DeliveryInPath), responses((status = NO_CONTENT)))]
pub(super) async fn redeliver(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<DeliveryInPath>,
) -> Result<StatusCode, ApiError> {
    webhooks::redeliver(&state, &app, &change, path.webhook, path.delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}
