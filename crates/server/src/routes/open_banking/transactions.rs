//! Transactions, as FDX 5 has them.

use axum::{Extension, extract::State, response::Response};
use banklink_connectors::DateRange;
use banklink_domain::{
    accounts::{Account, AccountKind, Transaction},
    authorization::DataScope,
};
use banklink_protocol::ids::AccountId;
use jiff::{
    Timestamp,
    civil::{Date, time},
    tz::TimeZone,
};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{
    accounts,
    error::FdxError,
    paging::{Around, Paging},
    reader::{Admitted, needs},
};
use crate::{
    services::connections,
    state::AppState,
    wire::{PathOf, Query, number, private_json},
};

/// A transaction; its account says under which name.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    account_id: AccountId,
    transaction_id: String,
    posted_timestamp: String,
    transaction_timestamp: String,
    description: String,
    debit_credit_memo: &'static str,
    amount: f64,
    status: &'static str,
    transaction_type: &'static str,
}

#[derive(Serialize)]
enum Shape {
    #[serde(rename = "depositTransaction")]
    Deposit(Entry),
    #[serde(rename = "locTransaction")]
    Credit(Entry),
    #[serde(rename = "loanTransaction")]
    Loan(Entry),
    #[serde(rename = "investmentTransaction")]
    Investment(Entry),
}

/// As the account's details have it.
pub(super) fn entry(transaction: Transaction, account: &Account) -> Entry {
    let goes_out = transaction.amount < Decimal::ZERO;
    let booked = transaction.date.to_datetime(time(0, 0, 0, 0)).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Entry {
        account_id: account.id.clone(),
        transaction_id: transaction.id.as_str().to_owned(),
        posted_timestamp: booked.clone(),
        transaction_timestamp: booked,
        description: transaction.description,
        debit_credit_memo: if goes_out { "DEBIT" } else { "CREDIT" },
        amount: number(transaction.amount.abs()),
        status: "POSTED",
        transaction_type: if goes_out { "WITHDRAWAL" } else { "DEPOSIT" },
    }
}

/// Under the name of its account's category.
fn shape(transaction: Transaction, account: &Account) -> Shape {
    let entry = entry(transaction, account);
    match account.kind {
        AccountKind::Chequing | AccountKind::Savings => Shape::Deposit(entry),
        AccountKind::CreditCard | AccountKind::LineOfCredit => Shape::Credit(entry),
        AccountKind::Loan | AccountKind::Mortgage => Shape::Loan(entry),
        AccountKind::Investment => Shape::Investment(entry),
    }
}

/// `startTime` and `endTime`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

impl Times {
    pub(super) fn of(query: &Query) -> Result<Self, FdxError> {
        let (from, to) = (day(query, "startTime")?, day(query, "endTime")?);
        if from.zip(to).is_some_and(|(from, to)| from > to) { Err(FdxError::Range) } else { Ok(Self { from, to }) }
    }

    pub(super) fn range(self) -> DateRange {
        DateRange { from: self.from.unwrap_or(DateRange::ALL.from), to: self.to.unwrap_or(DateRange::ALL.to) }
    }
}

/// A day, or the day of a time.
fn day(query: &Query, name: &'static str) -> Result<Option<Date>, FdxError> {
    let Some(text) = query.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let of_time = || text.parse::<Timestamp>().map(|time| time.to_zoned(TimeZone::UTC).date());
    let day = if text.len() == "2026-01-01".len() { text.parse() } else { of_time() };
    day.map(Some).map_err(|_| FdxError::Input("Send startTime and endTime as YYYY-MM-DD."))
}

#[derive(Serialize)]
struct Transactions {
    #[serde(flatten)]
    around: Around,
    transactions: Vec<Shape>,
}

/// Those of one account, newest first.
pub(super) async fn list(
    State(state): State<AppState>,
    Extension(reader): Admitted,
    PathOf(id): PathOf<AccountId>,
    query: Query,
) -> Result<Response, FdxError> {
    needs(&reader, DataScope::Transactions)?;
    let (times, paging) = (Times::of(&query)?, Paging::of(&query)?);
    let account = accounts::account(&state, &reader, &id).await?;
    let found = connections::all_transactions(&state, &reader.connection, &id, times.range()).await?;
    let cut = paging.cut(found, |transaction| transaction.id.as_str())?;
    let path = format!("/api/fdx/5/accounts/{id}/transactions");
    let around = Around::new(&state, &path, &query, paging, cut.next, cut.total);
    let transactions = cut.items.into_iter().map(|one| shape(one, &account)).collect();
    Ok(private_json(Transactions { around, transactions }))
}
