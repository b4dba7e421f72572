//! Refresh tokens: a data recipient's lasting leave to read what a person agreed to (seed 004; RFC 6749, 6).

use banklink_protocol::ids::ConnectionId;
use jiff::{SignedDuration, Timestamp};

use crate::{authorization::DataScopes, ids::AppId, time::after, token::TokenHash};

/// A refresh token; the token itself is never kept. It outlives the client secret that it was got with, and ends with its
/// connection, when it is revoked, or when nobody uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// All that is kept of it.
    pub hash: TokenHash,
    /// Whose it is.
    pub app_id: AppId,
    /// What it lets be read.
    pub connection_id: ConnectionId,
    /// The code that it was got for: who shows that again ends it (RFC 6749, 4.1.2).
    pub code: TokenHash,
    /// How much of it.
    pub scopes: DataScopes,
    /// The recipient's own name for all of this.
    pub correlation_id: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends unless it is used before.
    pub expires_at: Timestamp,
}

impl RefreshToken {
    /// How long one stays good that is not used (`vendor-apis.md`, 4).
    pub const IDLE: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// When one ends that is used now, unless it is used again.
    pub fn expiry(now: Timestamp) -> Timestamp {
        after(now, Self::IDLE)
    }
}
