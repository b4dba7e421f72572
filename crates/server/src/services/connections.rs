//! Connections and the data behind them.

use std::{fmt, str::FromStr};

use banklink_connectors::{ConnectorError, DateRange, SavedState};
use banklink_domain::{
    accounts::{Account, Holder, Statement, Transaction, TransactionId},
    activity::Change,
    app::App,
    connection::{Access, Connection},
    consent::Scope,
    ids::AppId,
    sealed::Sealed,
    token::TokenHash,
};
use banklink_protocol::{
    challenge::{Question, QuestionAnswer},
    ids::{AccountId, ConnectionId},
    problem::ProblemCode,
    secret::Secret,
};
use banklink_store::{ConnectionSearch, Cursor, DeleteConnection, Page};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use thiserror::Error;
use tracing::error;

use crate::{directory::Listed, logging::WithCauses, problem::ApiError, seal::Purpose, state::AppState};

pub(crate) fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such connection of this app's.")
}

/// A connection of the app's that was not deleted.
pub async fn of_app(state: &AppState, app: &App, id: &ConnectionId) -> Result<Connection, ApiError> {
    live(state, app.id, id).await?.ok_or_else(not_found)
}

/// The app's connection of this id, unless it was deleted.
pub async fn live(state: &AppState, app: AppId, id: &ConnectionId) -> Result<Option<Connection>, ApiError> {
    let found = state.store.connections().get(app, id).await?;
    Ok(found.filter(|connection| connection.access().is_some()))
}

/// The app's connections that were not deleted and that are looked for.
pub async fn list(
    state: &AppState,
    app: &App,
    search: &ConnectionSearch,
    after: Option<&Cursor>,
    limit: u64,
) -> Result<Page<Connection>, ApiError> {
    Ok(state.store.connections().list(app.id, search, after, limit).await?)
}

/// The app's connection that has this token.
pub async fn by_token(state: &AppState, app: &App, token: &Secret) -> Result<Connection, ApiError> {
    let found = state.store.connections().by_token(&TokenHash::of(token)).await?;
    found.filter(|connection| connection.app_id == app.id && connection.access().is_some()).ok_or_else(not_found)
}

/// One page of `size` of the app's connections that were not deleted, oldest first, counted from 0; and how many there are
/// on all.
pub async fn numbered_page(
    state: &AppState,
    app: &App,
    page: u64,
    size: u64,
) -> Result<(Vec<Connection>, u64), ApiError> {
    Ok(state.store.connections().numbered_page(app.id, page, size).await?)
}

/// Deletes a connection: what it takes to read its data is erased, and the person's consent revoked. Again changes
/// nothing.
pub async fn delete(state: &AppState, app: &App, change: &Change, id: &ConnectionId) -> Result<(), ApiError> {
    match state.store.connections().delete(app.id, id, change).await? {
        DeleteConnection::Deleted(_) | DeleteConnection::AlreadyDeleted => Ok(()),
        DeleteConnection::Unknown => Err(not_found()),
    }
}

/// Whether the consent that covers a connection holds. One that was made without asking is covered by none and needs
/// none.
pub async fn is_covered(state: &AppState, connection: &Connection) -> Result<bool, ApiError> {
    let Some(id) = connection.consent_id else { return Ok(true) };
    let consent = state.store.consents().get(connection.app_id, id).await?;
    Ok(consent.is_some_and(|consent| consent.holds(state.clock.now())))
}

/// The shared accounts of a connection.
pub async fn accounts(state: &AppState, connection: &Connection) -> Result<Vec<Account>, ApiError> {
    let (access, listed) = (readable(state, connection, Scope::Accounts).await?, listed(state, connection).await?);
    let saved = open_saved(state, access)?;
    let accounts = state.connectors.accounts(listed.connector, saved, state.clock.now()).await.map_err(unreadable)?;
    Ok(accounts.into_iter().filter(|account| access.accounts.includes(&account.id)).collect())
}

/// The statements of a shared account for the last months, newest first.
pub async fn statements(
    state: &AppState,
    connection: &Connection,
    account: &AccountId,
    months: u8,
) -> Result<Vec<Statement>, ApiError> {
    let (access, listed) = (readable(state, connection, Scope::Transactions).await?, listed(state, connection).await?);
    let (saved, now) = (open_saved(state, access)?, state.clock.now());
    let found = state.connectors.statements(listed.connector, saved, account.clone(), months, now).await;
    let (mut statements, since) = (found.map_err(unreadable)?, first_day(connection, now));
    // What begins before the days that the person opened would tell more than they opened.
    statements.retain(|statement| statement.from >= since);
    Ok(statements)
}

