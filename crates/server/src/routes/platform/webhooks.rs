//! Webhooks: addresses of the app's own server that are told what happens.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_domain::{
    ids::WebhookId,
    webhook::{DeliveryState, EventKind, Reply, SignatureStyle, Subscription, Webhook},
};
use banklink_protocol::secret::Secret;
use banklink_store::{Attempt, Delivery};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, schema::Type},
};

use super::{
    Items, PageParameters, answer,
    caller::{Caller, Editor},
    cursor, limit,
};
use crate::{
    problem::ApiError,
    services::webhooks::{self, Wish},
    state::AppState,
    wire::{PathOf, Query, Wire},
};

fn styles() -> ObjectBuilder {
    let names = SignatureStyle::ALL.map(SignatureStyle::as_str);
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names))
}

/// Of what somebody can ask to be told.
fn events() -> ArrayBuilder {
    let kinds = EventKind::ALL.into_iter().filter(|kind| *kind != EventKind::Test).map(EventKind::as_str);
    ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(kinds)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewWebhook)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhookRequest {
    /// `https` and public; in sandbox apps this very machine too, by `http` if you like.
    url: String,
    /// What to be told of; empty or missing: whatever happens.
    #[serde(default)]
    #[schema(schema_with = events)]
    events: Vec<String>,
    /// How what is sent is signed: `standard` (standardwebhooks.com) unless you say otherwise.
    #[serde(default)]
    #[schema(schema_with = styles)]
    style: SignatureStyle,
}

/// What is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[schema(as = WebhookChange)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookRequest {
    url: Option<String>,
    /// Empty: whatever happens.
    #[schema(schema_with = events)]
    events: Option<Vec<String>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
struct WebhookReply {
    #[schema(value_type = String)]
    id: WebhookId,
    url: String,
    /// What it is told of; empty: whatever happens.
    events: Vec<&'static str>,
    #[schema(schema_with = styles)]
    style: SignatureStyle,
    /// Names the key that signs: for `finlink_jwt` its public half is at `/api/v1/webhook_verification/{key_id}`.
    key_id: String,
    /// Until when the key before signs too, if it does.
    previous_key_until: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<Webhook> for WebhookReply {
    fn from(webhook: Webhook) -> Self {
        let events = match &webhook.events {
            Subscription::All => Vec::new(),
            Subscription::Only(kinds) => kinds.iter().map(|kind| kind.as_str()).collect(),
        };
        Self {
            id: webhook.id,
            url: webhook.url.as_str().to_owned(),
            events,
            style: webhook.style,
            key_id: webhook.keys.current.id.to_string(),
            previous_key_until: webhook.keys.previous.map(|(_, until)| until),
            created_at: webhook.created_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = WebhookWithSecret)]
struct WithSecretReply {
    webhook: WebhookReply,
    /// What signatures are checked with. Shown here only; none where public keys are looked up.
    #[schema(value_type = Option<String>)]
    secret: Option<Secret>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
struct DeliveryReply {
    number: i64,
    /// The header `webhook-id`, the same however often it is sent.
    id: String,
    /// The event, as `connection.created`.
    event: &'static str,
    /// When it happened.
    at: Timestamp,
    /// `pending`, `delivered`, or `parked` where nobody took it for a day.
    state: &'static str,
    /// When it is tried next, or since when it is what it is.
    state_at: Timestamp,
    /// How often it was tried, since it was asked for last.
    attempts: u32,
}

impl From<Delivery> for DeliveryReply {
    fn from(delivery: Delivery) -> Self {
        let Delivery { message, state, attempts } = delivery;
        let state_at = match state {
            DeliveryState::Pending { next } => next,
            DeliveryState::Delivered { at } | DeliveryState::Parked { at } => at,
        };
        Self {
            number: message.number,
            id: message.id(),
            event: message.kind.as_str(),
            at: message.at,
            state: state.as_str(),
            state_at,
            attempts,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryAttempt)]
struct AttemptReply {
    at: Timestamp,
    /// How long it took, in milliseconds.
    millis: u64,
    /// What the receiver answered, if it did.
    status: Option<u16>,
    /// The first 2048 bytes of the answer's body.
    body: Option<String>,
    /// Why nobody answered: `not_public`, `unreachable`, `too_slow`, or `unsent` where it is our own fault.
    silence: Option<&'static str>,
}

impl From<Attempt> for AttemptReply {
    fn from(attempt: Attempt) -> Self {
        let (status, body, silence) = match attempt.reply {
            Reply::Answered { status, body } => (Some(status), Some(body), None),
            Reply::Silent(silence) => (None, None, Some(silence.as_str())),
        };
        Self { at: attempt.at, millis: u64::try_from(attempt.took.as_millis()).unwrap_or(0), status, body, silence }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryWithAttempts)]
struct DeliveryWithAttemptsReply {
    delivery: DeliveryReply,
    /// What is sent, but for tokens in it.
    #[schema(value_type = Object)]
    body: Value,
    /// The first first.
    attempts: Vec<AttemptReply>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryNumber)]
struct NumberReply {
    /// Of the delivery.
    number: i64,
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
    responses((status = OK, body = Items<WebhookReply>)))]
pub(super) async fn list_webhooks(State(state): State<AppState>, Caller(app): Caller) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, Items::<WebhookReply>::all(webhooks::of_app(&state, &app).await?)))
}

