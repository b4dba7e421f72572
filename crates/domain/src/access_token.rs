//! Access tokens: what an app's own server gets for its client secret and shows with each request, where a vendor's API
//! works so (`vendor-apis.md`, 2.1, 3 and 4). Our own API takes the client secret itself.

use jiff::{SignedDuration, Timestamp};

use crate::{
    ids::{AppId, ClientSecretId},
    time::after,
    token::TokenHash,
};

/// Whose API a token opens; it opens no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// `/v0/…` (seed 000).
    Flanks,
}

impl Audience {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flanks => "flanks",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Flanks].into_iter().find(|audience| audience.as_str() == name)
    }
}

/// An access token; the token itself is never kept. It ends with the client secret that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// All that is kept of it.
    pub hash: TokenHash,
    /// Whose data it opens.
    pub app_id: AppId,
    /// What asked for it.
    pub client_secret: ClientSecretId,
    /// To whom it is shown.
    pub audience: Audience,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it opens nothing any more.
    pub expires_at: Timestamp,
}

impl AccessToken {
    /// How long one works: an hour (`vendor-apis.md`, 2.1 and 3).
    pub const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

    /// A token that works from now on.
    pub fn new(
        hash: TokenHash,
        app_id: AppId,
        client_secret: ClientSecretId,
        audience: Audience,
        now: Timestamp,
    ) -> Self {
        Self { hash, app_id, client_secret, audience, created_at: now, expires_at: after(now, Self::LIFETIME) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_read_as_it_is_written() {
        assert_eq!(Audience::parse(Audience::Flanks.as_str()), Some(Audience::Flanks));
        assert_eq!(Audience::parse("else"), None);
    }
}
