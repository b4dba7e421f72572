//! Connections and the data behind them.

use banklink_connectors::{ConnectorError, DateRange, SavedState};
use banklink_domain::{
    accounts::{Account, Transaction},
    app::App,
    connection::{Access, Connection},
};
use banklink_protocol::{
    ids::{AccountId, ConnectionId},
    problem::ProblemCode,
};

use crate::{directory::Listed, problem::ApiError, seal::Purpose, state::AppState};

fn not_found() -> ApiError {
    ApiError::new(ProblemCode::NotFound, "There is no such connection of this app's.")
}

/// A connection of the app's that was not deleted.
pub async fn of_app(state: &AppState, app: &App, id: &ConnectionId) -> Result<Connection, ApiError> {
    let found = state.store.connections().get(app.id, id).await.map_err(ApiError::internal)?;
    found.filter(|connection| connection.access().is_some()).ok_or_else(not_found)
}

/// The shared accounts of a connection.
pub async fn accounts(state: &AppState, connection: &Connection) -> Result<Vec<Account>, ApiError> {
    let (access, listed) = (access(connection)?, listed(state, connection).await?);
    let saved = open_saved(state, access)?;
    let accounts = state.connectors.accounts(listed.connector, saved, state.clock.now()).await.map_err(unreadable)?;
    Ok(accounts.into_iter().filter(|account| access.accounts.includes(&account.id)).collect())
}

/// The transactions of a shared account, newest first.
pub async fn transactions(
    state: &AppState,
    connection: &Connection,
    account: &AccountId,
    dates: DateRange,
) -> Result<Vec<Transaction>, ApiError> {
    let access = access(connection)?;
    let unknown = || ApiError::new(ProblemCode::NotFound, "There is no such account in this connection.");
    if !access.accounts.includes(account) {
        return Err(unknown());
    }
    let listed = listed(state, connection).await?;
    let saved = open_saved(state, access)?;
    let now = state.clock.now();
    let found = state.connectors.transactions(listed.connector, saved, account.clone(), dates, now).await;
    let mut transactions = found.map_err(|error| match error {
        ConnectorError::UnknownAccount(_) => unknown(),
        other => unreadable(other),
    })?;
    transactions.reverse();
    Ok(transactions)
}

fn access(connection: &Connection) -> Result<&Access, ApiError> {
    connection.access().ok_or_else(not_found)
}

async fn listed(state: &AppState, connection: &Connection) -> Result<Listed, ApiError> {
    let directory = state.directory().await?;
    directory.get(&connection.institution_id).cloned().ok_or_else(|| {
        ApiError::new(ProblemCode::Unavailable, "The connection's institution is not in the directory any more.")
    })
}

fn open_saved(state: &AppState, access: &Access) -> Result<SavedState, ApiError> {
    let opened = state.sealer.open(Purpose::Connection, access.sealed_state.as_bytes()).map_err(ApiError::internal)?;
    Ok(SavedState::from_bytes(opened.to_vec()))
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
        other => ApiError::internal(other),
    }
}
