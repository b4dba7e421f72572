//! What the server does, in numbers, for Prometheus.

use std::sync::atomic::{AtomicI64, Ordering};

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use tokio::time::Instant;

use crate::{problem::ApiError, state::AppState};

/// Bounds of the time that an answer takes, in seconds.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// A request, as it is counted. The route and never the address itself, which can hold a token.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

/// What came of something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    state: String,
}

/// All that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Asked, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    attempts: Family<Outcome, Counter>,
    refreshes: Family<Outcome, Counter>,
    sessions: Family<Kind, Gauge>,
    messages: Family<Kind, Gauge>,
    oldest: Gauge<i64, AtomicI64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("banklink");
        let requests = Family::default();
        let seconds: Family<Route, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(SECONDS));
        let (attempts, refreshes) = (Family::default(), Family::default());
        let (sessions, messages, oldest) = (Family::default(), Family::default(), Gauge::default());
        registry.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        registry.register("requests", "Requests that were answered", requests.clone());
        registry.register_with_unit("request_duration", "How long answers took", Unit::Seconds, seconds.clone());
        registry.register("webhook_attempts", "Messages that were sent to webhooks", attempts.clone());
        registry.register("refreshes", "Connections that were refreshed", refreshes.clone());
        registry.register("link_sessions", "Link sessions of the last 30 days, by how they ended", sessions.clone());
        registry.register("webhook_messages", "Messages to webhooks of the last 30 days", messages.clone());
        let name = "webhook_oldest_pending";
        registry.register_with_unit(
            name,
            "Age of the oldest message that has not arrived",
            Unit::Seconds,
            oldest.clone(),
        );
        Self { registry, requests, seconds, attempts, refreshes, sessions, messages, oldest }
    }
}

impl Metrics {
    /// A message was sent to a webhook.
    pub fn sent(&self, outcome: &'static str) {
        self.attempts.get_or_create(&Outcome { outcome }).inc();
    }

    /// A connection was refreshed.
    pub fn refreshed(&self, outcome: &'static str) {
        self.refreshes.get_or_create(&Outcome { outcome }).inc();
    }
}

/// Middleware: counts requests, and measures how long their answers take.
pub async fn measure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let (method, began) = (known(request.method()), Instant::now());
    let response = next.run(request).await;
    let metrics = &state.metrics;
    let took = began.elapsed().as_secs_f64();
    metrics.seconds.get_or_create(&Route { route: route.clone() }).observe(took);
    metrics.requests.get_or_create(&Asked { method, route, status: response.status().as_u16() }).inc();
    response
}

/// A method by its name; those that only a client knows by none, or everybody could make up as many as they like.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// `/metrics`, for a listener that people don't reach.
pub fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(show)).with_state(state)
}

async fn show(State(state): State<AppState>) -> Result<Response, ApiError> {
    let metrics = &state.metrics;
    // What there is none of any more is not named again.
    metrics.sessions.clear();
    metrics.messages.clear();
    for (outcome, sessions) in state.store.sessions().count_by_outcome().await? {
        let name = outcome.map_or("open", |outcome| outcome.as_str());
        set(&metrics.sessions, name, sessions);
    }
    let queue = state.store.webhooks().queue().await?;
    for (name, messages) in queue.by_state {
        set(&metrics.messages, &name, messages);
    }
    let age = queue.oldest_pending.map_or(0, |at| state.clock.now().duration_since(at).as_secs());
    metrics.oldest.inner().store(age, Ordering::Relaxed);
    let mut text = String::new();
    text::encode(&mut text, &metrics.registry).map_err(ApiError::internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}

fn set(gauges: &Family<Kind, Gauge>, state: &str, number: u64) {
    gauges.get_or_create(&Kind { state: state.to_owned() }).set(i64::try_from(number).unwrap_or(i64::MAX));
}
