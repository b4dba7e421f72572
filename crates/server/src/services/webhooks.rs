//! Webhooks: adding, changing, trying, and what came of what they were told.

use std::net::IpAddr;

use banklink_domain::{
    activity::Change,
    app::{App, AppMode},
    ids::{SigningKeyId, WebhookId},
    sealed::Sealed,
    webhook::{
        DeliveryStage, EventKind, Message, SignatureStyle, SigningKey, SigningKeys, Subscription, Webhook, WebhookUrl,
        WebhookUrlError,
    },
};
use banklink_protocol::{problem::ProblemCode, secret::Secret};
use banklink_store::{AddWebhook, Attempt, ChangeWebhook, Delivery, Page, TestWebhook};
use serde_json::{Map, Value, json};
use url::Host;

use crate::{
    outgoing::Reach,
    problem::ApiError,
    random,
    seal::{Purpose, SealError, Sealer},
    signing::{Jwk, NewKey, OpenedKey},
    state::AppState,
};

/// What was sent to make or change a webhook.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Where.
    pub url: Option<String>,
    /// Of what; of all, if nothing is said.
    pub events: Option<Vec<String>>,
}

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such webhook of this app's.")
}

/// Whom an app of this mode may tell.
pub const fn reach(mode: AppMode) -> Reach {
    match mode {
        AppMode::Live => Reach::Public,
        AppMode::Sandbox => Reach::PublicAndThisMachine,
    }
}

/// The address that stands in a URL itself. Where a name leads is looked at when something is sent there.
fn address(url: &WebhookUrl) -> Option<IpAddr> {
    match url.url().host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    }
}

fn parse_url(app: &App, text: &str) -> Result<WebhookUrl, ApiError> {
    let parsed = WebhookUrl::parse(text, app.mode).and_then(|url| match address(&url) {
        Some(address) if !reach(app.mode).includes(address) => Err(WebhookUrlError::NotPublic),
        _ => Ok(url),
    });
    parsed.map_err(|error| {
        let detail = match error {
            WebhookUrlError::Malformed => "Send a well-formed URL of at most 2000 bytes.",
            WebhookUrlError::Insecure => "The address must begin with https.",
            WebhookUrlError::UserInfo => "The address must have no user name or password: messages are signed.",
            WebhookUrlError::Fragment => "The address must have no fragment: no `#`.",
            WebhookUrlError::NotPublic => "The address must be public: this machine is for sandbox apps only.",
        };
        ApiError::invalid("url", detail)
    })
}

/// Kinds by name; none of them is all of them.
fn parse_events(names: &[String]) -> Result<Subscription, ApiError> {
    if names.is_empty() {
        return Ok(Subscription::All);
    }
    let mut kinds = names
        .iter()
        .map(|name| EventKind::parse(name).filter(|kind| *kind != EventKind::Test))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| ApiError::invalid("events", "Send names of events, such as `connection.created`."))?;
    kinds.sort_unstable();
    kinds.dedup();
    Ok(Subscription::Only(kinds))
}

/// The app's webhooks, in the order in which they were added.
pub async fn of_app(state: &AppState, app: &App) -> Result<Vec<Webhook>, ApiError> {
    Ok(state.store.webhooks().list(app.id).await?)
}

/// One of the app's webhooks.
pub async fn one(state: &AppState, app: &App, id: WebhookId) -> Result<Webhook, ApiError> {
    state.store.webhooks().get(app.id, id).await?.ok_or_else(not_found)
}

fn new_key(state: &AppState, style: SignatureStyle) -> Result<(SigningKey, Option<Secret>), ApiError> {
    let NewKey { key, shown } = NewKey::generate(style).map_err(ApiError::internal)?;
    let sealed = Sealed::new(state.sealer.seal(Purpose::WebhookKey, &key).map_err(ApiError::internal)?);
    Ok((SigningKey { id: SigningKeyId::new(random::bytes()), sealed }, shown))
}

/// Adds a webhook, and gives the secret that what it is told is signed with, this once.
pub async fn add(
    state: &AppState,
    app: &App,
    change: &Change,
    wish: &Wish,
    style: SignatureStyle,
) -> Result<(Webhook, Option<Secret>), ApiError> {
    let (key, shown) = new_key(state, style)?;
    let webhook = Webhook {
        id: WebhookId::new(change.at, random::bytes()),
        app_id: app.id,
        url: parse_url(app, wish.url.as_deref().unwrap_or_default())?,
        events: parse_events(wish.events.as_deref().unwrap_or_default())?,
        style,
        keys: SigningKeys { current: key, previous: None },
        created_at: change.at,
    };
    match state.store.webhooks().add(&webhook, change).await? {
        AddWebhook::Added => Ok((webhook, shown)),
        AddWebhook::TooMany => {
            let detail = format!("The app has {} webhooks, the most it may have: remove one first.", Webhook::MAX);
            Err(ApiError::new(ProblemCode::Conflict, detail))
        }
        AddWebhook::UnknownApp => Err(ApiError::new(ProblemCode::NotFound, "The app is not there any more.")),
    }
}

