//! Link codes: what an app's server exchanges once for a connection's token.

use std::collections::BTreeMap;

use banklink_protocol::ids::ConnectionId;
use jiff::{SignedDuration, Timestamp};

use crate::{
    authorization::Authorization,
    ids::{AppId, LinkId},
    sealed::Sealed,
    settings::LinkCodeLifetime,
    time::after,
    token::TokenHash,
    transition::InvalidTransition,
};

/// A link code. Its value is sealed beside its hash until it is used, since mobile hosts that can't see the redirect
/// list the unused ones (seed 000, *Mobile integration flow*).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkCode {
    /// To find it by.
    pub hash: TokenHash,
    /// Which app may exchange it.
    pub app_id: AppId,
    /// Which link led to it, if one did.
    pub link_id: Option<LinkId>,
    /// What it is exchanged for.
    pub connection_id: ConnectionId,
    /// The page's parameters without a meaning of ours, handed out with the exchange.
    pub extra: BTreeMap<String, String>,
    /// What a data recipient asked for, where it sent the person: then it is an authorization code, and good for nothing
    /// else.
    pub authorization: Option<Authorization>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops working, even if unused.
    pub expires_at: Timestamp,
    /// Whether it was used.
    pub state: LinkCodeState,
}

/// Whether a link code was used. A used one is good for nothing, so its value is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkCodeState {
    /// Not yet.
    Unused {
        /// The code itself.
        sealed: Sealed,
    },
    /// It was exchanged.
    Used {
        /// When.
        at: Timestamp,
    },
}

/// What an unused link code is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLinkCode {
    /// The hash of the code.
    pub hash: TokenHash,
    /// The code itself.
    pub sealed: Sealed,
    /// Which app may exchange it.
    pub app_id: AppId,
    /// Which link led to it, if one did.
    pub link_id: Option<LinkId>,
    /// What it is exchanged for.
    pub connection_id: ConnectionId,
    /// What the exchange hands out beside the token.
    pub extra: BTreeMap<String, String>,
    /// What a data recipient asked for, where it sent the person.
    pub authorization: Option<Authorization>,
}

impl LinkCode {
    /// How long an authorization code works: the most that RFC 6749, 4.1.2, recommends.
    pub const AUTHORIZATION_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

    /// A code that can be exchanged from now on.
    pub fn new(new: NewLinkCode, lifetime: LinkCodeLifetime, now: Timestamp) -> Self {
        let NewLinkCode { hash, sealed, app_id, link_id, connection_id, extra, authorization } = new;
        let lifetime = authorization.as_ref().map_or(lifetime.duration(), |_| Self::AUTHORIZATION_LIFETIME);
        let expires_at = after(now, lifetime);
        let state = LinkCodeState::Unused { sealed };
        Self { hash, app_id, link_id, connection_id, extra, authorization, created_at: now, expires_at, state }
    }

    /// Uses it up.
    pub fn exchange(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        let from = match self.state {
            LinkCodeState::Unused { .. } if at < self.expires_at => {
                return Ok(Self { state: LinkCodeState::Used { at }, ..self });
            }
            LinkCodeState::Unused { .. } => "expired",
            LinkCodeState::Used { .. } => "used",
        };
        Err(InvalidTransition { entity: "link code", from, to: "used" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(now: Timestamp) -> LinkCode {
        let new = NewLinkCode {
            hash: TokenHash::of_text("bl_lc_"),
            sealed: Sealed::new(vec![1, 2, 3]),
            app_id: AppId::new(now, [0; 10]),
            link_id: None,
            connection_id: ConnectionId::from("c"),
            extra: BTreeMap::new(),
            authorization: None,
        };
        LinkCode::new(new, LinkCodeLifetime::default(), now)
    }

    #[test]
    fn a_code_is_exchanged_once() {
        let at = Timestamp::UNIX_EPOCH;
        let used = code(at).exchange(at).unwrap();
        assert_eq!(used.state, LinkCodeState::Used { at });
        assert!(used.exchange(at).is_err());
    }

    #[test]
    fn a_code_works_as_long_as_the_app_says() {
        let at = Timestamp::UNIX_EPOCH;
        assert!(code(at).exchange(Timestamp::from_second(86_399).unwrap()).is_ok());
        assert!(code(at).exchange(Timestamp::from_second(86_400).unwrap()).is_err());
    }
}
