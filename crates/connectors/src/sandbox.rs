//! The sandbox connector: institutions for every behaviour, with nothing behind them.
//!
//! [`built_in_institutions`] lists them, and `sandbox/behaviour.rs` says how they differ. What a login leads to stands
//! in tables: for Flinks Capital in `sandbox/flinks_capital.rs`, for all others in `sandbox/testbank.rs`. Any other
//! institution given to this connector, an imported one too, behaves as the named ones do. What can be asked is in
//! `sandbox/challenges/`, a file for each kind; how a saved login fares, in `sandbox/login.rs`. What it says to people
//! is in `locales/`, under keys that begin with `sandbox.`: in the language of each person's session.
//!
//! Data is made up from the institution's id, its country and the user name, and from nothing else: the same on every
//! machine, years deep, plausible for the country, and the same again tomorrow with a day more.

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use banklink_domain::accounts::{Account, Holder, Statement, Transaction};
use banklink_protocol::{
    challenge::{Answer, Question, QuestionAnswer},
    failures::FailureCode,
    ids::AccountId,
};

use crate::contract::{
    BankReturn, Connector, ConnectorError, ConnectorState, DateRange, Entry, InstitutionRef, Language, SavedState,
    Start, Step,
};
use behaviour::Behaviour;
use challenges::bank_page::AtBank;
use login::Login;
use pending::Pending;

pub use challenges::bank_page::{BANK_PAGE_CLIENT, BANK_PAGE_PATH, BankPageLogin, authorization_code};
pub use institutions::{BuiltInInstitution, FLINKS_CAPITAL, OAUTH_BANK, TESTBANK, built_in_institutions};
pub use logos::LOGOS;

mod behaviour;
mod challenges;
mod countries;
mod flinks_capital;
mod form;
mod household;
mod institutions;
mod ledger;
mod login;
mod logos;
mod numbers;
mod pending;
mod random;
mod statement;
mod testbank;

/// The sandbox.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sandbox;

/// What a login waits for, between two calls.
#[derive(Serialize, Deserialize)]
enum WaitsFor {
    /// The answer to a challenge.
    Answer(Pending),
    /// The person's return from the bank's own page.
    Bank(AtBank),
}

const UNREADABLE: Step = Step::Failed(FailureCode::InternalError);

#[async_trait]
impl Connector for Sandbox {
    fn entry(&self, institution: &InstitutionRef, language: &Language) -> Entry {
        match Behaviour::of(&institution.id) {
            Behaviour::OwnPage => Entry::BankPage,
            behaviour => Entry::Form(form::form(behaviour, language)),
        }
    }

    async fn start(&self, start: Start) -> Step {
        let behaviour = Behaviour::of(&start.institution.id);
        if behaviour == Behaviour::OwnPage {
            return AtBank::open(start.institution, &start.return_to, &start.language, start.now);
        }
        behaviour.pause().await;
        match form::read(&start.credentials) {
            Ok(credentials) => {
                let opening = behaviour.open(&credentials);
                let InstitutionRef { id, country, .. } = start.institution;
                Login::new(id, country, credentials.username).open(opening, &start.language, start.now)
            }
            Err(rejection) => Step::Rejected(rejection),
        }
    }

    async fn answer(&self, state: &ConnectorState, answer: &Answer, language: &Language, now: Timestamp) -> Step {
        match state.read() {
            Ok(WaitsFor::Answer(pending)) => {
                pending.pause().await;
                pending.answer(answer, language, now)
            }
            Ok(WaitsFor::Bank(bank)) => bank.show_again(),
            Err(_) => UNREADABLE,
        }
    }

    async fn poll(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        match state.read() {
            Ok(WaitsFor::Answer(pending)) => pending.poll(language, now),
            Ok(WaitsFor::Bank(bank)) => bank.poll(now),
            Err(_) => UNREADABLE,
        }
    }

    async fn resend(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        match state.read() {
            Ok(WaitsFor::Answer(pending)) => pending.resend(language, now),
            Ok(WaitsFor::Bank(_)) => Step::Waiting,
            Err(_) => UNREADABLE,
        }
    }

    async fn switch(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        match state.read() {
            Ok(WaitsFor::Answer(pending)) => pending.switch(language, now),
            Ok(WaitsFor::Bank(_)) => Step::Waiting,
            Err(_) => UNREADABLE,
        }
    }

    async fn returned(
        &self,
        state: &ConnectorState,
        returned: &BankReturn,
        language: &Language,
        now: Timestamp,
    ) -> Step {
        match state.read() {
            Ok(WaitsFor::Answer(_)) => Step::Waiting,
            Ok(WaitsFor::Bank(bank)) => bank.returned(returned, language, now),
            Err(_) => UNREADABLE,
        }
    }

    async fn refresh(&self, saved: &SavedState, language: &Language, now: Timestamp) -> Step {
        match saved.read::<Login>() {
            Ok(login) => login.refresh(language, now),
            Err(_) => UNREADABLE,
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

    async fn statements(
        &self,
        saved: &SavedState,
        account: &AccountId,
        months: u8,
        now: Timestamp,
    ) -> Result<Vec<Statement>, ConnectorError> {
        let accounts = self.accounts(saved, now).await?;
        let known = accounts.into_iter().find(|known| known.id == *account);
        let account = known.ok_or_else(|| ConnectorError::UnknownAccount(account.clone()))?;
        let (all, today) = (DateRange::ALL, day(now));
        let transactions = self.transactions(saved, &account.id, all, now).await?;
        Ok(statement::of_months(&account, &transactions, months, today))
    }

    async fn questions(&self, saved: &SavedState, language: &Language) -> Result<Vec<Question>, ConnectorError> {
        let login: Login = saved.read().map_err(|_| ConnectorError::State)?;
        Ok(login.questions(language))
    }

    async fn keep_answers(
        &self,
        saved: &SavedState,
        answers: &[QuestionAnswer],
    ) -> Result<Option<SavedState>, ConnectorError> {
        let login: Login = saved.read().map_err(|_| ConnectorError::State)?;
        let Some(login) = login.keep_answers(answers) else { return Ok(None) };
        SavedState::write(&login).map(Some).map_err(|_| ConnectorError::State)
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
