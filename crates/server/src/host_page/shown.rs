//! What the page shows of a connection. Full account numbers and tokens stay on the server.

use serde::Serialize;

use super::platform::{Account, Institution, Transaction};

/// A connection.
#[derive(Serialize)]
pub(super) struct ShownConnection {
    pub(super) institution: Institution,
    pub(super) status: String,
    /// `None`: it can't be read yet. The bank is connected all the same.
    pub(super) data: Option<ShownData>,
}

/// What could be read.
#[derive(Serialize)]
pub(super) struct ShownData {
    pub(super) accounts: Vec<ShownAccount>,
    /// Of all accounts, newest first.
    pub(super) transactions: Vec<ShownTransaction>,
}

#[derive(Serialize)]
pub(super) struct ShownAccount {
    name: String,
    last_digits: String,
    balance: String,
    currency: String,
}

#[derive(Serialize)]
pub(super) struct ShownTransaction {
    /// As `2026-01-31`.
    pub(super) date: String,
    description: String,
    amount: String,
    currency: String,
}

impl From<Account> for ShownAccount {
    fn from(account: Account) -> Self {
        Self {
            name: account.name,
            last_digits: account.last_digits,
            balance: account.balance.current,
            currency: account.currency,
        }
    }
}

impl ShownTransaction {
    pub(super) fn new(transaction: Transaction, account: &Account) -> Self {
        Self {
            date: transaction.date,
            description: transaction.description,
            amount: transaction.amount,
            currency: account.currency.clone(),
        }
    }
}
