//! Authorize tokens: an app's permission for one link session (seeds 001 and 002).

use std::collections::BTreeMap;

use banklink_protocol::ids::SessionId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    authorization::Authorization,
    ids::{AppId, ClientSecretId},
    time::{after, before},
    token::TokenHash,
    transition::InvalidTransition,
};

/// An authorize token; the token itself is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizeToken {
    /// All that is kept of it.
    pub hash: TokenHash,
    /// Whose session it opens.
    pub app_id: AppId,
    /// Parameters of the widget that win over the URL's, by their spelling there. Secrets are not among them.
    pub parameters: BTreeMap<String, String>,
    /// The re-authorisation token that was bound to it, which wins over the URL's.
    pub reauthorisation: Option<TokenHash>,
    /// What a data recipient asked for, where it sent the person.
    pub authorization: Option<Authorization>,
    /// The client secret that asked for it, if one did: what it opened ends with it.
    pub client_secret: Option<ClientSecretId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working, even if unused.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub state: AuthorizeTokenState,
}

/// Whether an authorize token was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizeTokenState {
    /// Not yet.
    Unused,
    /// It opened its one session.
    Used {
        /// When.
        at: Timestamp,
        /// Which session.
        session: SessionId,
    },
}

/// What an authorize token is worth at a given time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizeTokenStanding {
    /// It opens a session.
    Usable,
    /// It opened one already.
    Used,
    /// Nobody used it in time.
    Expired,
}

impl AuthorizeTokenStanding {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Used => "used",
            Self::Expired => "expired",
        }
    }
}

impl AuthorizeToken {
    /// How long it works.
    pub const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

    /// How long after its end its hash is kept, so that the app behind it, its origins and its theme are still known
    /// (`widget.md`, *Tokens and reloads*).
    pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// A token that works from now on.
    pub fn new(hash: TokenHash, app_id: AppId, parameters: BTreeMap<String, String>, now: Timestamp) -> Self {
        let expires_at = after(now, Self::LIFETIME);
        let state = AuthorizeTokenState::Unused;
        Self {
            hash,
            app_id,
            parameters,
            reauthorisation: None,
            authorization: None,
            client_secret: None,
            created_at: now,
            expires_at,
            state,
        }
    }

    /// The same, to re-authorise a connection with.
    #[must_use]
    pub fn with_reauthorisation(self, token: Option<TokenHash>) -> Self {
        Self { reauthorisation: token, ..self }
    }

    /// The same, for somebody whom a data recipient sent.
    #[must_use]
    pub fn with_authorization(self, authorization: Authorization) -> Self {
        Self { authorization: Some(authorization), ..self }
    }

    /// The same, asked for by this client secret, if by one.
    #[must_use]
    pub fn issued_to(self, client_secret: Option<ClientSecretId>) -> Self {
        Self { client_secret, ..self }
    }

    /// What it is worth now.
    pub fn standing(&self, now: Timestamp) -> AuthorizeTokenStanding {
        match self.state {
            AuthorizeTokenState::Used { .. } => AuthorizeTokenStanding::Used,
            AuthorizeTokenState::Unused if now >= self.expires_at => AuthorizeTokenStanding::Expired,
            AuthorizeTokenState::Unused => AuthorizeTokenStanding::Usable,
        }
    }

    /// Opens `session` with it.
    pub fn consume(self, session: SessionId, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.standing(at) {
            AuthorizeTokenStanding::Usable => Ok(Self { state: AuthorizeTokenState::Used { at, session }, ..self }),
            standing => Err(InvalidTransition { entity: "authorize token", from: standing.as_str(), to: "used" }),
        }
    }

    /// Tokens whose [`Self::expires_at`] is before this are forgotten. Since a token is used before it expires, this
    /// keeps used ones long enough too.
    pub fn forgotten_before(now: Timestamp) -> Timestamp {
        before(now, Self::RETENTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(at: Timestamp) -> AuthorizeToken {
        AuthorizeToken::new(TokenHash::of_text("t"), AppId::new(at, [0; 10]), BTreeMap::new(), at)
    }

    #[test]
    fn a_token_is_used_once() {
        let at = Timestamp::UNIX_EPOCH;
        let used = token(at).consume(SessionId::from("s"), at).unwrap();
        assert_eq!(used.standing(at), AuthorizeTokenStanding::Used);
        assert!(used.consume(SessionId::from("s"), at).is_err());
    }

    #[test]
    fn a_token_works_for_thirty_minutes() {
        let at = Timestamp::UNIX_EPOCH;
        let last = after(at, SignedDuration::from_secs(30 * 60 - 1));
        let over = after(at, SignedDuration::from_secs(30 * 60));
        assert_eq!(token(at).standing(last), AuthorizeTokenStanding::Usable);
        assert_eq!(token(at).standing(over), AuthorizeTokenStanding::Expired);
        assert!(token(at).consume(SessionId::from("s"), over).is_err());
    }

    #[test]
    fn a_token_is_kept_thirty_days_after_its_end() {
        let at = Timestamp::UNIX_EPOCH;
        let token = token(at);
        let kept = after(token.expires_at, AuthorizeToken::RETENTION);
        assert!(token.expires_at >= AuthorizeToken::forgotten_before(kept));
        let forgotten = after(kept, SignedDuration::from_millis(1));
        assert!(token.expires_at < AuthorizeToken::forgotten_before(forgotten));
    }
}
