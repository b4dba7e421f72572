//! What is behind a connection: accounts and their transactions.

use axum::{extract::State, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{Account, Transaction},
    connection::Connection,
};
use banklink_protocol::secret::Secret;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use super::Caller;
use crate::{
    problem::ApiError,
    services::connections,
    state::AppState,
    wire::{PathOf, number, private_json},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountShape {
    id: String,
    /// Accounts here belong to no portfolio.
    portfolio: Option<String>,
    iban: Option<String>,
    r#type: &'static str,
    alias: String,
    balance: f64,
    currency: String,
    updated_at: Timestamp,
    created_at: Timestamp,
    owners: [String; 1],
}

fn account(account: Account, connection: &Connection) -> AccountShape {
    AccountShape {
        id: account.id.to_string(),
        portfolio: None,
        iban: account.routing.iban().map(|iban| iban.as_str().to_owned()),
        r#type: "CASH_ACCOUNT",
        alias: account.name,
        balance: number(account.balance.current),
        currency: account.currency.to_string(),
        updated_at: connection.refresh.last.unwrap_or(connection.updated_at),
        created_at: connection.created_at,
        owners: [account.holder],
    }
}

/// The accounts of every kind.
pub(super) async fn accounts(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    PathOf(token): PathOf<Secret>,
) -> Result<Response, ApiError> {
    let connection = connections::by_token(&state, &app, &token).await?;
    let accounts = connections::accounts(&state, &connection).await?;
    Ok(private_json(accounts.into_iter().map(|one| account(one, &connection)).collect::<Vec<_>>()))
}

/// In the words of an account, since no document tells its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransactionShape {
    id: String,
    account: String,
    r#type: &'static str,
    description: String,
    amount: f64,
    balance: f64,
    currency: String,
    operation_date: Date,
    value_date: Date,
}

fn transaction(transaction: Transaction, account: &Account) -> TransactionShape {
    TransactionShape {
        id: transaction.id.as_str().to_owned(),
        account: account.id.to_string(),
        r#type: if transaction.amount.is_sign_negative() { "WITHDRAWAL" } else { "DEPOSIT" },
        description: transaction.description,
        amount: number(transaction.amount),
        balance: number(transaction.balance),
        currency: account.currency.to_string(),
        operation_date: transaction.date,
        value_date: transaction.date,
    }
}

/// The transactions of all accounts, each account's newest first.
pub(super) async fn transactions(
    State(state): State<AppState>,
    Caller { app, .. }: Caller,
    PathOf(token): PathOf<Secret>,
) -> Result<Response, ApiError> {
    let connection = connections::by_token(&state, &app, &token).await?;
    let mut shapes = Vec::new();
    for account in connections::accounts(&state, &connection).await? {
        let found = connections::all_transactions(&state, &connection, &account.id, DateRange::ALL).await?;
        shapes.extend(found.into_iter().map(|one| transaction(one, &account)));
    }
    Ok(private_json(shapes))
}
