//! The sandbox connector: institutions for every behaviour, with nothing behind them.
//!
//! [`built_in_institutions`] lists them. What a login leads to stands in tables: for Flinks Capital in
//! `sandbox/flinks_capital.rs`, for all others in `sandbox/testbank.rs`. Any other institution given to this connector,
//! an imported one too, behaves as the named ones do.
//!
//! Data is made up from the institution's id, its country and the user name, and from nothing else: the same on every
//! machine, years deep, plausible for the country, and the same again tomorrow with a day more.

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use banklink_domain::accounts::{Account, Holder, Transaction};
use banklink_protocol::{
    challenge::Answer,
    failures::FailureCode,
    ids::{AccountId, InstitutionId},
};

use crate::contract::{
    BankReturn, Connector, ConnectorError, ConnectorState, DateRange, Entry, InstitutionRef, SavedState, Start, Step,
    Texts,
};
use login::{Login, Pending};
use testbank::Codes;

pub use institutions::{BuiltInInstitution, FLINKS_CAPITAL, TESTBANK, built_in_institutions};

mod countries;
mod flinks_capital;
mod form;
mod household;
mod institutions;
mod ledger;
mod login;
mod numbers;
mod random;
mod testbank;

/// The keys of the `[server]` table in `locales/` that the forms use.
pub const TEXT_KEYS: [&str; 6] = [
    "sandbox.username",
    "sandbox.password",
    "sandbox.flinks_capital.username_hint",
    "sandbox.flinks_capital.password_hint",
    "sandbox.testbank.username_hint",
    "sandbox.testbank.password_hint",
];

/// The sandbox.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sandbox;

/// How an institution behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behaviour {
    FlinksCapital,
    TestBank,
    /// As TestBank, with codes as real banks have them.
    Named,
}

impl Behaviour {
    fn of(institution: &InstitutionId) -> Self {
        match institution.as_str() {
            FLINKS_CAPITAL => Self::FlinksCapital,
            TESTBANK => Self::TestBank,
            _ => Self::Named,
        }
    }

    const fn codes(self) -> Codes {
        match self {
            Self::TestBank => Codes::Free,
            Self::FlinksCapital | Self::Named => Codes::Strict,
        }
    }
}

#[async_trait]
impl Connector for Sandbox {
    fn entry(&self, institution: &InstitutionRef, texts: &dyn Texts) -> Entry {
        Entry::Form(form::form(Behaviour::of(&institution.id), texts))
    }

    async fn start(&self, start: Start) -> Step {
        let credentials = match form::read(&start.credentials) {
            Ok(credentials) => credentials,
            Err(rejection) => return Step::Rejected(rejection),
        };
        let opening = match Behaviour::of(&start.institution.id) {
            Behaviour::FlinksCapital => flinks_capital::open(&credentials),
            Behaviour::TestBank | Behaviour::Named => testbank::open(&credentials),
        };
        Login::new(&start.institution, credentials.username).open(opening, start.now)
    }

    async fn answer(&self, state: &ConnectorState, answer: &Answer, now: Timestamp) -> Step {
        match state.read::<Pending>() {
            Ok(pending) => pending.answer(answer, now),
            Err(_) => Step::Failed(FailureCode::InternalError),
        }
    }

    async fn poll(&self, _state: &ConnectorState, _now: Timestamp) -> Step {
        Step::Waiting
    }

    async fn resend(&self, _state: &ConnectorState, _now: Timestamp) -> Step {
        Step::Waiting
    }

    async fn switch(&self, _state: &ConnectorState, _now: Timestamp) -> Step {
        Step::Waiting
    }

    async fn returned(&self, _state: &ConnectorState, _returned: &BankReturn, _now: Timestamp) -> Step {
        Step::Waiting
    }

    async fn refresh(&self, saved: &SavedState, now: Timestamp) -> Step {
        match saved.read::<Login>() {
            Ok(login) => login.refresh(now),
            Err(_) => Step::Failed(FailureCode::InternalError),
        }
    }

    async fn accounts(&self, saved: &SavedState, now: Timestamp) -> Result<Vec<Account>, ConnectorError> {
        let household = readable(saved)?.household();
        let balances = ledger::live(&household, day(now), |_| ());
        Ok(household.accounts(&balances))
    }

    async fn transactions(
        &self,
        saved: &SavedState,
        account: &AccountId,
        dates: DateRange,
        now: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError> {
        let household = readable(saved)?.household();
        let slot = household.slot(account).ok_or_else(|| ConnectorError::UnknownAccount(account.clone()))?;
        let mut transactions = Vec::new();
        ledger::live(&household, day(now).min(dates.to), |entry| {
            if entry.slot == slot && dates.contains(entry.date) {
                transactions.push(entry.transaction(&household));
            }
        });
        Ok(transactions)
    }

    async fn holders(&self, saved: &SavedState, _now: Timestamp) -> Result<Vec<Holder>, ConnectorError> {
        let login: Login = saved.read().map_err(|_| ConnectorError::State)?;
        Ok(vec![login.household().holder().clone()])
    }
}

fn readable(saved: &SavedState) -> Result<Login, ConnectorError> {
    let login: Login = saved.read().map_err(|_| ConnectorError::State)?;
    if login.has_data() { Ok(login) } else { Err(ConnectorError::Data) }
}

/// The sandbox books in UTC, wherever its institutions are.
fn day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}
