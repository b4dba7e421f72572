//! How much each client, and each app, may ask: a flood of one leaves the others alone.
//!
//! Counted in this process, and not across several. Passwords have limits of their own, in the database
//! ([`crate::services::operators`]).

use std::{hash::Hash, num::NonZeroU32};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use banklink_domain::ids::AppId;
use banklink_protocol::problem::ProblemCode;
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use jiff::SignedDuration;

use crate::{client_address::ClientAddress, problem::ApiError, state::AppState};

/// How many requests a minute each may make; none: as many as it likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PerMinute(Option<NonZeroU32>);

impl PerMinute {
    /// So many; 0 for as many as it likes.
    pub const fn new(requests: u32) -> Self {
        Self(NonZeroU32::new(requests))
    }

    /// A sixth of a minute's worth may come at once.
    fn limiter<K: Clone + Eq + Hash>(self) -> Option<DefaultKeyedRateLimiter<K>> {
        let per_minute = self.0?;
        let at_once = NonZeroU32::new(per_minute.get() / 6).unwrap_or(NonZeroU32::MIN);
        Some(DefaultKeyedRateLimiter::keyed(Quota::per_minute(per_minute).allow_burst(at_once)))
    }
}

/// The limits of a server.
#[derive(Debug, Default)]
pub struct Limits {
    clients: Option<DefaultKeyedRateLimiter<ClientAddress>>,
    apps: Option<DefaultKeyedRateLimiter<AppId>>,
}

impl Limits {
    /// So many requests for each client, and for each app's own server.
    pub fn new(per_client: PerMinute, per_app: PerMinute) -> Self {
        Self { clients: per_client.limiter(), apps: per_app.limiter() }
    }

    /// Counts a request of a client.
    pub fn client(&self, client: ClientAddress) -> Result<(), ApiError> {
        // Who can't be told from others must not be counted as one.
        if client.is_known() { count(self.clients.as_ref(), &client) } else { Ok(()) }
    }

    /// Counts a request of an app's own server.
    pub fn app(&self, app: AppId) -> Result<(), ApiError> {
        count(self.apps.as_ref(), &app)
    }

    /// Forgets those who asked nothing for a while.
    pub fn forget_idle(&self) {
        self.clients.iter().for_each(DefaultKeyedRateLimiter::retain_recent);
        self.apps.iter().for_each(DefaultKeyedRateLimiter::retain_recent);
    }
}

fn count<K: Clone + Eq + Hash>(limiter: Option<&DefaultKeyedRateLimiter<K>>, key: &K) -> Result<(), ApiError> {
    let Some(limiter) = limiter else { return Ok(()) };
    limiter.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(limiter.clock().now());
        let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).saturating_add(1);
        ApiError::new(ProblemCode::TooManyRequests, "Ask less often: wait as long as `Retry-After` says.")
            .retry_after(SignedDuration::from_secs(seconds))
    })
}

/// Middleware: counts what a client asks.
pub async fn per_client(
    State(state): State<AppState>,
    client: ClientAddress,
    request: Request,
    next: Next,
) -> Response {
    match state.limits.client(client) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_floods_is_stopped_and_others_are_not() {
        let limits = Limits::new(PerMinute::new(60), PerMinute::new(60));
        let [one, other] = [[1; 10], [2; 10]].map(|random| AppId::new(jiff::Timestamp::UNIX_EPOCH, random));
        let allowed = (0..100).filter(|_| limits.app(one).is_ok()).count();
        assert!((10..=12).contains(&allowed), "{allowed}");
        assert_eq!(limits.app(one).unwrap_err().code(), ProblemCode::TooManyRequests);
        assert!(limits.app(other).is_ok());
        limits.forget_idle();
        assert!(limits.app(one).is_err());
    }

    #[test]
    fn without_a_limit_nobody_is_stopped() {
        let app = AppId::new(jiff::Timestamp::UNIX_EPOCH, [1; 10]);
        let limits = Limits::new(PerMinute::new(0), PerMinute::new(0));
        assert!((0..10_000).all(|_| limits.app(app).is_ok()));
    }
}