/// Who holds the accounts of a connection, the person who logged in first.
pub async fn holders(state: &AppState, connection: &Connection) -> Result<Vec<Holder>, ApiError> {
    let (access, listed) = (readable(state, connection, Scope::Holder).await?, listed(state, connection).await?);
    let saved = open_saved(state, access)?;
    state.connectors.holders(listed.connector, saved, state.clock.now()).await.map_err(unreadable)
}

/// Some of an account's transactions, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transactions {
    /// Newest first.
    pub items: Vec<Transaction>,
    /// Where the next page begins, if there is one.
    pub next: Option<TransactionCursor>,
}

/// A place in a list of transactions: just after the one it was made from, even if that is gone by then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionCursor {
    date: Date,
    id: TransactionId,
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a cursor of a list of transactions")]
pub struct InvalidCursor;

impl fmt::Display for TransactionCursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.date, self.id.as_str())
    }
}

impl FromStr for TransactionCursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (date, id) = text.split_once('.').ok_or(InvalidCursor)?;
        Ok(Self { date: date.parse().map_err(|_| InvalidCursor)?, id: TransactionId::new(id) })
    }
}

impl TransactionCursor {
    /// How many of these, newest first, come before the place.
    fn skip(&self, transactions: &[Transaction]) -> usize {
        let same = transactions.iter().position(|transaction| transaction.id == self.id);
        let older = || transactions.iter().position(|transaction| transaction.date < self.date);
        same.map(|index| index + 1).or_else(older).unwrap_or(transactions.len())
    }
}

/// The transactions of a shared account, newest first, at most `limit`, after `after`.
pub async fn transactions(
    state: &AppState,
    connection: &Connection,
    account: &AccountId,
    dates: DateRange,
    after: Option<&TransactionCursor>,
    limit: usize,
) -> Result<Transactions, ApiError> {
    // What is newer than the cursor need not be read again.
    let dates = DateRange { to: after.map_or(dates.to, |after| dates.to.min(after.date)), ..dates };
    let mut found = all_transactions(state, connection, account, dates).await?;
    found.drain(..after.map_or(0, |after| after.skip(&found)));
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|last| TransactionCursor { date: last.date, id: last.id.clone() });
    Ok(Transactions { items: found, next })
}

/// All transactions of a shared account within these days, newest first.
pub async fn all_transactions(
    state: &AppState,
    connection: &Connection,
    account: &AccountId,
    dates: DateRange,
) -> Result<Vec<Transaction>, ApiError> {
    let access = readable(state, connection, Scope::Transactions).await?;
    if !connection.reading.transactions {
        let detail = "The connection was made without transactions: send the person through the widget with them.";
        return Err(ApiError::new(ProblemCode::Conflict, detail));
    }
    let unknown = || ApiError::new(ProblemCode::NotFound, "There is no such account in this connection.");
    if !access.accounts.includes(account) {
        return Err(unknown());
    }
    let listed = listed(state, connection).await?;
    let saved = open_saved(state, access)?;
    let now = state.clock.now();
    let dates = DateRange { from: dates.from.max(first_day(connection, now)), ..dates };
    let found = state.connectors.transactions(listed.connector, saved, account.clone(), dates, now).await;
    let mut transactions = found.map_err(|error| match error {
        ConnectorError::UnknownAccount(_) => unknown(),
        other => unreadable(other),
    })?;
    transactions.reverse();
    Ok(transactions)
}

/// The first day whose transactions the app may read.
fn first_day(connection: &Connection, now: Timestamp) -> Date {
    let Some(days) = connection.reading.days else { return DateRange::ALL.from };
    let back = SignedDuration::from_hours(24 * i64::from(u16::from(days)));
    now.to_zoned(TimeZone::UTC).date().saturating_sub(back)
}

/// What it takes to read this of a connection's data, as long as the person's consent holds and names it.
async fn readable<'a>(state: &AppState, connection: &'a Connection, scope: Scope) -> Result<&'a Access, ApiError> {
    let access = connection.access().ok_or_else(not_found)?;
    let Some(id) = connection.consent_id else { return Ok(access) };
    let (consent, now) = (state.store.consents().get(connection.app_id, id).await?, state.clock.now());
    let detail = match consent {
        Some(consent) if consent.covers(scope, now) => return Ok(access),
        Some(consent) if consent.holds(now) => "The person's consent does not name this.",
        _ => "The person's consent is over: send them through the widget once more to renew it.",
    };
    Err(ApiError::new(ProblemCode::Conflict, detail))
}

