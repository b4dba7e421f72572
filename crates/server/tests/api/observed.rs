//! A bank that counts what it is given, and goes wrong when it is told to.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use banklink_connectors::{
    BankReturn, Connector, ConnectorError, ConnectorKind, ConnectorState, Connectors, DateRange, Entry, InstitutionRef,
    Language, SavedState, Start, Step, sandbox::Sandbox,
};
use banklink_domain::{
    accounts::{Account, Holder, Transaction},
    app::{AppMode, AppSettings},
};
use banklink_protocol::{challenge::Answer, ids::AccountId};
use jiff::Timestamp;
use tokio::time::sleep;

use crate::support::World;

/// What goes wrong with every call until something else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It takes this many milliseconds.
    Slow(u64),
    /// It never answers.
    Hangs,
    /// It panics.
    Dies,
}

/// The sandbox behind a counter.
#[derive(Debug, Default)]
pub(crate) struct Bank {
    calls: Mutex<BTreeMap<&'static str, u32>>,
    trouble: Mutex<Option<Trouble>>,
}

/// How long the bank may take before it is given up.
pub(crate) const PATIENCE: Duration = Duration::from_millis(400);

impl Bank {
    pub(crate) fn is_in(&self, trouble: Option<Trouble>) {
        *self.trouble.lock().unwrap() = trouble;
    }

    /// How often it was asked for what, since the last time that somebody looked; to look whether something happened
    /// elsewhere counts for nothing.
    pub(crate) fn was_given(&self) -> BTreeMap<&'static str, u32> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    async fn takes(&self, call: &'static str) {
        *self.calls.lock().unwrap().entry(call).or_default() += 1;
        self.is_troubled().await;
    }

    async fn is_troubled(&self) {
        let trouble = *self.trouble.lock().unwrap();
        match trouble {
            None => {}
            Some(Trouble::Slow(millis)) => sleep(Duration::from_millis(millis)).await,
            Some(Trouble::Hangs) => pending().await,
            Some(Trouble::Dies) => panic!("on purpose"),
        }
    }
}

impl World {
    /// A world whose bank is looked at.
    pub(crate) async fn observed() -> (Self, Arc<Bank>) {
        let bank = Arc::new(Bank::default());
        let settings = AppSettings { force_authorize_token: false, ..AppSettings::default() };
        let connector = Arc::new(Observed(Arc::clone(&bank)));
        let connectors = Connectors::new(PATIENCE).with(ConnectorKind::Sandbox, connector);
        (Self::with_connectors(AppMode::Sandbox, settings, connectors).await, bank)
    }
}

struct Observed(Arc<Bank>);

#[async_trait]
impl Connector for Observed {
    fn entry(&self, institution: &InstitutionRef, language: &Language) -> Entry {
        Sandbox.entry(institution, language)
    }

    async fn start(&self, start: Start) -> Step {
        self.0.takes("start").await;
        Sandbox.start(start).await
    }

    async fn answer(&self, state: &ConnectorState, answer: &Answer, language: &Language, now: Timestamp) -> Step {
        self.0.takes("answer").await;
        Sandbox.answer(state, answer, language, now).await
    }

    async fn poll(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        self.0.is_troubled().await;
        Sandbox.poll(state, language, now).await
    }

    async fn resend(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        self.0.takes("resend").await;
        Sandbox.resend(state, language, now).await
    }

    async fn switch(&self, state: &ConnectorState, language: &Language, now: Timestamp) -> Step {
        self.0.takes("switch").await;
        Sandbox.switch(state, language, now).await
    }

    async fn returned(
        &self,
        state: &ConnectorState,
        returned: &BankReturn,
        language: &Language,
        now: Timestamp,
    ) -> Step {
        self.0.takes("returned").await;
        Sandbox.returned(state, returned, language, now).await
    }

    async fn refresh(&self, saved: &SavedState, language: &Language, now: Timestamp) -> Step {
        self.0.takes("refresh").await;
        Sandbox.refresh(saved, language, now).await
    }

    async fn accounts(&self, saved: &SavedState, now: Timestamp) -> Result<Vec<Account>, ConnectorError> {
        self.0.takes("accounts").await;
        Sandbox.accounts(saved, now).await
    }

    async fn transactions(
        &self,
        saved: &SavedState,
        account: &AccountId,
        dates: DateRange,
        now: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError> {
        Sandbox.transactions(saved, account, dates, now).await
    }

    async fn holders(&self, saved: &SavedState, now: Timestamp) -> Result<Vec<Holder>, ConnectorError> {
        Sandbox.holders(saved, now).await
    }
}
