//! Consents: what people agreed to.

use banklink_protocol::ids::{ConnectionId, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// What is shared. How the screen worded it is in the text.
    pub scopes: Vec<Scope>,
    /// When.
    pub given_at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether the person took it back.
    pub state: ConsentState,
}

/// What a person lets an app read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Accounts, their numbers and balances. Every consent has it.
    Accounts,
    /// What was booked on them.
    Transactions,
    /// Who holds them.
    Holder,
}

impl Scope {
    /// All of them, in the order of the consent screen.
    pub const ALL: [Self; 3] = [Self::Accounts, Self::Transactions, Self::Holder];

    /// As it is stored and as the API shows it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Transactions => "transactions",
            Self::Holder => "holder",
        }
    }

    /// The scope that a `features` list calls so: by its own name, or as Flinks integrations call it (`vendor-apis.md`,
    /// 1.9), in any case.
    pub fn parse(name: &str) -> Option<Self> {
        const FLINKS: [(&str, Scope); 2] =
            [("AccountNumber", Scope::Accounts), ("TransactionHistory", Scope::Transactions)];
        let own = Self::ALL.map(|scope| (scope.as_str(), scope));
        own.into_iter().chain(FLINKS).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, scope)| scope)
    }
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

    /// Whether it lets this be read.
    pub fn covers(&self, scope: Scope, now: Timestamp) -> bool {
        self.holds(now) && self.scopes.contains(&scope)
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
            scopes: vec![Scope::Accounts],
            given_at: at,
            expires_at: Consent::expiry(at, ConsentDays::default()),
            state: ConsentState::Given,
        };
        assert_eq!(consent.expires_at, Timestamp::from_second(90 * 86_400).unwrap());
        assert!(consent.holds(at));
        assert!(!consent.holds(consent.expires_at));
        assert!(consent.covers(Scope::Accounts, at) && !consent.covers(Scope::Transactions, at));
        assert!(!consent.covers(Scope::Accounts, consent.expires_at));
        let revoked = consent.revoke(at).unwrap();
        assert!(!revoked.holds(at));
        assert!(revoked.revoke(at).is_err());
    }
}