/// The security questions that every login of the connection's person is asked, where those are all.
pub async fn questions(state: &AppState, connection: &Connection) -> Result<Vec<Question>, ApiError> {
    let access = connection.access().ok_or_else(not_found)?;
    let (listed, saved) = (listed(state, connection).await?, open_saved(state, access)?);
    state.connectors.questions(listed.connector, saved, state.locales.language("en")).await.map_err(unreadable)
}

/// How often answers are kept anew where something else is being kept meanwhile.
const TRIES: usize = 3;

/// Keeps answers to them, by which the connection is refreshed without its person. Whether they are right shows then.
pub async fn keep_answers(
    state: &AppState,
    app: &App,
    id: &ConnectionId,
    answers: &[QuestionAnswer],
    change: &Change,
) -> Result<(), ApiError> {
    for _ in 0..TRIES {
        let connection = of_app(state, app, id).await?;
        let access = connection.access().ok_or_else(not_found)?;
        let (listed, saved) = (listed(state, &connection).await?, open_saved(state, access)?);
        let kept =
            state.connectors.keep_answers(listed.connector, saved, answers.to_vec()).await.map_err(unreadable)?;
        let unknown = || ApiError::new(ProblemCode::InvalidParameter, "Answer questions that are asked, and briefly.");
        let kept = kept.ok_or_else(unknown)?;
        let sealed = state.sealer.seal(Purpose::Connection, kept.as_bytes()).map_err(ApiError::internal)?;
        let states = [&access.sealed_state, &Sealed::new(sealed)];
        if state.store.connections().replace_saved(app.id, id, states, "security_questions", change).await? {
            return Ok(());
        }
    }
    Err(ApiError::new(ProblemCode::Unavailable, "The connection is being changed: try again."))
}

async fn listed(state: &AppState, connection: &Connection) -> Result<Listed, ApiError> {
    let directory = state.directory().await?;
    directory.get(&connection.institution_id).cloned().ok_or_else(|| {
        ApiError::new(ProblemCode::Unavailable, "The connection's institution is not in the directory any more.")
    })
}

/// What the connector keeps of a connection.
pub fn open_saved(state: &AppState, access: &Access) -> Result<SavedState, ApiError> {
    let opened = state.sealer.open(Purpose::Connection, access.sealed_state.as_bytes()).map_err(data_unreadable)?;
    Ok(SavedState::from_bytes(opened.to_vec()))
}

/// The connection's token, which its app may have again.
pub fn open_token(state: &AppState, access: &Access) -> Result<Secret, ApiError> {
    let token = state.sealer.open(Purpose::ConnectionToken, access.sealed_token.as_bytes()).map_err(data_unreadable)?;
    Ok(Secret::new(String::from_utf8_lossy(&token).into_owned()))
}

/// The user name of the connection's last login, which its app may have.
pub fn open_username(state: &AppState, access: &Access) -> Result<Secret, ApiError> {
    let username = state.sealer.open(Purpose::Username, access.sealed_username.as_bytes()).map_err(data_unreadable)?;
    Ok(Secret::new(String::from_utf8_lossy(&username).into_owned()))
}

/// One connection's trouble, and not the server's: the cause goes to the log.
fn data_unreadable(cause: impl std::error::Error) -> ApiError {
    error!(error = %WithCauses(&cause), "a connection can't be read");
    ApiError::new(ProblemCode::DataUnreadable, "The data of this connection can't be read. Others can: try this later.")
}

fn unreadable(error: ConnectorError) -> ApiError {
    match error {
        ConnectorError::Unavailable => {
            ApiError::new(ProblemCode::Unavailable, "The institution does not answer just now: try again later.")
        }
        ConnectorError::ReauthorisationNeeded => ApiError::new(
            ProblemCode::Conflict,
            "The institution wants the person to authorise again: send them through the widget once more.",
        ),
        ConnectorError::Data | ConnectorError::State => data_unreadable(error),
        ConnectorError::UnknownAccount(_) | ConnectorError::Internal => ApiError::internal(error),
    }
}
