//! Sends webhooks what they are to be told, until the server stops.
//!
//! Each receiver has a few places of its own, so that one that is slow or hostile fills those and nobody else's.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
};
use banklink_domain::{
    app::AppMode,
    idempotency::Claim,
    ids::WebhookId,
    webhook::{DeliveryState, Message, Reply, SignatureStyle, Silence, Webhook, pause_after},
};
use banklink_store::{Attempt, Claimed, StoreError};
use jiff::SignedDuration;
use thiserror::Error;
use tokio::time::{Instant, MissedTickBehavior, error::Elapsed, interval, timeout};
use tracing::{error, warn};

use crate::{
    logging::WithCauses,
    outgoing::Outgoing,
    places::Places,
    problem::ApiError,
    random,
    routes::flinks,
    seal::SealError,
    serve::Stop,
    services::webhooks,
    signing::{self, Signed, SigningError},
    state::AppState,
};

/// How often it is looked whether there is something to send.
const LOOK: Duration = Duration::from_millis(500);

/// How long what a message tells may take to be read: what is left of its lease is for sending it.
const READING: Duration = Duration::from_secs(10);

/// Most messages on their way to one receiver.
const AT_ONCE: u64 = 4;

/// Most receivers that are looked at in one go.
const MOST_RECEIVERS: u64 = 500;

/// Sends what is due, until `stop`; then waits for what is on its way.
pub async fn deliver(state: AppState, mut stop: Stop) {
    let outgoing = match Outgoing::new() {
        Ok(outgoing) => outgoing,
        Err(error) => {
            error!(error = %WithCauses(&error), "webhooks can't be sent");
            return stop.asked().await;
        }
    };
    let mut courier = Courier::new(state, outgoing);
    let mut looks = interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let sent = tokio::select! {
            done = courier.one_is_done(), if !courier.is_idle() => match done {
                Some(webhook) => courier.send_to(webhook).await,
                None => Ok(()),
            },
            _ = looks.tick() => courier.send_due().await,
            () = stop.asked() => break,
        };
        if let Err(error) = sent {
            warn!(error = %WithCauses(&error), "what is to be told to webhooks can't be read");
        }
    }
    while !courier.is_idle() {
        courier.one_is_done().await;
    }
}

/// Carries messages.
pub struct Courier {
    state: AppState,
    outgoing: Outgoing,
    under_way: Places<WebhookId>,
}

impl Courier {
    /// One that carries nothing yet.
    pub fn new(state: AppState, outgoing: Outgoing) -> Self {
        Self { state, outgoing, under_way: Places::new(AT_ONCE) }
    }

    /// Whether nothing is on its way.
    pub fn is_idle(&self) -> bool {
        self.under_way.is_idle()
    }

    /// Sends all that is due and has a place; waits for none of it.
    pub async fn send_due(&mut self) -> Result<(), ApiError> {
        let now = self.state.clock.now();
        for webhook in self.state.store.webhooks().due(MOST_RECEIVERS, now).await? {
            if let Err(error) = self.send_to(webhook).await {
                error!(error = %WithCauses(&error), %webhook, "a webhook can't be read");
            }
        }
        Ok(())
    }

    /// Sends what is due to one of them, as far as it has places.
    pub async fn send_to(&mut self, id: WebhookId) -> Result<(), ApiError> {
        let places = self.under_way.left_to(&id);
        if places == 0 {
            return Ok(());
        }
        let (store, now) = (&self.state.store, self.state.clock.now());
        let Some((webhook, mode)) = store.webhooks().receiver(id).await? else { return Ok(()) };
        for claimed in store.webhooks().claim(id, Claim::new(random::bytes()), places, now).await? {
            let (state, outgoing, webhook) = (self.state.clone(), self.outgoing.clone(), webhook.clone());
            self.under_way.begin(id, async move {
                if let Err(error) = send(&state, &outgoing, &webhook, mode, &claimed).await {
                    error!(error = %WithCauses(&error), "what came of a message to a webhook can't be kept");
                }
            });
        }
        Ok(())
    }

    /// Waits until something arrived, or did not, and says whose place is free then.
    pub async fn one_is_done(&mut self) -> Option<WebhookId> {
        self.under_way.one_is_done().await
    }
}

/// Why a message could not even be tried.
#[derive(Debug, Error)]
enum UnsignedError {
    #[error("it can't be opened")]
    Seal(#[from] SealError),
    #[error("it can't be signed")]
    Signing(#[from] SigningError),
    #[error("what it tells can't be read now")]
    Data(#[from] ApiError),
    #[error("what it tells takes too long to be read")]
    Slow(#[from] Elapsed),
}

async fn send(
    state: &AppState,
    outgoing: &Outgoing,
    webhook: &Webhook,
    mode: AppMode,
    claimed: &Claimed,
) -> Result<(), StoreError> {
    let at = state.clock.now();
    let began = Instant::now();
    let reply = match signed(state, webhook, &claimed.message).await {
        Ok((headers, body)) => outgoing.post(webhook.url.url(), webhooks::reach(mode), headers, body).await,
        Err(error) => {
            error!(error = %WithCauses(&error), "a message to a webhook is not sent");
            Reply::Silent(Silence::Unsent)
        }
    };
    state.metrics.sent(match &reply {
        reply if reply.is_success() => "taken",
        Reply::Answered { .. } => "refused",
        Reply::Silent(silence) => silence.as_str(),
    });
    let took = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
    let now = state.clock.now();
    let next = pause_after(claimed.attempts + 1, random::bytes::<1>()[0]);
    let becomes = match (&reply, next) {
        (reply, _) if reply.is_success() => DeliveryState::Delivered { at: now },
        // Gone: the receiver does not want it (RFC 9110, 15.5.11).
        (Reply::Answered { status: 410, .. }, _) | (_, None) => DeliveryState::Parked { at: now },
        (_, Some(pause)) => DeliveryState::Pending { next: now + pause },
    };
    state.store.webhooks().settle(claimed, &Attempt { at, took, reply }, becomes).await
}

async fn signed(
    state: &AppState,
    webhook: &Webhook,
    message: &Message,
) -> Result<(axum::http::HeaderMap, Bytes), UnsignedError> {
    let of_dialect = match webhook.style {
        SignatureStyle::FlinksHmac => timeout(READING, flinks::notification(state, webhook, message)).await??,
        SignatureStyle::Standard | SignatureStyle::FinlinkJwt => None,
    };
    let body = match of_dialect {
        Some(body) => body,
        None => webhooks::body(&state.sealer, message, true)?,
    };
    let body = body.to_string().into_bytes();
    let keys = webhooks::open_keys(state, webhook)?;
    let signed = Signed { id: &message.id(), at: state.clock.now(), body: &body };
    let mut headers = signing::headers(webhook.style, &keys, signed)?;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok((headers, body.into()))
}
