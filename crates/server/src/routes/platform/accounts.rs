//! Accounts and transactions of a connection.

use axum::{extract::State, http::StatusCode, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::accounts::Transaction;
use banklink_platform::accounts::Account;
use banklink_protocol::ids::AccountId;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Items, PageParameters, answer,
    connections::{ConnectionInPath, Named},
    cursor, limit, shapes,
};
use crate::{
    problem::ApiError,
    services::connections::{self, TransactionCursor},
    state::AppState,
    wire::{PathOf, Query},
};

/// List accounts
///
/// Those that the person shares.
#[utoipa::path(get, path = "/platform/v1/connections/{connection}/accounts", tag = "Data", params(ConnectionInPath),
    responses((status = OK, body = Items<Account>), (status = CONFLICT, description = "`CONFLICT`"),
        (status = SERVICE_UNAVAILABLE, description = "`DATA_UNREADABLE`")))]
pub(super) async fn accounts(State(state): State<AppState>, Named(connection): Named) -> Result<Response, ApiError> {
    let accounts = connections::accounts(&state, &connection).await?;
    Ok(answer(StatusCode::OK, Items::<Account>::all(accounts.into_iter().map(shapes::account))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(super) struct AccountInPath {
    /// The account's id.
    #[param(value_type = String)]
    account: AccountId,
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "for the documentation: the query is read by name")]
pub(super) struct DateParameters {
    /// The first day.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// The last day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// Amounts are decimals as text: `-1200.50`.
#[derive(Serialize, ToSchema)]
#[schema(as = Transaction)]
struct TransactionReply {
    id: String,
    date: Date,
    description: String,
    /// Negative where money left the account.
    amount: String,
    /// Of the account, after it.
    balance: String,
}

impl From<Transaction> for TransactionReply {
    fn from(transaction: Transaction) -> Self {
        Self {
            id: transaction.id.as_str().to_owned(),
            date: transaction.date,
            description: transaction.description,
            amount: transaction.amount.to_string(),
            balance: transaction.balance.to_string(),
        }
    }
}

/// List transactions
///
/// Newest first.
#[utoipa::path(get, path = "/platform/v1/connections/{connection}/accounts/{account}/transactions", tag = "Data",
    params(ConnectionInPath, AccountInPath, DateParameters, PageParameters),
    responses((status = OK, body = Items<TransactionReply>), (status = CONFLICT, description = "`CONFLICT`"),
        (status = SERVICE_UNAVAILABLE, description = "`DATA_UNREADABLE`")))]
pub(super) async fn transactions(
    State(state): State<AppState>,
    Named(connection): Named,
    PathOf(AccountInPath { account }): PathOf<AccountInPath>,
    query: Query,
) -> Result<Response, ApiError> {
    const DATE: &str = "a date, as 2026-01-31";
    let from = query.get::<Date>("from", DATE)?.unwrap_or(DateRange::ALL.from);
    let to = query.get::<Date>("to", DATE)?.unwrap_or(DateRange::ALL.to);
    let (after, limit) = (cursor::<TransactionCursor>(&query)?, limit(&query)?);
    let dates = DateRange { from, to };
    let page = connections::transactions(&state, &connection, &account, dates, after.as_ref(), limit.into()).await?;
    Ok(answer(StatusCode::OK, Items::<TransactionReply>::page(page.items, page.next)))
}
