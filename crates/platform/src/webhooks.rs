//! Webhooks: addresses of an app's own server that are told what happens.

use banklink_protocol::secret::Secret;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::WebhookId;

/// Most webhooks of an app.
pub const MOST: usize = 5;

/// Of what somebody can ask to be told, in the order in which it happens.
pub const EVENTS: [&str; 10] = [
    "session.linked",
    "session.exited",
    "session.failed",
    "session.expired",
    "connection.created",
    "connection.updated",
    "connection.data_ready",
    "connection.needs_reauthorisation",
    "connection.failed",
    "connection.deleted",
];

/// How what is sent is signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignatureStyle {
    /// As `standardwebhooks.com` says.
    #[default]
    Standard,
    /// As Flinks does.
    FlinksHmac,
    /// As Finlink does.
    FinlinkJwt,
}

/// An address that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// Names it to the API.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub id: WebhookId,
    /// Where.
    pub url: String,
    /// What it is told of; empty: whatever happens.
    pub events: Vec<String>,
    /// How what is sent is signed.
    pub style: SignatureStyle,
    /// Names the key that signs: for `finlink_jwt` its public half is at `/api/v1/webhook_verification/{key_id}`.
    pub key_id: String,
    /// Until when the key before signs too, if it does.
    pub previous_key_until: Option<Timestamp>,
    /// Since when there is one.
    pub created_at: Timestamp,
}

/// What a new webhook takes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// `https` and public; in sandbox apps this very machine too, by `http` if you like.
    pub url: String,
    /// What to be told of; empty or missing: whatever happens.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(schema_with = schema::events))]
    pub events: Vec<String>,
    /// How what is sent is signed: `standard` (standardwebhooks.com) unless you say otherwise.
    #[serde(default)]
    pub style: SignatureStyle,
}

/// What changes of a webhook. What is missing stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Where.
    pub url: Option<String>,
    /// Empty: whatever happens.
    #[cfg_attr(feature = "schema", schema(schema_with = schema::events))]
    pub events: Option<Vec<String>>,
}

/// A webhook with what is shown this once.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WebhookWithSecret {
    /// What will be listed.
    pub webhook: Webhook,
    /// What signatures are checked with. Shown here only; none where public keys are looked up.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub secret: Option<Secret>,
}

/// What became of something that a webhook is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// It is tried, and tried again.
    Pending,
    /// It arrived.
    Delivered,
    /// Nobody took it for a day.
    Parked,
}

/// Something that a webhook is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// Names it to the API.
    pub number: i64,
    /// The header `webhook-id`, the same however often it is sent.
    pub id: String,
    /// The event, as `connection.created`.
    pub event: String,
    /// When it happened.
    pub at: Timestamp,
    /// `pending`, `delivered`, or `parked` where nobody took it for a day.
    pub state: DeliveryState,
    /// When it is tried next, or since when it is what it is.
    pub state_at: Timestamp,
    /// How often it was tried, since it was asked for last.
    pub attempts: u32,
}

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeliveryAttempt {
    /// When.
    pub at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// What the receiver answered, if it did.
    pub status: Option<u16>,
    /// The first 2048 bytes of the answer's body.
    pub body: Option<String>,
    /// Why nobody answered: `not_public`, `unreachable`, `too_slow`, or `unsent` where it is our own fault.
    pub silence: Option<String>,
}

/// Something that a webhook is told, and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeliveryWithAttempts {
    /// What is listed.
    pub delivery: Delivery,
    /// What is sent, but for tokens in it.
    #[cfg_attr(feature = "schema", schema(value_type = Object))]
    pub body: Value,
    /// The first first.
    pub attempts: Vec<DeliveryAttempt>,
}

/// Which delivery it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DeliveryNumber {
    /// Of the delivery.
    pub number: i64,
}

#[cfg(feature = "schema")]
mod schema {
    use utoipa::openapi::{ArrayBuilder, ObjectBuilder, schema::Type};

    use super::EVENTS;

    pub(super) fn events() -> ArrayBuilder {
        ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(EVENTS)))
    }
}
