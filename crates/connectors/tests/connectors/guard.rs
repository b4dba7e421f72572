//! A connector that hangs or dies costs its session a clear failure and nothing else.

use core::{future::pending, time::Duration};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use banklink_connectors::{
    BankReturn, Connector, ConnectorError, ConnectorState, Connectors, DateRange, Entry, InstitutionRef, Language,
    SavedState, Start, Step,
};
use banklink_domain::accounts::{Account, Holder, Transaction};
use banklink_protocol::{challenge::Answer, failures::FailureCode, ids::AccountId};
use jiff::Timestamp;

use crate::support::{SANDBOX, code, english, institution, log_in, now, start_with};

/// Hangs in every call, and counts the calls that were begun and those that were dropped.
#[derive(Default)]
struct Hangs {
    begun: AtomicUsize,
    dropped: Arc<AtomicUsize>,
}

struct CountsDrop(Arc<AtomicUsize>);

impl Drop for CountsDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Hangs {
    async fn hang<T>(&self) -> T {
        self.begun.fetch_add(1, Ordering::SeqCst);
        let _counts = CountsDrop(Arc::clone(&self.dropped));
        pending().await
    }
}

#[async_trait]
impl Connector for Hangs {
    fn entry(&self, _: &InstitutionRef, _: &Language) -> Entry {
        Entry::BankPage
    }

    async fn start(&self, _: Start) -> Step {
        self.hang().await
    }

