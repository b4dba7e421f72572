//! Connections: the lasting results of link sessions.

use banklink_protocol::ids::{AccountId, ConnectionId, InstitutionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    hash::sha256,
    ids::{AppId, ConsentId},
    refresh::Refresh,
    sealed::Sealed,
    text::{ExternalId, Tag},
    token::TokenHash,
    transition::InvalidTransition,
};

pub use crate::hash::IdentityHash;

/// A person's institution, linked to an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// Public; Flinks' `LoginId`.
    pub id: ConnectionId,
    /// Which app it belongs to.
    pub app_id: AppId,
    /// Where.
    pub institution_id: InstitutionId,
    /// The app's own id of the person.
    pub external_id: Option<ExternalId>,
    /// What the page's `tag` carried.
    pub tag: Option<Tag>,
    /// Who the person is at the institution: one person is one connection, however often they link.
    pub identity: IdentityHash,
    /// How much of its data is read.
    pub reading: Reading,
    /// When it is read anew.
    pub refresh: Refresh,
    /// What the person agreed to, if they were asked.
    pub consent_id: Option<ConsentId>,
    /// Whether it works, with what it takes to use it.
    pub state: ConnectionState,
    /// When it was made.
    pub created_at: Timestamp,
    /// When anything of it changed last.
    pub updated_at: Timestamp,
}

/// How much of a connection's data is read, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// How far back transactions are read; `None`: as far as the institution has them.
    pub days: Option<TransactionDays>,
    /// Whether transactions are read at all.
    pub transactions: bool,
    /// Whether the app wants it read by itself, nightly.
    pub scheduled: bool,
}

impl Default for Reading {
    /// All that there is, when it is asked for.
    fn default() -> Self {
        Self { days: None, transactions: true, scheduled: false }
    }
}

/// What a page asks of [`Reading`] (`daysOfTransactions`, `withTransactions`, `scheduleRefresh`); `None` leaves it as it
/// is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedReading {
    /// For [`Reading::days`].
    pub days: Option<TransactionDays>,
    /// For [`Reading::transactions`].
    pub transactions: Option<bool>,
    /// For [`Reading::scheduled`].
    pub scheduled: Option<bool>,
}

impl Reading {
    /// The same, but for what is asked.
    #[must_use]
    pub fn asked(self, asked: AskedReading) -> Self {
        Self {
            days: asked.days.or(self.days),
            transactions: asked.transactions.unwrap_or(self.transactions),
            scheduled: asked.scheduled.unwrap_or(self.scheduled),
        }
    }

    /// The same, with at least 90 days of transactions open.
    #[must_use]
    pub fn opened(self) -> Self {
        let days = self.days.map(|days| days.max(TransactionDays::OPENED));
        Self { days, transactions: true, ..self }
    }
}

/// A number of days, 1 to 730.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct TransactionDays(u16);

/// The number of days is out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("transactions are read 1 to {} days back", TransactionDays::MAX)]
pub struct InvalidTransactionDays;

impl TransactionDays {
    /// The most days.
    pub const MAX: u16 = 730;

    /// What a `transaction_token` opens.
    pub const OPENED: Self = Self(90);

    /// So many days.
    pub fn new(days: u16) -> Result<Self, InvalidTransactionDays> {
        if (1..=Self::MAX).contains(&days) { Ok(Self(days)) } else { Err(InvalidTransactionDays) }
    }
}

impl TryFrom<u16> for TransactionDays {
    type Error = InvalidTransactionDays;

    fn try_from(days: u16) -> Result<Self, Self::Error> {
        Self::new(days)
    }
}

impl From<TransactionDays> for u16 {
    fn from(days: TransactionDays) -> Self {
        days.0
    }
}

/// Whether a connection works. A deleted one has no token, no state and no accounts left that could leak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Data can be read.
    Active(Access),
    /// The institution wants to see the person again.
    NeedsReauthorisation(Access),
    /// The app or the person ended it; what it held is erased.
    Deleted {
        /// Since when.
        at: Timestamp,
    },
}

