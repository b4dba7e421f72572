//! The connectors of a server, and the guard before each call.

use core::{fmt, future::Future, panic::AssertUnwindSafe, time::Duration};
use std::{collections::HashMap, panic::catch_unwind, sync::Arc};

use jiff::Timestamp;
use tokio::{task::JoinSet, time::timeout};

use banklink_domain::{
    accounts::{Account, Holder, Statement, Transaction},
    institution::ConnectorKind,
};
use banklink_protocol::{
    challenge::{Answer, Question, QuestionAnswer},
    failures::FailureCode,
    ids::AccountId,
};

use crate::contract::{
    BankReturn, Connector, ConnectorError, ConnectorState, DateRange, Entry, InstitutionRef, Language, SavedState,
    Start, Step,
};

/// Seconds that a call to a connector may take, unless the server is told otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(20);

/// The connectors of a server.
///
/// Each call runs in a task of its own, for a limited time. One that takes longer is given up and counts as the
/// institution being unavailable, which can be retried; one that panics counts as our own fault, which can be retried
/// too. Nothing of either reaches other sessions. Calls need a tokio runtime with time enabled.
#[derive(Clone)]
pub struct Connectors {
    by_kind: HashMap<ConnectorKind, Arc<dyn Connector>>,
    timeout: Duration,
}

impl fmt::Debug for Connectors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connectors")
            .field("kinds", &self.by_kind.keys())
            .field("timeout", &self.timeout)
            .finish()
    }
}

impl Default for Connectors {
    fn default() -> Self {
        Self::new(DEFAULT_TIMEOUT)
    }
}

/// What became of a guarded call that gave no result.
#[derive(Clone, Copy, Debug)]
enum Lost {
    TimedOut,
    Died,
    Absent,
}

impl From<Lost> for Step {
    fn from(lost: Lost) -> Self {
        Self::Failed(match lost {
            Lost::TimedOut => FailureCode::RetryLater,
            Lost::Died | Lost::Absent => FailureCode::InternalError,
        })
    }
}

impl From<Lost> for ConnectorError {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::TimedOut => Self::Unavailable,
            Lost::Died | Lost::Absent => Self::Internal,
        }
    }
}

impl Connectors {
    /// No connector yet; calls may take as long as `timeout`.
    pub fn new(timeout: Duration) -> Self {
        Self { by_kind: HashMap::new(), timeout }
    }

    /// Adds the connector of a kind, or replaces it.
    #[must_use]
    pub fn with(mut self, kind: ConnectorKind, connector: Arc<dyn Connector>) -> Self {
        self.by_kind.insert(kind, connector);
        self
    }

    /// Guarded [`Connector::entry`]. `None`: there is no such connector, or it broke.
    pub fn entry(&self, kind: ConnectorKind, institution: &InstitutionRef, language: &Language) -> Option<Entry> {
        let connector = self.by_kind.get(&kind)?;
        catch_unwind(AssertUnwindSafe(|| connector.entry(institution, language))).ok()
    }

    /// Guarded [`Connector::start`].
    pub async fn start(&self, kind: ConnectorKind, start: Start) -> Step {
        let call = |connector: Arc<dyn Connector>| async move { connector.start(start).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::answer`].
    pub async fn answer(
        &self,
        kind: ConnectorKind,
        state: ConnectorState,
        answer: Answer,
        language: Language,
        now: Timestamp,
    ) -> Step {
        let call =
            |connector: Arc<dyn Connector>| async move { connector.answer(&state, &answer, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::poll`].
    pub async fn poll(&self, kind: ConnectorKind, state: ConnectorState, language: Language, now: Timestamp) -> Step {
        let call = |connector: Arc<dyn Connector>| async move { connector.poll(&state, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::resend`].
    pub async fn resend(&self, kind: ConnectorKind, state: ConnectorState, language: Language, now: Timestamp) -> Step {
        let call = |connector: Arc<dyn Connector>| async move { connector.resend(&state, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::switch`].
    pub async fn switch(&self, kind: ConnectorKind, state: ConnectorState, language: Language, now: Timestamp) -> Step {
        let call = |connector: Arc<dyn Connector>| async move { connector.switch(&state, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::returned`].
    pub async fn returned(
        &self,
        kind: ConnectorKind,
        state: ConnectorState,
        returned: BankReturn,
        language: Language,
        now: Timestamp,
    ) -> Step {
        let call =
            |connector: Arc<dyn Connector>| async move { connector.returned(&state, &returned, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::refresh`].
    pub async fn refresh(&self, kind: ConnectorKind, saved: SavedState, language: Language, now: Timestamp) -> Step {
        let call = |connector: Arc<dyn Connector>| async move { connector.refresh(&saved, &language, now).await };
        self.guard(kind, call).await.unwrap_or_else(Step::from)
    }

    /// Guarded [`Connector::accounts`].
    pub async fn accounts(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        now: Timestamp,
    ) -> Result<Vec<Account>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.accounts(&saved, now).await }).await?
    }

    /// Guarded [`Connector::transactions`].
    pub async fn transactions(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        account: AccountId,
        dates: DateRange,
        now: Timestamp,
    ) -> Result<Vec<Transaction>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.transactions(&saved, &account, dates, now).await }).await?
    }

    /// Guarded [`Connector::statements`].
    pub async fn statements(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        account: AccountId,
        months: u8,
        now: Timestamp,
    ) -> Result<Vec<Statement>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.statements(&saved, &account, months, now).await }).await?
    }

    /// Guarded [`Connector::questions`].
    pub async fn questions(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        language: Language,
    ) -> Result<Vec<Question>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.questions(&saved, &language).await }).await?
    }

    /// Guarded [`Connector::keep_answers`].
    pub async fn keep_answers(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        answers: Vec<QuestionAnswer>,
    ) -> Result<Option<SavedState>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.keep_answers(&saved, &answers).await }).await?
    }

    /// Guarded [`Connector::holders`].
    pub async fn holders(
        &self,
        kind: ConnectorKind,
        saved: SavedState,
        now: Timestamp,
    ) -> Result<Vec<Holder>, ConnectorError> {
        self.guard(kind, |connector| async move { connector.holders(&saved, now).await }).await?
    }

    /// Runs a call in a task of its own. Dropping the set, on time-out or because the caller went away, aborts it.
    async fn guard<T, F>(&self, kind: ConnectorKind, call: impl FnOnce(Arc<dyn Connector>) -> F) -> Result<T, Lost>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let Some(connector) = self.by_kind.get(&kind) else {
            tracing::error!(kind = kind.as_str(), "no such connector");
            return Err(Lost::Absent);
        };
        let mut task = JoinSet::new();
        task.spawn(call(Arc::clone(connector)));
        match timeout(self.timeout, task.join_next()).await {
            Ok(Some(Ok(result))) => Ok(result),
            Ok(_) => {
                tracing::error!(kind = kind.as_str(), "connector died");
                Err(Lost::Died)
            }
            Err(_) => {
                tracing::warn!(kind = kind.as_str(), seconds = self.timeout.as_secs(), "connector took too long");
                Err(Lost::TimedOut)
            }
        }
    }
}