    async fn answer(&self, _: &ConnectorState, _: &Answer, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn poll(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn resend(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn switch(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn returned(&self, _: &ConnectorState, _: &BankReturn, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn refresh(&self, _: &SavedState, _: &Language, _: Timestamp) -> Step {
        self.hang().await
    }

    async fn accounts(&self, _: &SavedState, _: Timestamp) -> Result<Vec<Account>, ConnectorError> {
        self.hang().await
    }

    async fn transactions(
        &self,
        _: &SavedState,
        _: &AccountId,
        _: DateRange,
        _: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError> {
        self.hang().await
    }

    async fn holders(&self, _: &SavedState, _: Timestamp) -> Result<Vec<Holder>, ConnectorError> {
        self.hang().await
    }
}

/// Dies in every call.
struct Dies;

#[async_trait]
impl Connector for Dies {
    fn entry(&self, _: &InstitutionRef, _: &Language) -> Entry {
        panic!("entry")
    }

    async fn start(&self, _: Start) -> Step {
        panic!("start")
    }

    async fn answer(&self, _: &ConnectorState, _: &Answer, _: &Language, _: Timestamp) -> Step {
        panic!("answer")
    }

    async fn poll(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        panic!("poll")
    }

    async fn resend(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        panic!("resend")
    }

    async fn switch(&self, _: &ConnectorState, _: &Language, _: Timestamp) -> Step {
        panic!("switch")
    }

    async fn returned(&self, _: &ConnectorState, _: &BankReturn, _: &Language, _: Timestamp) -> Step {
        panic!("returned")
    }

    async fn refresh(&self, _: &SavedState, _: &Language, _: Timestamp) -> Step {
        panic!("refresh")
    }

    async fn accounts(&self, _: &SavedState, _: Timestamp) -> Result<Vec<Account>, ConnectorError> {
        panic!("accounts")
    }

    async fn transactions(
        &self,
        _: &SavedState,
        _: &AccountId,
        _: DateRange,
        _: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError> {
        panic!("transactions")
    }

    async fn holders(&self, _: &SavedState, _: Timestamp) -> Result<Vec<Holder>, ConnectorError> {
        panic!("holders")
    }
}

const LIMIT: Duration = Duration::from_secs(20);

fn with(connector: impl Connector + 'static) -> Connectors {
    Connectors::new(LIMIT).with(SANDBOX, Arc::new(connector))
}

/// What every call leads to, all of them made.
async fn all_calls(connectors: &Connectors) -> ([Step; 7], [ConnectorError; 3]) {
    let state = || ConnectorState::from_bytes(Vec::new());
    let saved = || SavedState::from_bytes(Vec::new());
    let account = AccountId::from("a");
    let steps = [
        connectors.start(SANDBOX, start_with(institution("x", "CA"), Vec::new())).await,
        connectors.answer(SANDBOX, state(), code("1"), english(), now()).await,
        connectors.poll(SANDBOX, state(), english(), now()).await,
        connectors.resend(SANDBOX, state(), english(), now()).await,
        connectors.switch(SANDBOX, state(), english(), now()).await,
        connectors.returned(SANDBOX, state(), BankReturn::Error("x".to_owned()), english(), now()).await,
        connectors.refresh(SANDBOX, saved(), english(), now()).await,
    ];
    let errors = [
        connectors.accounts(SANDBOX, saved(), now()).await.expect_err("no accounts"),
        connectors.transactions(SANDBOX, saved(), account, DateRange::ALL, now()).await.expect_err("no transactions"),
        connectors.holders(SANDBOX, saved(), now()).await.expect_err("no holders"),
    ];
    (steps, errors)
}

#[tokio::test(start_paused = true)]
async fn a_connector_that_hangs_is_given_up_and_can_be_tried_again() {
    let hangs = Arc::new(Hangs::default());
    let connectors = Connectors::new(LIMIT).with(SANDBOX, Arc::clone(&hangs) as Arc<dyn Connector>);
    let began = tokio::time::Instant::now();
    let (steps, errors) = all_calls(&connectors).await;
    assert!(steps.iter().all(|step| *step == Step::Failed(FailureCode::RetryLater)), "{steps:?}");
    assert!(errors.iter().all(|error| *error == ConnectorError::Unavailable), "{errors:?}");
    assert!(FailureCode::RetryLater.may_retry());
    assert_eq!(began.elapsed().as_secs(), 10 * LIMIT.as_secs(), "each call had its whole time and no more");
    tokio::task::yield_now().await;
    assert_eq!(
        (hangs.begun.load(Ordering::SeqCst), hangs.dropped.load(Ordering::SeqCst)),
        (10, 10),
        "nothing goes on behind"
    );
}

#[tokio::test]
async fn a_connector_that_dies_is_our_own_fault_and_can_be_tried_again() {
    let connectors = with(Dies);
    let (steps, errors) = all_calls(&connectors).await;
    assert!(steps.iter().all(|step| *step == Step::Failed(FailureCode::InternalError)), "{steps:?}");
    assert!(errors.iter().all(|error| *error == ConnectorError::Internal), "{errors:?}");
    assert!(FailureCode::InternalError.may_retry());
    assert_eq!(connectors.entry(SANDBOX, &institution("x", "CA"), &english()), None);
}

#[tokio::test]
async fn a_kind_without_a_connector_is_our_own_fault() {
    let connectors = Connectors::default();
    let (steps, errors) = all_calls(&connectors).await;
    assert!(steps.iter().all(|step| *step == Step::Failed(FailureCode::InternalError)), "{steps:?}");
    assert!(errors.iter().all(|error| *error == ConnectorError::Internal), "{errors:?}");
}

#[tokio::test(start_paused = true)]
async fn a_login_that_nobody_waits_for_any_more_is_dropped() {
    let hangs = Arc::new(Hangs::default());
    let connectors = Connectors::new(LIMIT).with(SANDBOX, Arc::clone(&hangs) as Arc<dyn Connector>);
    let call = connectors.start(SANDBOX, start_with(institution("x", "CA"), Vec::new()));
    assert!(tokio::time::timeout(Duration::from_secs(1), call).await.is_err());
    tokio::task::yield_now().await;
    assert_eq!(hangs.dropped.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_sessions_go_on_while_one_connector_hangs() {
    let hanging = Connectors::new(Duration::from_millis(200)).with(SANDBOX, Arc::new(Hangs::default()));
    let lost = tokio::spawn(async move { all_calls(&hanging).await });
    for _ in 0..20 {
        assert!(matches!(log_in("testbank", "anyone", "anything").await, Step::Done(_)));
    }
    let (steps, _) = lost.await.expect("no call panics");
    assert!(steps.iter().all(|step| *step == Step::Failed(FailureCode::RetryLater)));
}