/// What it takes to use a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The hash of the connection's token, to find it by.
    pub token: TokenHash,
    /// The token itself, since every exchange of a link code hands it out.
    pub sealed_token: Sealed,
    /// What the connector needs to read data again.
    pub sealed_state: Sealed,
    /// The user name as the person typed it, which their app may read.
    pub sealed_username: Sealed,
    /// Which accounts the person shares.
    pub accounts: SharedAccounts,
}

/// Which accounts a person shares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SharedAccounts {
    /// All that the institution shows, now and later.
    All,
    /// Those that the person chose.
    Chosen(Vec<AccountId>),
}

impl SharedAccounts {
    /// Whether this account is among them.
    pub fn includes(&self, account: &AccountId) -> bool {
        match self {
            Self::All => true,
            Self::Chosen(chosen) => chosen.contains(account),
        }
    }
}

impl ConnectionState {
    /// As it is stored and shown.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Active(_) => "active",
            Self::NeedsReauthorisation(_) => "needs_reauthorisation",
            Self::Deleted { .. } => "deleted",
        }
    }
}

/// How a connection is that is not deleted, by which one looks for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionStage {
    /// Its data can be read.
    Active,
    /// The institution wants to see the person again.
    NeedsReauthorisation,
}

impl ConnectionStage {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Active, Self::NeedsReauthorisation];

    /// As [`ConnectionState::as_str`] has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NeedsReauthorisation => "needs_reauthorisation",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == name)
    }
}

impl Connection {
    /// What it takes to use it, unless it is deleted.
    pub fn access(&self) -> Option<&Access> {
        match &self.state {
            ConnectionState::Active(access) | ConnectionState::NeedsReauthorisation(access) => Some(access),
            ConnectionState::Deleted { .. } => None,
        }
    }

    /// The institution wants to see the person again.
    pub fn require_reauthorisation(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ConnectionState::Active(access) => {
                Ok(Self { state: ConnectionState::NeedsReauthorisation(access), updated_at: at, ..self })
            }
            state => Err(invalid(&state, "needs_reauthorisation")),
        }
    }

    /// The person was at the institution again: new access in place of the old. The id stays; `access` says whether
    /// the token does.
    pub fn reauthorise(self, access: Access, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ConnectionState::Active(_) | ConnectionState::NeedsReauthorisation(_) => {
                Ok(Self { state: ConnectionState::Active(access), updated_at: at, ..self })
            }
            state @ ConnectionState::Deleted { .. } => Err(invalid(&state, "active")),
        }
    }

    /// Ends it and drops what it held.
    pub fn delete(self, at: Timestamp) -> Result<Self, InvalidTransition> {
        match self.state {
            ConnectionState::Active(_) | ConnectionState::NeedsReauthorisation(_) => {
                Ok(Self { state: ConnectionState::Deleted { at }, updated_at: at, ..self })
            }
            state @ ConnectionState::Deleted { .. } => Err(invalid(&state, "deleted")),
        }
    }
}

fn invalid(state: &ConnectionState, to: &'static str) -> InvalidTransition {
    InvalidTransition { entity: "connection", from: state.as_str(), to }
}