/// Changes a webhook, if `allows` lets it as it is now.
pub async fn change(
    state: &AppState,
    app: &App,
    change: &Change,
    id: WebhookId,
    wish: &Wish,
    allows: impl FnOnce(&Webhook) -> Result<(), ApiError>,
) -> Result<Webhook, ApiError> {
    let url = wish.url.as_deref().map(|url| parse_url(app, url)).transpose()?;
    let events = wish.events.as_deref().map(parse_events).transpose()?;
    let edit = |webhook: Webhook| {
        allows(&webhook)?;
        Ok(Webhook { url: url.unwrap_or(webhook.url), events: events.unwrap_or(webhook.events), ..webhook })
    };
    match state.store.webhooks().change(app.id, id, change, edit).await? {
        ChangeWebhook::Changed(webhook) => Ok(webhook),
        ChangeWebhook::Refused(error) => Err(error),
        ChangeWebhook::Unknown => Err(not_found()),
    }
}

/// Gives a webhook another signing key, and the secret of it this once.
pub async fn rotate_key(
    state: &AppState,
    app: &App,
    change: &Change,
    id: WebhookId,
) -> Result<(Webhook, Option<Secret>), ApiError> {
    let style = one(state, app, id).await?.style;
    let (key, shown) = new_key(state, style)?;
    let rotated = state.store.webhooks().rotate_key(app.id, id, &key, change).await?;
    Ok((rotated.ok_or_else(not_found)?, shown))
}

/// Removes a webhook, with what it was to be told.
pub async fn remove(state: &AppState, app: &App, change: &Change, id: WebhookId) -> Result<(), ApiError> {
    if state.store.webhooks().remove(app.id, id, change).await? { Ok(()) } else { Err(not_found()) }
}

/// Sends a webhook something that says nothing; the message's number.
pub async fn test(state: &AppState, app: &App, change: &Change, id: WebhookId) -> Result<i64, ApiError> {
    match state.store.webhooks().test(app.id, id, change).await? {
        TestWebhook::Sent(number) => Ok(number),
        TestWebhook::TooMany => {
            let detail = "It was tried often, and took nothing yet: look at its deliveries, or wait.";
            Err(ApiError::new(ProblemCode::Conflict, detail))
        }
        TestWebhook::Unknown => Err(not_found()),
    }
}

/// What a webhook was told, or is to be, newest first.
pub async fn deliveries(
    state: &AppState,
    app: &App,
    id: WebhookId,
    stage: Option<DeliveryStage>,
    before: Option<i64>,
    limit: u64,
) -> Result<Page<Delivery, i64>, ApiError> {
    let webhook = one(state, app, id).await?;
    Ok(state.store.webhooks().deliveries(webhook.id, stage, before, limit).await?)
}

fn no_delivery() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such delivery any more.")
}

/// One delivery, with every attempt.
pub async fn delivery(
    state: &AppState,
    app: &App,
    id: WebhookId,
    number: i64,
) -> Result<(Delivery, Vec<Attempt>), ApiError> {
    let webhook = one(state, app, id).await?;
    state.store.webhooks().delivery(webhook.id, number).await?.ok_or_else(no_delivery)
}

/// Sends a message once more.
pub async fn redeliver(
    state: &AppState,
    app: &App,
    change: &Change,
    id: WebhookId,
    number: i64,
) -> Result<(), ApiError> {
    let webhook = one(state, app, id).await?;
    let is_there = state.store.webhooks().redeliver(app.id, webhook.id, number, change).await?;
    if is_there { Ok(()) } else { Err(no_delivery()) }
}

/// What is sent for a message: `type`, `timestamp`, `data`. What is a secret of it is told to its receiver alone.
pub fn body(sealer: &Sealer, message: &Message, with_secret: bool) -> Result<Value, SealError> {
    let mut data: Map<String, Value> = serde_json::from_str(&message.data).map_err(|_| SealError::Shape)?;
    if let Some(sealed) = &message.secret {
        let secret = if with_secret {
            let opened = sealer.open(Purpose::WebhookSecret, sealed.as_bytes())?;
            serde_json::from_slice(&opened).map_err(|_| SealError::Shape)?
        } else {
            Value::from("[not shown]")
        };
        data.insert("reauthorisation".to_owned(), secret);
    }
    Ok(json!({ "type": message.kind.as_str(), "timestamp": message.at.to_string(), "data": data }))
}

/// The keys that sign what a webhook is told now.
pub fn open_keys(state: &AppState, webhook: &Webhook) -> Result<Vec<OpenedKey>, SealError> {
    let keys = webhook.keys.signing(state.clock.now());
    keys.map(|key| {
        let opened = state.sealer.open(Purpose::WebhookKey, key.sealed.as_bytes())?;
        Ok(OpenedKey { id: key.id, key: opened })
    })
    .collect()
}

/// The public half of a key, if it signs in Finlink's style, or did until lately.
pub async fn public_key(state: &AppState, id: SigningKeyId) -> Result<Option<Jwk>, ApiError> {
    let Some(webhook) = state.store.webhooks().of_key(id).await? else { return Ok(None) };
    if webhook.style != SignatureStyle::FinlinkJwt {
        return Ok(None);
    }
    let keys = open_keys(state, &webhook).map_err(ApiError::internal)?;
    let key = keys.iter().find(|key| key.id == id);
    key.map(|key| Jwk::of(&key.key)).transpose().map_err(ApiError::internal)
}