/// Add a webhook
///
/// An app has at most five.
#[utoipa::path(post, path = "/platform/v1/app/webhooks", tag = "Webhooks", request_body = NewWebhookRequest,
    responses((status = CREATED, body = WithSecretReply), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn add_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    Wire(request): Wire<NewWebhookRequest>,
) -> Result<Response, ApiError> {
    let NewWebhookRequest { url, events, style } = request;
    let wish = Wish { url: Some(url), events: Some(events) };
    let (webhook, secret) = webhooks::add(&state, &app, &change, &wish, style).await?;
    Ok(answer(StatusCode::CREATED, WithSecretReply { webhook: webhook.into(), secret }))
}

/// Read a webhook
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}", tag = "Webhooks", params(WebhookInPath),
    responses((status = OK, body = WebhookReply)))]
pub(super) async fn read_webhook(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    Ok(answer(StatusCode::OK, WebhookReply::from(webhooks::one(&state, &app, path.webhook).await?)))
}

/// Change a webhook
///
/// What it was to be told already goes to the new address.
#[utoipa::path(patch, path = "/platform/v1/app/webhooks/{webhook}", tag = "Webhooks", params(WebhookInPath),
    request_body = WebhookRequest, responses((status = OK, body = WebhookReply)))]
pub(super) async fn change_webhook(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
    Wire(request): Wire<WebhookRequest>,
) -> Result<Response, ApiError> {
    let wish = Wish { url: request.url, events: request.events };
    let webhook = webhooks::change(&state, &app, &change, path.webhook, &wish).await?;
    Ok(answer(StatusCode::OK, WebhookReply::from(webhook)))
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
    responses((status = CREATED, body = WithSecretReply)))]
pub(super) async fn rotate_key(
    State(state): State<AppState>,
    Editor { app, change }: Editor,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    let (webhook, secret) = webhooks::rotate_key(&state, &app, &change, path.webhook).await?;
    Ok(answer(StatusCode::CREATED, WithSecretReply { webhook: webhook.into(), secret }))
}

/// Try a webhook
///
/// It is sent `webhook.test`.
#[utoipa::path(post, path = "/platform/v1/app/webhooks/{webhook}/test", tag = "Webhooks", params(WebhookInPath),
    responses((status = CREATED, body = NumberReply), (status = CONFLICT, description = "`CONFLICT`")))]
pub(super) async fn test_webhook(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<WebhookInPath>,
) -> Result<Response, ApiError> {
    let number = webhooks::test(&state, &app, path.webhook).await?;
    Ok(answer(StatusCode::CREATED, NumberReply { number }))
}

/// List deliveries
///
/// What the webhook was told in the last 30 days, or is to be; newest first.
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}/deliveries", tag = "Webhooks",
    params(WebhookInPath, PageParameters), responses((status = OK, body = Items<DeliveryReply>)))]
pub(super) async fn list_deliveries(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<WebhookInPath>,
    query: Query,
) -> Result<Response, ApiError> {
    let (before, limit) = (cursor::<i64>(&query)?, limit(&query)?);
    let page = webhooks::deliveries(&state, &app, path.webhook, before, limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<DeliveryReply>::page(page.items, page.next)))
}

/// Read a delivery
///
/// With what was sent, and what was answered each time.
#[utoipa::path(get, path = "/platform/v1/app/webhooks/{webhook}/deliveries/{delivery}", tag = "Webhooks",
    params(DeliveryInPath), responses((status = OK, body = DeliveryWithAttemptsReply)))]
pub(super) async fn read_delivery(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<DeliveryInPath>,
) -> Result<Response, ApiError> {
    let (delivery, attempts) = webhooks::delivery(&state, &app, path.webhook, path.delivery).await?;
    let body = webhooks::body(&state.sealer, &delivery.message, false).map_err(ApiError::internal)?;
    let attempts = attempts.into_iter().map(AttemptReply::from).collect();
    Ok(answer(StatusCode::OK, DeliveryWithAttemptsReply { delivery: delivery.into(), body, attempts }))
}

/// Send a delivery again
///
/// Whether it arrived or not.
#[utoipa::path(post, path = "/platform/v1/app/webhooks/{webhook}/deliveries/{delivery}/redeliver", tag = "Webhooks",
    params(DeliveryInPath), responses((status = NO_CONTENT)))]
pub(super) async fn redeliver(
    State(state): State<AppState>,
    Caller(app): Caller,
    PathOf(path): PathOf<DeliveryInPath>,
) -> Result<StatusCode, ApiError> {
    webhooks::redeliver(&state, &app, path.webhook, path.delivery).await?;
    Ok(StatusCode::NO_CONTENT)
}