impl IdentityHash {
    /// Hashes what the institution knows the person by (a user name, a customer number), under a key that is not in
    /// the database: user names are short enough to guess. Two apps get two hashes for one person.
    pub fn of(key: &[u8; 32], app: AppId, institution: &InstitutionId, person: &str) -> Self {
        let institution = institution.as_str().as_bytes();
        // The length keeps institution and person apart; the outer hash keeps the key from being extended.
        let length = u64::try_from(institution.len()).unwrap_or(u64::MAX).to_be_bytes();
        let inner = sha256(&[key, app.as_uuid().as_bytes(), &length, institution, person.as_bytes()]);
        Self::from_bytes(sha256(&[key, &inner]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(token: &str) -> Access {
        Access {
            token: TokenHash::of_text(token),
            sealed_token: Sealed::new(vec![1]),
            sealed_username: Sealed::new(vec![3]),
            sealed_state: Sealed::new(vec![2]),
            accounts: SharedAccounts::All,
        }
    }

    fn connection() -> Connection {
        let at = Timestamp::UNIX_EPOCH;
        let app_id = AppId::new(at, [0; 10]);
        let institution_id = InstitutionId::from("testbank");
        Connection {
            id: crate::ids::new_connection_id([1; 16]),
            app_id,
            identity: IdentityHash::of(&[0; 32], app_id, &institution_id, "ann"),
            institution_id,
            external_id: None,
            tag: None,
            reading: Reading::default(),
            refresh: Refresh::default(),
            consent_id: None,
            state: ConnectionState::Active(access("a")),
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn reauthorisation_brings_new_access_under_the_same_id() {
        let at = Timestamp::from_second(9).unwrap();
        let waiting = connection().require_reauthorisation(at).unwrap();
        assert!(waiting.clone().require_reauthorisation(at).is_err());
        let again = waiting.reauthorise(access("b"), at).unwrap();
        assert_eq!(again.id, connection().id);
        assert_eq!(again.access(), Some(&access("b")));
        assert_eq!(again.updated_at, at);
    }

    #[test]
    fn deleting_is_final_and_leaves_no_access() {
        let at = Timestamp::from_second(9).unwrap();
        let deleted = connection().delete(at).unwrap();
        assert_eq!(deleted.access(), None);
        assert!(deleted.clone().delete(at).is_err());
        assert!(deleted.clone().require_reauthorisation(at).is_err());
        assert!(deleted.reauthorise(access("b"), at).is_err());
    }

    #[test]
    fn identities_differ_by_key_app_institution_and_person() {
        let at = Timestamp::UNIX_EPOCH;
        let (app, other_app) = (AppId::new(at, [0; 10]), AppId::new(at, [1; 10]));
        let hash = |key, app, institution: &str, person| {
            IdentityHash::of(&[key; 32], app, &InstitutionId::from(institution), person)
        };
        let base = hash(0, app, "bank", "ann");
        assert_eq!(base, hash(0, app, "bank", "ann"));
        for other in [
            hash(1, app, "bank", "ann"),
            hash(0, other_app, "bank", "ann"),
            hash(0, app, "other", "ann"),
            hash(0, app, "bank", "bob"),
            hash(0, app, "banka", "nn"),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn reading_keeps_what_is_not_asked_and_opens_ninety_days() {
        let month = TransactionDays::new(30).unwrap();
        let asked = AskedReading { days: Some(month), transactions: Some(false), scheduled: None };
        let reading = Reading::default().asked(asked);
        assert_eq!(reading, Reading { days: Some(month), transactions: false, scheduled: false });
        assert_eq!(reading.asked(AskedReading::default()), reading);
        assert_eq!(
            reading.opened(),
            Reading { days: Some(TransactionDays::OPENED), transactions: true, scheduled: false }
        );
        let year = TransactionDays::new(365).unwrap();
        assert_eq!(Reading { days: Some(year), ..reading }.opened().days, Some(year));
        assert_eq!(Reading::default().opened(), Reading::default());
        assert!(TransactionDays::new(0).is_err() && TransactionDays::new(731).is_err());
    }

    #[test]
    fn only_chosen_accounts_are_shared() {
        let chosen = SharedAccounts::Chosen(vec![AccountId::from("a")]);
        assert!(chosen.includes(&AccountId::from("a")));
        assert!(!chosen.includes(&AccountId::from("b")));
        assert!(SharedAccounts::All.includes(&AccountId::from("b")));
    }
}
