//! Re-authorisation tokens: an app's permission to see the person of one of its connections again (seed 000, *Managing
//! users*; `vendor-apis.md`, 2.1 and 3).

use banklink_protocol::{
    ids::{ConnectionId, SessionId},
    session::ReauthorisePurpose,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    ids::{AppId, ClientSecretId},
    sealed::Sealed,
    time::{after, before},
    token::TokenHash,
    transition::InvalidTransition,
};

/// What the person is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReauthorisationPurpose {
    /// The institution asks for strong customer authentication again (`sca_token`).
    Access,
    /// User name and password are to be typed again (`reset_token`).
    Credentials,
    /// Strong customer authentication that opens 90 days of transactions (`transaction_token`).
    Transactions,
}

impl ReauthorisationPurpose {
    /// All of them, for tables and tests.
    pub const ALL: [Self; 3] = [Self::Access, Self::Credentials, Self::Transactions];

    /// As it is stored and as the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Credentials => "credentials",
            Self::Transactions => "transactions",
        }
    }

    /// The purpose of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }

    /// What the person confirms first; nothing where they type their credentials anew.
    pub const fn confirmation(self) -> Option<ReauthorisePurpose> {
        match self {
            Self::Access => Some(ReauthorisePurpose::Access),
            Self::Transactions => Some(ReauthorisePurpose::Transactions),
            Self::Credentials => None,
        }
    }
}

/// A re-authorisation token; the token itself is never kept. It stands beside the token that opens the page, and is
/// used up when the session ends well: a person who gave up can follow the same address again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReauthorisationToken {
    /// All that is kept of it.
    pub hash: TokenHash,
    /// Whose pages take it.
    pub app_id: AppId,
    /// Which connection is renewed.
    pub connection_id: ConnectionId,
    /// The client secret that asked for it, if one did: it ends with that.
    pub client_secret: Option<ClientSecretId>,
    /// What for.
    pub purpose: ReauthorisationPurpose,
    /// When it was made.
    pub created_at: Timestamp,
    /// When no session can be opened with it any more. One that is open by then may still end well.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub state: ReauthorisationTokenState,
}

/// Whether a re-authorisation token was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReauthorisationTokenState {
    /// Not yet.
    Unused {
        /// The token itself, where its app may have it again.
        sealed: Option<Sealed>,
    },
    /// A connection was renewed with it.
    Used {
        /// When.
        at: Timestamp,
        /// In which session.
        session: SessionId,
    },
}

impl ReauthorisationToken {
    /// How long it opens sessions: 7 days. Apps send it by e-mail or keep it for the person's next visit, which half an
    /// hour would not outlast. It gives nobody access by itself: the person still has to convince their own bank.
    pub const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 7);

    /// How long after its end its row is kept, to look into what became of it.
    pub const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 30);

    /// A token that works from now on.
    pub fn new(
        hash: TokenHash,
        app_id: AppId,
        connection_id: ConnectionId,
        purpose: ReauthorisationPurpose,
        now: Timestamp,
    ) -> Self {
        let (expires_at, state) = (after(now, Self::LIFETIME), ReauthorisationTokenState::Unused { sealed: None });
        Self { hash, app_id, connection_id, client_secret: None, purpose, created_at: now, expires_at, state }
    }

    /// The same, asked for by this client secret, if by one.
    #[must_use]
    pub fn issued_to(self, client_secret: Option<ClientSecretId>) -> Self {
        Self { client_secret, ..self }
    }

    /// The same, which its app may have again until it is used.
    #[must_use]
    pub fn told_again(self, sealed: Sealed) -> Self {
        Self { state: ReauthorisationTokenState::Unused { sealed: Some(sealed) }, ..self }
    }

    /// Whether a session can be opened with it.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        matches!(self.state, ReauthorisationTokenState::Unused { .. }) && now < self.expires_at
    }

    /// Uses it up, at the end of a session that was opened in time.
    pub fn consume(self, session: SessionId, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ReauthorisationTokenState::Unused { .. } => {
                Ok(Self { state: ReauthorisationTokenState::Used { at, session }, ..self })
            }
            ReauthorisationTokenState::Used { .. } => {
                Err(InvalidTransition { entity: "re-authorisation token", from: "used", to: "used" })
            }
        }
    }

    /// Tokens whose [`Self::expires_at`] is before this are forgotten.
    pub fn forgotten_before(now: Timestamp) -> Timestamp {
        before(now, Self::RETENTION)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(at: Timestamp) -> ReauthorisationToken {
        let (app, connection) = (AppId::new(at, [0; 10]), ConnectionId::from("c"));
        ReauthorisationToken::new(TokenHash::of_text("t"), app, connection, ReauthorisationPurpose::Access, at)
    }

    #[test]
    fn a_token_opens_sessions_for_seven_days() {
        let at = Timestamp::UNIX_EPOCH;
        assert!(token(at).is_usable(Timestamp::from_second(7 * 86_400 - 1).unwrap()));
        assert!(!token(at).is_usable(Timestamp::from_second(7 * 86_400).unwrap()));
    }

    #[test]
    fn a_token_is_used_once() {
        let at = Timestamp::UNIX_EPOCH;
        let used = token(at).consume(SessionId::from("s"), at).unwrap();
        assert!(!used.is_usable(at));
        assert!(used.consume(SessionId::from("s"), at).is_err());
    }

    #[test]
    fn a_purpose_is_read_as_it_is_written() {
        for purpose in ReauthorisationPurpose::ALL {
            assert_eq!(ReauthorisationPurpose::parse(purpose.as_str()), Some(purpose));
        }
        assert_eq!(ReauthorisationPurpose::parse("else"), None);
    }
}
