//! Consents: what people agreed to.

use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;

use crate::{
    ids::{AppId, ConsentId},
    settings::ConsentDays,
    time::after,
    transition::InvalidTransition,
};

pub use crate::hash::TextHash;

/// What a person agreed to, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Ours, readable by API.
    pub id: ConsentId,
    /// Which app it lets read.
    pub app_id: AppId,
    /// Where the person agreed.
    pub session: SessionId,
    /// What it covers, once there is one.
    pub connection: Option<ConnectionId>,
    /// The text that was on the screen.
    pub text_hash: TextHash,
    /// BCP 47 tag of that text.
    pub language: String,
    /// What is shared, by the names that the API shows. How the screen worded it is in the text.
    pub scopes: Vec<String>,
    /// When.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether the person took it back.
    pub state: ConsentState,
}

/// Whether a consent was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentState {
    /// It was not.
    Given,
    /// It was; what it covered is erased.
    Revoked {
        /// When.
        at: Timestamp,
    },
}

impl Consent {
    /// Until when a consent holds that is given at this time.
    pub fn expiry(given_at: Timestamp, days: ConsentDays) -> Timestamp {
        after(given_at, days.duration())
    }

    /// Whether it lets anything be read.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.state == ConsentState::Given && now < self.expires_at
    }

    /// Takes it back. An expired one can be taken back too: that erases what it covered.
    pub fn revoke(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ConsentState::Given => Ok(Self { state: ConsentState::Revoked { at }, ..self }),
            ConsentState::Revoked { .. } => {
                Err(InvalidTransition { entity: "consent", from: "revoked", to: "revoked" })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_consent_holds_until_it_expires_or_is_revoked() {
        let at = Timestamp::UNIX_EPOCH;
        let consent = Consent {
            id: ConsentId::new(at, [0; 10]),
            app_id: AppId::new(at, [0; 10]),
            session: SessionId::from("s"),
            connection: None,
            text_hash: TextHash::of("text"),
            language: "en".to_owned(),
            scopes: vec!["accounts".to_owned()],
            given_at: at,
            expires_at: Consent::expiry(at, ConsentDays::default()),
            state: ConsentState::Given,
        };
        assert_eq!(consent.expires_at, Timestamp::from_second(90 * 86_400).unwrap());
        assert!(consent.holds(at));
        assert!(!consent.holds(consent.expires_at));
        let revoked = consent.revoke(at).unwrap();
        assert!(!revoked.holds(at));
        assert!(revoked.revoke(at).is_err());
    }
}
